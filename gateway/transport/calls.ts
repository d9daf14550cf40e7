/**
 * Writes every call to a subgraph down on its request: for the log, and for clients that ask for the trace.
 */
import type { SubgraphCall } from "../context.ts";
import { entityCount, type Transport } from "./transport.ts";

export function recordCalls(ask: Transport): Transport {
  return async (request) => {
    const { service, member, context } = request;
    const entities = entityCount(request);
    const startedAt = performance.now();
    const call: SubgraphCall = {
      service,
      ...(member !== undefined && { member: member.key }),
      ...(member?.name !== undefined && { memberName: member.name }),
      startedAt: tenths(startedAt - context.startedAt),
      ...(entities !== undefined && { entities }),
    };
    context.calls.push(call);
    const response = await ask(request);
    call.duration = tenths(performance.now() - startedAt);
    if (response.status !== undefined) call.status = response.status;
    if (response.failure !== undefined) call.code = response.failure.code;
    return response;
  };
}

/** Milliseconds to one decimal: finer is noise. */
function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
