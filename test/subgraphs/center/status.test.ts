import { array, assert, constant, constantFrom, option, property, shuffledSubarray, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { combineStatus } from "../../../subgraphs/center/status.ts";
import { STATES, type State, isClosed } from "../../../subgraphs/kit/states.ts";

const OPENED = new Date("2026-03-02T08:00:00+07:00");

/** A leg of agency A, B, C… by its order: what its agency says (null: no answer), or "waits" for the one before it. */
type Said = State | null | "waits";

function combine(own: State, ...said: Said[]) {
  const legs = said.map((each, index) => ({
    order: index + 1,
    dependsOn: each === "waits" ? [index] : [],
    agencyCode: "ABCDEFGH".charAt(index),
    openedAt: each === "waits" ? null : OPENED,
  }));
  const cases = said.map((each) => (each === null || each === "waits" ? null : { state: each }));
  const { status, without } = combineStatus(own, legs, cases);
  return `${status}${without.length > 0 ? ` without ${without.join("")}` : ""}`;
}

describe("combineStatus", () => {
  test.each<[string, State, Said[]]>([
    // The centre's own word.
    ["WITHDRAWN", "WITHDRAWN", ["IN_PROGRESS"]],
    ["REJECTED", "REJECTED", ["IN_PROGRESS"]],
    ["RETURNED", "RETURNED", ["COMPLETED", "COMPLETED"]],
    ["RETURNED without B", "RETURNED", ["COMPLETED", null]],
    // What holds it up, the most urgent for the applicant first.
    [
      "AWAITING_SUPPLEMENT",
      "IN_PROGRESS",
      ["COMPLETED", "AWAITING_PAYMENT", "AWAITING_SUPPLEMENT", "SUSPENDED"],
    ],
    ["AWAITING_PAYMENT", "IN_PROGRESS", ["SUSPENDED", "AWAITING_PAYMENT", "IN_PROGRESS"]],
    ["SUSPENDED", "IN_PROGRESS", ["IN_PROGRESS", "SUSPENDED"]],
    ["SUSPENDED without B", "IN_PROGRESS", ["SUSPENDED", null]],
    // All have ended.
    ["COMPLETED", "IN_PROGRESS", ["COMPLETED"]],
    ["COMPLETED", "COMPLETED", ["COMPLETED", "RETURNED"]],
    ["COMPLETED", "COMPLETED", ["COMPLETED", "REJECTED", "WITHDRAWN"]],
    ["REJECTED", "COMPLETED", ["REJECTED", "REJECTED"]],
    // Legs that can never begin have ended with the one they wait for.
    ["REJECTED", "COMPLETED", ["REJECTED", "waits"]],
    ["COMPLETED", "COMPLETED", ["WITHDRAWN", "waits", "waits"]],
    // Some have begun.
    ["IN_PROGRESS", "IN_PROGRESS", ["IN_PROGRESS", "ACCEPTED"]],
    ["IN_PROGRESS", "IN_PROGRESS", ["COMPLETED", "REGISTERED"]],
    ["IN_PROGRESS", "IN_PROGRESS", ["COMPLETED", "waits"]],
    ["IN_PROGRESS", "ACCEPTED", ["REJECTED", "ACCEPTED"]],
    // None has begun.
    ["ACCEPTED", "ACCEPTED", ["REGISTERED"]],
    ["ACCEPTED", "ACCEPTED", ["ACCEPTED", "waits", "waits"]],
    ["REGISTERED", "REGISTERED", []],
    ["ACCEPTED", "ACCEPTED", ["waits"]],
    // Somebody does not answer.
    ["UNKNOWN without A", "IN_PROGRESS", [null]],
    ["UNKNOWN without AC", "COMPLETED", [null, "waits", null]],
    ["IN_PROGRESS without B", "COMPLETED", ["COMPLETED", null]],
    ["IN_PROGRESS without B", "IN_PROGRESS", ["REJECTED", null, "waits"]],
    ["ACCEPTED without A", "ACCEPTED", [null, "REGISTERED"]],
  ])("%s: %s with %j", (expected, own, said) => {
    expect(combine(own, ...said)).toBe(expected);
  });

  test("an agency with two legs is named once", () => {
    const leg = { order: 1, dependsOn: [], agencyCode: "A", openedAt: OPENED };
    expect(combineStatus("IN_PROGRESS", [leg, { ...leg, order: 2 }], [null, null]).without).toEqual(["A"]);
  });

  test("cases that did not come at all are missing like those that came as null", () => {
    const leg = { order: 1, dependsOn: [], agencyCode: "A", openedAt: OPENED };
    expect(combineStatus("IN_PROGRESS", [leg], [])).toEqual({ status: "UNKNOWN", without: ["A"] });
  });

  const states = constantFrom<State>(...STATES);
  const running = constantFrom<State>("ACCEPTED", "IN_PROGRESS", "COMPLETED");
  const said = array(option(states), { minLength: 1, maxLength: 6 });

  test("while an agency is missing, it never says that all have finished", () => {
    assert(
      property(running, said, (own, cases) => {
        const combined = combine(own, ...cases);
        const saysAllEnded = /^(COMPLETED|REJECTED|RETURNED)/.test(combined);
        expect(saysAllEnded && cases.includes(null)).toBe(false);
        expect(combined.includes("without")).toBe(cases.includes(null));
      }),
    );
  });

  test("it says that all have finished exactly when all have", () => {
    assert(
      property(running, array(states, { minLength: 1, maxLength: 6 }), (own, cases) => {
        expect(/^(COMPLETED|REJECTED)$/.test(combine(own, ...cases))).toBe(cases.every(isClosed));
      }),
    );
  });

  test("the order of parallel legs does not matter", () => {
    const shuffled = said.chain((cases) =>
      tuple(constant(cases), shuffledSubarray(cases, { minLength: cases.length })),
    );
    assert(
      property(states, shuffled, (own, [cases, other]) => {
        expect(combine(own, ...other).split(" ")[0]).toBe(combine(own, ...cases).split(" ")[0]);
      }),
    );
  });
});
