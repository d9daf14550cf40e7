import { assert, constantFrom, array, date, property, record, integer, nat, option } from "fast-check";
import { describe, expect, test } from "vitest";
import { openLeg, planDossier, progressOf, readyLegs } from "../../../subgraphs/center/routing.ts";
import type { LegRow } from "../../../subgraphs/center/sql.ts";
import { WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";
import { formatInstant } from "../../../subgraphs/kit/scalars.ts";
import type { State } from "../../../subgraphs/kit/states.ts";

const calendar = new WorkingCalendar({ holidays: [] });
/** A Monday. */
const MONDAY_8 = new Date("2026-03-02T08:00:00+07:00");

function leg(days: number, ...dependsOn: number[]) {
  return { agency: `H56.${days}`, procedure: "1.000001", days, dependsOn };
}

function plan(
  totalDays: number | null,
  legs: ReturnType<typeof leg>[],
  at = MONDAY_8,
  receptionCutoff = "15:00",
) {
  const planned = planDossier({ totalDays, receptionCutoff, legs }, at, calendar);
  return {
    due: formatInstant(planned.dueAt),
    legs: planned.legs.map((each) => formatInstant(each.dueAt)),
    planned,
  };
}

describe("planDossier", () => {
  test("one leg: its days are the dossier's", () => {
    const { due, legs, planned } = plan(null, [leg(1)]);
    expect(due).toBe("2026-03-03T08:00:00+07:00");
    expect(legs).toEqual([due]);
    expect(planned.legs[0]).toMatchObject({
      order: 1,
      dependsOn: [],
      agencyCode: "H56.1",
      openedAt: MONDAY_8,
    });
  });

  test("a leg that waits for another is counted from its foreseen end, and is not open", () => {
    const { due, legs, planned } = plan(null, [leg(1), leg(2, 1), leg(0.5, 1)]);
    expect(legs).toEqual([
      "2026-03-03T08:00:00+07:00",
      "2026-03-05T08:00:00+07:00",
      // Half a day is four working hours: 08:00–11:30 and 13:30–14:00.
      "2026-03-03T14:00:00+07:00",
    ]);
    expect(due).toBe("2026-03-05T08:00:00+07:00");
    expect(planned.legs.map((each) => each.openedAt)).toEqual([MONDAY_8, null, null]);
  });

  test("a leg that waits for two begins after the later one", () => {
    expect(plan(null, [leg(1), leg(3), leg(1, 1, 2)]).legs[2]).toBe("2026-03-06T08:00:00+07:00");
  });

  test("a group with a total of its own is due by it, not by its legs", () => {
    expect(plan(3, [leg(0.5), leg(2, 1), leg(2, 1)]).due).toBe("2026-03-05T08:00:00+07:00");
    expect(plan(3, [leg(5)]).due).toBe("2026-03-05T08:00:00+07:00");
  });

  test("the procedure's cut-off moves the reception, not the legs that follow", () => {
    const late = new Date("2026-03-02T15:10:00+07:00");
    expect(plan(null, [leg(1)], late).due).toBe("2026-03-03T17:00:00+07:00");
    expect(plan(null, [leg(1)], late, "16:00").due).toBe("2026-03-03T15:10:00+07:00");
    // The first leg ends at 16:00, and the second goes on from there.
    expect(plan(null, [leg(0.75), leg(1, 1)]).due).toBe("2026-03-03T16:00:00+07:00");
  });

  test("a route whose leg waits for a later one is refused", () => {
    expect(() => plan(null, [leg(1, 2), leg(1)])).toThrow("waits for leg 2");
    expect(() => plan(null, [leg(1, 1)])).toThrow("waits for leg 1");
  });

  test("whatever the route, no leg is due before those it waits for, and the last one ends the dossier", () => {
    const legs = array(
      record({ days: integer({ min: 1, max: 60 }), waits: array(nat(8), { maxLength: 3 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    ).map((each) =>
      each.map(({ days, waits }, index) =>
        leg(days / 2, ...new Set(waits.filter((n) => n < index).map((n) => n + 1))),
      ),
    );
    const days = date({ min: new Date("2025-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
    assert(
      property(legs, days, (route, at) => {
        const { dueAt, legs: planned } = planDossier(
          { totalDays: null, receptionCutoff: "15:00", legs: route },
          at,
          calendar,
        );
        for (const each of planned) {
          for (const order of each.dependsOn)
            expect(each.dueAt.getTime()).toBeGreaterThan(planned[order - 1]?.dueAt.getTime() ?? Infinity);
          expect(each.openedAt === null).toBe(each.dependsOn.length > 0);
        }
        expect(dueAt.getTime()).toBe(Math.max(...planned.map((each) => each.dueAt.getTime())));
      }),
    );
  });
});

type Leg = { order: number; dependsOn: number[]; openedAt: Date | null; state: State | null };

function open(order: number, state: State | null, ...dependsOn: number[]): Leg {
  return { order, dependsOn, openedAt: MONDAY_8, state };
}

function shut(order: number, ...dependsOn: number[]): Leg {
  return { order, dependsOn, openedAt: null, state: null };
}

describe("progressOf and readyLegs", () => {
  const at = (...legs: Leg[]) => {
    const progress = progressOf(legs, (each) => each.state);
    return { progress: [...progress.values()], ready: readyLegs(legs, progress).map((each) => each.order) };
  };

  test.each<[string, Leg[], string[], number[]]>([
    ["work goes on", [open(1, "IN_PROGRESS"), shut(2, 1)], ["open", "waiting"], []],
    ["nothing heard yet", [open(1, null), shut(2, 1)], ["open", "waiting"], []],
    ["the first is done", [open(1, "COMPLETED"), shut(2, 1)], ["done", "waiting"], [2]],
    ["its result was returned", [open(1, "RETURNED"), shut(2, 1)], ["done", "waiting"], [2]],
    [
      "both parallel ones begin",
      [open(1, "COMPLETED"), shut(2, 1), shut(3, 1)],
      ["done", "waiting", "waiting"],
      [2, 3],
    ],
    [
      "one of two is done",
      [open(1, "COMPLETED"), open(2, "SUSPENDED"), shut(3, 1, 2)],
      ["done", "open", "waiting"],
      [],
    ],
    [
      "both are done",
      [open(1, "COMPLETED"), open(2, "COMPLETED"), shut(3, 1, 2)],
      ["done", "done", "waiting"],
      [3],
    ],
    ["the first was rejected", [open(1, "REJECTED"), shut(2, 1)], ["failed", "failed"], []],
    [
      "and all that follow from it",
      [open(1, "WITHDRAWN"), shut(2, 1), shut(3, 2)],
      ["failed", "failed", "failed"],
      [],
    ],
    [
      "one of two failed",
      [open(1, "REJECTED"), open(2, "IN_PROGRESS"), shut(3, 1, 2)],
      ["failed", "open", "failed"],
      [],
    ],
  ])("%s", (_name, legs, progress, ready) => {
    expect(at(...legs)).toEqual({ progress, ready });
  });

  test("a leg is ready only when all it waits for are done", () => {
    const states = option(
      constantFrom<State>("REGISTERED", "IN_PROGRESS", "COMPLETED", "RETURNED", "REJECTED", "WITHDRAWN"),
    );
    assert(
      property(array(states, { minLength: 2, maxLength: 6 }), (given) => {
        const first = given.map((state, index) => open(index + 1, state));
        const last = shut(given.length + 1, ...first.map((each) => each.order));
        const isAllDone = given.every((state) => state === "COMPLETED" || state === "RETURNED");
        expect(at(...first, last).ready).toEqual(isAllDone ? [last.order] : []);
      }),
    );
  });
});

describe("openLeg", () => {
  const waiting: LegRow = {
    dossierId: 1,
    order: 2,
    dependsOn: [1],
    agencyCode: "G12.56",
    procedureCode: "1.000001",
    days: 2,
    dueAt: new Date("2026-03-06T08:00:00+07:00"),
    openedAt: null,
    reportedState: null,
    reportedAt: null,
  };

  test("opened earlier than foreseen, it keeps its deadline", () => {
    const at = new Date("2026-03-03T08:00:00+07:00");
    expect(openLeg(waiting, at, calendar)).toEqual({ ...waiting, openedAt: at });
  });

  test("opened later than foreseen, it has its days from then, also after the counter's cut-off", () => {
    const at = new Date("2026-03-05T16:00:00+07:00");
    expect(formatInstant(openLeg(waiting, at, calendar).dueAt)).toBe("2026-03-09T16:00:00+07:00");
  });
});
