/**
 * Which members had a part in an answer, for clients that ask with `X-Trace-Members: 1` (`extensions.members`).
 */
import type { SubgraphCall } from "./context.ts";

export interface MemberTold {
  readonly service: string;
  /** Its key. */
  readonly member: string;
  readonly memberName?: string;
  /** Whether every call to it came back with an answer. */
  readonly answered: boolean;
  /** Code of the error table, of the first call that failed. */
  readonly code?: string;
  /** How many calls it was asked by. */
  readonly calls: number;
  /** Milliseconds of all its calls together; null while none has ended. */
  readonly duration: number | null;
}

/** In the order in which they were first asked. */
export function membersTold(calls: readonly SubgraphCall[]): readonly MemberTold[] {
  const ofMembers = calls.filter(({ member }) => member !== undefined);
  const groups = Map.groupBy(ofMembers, ({ service, member }) => JSON.stringify([service, member]));
  return [...groups.values()].map((own) => {
    const { service, member = "", memberName } = own[0] as SubgraphCall;
    const code = own.find((call) => call.code !== undefined)?.code;
    const ended = own.flatMap(({ duration }) => duration ?? []);
    const sum = ended.reduce((total, duration) => total + duration, 0);
    return {
      service,
      member,
      ...(memberName !== undefined && { memberName }),
      answered: code === undefined && ended.length === own.length,
      ...(code !== undefined && { code }),
      calls: own.length,
      duration: ended.length === 0 ? null : Math.round(sum * 10) / 10,
    };
  });
}
