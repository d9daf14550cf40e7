/**
 * What changes are told by, to a system that is not the kit's own.
 */
import { createHash } from "node:crypto";
import type { CaseRow } from "../agency/rows.ts";
import { AgencyError } from "../errors.ts";
import type { KeyedRequest } from "../idempotency.ts";
import { codeOf, type State } from "../states.ts";

/** By the names that a mapping uses. */
export type ChangeValues = Readonly<
  Record<string, string | number | null | readonly string[] | Date | undefined>
>;

export function changeValues(after: CaseRow, officerCode: string | null, note: string | null): ChangeValues {
  const { procedureCode, receivedAt, dueAt, finishedAt, delayReason, resultNumber, resultSummary } = after;
  return {
    procedureCode,
    receivedAt,
    dueAt,
    finishedAt,
    delayReason,
    resultNumber,
    resultSummary,
    officerCode,
    // Who is in charge from now on.
    nextOfficerCode: after.officerCode,
    note,
    documents: after.supplements.at(-1)?.documents,
  };
}

/** Names a change among those of its case: the same request has the same mark. */
export function changeMark({ key }: KeyedRequest): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** A system's own name of a state, the first of several that mean the same; its national code where it has none. */
export function ownState(
  agency: string,
  states: Readonly<Record<string, State>> | undefined,
  state: State,
): string {
  if (states === undefined) return String(codeOf(state));
  const found = Object.entries(states).find(([, national]) => national === state);
  if (found !== undefined) return found[0];
  throw new AgencyError("NOT_SUPPORTED", {
    agency,
    field: state,
    allowed: [...new Set(Object.values(states))].join(", "),
  });
}
