/**
 * What a client reads of an answer's errors and extensions, whichever engine executed the operation.
 */
import { GraphQLError } from "graphql";
import type { Logger } from "../process/log.ts";
import type { RequestContext } from "./context.ts";
import { type ErrorDetails, errorMessage, type GatewayErrorCode, isCallFailure } from "./errors.ts";
import { Refusal } from "./limits/refusal.ts";
import { withoutSuggestions } from "./limits/schema-view.ts";
import { membersTold } from "./members-told.ts";

/** An error of the gateway's own about a request as a whole. */
export function ownError(
  code: GatewayErrorCode,
  context: RequestContext,
  details: ErrorDetails = {},
): GraphQLError {
  return new GraphQLError(errorMessage(code, { requestId: context.id, ...details }, context.language), {
    extensions: { code },
  });
}

/** Errors made uniform, one for each cause; their codes are noted on the request. */
export function uniformErrors(
  errors: readonly Error[] | undefined,
  context: RequestContext,
  log: Logger,
): readonly GraphQLError[] {
  if (errors === undefined || errors.length === 0) return [];
  const uniformed = oneForEachCause(errors.map((error) => uniform(error, context, log)));
  const codes = uniformed.map((error) => String(error.extensions["code"]));
  context.errorCodes = [...new Set([...context.errorCodes, ...codes])];
  return uniformed;
}

/** The calls, the members and the cost, told to clients that asked for them; undefined when there is nothing to tell. */
export function extensionsOf(
  own: Readonly<Record<string, unknown>> | undefined,
  { traceCalls, traceMembers, traceCost, calls, cost }: RequestContext,
): Readonly<Record<string, unknown>> | undefined {
  if (!traceCalls && !traceMembers && !traceCost) return own;
  return {
    ...own,
    ...(traceCalls && { calls }),
    ...(traceMembers && { members: membersTold(calls) }),
    ...(traceCost && cost && { cost }),
  };
}

/** Codes of errors that graphql-js may end with a suggestion. */
const SUGGESTING: ReadonlySet<unknown> = new Set(["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"]);

/** Message, path, code and origin. What nobody foresaw stays in the log. */
function uniform(error: Error, context: RequestContext, log: Logger): GraphQLError {
  if (error instanceof Refusal) return error.inLanguage(context.language);
  if (!isGraphQLError(error) || isUnforeseen(error)) {
    log.error({ requestId: context.id, err: error }, "a request failed in the gateway");
    return ownError("INTERNAL_SERVER_ERROR", context);
  }
  const { serviceName: _serviceName, ...extensions } = error.extensions;
  if (context.hidesSchema === true && SUGGESTING.has(extensions["code"])) return withoutSuggestions(error);
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
