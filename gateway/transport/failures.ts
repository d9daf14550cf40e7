/**
 * From what went wrong at a subgraph to the errors that a client reads: each names its service, its member and a code.
 */
import { errorMessage } from "../errors.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse } from "./transport.ts";

type Path = SubgraphError["path"];

/**
 * The errors of a response, those of a failed call included.
 * @param move where a path of the response lies in the whole; undefined when it lies nowhere
 * @param at where the fields lie that a failed call leaves empty
 */
export function clientErrors(
  request: SubgraphRequest,
  response: SubgraphResponse,
  move: (path: Path) => Path = (path) => path,
  at?: Path,
): SubgraphError[] {
  if (response.failure !== undefined) return [failureError(request, response.failure, at)];
  return (response.errors ?? []).map((error) => passOn(request, error, move(error.path)));
}

function failureError(
  { service, member, context }: SubgraphRequest,
  { code, status, limit, since, missing }: NonNullable<SubgraphResponse["failure"]>,
  path: Path,
): SubgraphError {
  const details = { service, member: member?.key, memberName: member?.name, status, limit, missing };
  return {
    message: errorMessage(code, details, context.language),
    path,
    extensions: {
      code,
      service,
      ...(member && { member: member.key }),
      ...(since !== undefined && { since }),
      ...(missing !== undefined && { missing }),
    },
  };
}

/** A subgraph's own error keeps its message and code; where it came from is said by the gateway, not by itself. */
function passOn(
  { service, member, context }: SubgraphRequest,
  error: SubgraphError,
  path: Path,
): SubgraphError {
  const { stacktrace: _stacktrace, exception: _exception, ...own } = error.extensions;
  const code = typeof own["code"] === "string" ? own["code"] : "SUBGRAPH_ERROR";
  const details = { service, member: member?.key, memberName: member?.name };
  return {
    message: error.message || errorMessage("SUBGRAPH_ERROR", details, context.language),
    path,
    extensions: { ...own, code, service, ...(member && { member: member.key }) },
  };
}
