/**
 * What a subgraph answered, made sure of: nothing that comes from the network is taken for what it claims to be.
 */
import { parseJson } from "./json.ts";
import {
  entityLists,
  representationsOf,
  type SubgraphError,
  type SubgraphResponse,
  type Transport,
} from "./transport.ts";

/**
 * Reads the body of an answer (GraphQL over HTTP, section 6.4).
 * A 4xx with GraphQL errors is an answer (a request that the subgraph refuses); every other status but 200 is not.
 */
export function readResponse(status: number, body: string): SubgraphResponse {
  const response = mayAnswer(status) ? parseResponse(body) : undefined;
  if (response !== undefined && (status === 200 || response.errors !== undefined))
    return { ...response, status };
  const failure =
    status === 200
      ? ({
          code: "SUBGRAPH_MALFORMED_RESPONSE",
          reason: "the body is not a GraphQL response",
          status,
        } as const)
      : ({ code: "SUBGRAPH_HTTP_ERROR", reason: `HTTP status ${status}`, status } as const);
  return { failure, status };
}

/** Whether a body of this status can be an answer. */
export function mayAnswer(status: number): boolean {
  return status === 200 || (status >= 400 && status < 500);
}

/** An answer about entities must speak of each of them, in order (Federation, `_entities`). */
export function checkEntities(ask: Transport): Transport {
  return async (request) => {
    const response = await ask(request);
    const { data } = response;
    if (!data) return response;
    for (const list of entityLists(request)) {
      const count = representationsOf(request, list).length;
      const entities = Object.hasOwn(data, list.responseKey) ? data[list.responseKey] : undefined;
      if (Array.isArray(entities) && entities.length === count && entities.every(isEntity)) continue;
      // The list itself given up, with the reason why: an answer, without data.
      if (entities === null && response.errors !== undefined) continue;
      const reason = `${list.responseKey} is not a list of ${count} objects`;
      return {
        failure: { code: "SUBGRAPH_MALFORMED_RESPONSE", reason, status: response.status },
        status: response.status,
      };
    }
    return response;
  };
}

function parseResponse(body: string): SubgraphResponse | undefined {
  try {
    const response = readResult(parseJson(body));
    // What needs escaping in JSON came escaped. A reader of the data spares itself looking for it in every text.
    return response && { ...response, plain: !body.includes("\\") };
  } catch {
    return undefined;
  }
}

/** A response that is parsed already; undefined when it is none. */
export function readResult(parsed: unknown): SubgraphResponse | undefined {
  if (!isRecord(parsed)) return undefined;
  const { data, errors } = parsed;
  if (data !== undefined && data !== null && !isRecord(data)) return undefined;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return undefined;
  const readErrors = (errors ?? []).map(readError);
  // Neither data nor a reason why there is none: not a response (GraphQL, section 7.1).
  if (!data && readErrors.length === 0) return undefined;
  return { data, errors: readErrors.length > 0 ? readErrors : undefined };
}

export function readError(error: unknown): SubgraphError {
  const { message, path, extensions } = isRecord(error) ? error : {};
  return {
    message: typeof message === "string" ? message : "",
    path: Array.isArray(path) && path.every(isPathSegment) ? path.map(indexOrKey) : undefined,
    extensions: isRecord(extensions) ? extensions : {},
  };
}

function isPathSegment(segment: unknown): segment is string | number {
  return typeof segment === "string" || typeof segment === "number";
}

/** Mercurius with its JIT writes list indices as strings; a response key never begins with a digit. */
function indexOrKey(segment: string | number): string | number {
  return typeof segment === "string" && /^\d+$/.test(segment) ? Number(segment) : segment;
}

function isEntity(entity: unknown): boolean {
  return entity === null || isRecord(entity);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
