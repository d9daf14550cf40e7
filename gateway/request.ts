/**
 * One request, from top to bottom. Whoever is new here begins with this file.
 *
 *   server/http.ts       a request comes in over HTTP and gets its id            → refused: body too large, not JSON
 *   openRequest          what is known of it: reader's language, headers to pass on
 *   server/front.ts      parsed, validated against the schema of the moment      → refused: syntax, unknown field
 *   answerRequest        1. the engine plans it and asks the subgraphs           execute/apollo.ts
 *                           each through the transport: located, split over
 *                           members, timed, within a deadline                    transport/transport.ts
 *                        2. the errors are made uniform, one for each cause
 *                        3. the calls are told to clients that asked for them
 *   server/http.ts       one line in the log, without variables or tokens
 */
import { GraphQLError, OperationTypeNode, type ExecutionResult } from "graphql";
import type { Logger } from "../process/log.ts";
import type { RequestContext } from "./context.ts";
import { errorMessage, GATEWAY_ERRORS, isCallFailure, type GatewayErrorCode } from "./errors.ts";
import type { Operation } from "./execute/apollo.ts";
import type { Graph } from "./graph.ts";

export { openContext as openRequest } from "./context.ts";

/** Executes a valid operation. Never throws: what goes wrong stands in the result. */
export async function answerRequest(
  operation: Operation,
  context: RequestContext,
  { engine, transport }: Graph,
  log: Logger,
): Promise<ExecutionResult> {
  if (operation.kind !== undefined) context.operation = { name: operation.name, kind: operation.kind };
  if (operation.kind === OperationTypeNode.SUBSCRIPTION)
    return { errors: [ownError("SUBSCRIPTION_UNSUPPORTED", context)] };
  let result: ExecutionResult;
  try {
    result = await engine.execute(operation, context, transport);
  } catch (error) {
    result = { errors: [error as GraphQLError] };
  }
  const errors = result.errors && oneForEachCause(result.errors.map((error) => uniform(error, context, log)));
  context.errorCodes = [...new Set(errors?.map((error) => String(error.extensions["code"])))];
  return {
    ...("data" in result && { data: result.data ?? null }),
    ...(errors && { errors }),
    ...withCalls(result.extensions, context),
  };
}

/** An error of the gateway's own about a request as a whole. */
export function ownError(code: GatewayErrorCode, context: RequestContext): GraphQLError {
  return new GraphQLError(errorMessage(code, { requestId: context.id }, context.language), {
    extensions: { code, http: { status: GATEWAY_ERRORS[code].status } },
  });
}

/** What a client reads of an error: message, path, code and origin. What nobody foresaw stays in the log. */
function uniform(error: Error, context: RequestContext, log: Logger): GraphQLError {
  if (!isGraphQLError(error) || isUnforeseen(error)) {
    log.error({ requestId: context.id, err: error }, "a request failed in the gateway");
    return ownError("INTERNAL_SERVER_ERROR", context);
  }
  const { serviceName: _serviceName, ...extensions } = error.extensions;
  return new GraphQLError(error.message, {
    ...(error.nodes && { nodes: error.nodes }),
    ...(error.path && { path: error.path }),
    extensions,
  });
}

/** By name: the engine may have loaded a copy of graphql-js of its own. */
function isGraphQLError(error: Error): error is GraphQLError {
  return error.name === "GraphQLError";
}

/** An exception of the engine that was only wrapped. Its own refusals and subgraphs' errors carry a code, or nodes. */
function isUnforeseen({ extensions, nodes }: GraphQLError): boolean {
  return extensions["code"] === undefined && nodes === undefined;
}

/** When one member fails in several fetches, or one key is unknown to several subgraphs, one error says it. */
function oneForEachCause(errors: readonly GraphQLError[]): GraphQLError[] {
  const seen = new Set<string>();
  return errors.filter(({ extensions: { code, service, member } }) => {
    if (!isCallFailure(code)) return true;
    const cause = JSON.stringify([code, member === undefined ? { service } : { member }]);
    return !seen.has(cause) && seen.add(cause);
  });
}

function withCalls(extensions: ExecutionResult["extensions"], { traceCalls, calls }: RequestContext) {
  const all = { ...extensions, ...(traceCalls && { calls }) };
  return Object.keys(all).length > 0 && { extensions: all };
}
