/**
 * The call itself: GraphQL over HTTP POST on kept-alive connections, within a deadline and a size.
 */
import { OperationTypeNode } from "graphql";
import { Agent } from "undici";
import { createLru } from "./lru.ts";
import { type HttpReply, post, PostError, type Target } from "./post.ts";
import { readResponse } from "./response.ts";
import type { Failure, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

export interface HttpOptions {
  /** Milliseconds for one whole call, the body included. */
  readonly deadline: number;
  /** Bytes of one answer's body. */
  readonly maxResponseSize: number;
  /** Whether a query that another request is just asking is asked once for both. */
  readonly shareQueries: boolean;
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
const OWN_HEADERS = {
  accept: "application/graphql-response+json, application/json",
  "content-type": "application/json",
};

export function createHttpTransport(options: HttpOptions): HttpTransport {
  const { deadline, maxResponseSize, shareQueries } = options;
  // The deadline covers the whole call, so the agent's own timeouts are off.
  const agent = new Agent({ connections: CONNECTIONS, maxResponseSize, headersTimeout: 0, bodyTimeout: 0 });
  const targets = createLru<Target>(TARGETS, LONGEST_URL);
  const inFlight = new Map<string, Promise<HttpReply>>();

  /** A query that another request is just asking in the same words, for the same reader, is not asked twice. */
  function send({ context }: SubgraphRequest, url: string, body: string): Promise<HttpReply> {
    const headers = { ...context.forwarded, ...OWN_HEADERS };
    const target = targets.get(url, () => targetOf(url));
    if (context.operation?.kind !== OperationTypeNode.QUERY)
      // Who has changed something must not be given an answer that was under way before.
      return post(agent, target, headers, body, deadline).finally(() => inFlight.clear());
    if (!shareQueries) return post(agent, target, headers, body, deadline);
    const key = `${url}\n${context.identity}\n${body}`;
    const reply = inFlight.get(key);
    if (reply === undefined) {
      const asked = post(agent, target, headers, body, deadline).finally(() => {
        if (inFlight.get(key) === asked) inFlight.delete(key);
      });
      inFlight.set(key, asked);
      return asked;
    }
    return reply;
  }

  async function ask(request: SubgraphRequest): Promise<SubgraphResponse> {
    if (request.url === undefined) return failed({ code: "SUBGRAPH_UNREACHABLE", reason: "no URL is known" });
    try {
      // Each request parses for itself: it takes the answer's objects over and adds to them.
      const { status, body } = await send(request, request.url, bodyOf(request));
      return readResponse(status, body);
    } catch (error) {
      if (!(error instanceof PostError)) throw error;
      return failed(explain(error, options));
    }
  }

  return { ask, close: () => agent.close() };
}

function targetOf(url: string): Target {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

function bodyOf({ query, variables, operationName }: SubgraphRequest): string {
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
