/**
 * Which agency answers at a URL.
 */
import { StartError } from "../process/lifecycle.ts";
import { parseAgencyCode } from "../subgraphs/kit/identifiers.ts";
import type { HttpClient } from "./http/exchange.ts";
import { jsonBody } from "./http/body.ts";
import { answerOf, summary } from "./subject.ts";

/**
 * The canonical code: as given, or as the URL's path names it, or as the subgraph says when it is asked for another
 * agency (UNKNOWN_AGENCY, `extensions.allowed`).
 * @throws StartError when the server does not answer, or does not tell
 */
export async function findAgencyCode(
  url: string,
  given: string | undefined,
  client: HttpClient,
): Promise<string> {
  const exchange = await client.send({
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: jsonBody({
      query: '{ agencyCase(agencyCode: "Y99.99", dossierCode: "Y99.99-260101-0001") { state } }',
    }),
  });
  if (exchange.answer === undefined)
    throw new StartError(`${url}: ${exchange.fault}`, "Start the subgraph, or correct the URL.");
  if (given !== undefined) return given;
  const inPath = new URL(url).pathname
    .split("/")
    .map(canonical)
    .find((code) => code !== undefined);
  if (inPath !== undefined) return inPath;
  const [error] = answerOf(exchange).errors;
  const allowed = error?.extensions?.["allowed"];
  const named = typeof allowed === "string" ? canonical(allowed) : undefined;
  if (named !== undefined) return named;
  throw new StartError(
    `${url} does not say which agency it is: ${summary(exchange)}`,
    "Name it with --agency, such as --agency H56.14.",
  );
}

function canonical(text: string): string | undefined {
  try {
    return parseAgencyCode(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
