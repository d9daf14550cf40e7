import { expect, test } from "vitest";
import { allowedAfter, isClosed, PLACES, STATES } from "../../conformance/national-states.ts";
import * as kit from "../../subgraphs/kit/states.ts";

test("the checks and the kit, written apart, agree on every state and every move", () => {
  expect(STATES).toEqual(kit.STATES);
  for (const place of PLACES)
    expect(allowedAfter(place).toSorted()).toEqual(
      kit.allowedMoves(place.state, place.resume ?? null).toSorted(),
    );
  for (const state of STATES) expect(isClosed(state)).toBe(kit.isClosed(state));
});

test("every place is reached by moves that are allowed", () => {
  for (const { state, resume, route } of PLACES) {
    let [at, before]: [(typeof STATES)[number], (typeof STATES)[number] | undefined] = [
      "REGISTERED",
      undefined,
    ];
    for (const to of route) {
      expect(allowedAfter({ state: at })).toContain(to);
      [before, at] = [at, to];
    }
    expect([at, resume]).toEqual([state, state === "AWAITING_SUPPLEMENT" ? before : undefined]);
  }
});
