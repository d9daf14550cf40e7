/**
 * The national portal's states and the moves between them, as the contract wants them.
 *
 * Written down here once more on purpose: a fault in the table that the subgraphs share must not hide itself.
 */

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

/** A state, and the one that a supplement returns to. */
export interface Place {
  readonly state: State;
  readonly resume?: State;
  /** States passed on the way there from `REGISTERED`, with its own. */
  readonly route: readonly State[];
}

/** 1→2, 1→3, {1,2,4}→5, 5→3, 2→4, 4↔6, 4↔8, {2,4}→9, 9→10, {2,4,5,6,8}→7, by national code. */
const MOVES: readonly (readonly [from: readonly number[], to: number])[] = [
  [[1], 2],
  [[1, 5], 3],
  [[1, 2, 4], 5],
  [[2, 6, 8], 4],
  [[4], 6],
  [[4], 8],
  [[2, 4], 9],
  [[9], 10],
  [[2, 4, 5, 6, 8], 7],
];

export const PLACES: readonly Place[] = [
  { state: "REGISTERED", route: [] },
  { state: "ACCEPTED", route: ["ACCEPTED"] },
  { state: "REJECTED", route: ["REJECTED"] },
  { state: "IN_PROGRESS", route: ["ACCEPTED", "IN_PROGRESS"] },
  { state: "AWAITING_SUPPLEMENT", resume: "REGISTERED", route: ["AWAITING_SUPPLEMENT"] },
  { state: "AWAITING_SUPPLEMENT", resume: "ACCEPTED", route: ["ACCEPTED", "AWAITING_SUPPLEMENT"] },
  {
    state: "AWAITING_SUPPLEMENT",
    resume: "IN_PROGRESS",
    route: ["ACCEPTED", "IN_PROGRESS", "AWAITING_SUPPLEMENT"],
  },
  { state: "AWAITING_PAYMENT", route: ["ACCEPTED", "IN_PROGRESS", "AWAITING_PAYMENT"] },
  { state: "WITHDRAWN", route: ["ACCEPTED", "WITHDRAWN"] },
  { state: "SUSPENDED", route: ["ACCEPTED", "IN_PROGRESS", "SUSPENDED"] },
  { state: "COMPLETED", route: ["ACCEPTED", "COMPLETED"] },
  { state: "RETURNED", route: ["ACCEPTED", "COMPLETED", "RETURNED"] },
];

/** States that may follow, in the order of their national codes. */
export function allowedAfter({ state, resume }: Pick<Place, "state" | "resume">): readonly State[] {
  const code = STATES.indexOf(state) + 1;
  return STATES.filter(
    (to, index) => to === resume || MOVES.some(([from, next]) => next === index + 1 && from.includes(code)),
  );
}

/** The work has ended. */
export function isClosed(state: State): boolean {
  return ["REJECTED", "WITHDRAWN", "COMPLETED", "RETURNED"].includes(state);
}
