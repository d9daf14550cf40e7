/**
 * Checks of what the subgraph makes of hostile requests: a client error each, and it goes on answering.
 */
import type { Check } from "../check.ts";
import { bytesOf } from "../http/body.ts";
import { hostileBodies } from "../hostile/bodies.ts";
import { hostileDocuments } from "../hostile/documents.ts";
import { faultOf, type Hostile, requestOf } from "../hostile/hostile.ts";
import { hostileHttp } from "../hostile/http.ts";
import { hostileValues } from "../hostile/values.ts";
import { summary } from "../subject.ts";

const SMALL_BYTES = 20_000;

const ALL: readonly Hostile[] = [...hostileBodies, ...hostileDocuments, ...hostileValues, ...hostileHttp];

export const hostileChecks: readonly Check[] = ALL.map((hostile) => ({
  id: `hostile.${hostile.name}`,
  wants: `${hostile.what}: a client error (4xx, or GraphQL errors), and the next request is answered`,
  reference: "docs/conformance.md, hostile requests",
  writes: hostile.isMutation === true,
  run: async (subject, findings) => {
    const request = requestOf(hostile, subject);
    const isSmall = request.body === undefined || bytesOf(request.body).length < SMALL_BYTES;
    let exchange = await subject.client.send(request, true);
    // Servers that remember a request, or compile it, may make something else of it when it comes again.
    for (let time = 1; time < (isSmall ? 3 : 1) && faultOf(hostile, exchange) === undefined; time++)
      exchange = await subject.client.send(request, true);
    const fault = faultOf(hostile, exchange);
    if (fault !== undefined) findings.fail(fault, exchange);
    const next = await subject.ask("{ __typename }");
    findings.expect(
      next.data?.["__typename"] === "Query",
      () => `the next request is not answered: ${summary(next.exchange)}`,
      exchange,
    );
  },
}));
