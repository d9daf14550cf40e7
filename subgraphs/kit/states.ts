/**
 * States of dossiers and cases by the national portal's codes, and the moves between them (DOMAIN.md).
 */
import { AgencyError } from "./errors.ts";

/** State names by national code, 1 to 10. */
export const STATES = [
  "REGISTERED",
  "ACCEPTED",
  "REJECTED",
  "IN_PROGRESS",
  "AWAITING_SUPPLEMENT",
  "AWAITING_PAYMENT",
  "WITHDRAWN",
  "SUSPENDED",
  "COMPLETED",
  "RETURNED",
] as const;

export type State = (typeof STATES)[number];

/** Moves allowed whatever came before; from 5 the case also returns to the state before. */
const MOVES: Readonly<Record<State, readonly State[]>> = {
  REGISTERED: ["ACCEPTED", "REJECTED", "AWAITING_SUPPLEMENT"],
  ACCEPTED: ["IN_PROGRESS", "AWAITING_SUPPLEMENT", "WITHDRAWN", "COMPLETED"],
  REJECTED: [],
  IN_PROGRESS: ["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "WITHDRAWN", "SUSPENDED", "COMPLETED"],
  AWAITING_SUPPLEMENT: ["REJECTED", "WITHDRAWN"],
  AWAITING_PAYMENT: ["IN_PROGRESS", "WITHDRAWN"],
  WITHDRAWN: [],
  SUSPENDED: ["IN_PROGRESS", "WITHDRAWN"],
  COMPLETED: ["RETURNED"],
  RETURNED: [],
};

const RUNNING: ReadonlySet<State> = new Set(["ACCEPTED", "IN_PROGRESS"]);
const PAUSED: ReadonlySet<State> = new Set(["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "SUSPENDED"]);
const CLOSED: ReadonlySet<State> = new Set(["REJECTED", "WITHDRAWN", "COMPLETED", "RETURNED"]);

/** The clock runs. */
export const isRunning = (state: State): boolean => RUNNING.has(state);
/** The clock is stopped. */
export const isPaused = (state: State): boolean => PAUSED.has(state);
/** The work has ended. */
export const isClosed = (state: State): boolean => CLOSED.has(state);

/** National code of a state, 1 to 10. */
export function codeOf(state: State): number {
  return STATES.indexOf(state) + 1;
}

/** State of a national code. @throws RangeError when there is none: the database holds only 1 to 10. */
export function stateOf(code: number): State {
  const state = STATES[code - 1];
  if (state === undefined) throw new RangeError(`no state has the national code ${code}`);
  return state;
}

/** States that may follow; `resume` is the state before a supplement, to which 5 returns. */
export function allowedMoves(from: State, resume: State | null = null): readonly State[] {
  const moves = MOVES[from];
  return from === "AWAITING_SUPPLEMENT" && resume !== null ? [resume, ...moves] : moves;
}

/** @throws AgencyError ILLEGAL_TRANSITION saying which states may follow. */
export function assertMove(from: State, to: State, resume: State | null = null): void {
  const allowed = allowedMoves(from, resume);
  if (!allowed.includes(to)) throw new AgencyError("ILLEGAL_TRANSITION", { from, to, allowed });
}
