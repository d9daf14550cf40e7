/**
 * The call itself: GraphQL over HTTP POST on kept-alive connections, within a deadline and a size.
 */
import { Agent } from "undici";
import { readResponse } from "./response.ts";
import type { Failure, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

export interface HttpOptions {
  /** Milliseconds for one whole call, the body included. */
  readonly deadline: number;
  /** Bytes of one answer's body. */
  readonly maxResponseSize: number;
}

export interface HttpTransport {
  readonly ask: Transport;
  /** Closes the connections once the calls under way have ended. */
  readonly close: () => Promise<void>;
}

/** Per address. Enough for a busy gateway, and a subgraph is not drowned when it becomes slow. */
const CONNECTIONS = 128;

export function createHttpTransport({ deadline, maxResponseSize }: HttpOptions): HttpTransport {
  // The deadline covers the whole call, so the agent's own timeouts are off.
  const agent = new Agent({ connections: CONNECTIONS, maxResponseSize, headersTimeout: 0, bodyTimeout: 0 });

  async function ask(request: SubgraphRequest): Promise<SubgraphResponse> {
    if (request.url === undefined) return failed({ code: "SUBGRAPH_UNREACHABLE", reason: "no URL is known" });
    const url = new URL(request.url);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), deadline);
    let status: number | undefined;
    try {
      const response = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: "POST",
        headers: {
          ...request.context.forwarded,
          accept: "application/graphql-response+json, application/json",
          "content-type": "application/json",
        },
        body: JSON.stringify({
          query: request.query,
          variables: request.variables,
          ...(request.operationName !== undefined && { operationName: request.operationName }),
        }),
        signal: abort.signal,
      });
      status = response.statusCode;
      return readResponse(status, await response.body.text());
    } catch (error) {
      return failed(explain(error, { status, timedOut: abort.signal.aborted, deadline, maxResponseSize }));
    } finally {
      clearTimeout(timer);
    }
  }

  return { ask, close: () => agent.close() };
}

interface Circumstances extends HttpOptions {
  /** Undefined when the call broke before an answer began. */
  readonly status: number | undefined;
  readonly timedOut: boolean;
}

/** Tells from what undici threw what went wrong. */
function explain(error: unknown, { status, timedOut, deadline, maxResponseSize }: Circumstances): Failure {
  const { name, code, message } = error as NodeJS.ErrnoException;
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
