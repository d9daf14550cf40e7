/**
 * The call itself: GraphQL over HTTP POST on kept-alive connections, within a deadline and a size.
 */
import { hash } from "node:crypto";
import { OperationTypeNode } from "graphql";
import { Agent } from "undici";
import { allowsUrl, type HostRule, lookupWithin, USUAL_HOSTS } from "../hosts.ts";
import { FORWARDED, type HeadersFor } from "./headers.ts";
import { copyJson } from "./json.ts";
import { createLru } from "./lru.ts";
import { proofOf } from "./answer-proof.ts";
import { type GiveUp, type HttpReply, post, PostError, type Target } from "./post.ts";
import { mayAnswer, readResponse } from "./response.ts";
import type { SubgraphTls } from "./tls.ts";
import { createUnderWay } from "./under-way.ts";
import type { Failure, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

export interface HttpOptions {
  /** Milliseconds for one whole call, the body included. */
  readonly deadline: number;
  /** Bytes of one answer's body. */
  readonly maxResponseSize: number;
  /** Whether a query that another request is just asking is asked once for both. */
  readonly shareQueries: boolean;
  /** Whether the digest of each answer is told. */
  readonly digests?: boolean;
  /** Names of the subgraphs that speak HTTP/2 without TLS: nothing in an http: URL tells. */
  readonly h2c?: ReadonlySet<string>;
  /** What each request says of itself; what is passed on of the client's, when it is left out. */
  readonly headersFor?: HeadersFor | undefined;
  /** Where subgraphs may be; the usual rule when it is left out. */
  readonly hosts?: HostRule | undefined;
  /** How it makes itself known to subgraphs, and whose certificates count. */
  readonly tls?: SubgraphTls | undefined;
}

/** A call under way, and how many requests wait for it. */
interface SharedCall {
  readonly response: Promise<SubgraphResponse>;
  readonly giveUp: GiveUp;
  readers: number;
}

export interface HttpTransport {
  readonly ask: Transport;
  /** Closes the connections once the calls under way have ended. */
  readonly close: () => Promise<void>;
}

/** Per address. Enough for a busy gateway, and a subgraph is not drowned when it becomes slow. */
const CONNECTIONS = 128;
const TARGETS = 1_000;
const LONGEST_URL = 2_000;
/** Names and values in turn: undici takes a fifth less time for a call than with an object. */
const OWN_HEADERS = [
  "accept",
  "application/graphql-response+json, application/json",
  "content-type",
  "application/json",
];

/** HTTP/2 from the first byte. undici's types know it of a single connection only; its pools take it too. */
const PRIOR_KNOWLEDGE = { useH2c: true } as Agent.Options;

export function createHttpTransport(options: HttpOptions): HttpTransport {
  const {
    deadline,
    maxResponseSize,
    shareQueries,
    digests,
    h2c,
    headersFor = FORWARDED,
    hosts = USUAL_HOSTS,
    tls,
  } = options;
  // The deadline covers the whole call, so the agent's own timeouts are off.
  const settings: Agent.Options = {
    connections: CONNECTIONS,
    maxResponseSize,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Where TLS finds that the subgraph speaks it: one connection then takes many calls at once.
    allowH2: true,
    connect: { lookup: lookupWithin(hosts), ...tls },
  };
  const agent = new Agent(settings);
  const h2cAgent = new Agent({ ...settings, ...PRIOR_KNOWLEDGE });
  const targets = createLru<Target | undefined>(TARGETS, LONGEST_URL);
  const shared = createUnderWay<SharedCall>();

  async function ask(request: SubgraphRequest): Promise<SubgraphResponse> {
    const { url, context } = request;
    if (url === undefined) return failed({ code: "SUBGRAPH_UNREACHABLE", reason: "no URL is known" });
    const body = bodyOf(request);
    if (context.operation?.kind !== OperationTypeNode.QUERY)
      // Who has changed something must not be given an answer that was under way before.
      return callAlone(request, url, body).finally(() => shared.clear());
    return shareQueries ? share(request, url, body) : callAlone(request, url, body);
  }

  async function callAlone(request: SubgraphRequest, url: string, body: string): Promise<SubgraphResponse> {
    if (request.signal === undefined) return call(request, url, body);
    const giveUp: GiveUp = {};
    return unlessAborted(call(request, url, body, giveUp), request.signal, () => giveUp.now?.());
  }

  async function call(
    request: SubgraphRequest,
    url: string,
    body: string,
    giveUp?: GiveUp,
  ): Promise<SubgraphResponse> {
    const target = targets.get(url, () => (allowsUrl(hosts, url) ? targetOf(url) : undefined));
    if (target === undefined) return failed(FORBIDDEN_ADDRESS);
    const said = headersFor(request, { method: "POST", target: target.path, body });
    const headers = [...OWN_HEADERS];
    for (const name of Object.keys(said)) headers.push(name, said[name] as string);
    try {
      const reply = await post(
        h2c?.has(request.service) ? h2cAgent : agent,
        target,
        headers,
        body,
        deadline,
        giveUp,
      );
      return read(request, reply, said["signature"]);
    } catch (error) {
      if (!(error instanceof PostError)) throw error;
      return failed(explain(error, options));
    }
  }

  /** @param signature of the request, which a signed answer is bound to */
  function read(
    { signers }: SubgraphRequest,
    reply: HttpReply,
    signature: string | undefined,
  ): SubgraphResponse {
    const { status, body } = reply;
    if (digests !== true && signers === undefined) return readResponse(status, body.toString("utf8"));
    const digest = hash("sha256", body, "base64");
    // What is no answer anyway says more by its status than by a signature that it lacks.
    if (signers === undefined || !mayAnswer(status))
      return { ...readResponse(status, body.toString("utf8")), digest };
    const proof = proofOf(reply, digest, signature, signers);
    if ("code" in proof) return failed(proof);
    return { ...readResponse(status, body.toString("utf8")), digest, proof };
  }

  /** A query that another request is just asking in the same words, for the same reader, is not asked twice. */
  async function share(request: SubgraphRequest, url: string, body: string): Promise<SubgraphResponse> {
    const key = [request.service, url, request.context.identity, body] as const;
    let asked = shared.get(key);
    if (asked === undefined) {
      const giveUp: GiveUp = {};
      const begun: SharedCall = {
        readers: 0,
        giveUp,
        // Nobody can join any more once there is an answer: its last reader is known.
        response: call(request, url, body, giveUp).finally(() => shared.end(key, begun)),
      };
      shared.add(key, begun);
      asked = begun;
    }
    asked.readers += 1;
    const { response: coming, giveUp } = asked;
    const leave = () => {
      asked.readers -= 1;
      if (asked.readers > 0) return;
      shared.end(key, asked);
      giveUp.now?.();
    };
    const response = await (request.signal ? unlessAborted(coming, request.signal, leave) : coming);
    asked.readers -= 1;
    // A reader takes the answer's objects over and adds to them: each has its own, the last the original.
    return asked.readers === 0 ? response : { ...response, data: copyJson(response.data) };
  }

  return { ask, close: async () => void (await Promise.all([agent.close(), h2cAgent.close()])) };
}

/**
 * The answer, unless the signal comes before it: then throws the signal's reason.
 * @param leave called when the signal comes first
 */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal, leave: () => void): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    leave();
    reject(signal.reason);
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return Promise.race([answer, aborted]).finally(() => signal.removeEventListener("abort", stop));
}

export const FORBIDDEN_ADDRESS: Failure = {
  code: "SUBGRAPH_UNREACHABLE",
  reason: "no service may be at its address (--allow-host)",
};

export function targetOf(url: string): Target {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

/** The body of a request to a subgraph. */
export function bodyOf({ query, variables, operationName }: SubgraphRequest): string {
  return JSON.stringify(
    operationName === undefined ? { query, variables } : { query, variables, operationName },
  );
}

/** Tells from what undici threw what went wrong. */
function explain(
  { cause, status, timedOut }: PostError,
  { deadline, maxResponseSize }: HttpOptions,
): Failure {
  const { name, code, message } = cause as NodeJS.ErrnoException;
  const reason = code === undefined ? message : `${code} ${message}`;
  if (timedOut || code === "UND_ERR_CONNECT_TIMEOUT")
    return { code: "SUBGRAPH_TIMEOUT", reason, status, limit: deadline };
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
    return { code: "SUBGRAPH_RESPONSE_TOO_LARGE", reason, status, limit: maxResponseSize };
  const spokeNonsense = name === "HTTPParserError" || code === "UND_ERR_HEADERS_OVERFLOW";
  if (spokeNonsense || status !== undefined) return { code: "SUBGRAPH_MALFORMED_RESPONSE", reason, status };
  return { code: "SUBGRAPH_UNREACHABLE", reason };
}

function failed(failure: Failure): SubgraphResponse {
  return { failure, status: failure.status };
}
