import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AgencyError } from "../../../subgraphs/kit/errors.ts";
import {
  STATES,
  type State,
  allowedMoves,
  assertMove,
  codeOf,
  isClosed,
  isPaused,
  isRunning,
  stateOf,
} from "../../../subgraphs/kit/states.ts";

/** The rule as the national portal words it; 5 also returns to the state before. */
const RULE = "1→2, 1→3, 1→5, 2→5, 4→5, 5→3, 2→4, 4→6, 6→4, 4→8, 8→4, 2→9, 4→9, 9→10, 2→7, 4→7, 5→7, 6→7, 8→7";
const LEGAL = new Set(RULE.split(", "));
const CODES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** The states named as allowed by a refusal; undefined when the move is legal. */
function refusal(from: State, to: State, resume: State | null): unknown {
  try {
    assertMove(from, to, resume);
    return undefined;
  } catch (error) {
    return error instanceof AgencyError ? { code: error.code, ...(error.parameters as object) } : error;
  }
}

function refused(from: State, to: State, resume: State | null): unknown {
  return { code: "ILLEGAL_TRANSITION", from, to, allowed: allowedMoves(from, resume) };
}

describe.each(CODES)("from state %i", (from) => {
  test.each(CODES)("to state %i", (to) => {
    const legal = LEGAL.has(`${from}→${to}`);
    expect(refusal(stateOf(from), stateOf(to), null)).toEqual(
      legal ? undefined : refused(stateOf(from), stateOf(to), null),
    );
  });
});

test.each([1, 2, 4] as const)("a supplement in state %i returns there, and to no other", (before) => {
  for (const to of CODES) {
    const legal = to === before || LEGAL.has(`5→${to}`);
    expect(refusal("AWAITING_SUPPLEMENT", stateOf(to), stateOf(before))).toEqual(
      legal ? undefined : refused("AWAITING_SUPPLEMENT", stateOf(to), stateOf(before)),
    );
  }
});

test.each(STATES.filter((state) => state !== "AWAITING_SUPPLEMENT"))(
  "from %s a state remembered opens nothing",
  (from) => {
    for (const resume of STATES) expect(allowedMoves(from, resume)).toEqual(allowedMoves(from));
  },
);

test("the refusal says what is allowed", () => {
  expect(() => assertMove("COMPLETED", "IN_PROGRESS")).toThrow(
    "COMPLETED cannot become IN_PROGRESS; allowed: RETURNED",
  );
  expect(() => assertMove("RETURNED", "IN_PROGRESS")).toThrow("allowed: nothing, it is closed");
});

test("a random walk goes by the rule alone, and a closed case is at most handed over", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 99 }), { maxLength: 40 }), (choices) => {
      let state: State = "REGISTERED";
      let resume: State | null = null;
      for (const choice of choices) {
        const moves: readonly State[] = allowedMoves(state, resume);
        const next = moves[choice % moves.length];
        expect(next === undefined).toBe(state !== "COMPLETED" && isClosed(state));
        if (next === undefined) break;
        const step = `${codeOf(state)}→${codeOf(next)}`;
        expect(LEGAL.has(step) || (state === "AWAITING_SUPPLEMENT" && next === resume)).toBe(true);
        expect(!isClosed(state) || step === "9→10").toBe(true);
        resume = next === "AWAITING_SUPPLEMENT" ? state : null;
        state = next;
      }
    }),
  );
});

test("the clock runs in 2 and 4, stands in 5, 6 and 8, and has ended in 3, 7, 9 and 10", () => {
  expect(STATES.filter(isRunning).map(codeOf)).toEqual([2, 4]);
  expect(STATES.filter(isPaused).map(codeOf)).toEqual([5, 6, 8]);
  expect(STATES.filter(isClosed).map(codeOf)).toEqual([3, 7, 9, 10]);
});

test("states have the national codes 1 to 10", () => {
  expect(STATES.map(codeOf)).toEqual(CODES);
  expect(CODES.map(stateOf)).toEqual(STATES);
  for (const code of [0, 11, 1.5, -1]) expect(() => stateOf(code)).toThrow(RangeError);
});
