/**
 * Who may ask at all: the gateway, by what it signs.
 */
import { type Check, Skipped } from "../check.ts";
import type { SigningGateway } from "../gateway.ts";
import { bytesOf, jsonBody } from "../http/body.ts";
import type { Exchange } from "../http/exchange.ts";
import { type Subject, summary } from "../subject.ts";

const QUESTION = jsonBody({ query: "{ __typename }" });
const OTHER = jsonBody({ query: "{ typename: __typename }" });
/** Seconds. */
const AN_HOUR = 3_600;

/** Each with the headers of a request that the gateway has not sent, or not so. */
const STRANGERS: readonly (readonly [string, (headers: Headers) => Record<string, string>])[] = [
  ["without a signature", () => ({})],
  ["signed by a key that is not the gateway's", ({ stranger }) => stranger()],
  ["signed for another agency", ({ gateway }) => gateway({ audience: "agencies/Y99.99" })],
  ["signed an hour ago", ({ gateway, now }) => gateway({ now: now - AN_HOUR })],
  ["signed in an hour", ({ gateway, now }) => gateway({ now: now + AN_HOUR })],
  ["with the signature of another body", ({ gateway }) => gateway({}, OTHER)],
  [
    "with the token of another request in place of the one that was signed",
    ({ gateway }) => ({
      ...gateway(),
      "gateway-identity": gateway({ subject: "another" })["gateway-identity"] ?? "",
    }),
  ],
];

interface Headers {
  readonly gateway: (
    otherwise?: Parameters<SigningGateway["headers"]>[1],
    body?: typeof QUESTION,
  ) => Record<string, string>;
  readonly stranger: () => Record<string, string>;
  /** Seconds since 1970. */
  readonly now: number;
}

export const strangerChecks: readonly Check[] = [
  {
    id: "strangers.refused",
    wants:
      "a request that the gateway has not signed, or not for this subgraph, not now, or not so, is refused with 401; what it has signed is answered, once",
    reference: "docs/signing.md, Requests",
    writes: false,
    run: async (subject, findings) => {
      const headers = headersFor(subject);
      for (const [how, make] of STRANGERS) {
        const exchange = await send(subject, make(headers));
        findings.expect(isRefused(exchange), `${how}: ${summary(exchange)}`, exchange);
      }
      const once = headers.gateway();
      const right = await send(subject, once);
      findings.expect(right.answer?.status === 200, `signed by the gateway: ${summary(right)}`, right);
      const again = await send(subject, once);
      findings.expect(isRefused(again), `sent twice: ${summary(again)}`, again);
    },
  },
];

/** @throws Skipped where no key of the gateway is known */
function headersFor({ url, gateway }: Subject): Headers {
  if (gateway === undefined)
    throw new Skipped("the subgraph's gateway is not known here: name its key with --gateway-key");
  const target = url.slice(new URL(url).origin.length);
  const outgoing = (body: typeof QUESTION) => ({ method: "POST", target, body: bytesOf(body) }) as const;
  return {
    gateway: (otherwise, body = QUESTION) => gateway.headers(outgoing(body), otherwise),
    stranger: () => gateway.stranger.headers(outgoing(QUESTION)),
    now: Math.floor(Date.now() / 1000),
  };
}

function send({ client, url }: Subject, headers: Record<string, string>): Promise<Exchange> {
  const common = { "content-type": "application/json", accept: "application/json" };
  return client.send({
    method: "POST",
    url,
    headers: { ...common, ...headers },
    body: QUESTION,
    isSigned: true,
  });
}

function isRefused({ answer }: Exchange): boolean {
  return answer?.status === 401;
}
