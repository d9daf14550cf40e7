import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutoffOf, DAY, isoDay, vietnamDay, WorkingTime } from "../../../province/seed/working-time.ts";
import { dayOf, WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";

const calendar = new WorkingCalendar();
const FROM = Date.parse("2025-10-01T00:00:00Z") / 1_000;
const TO = Date.parse("2027-06-30T00:00:00Z") / 1_000;
const time = new WorkingTime(FROM, TO);

/** Instants of a year that leave room for deadlines on both sides. */
const instant = fc.integer({
  min: Date.parse("2025-11-01T00:00:00Z") / 1_000,
  max: Date.parse("2027-01-31T00:00:00Z") / 1_000,
});
const halfDays = fc.integer({ min: 1, max: 80 }).map((halves) => halves / 2);

describe("WorkingTime", () => {
  it("computes the deadlines of the working calendar", () => {
    fc.assert(
      fc.property(
        instant,
        halfDays,
        fc.constantFrom("15:00", "16:00", "11:00", "24:00"),
        (received, days, cutoff) => {
          const working = time.at(received);
          // Outside working hours a reception stands at the edge of a day; the generator receives only inside them.
          fc.pre(time.instant(working) === received);
          const due = time.deadline(time.due(working, days, cutoffOf(cutoff)));
          const expected = calendar.addWorkingDays(new Date(received * 1_000), days, { cutoff });
          expect(new Date(due * 1_000)).toEqual(expected);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("goes from instants to working seconds and back", () => {
    fc.assert(
      fc.property(instant, (at) => {
        const there = time.instant(time.at(at));
        expect(time.at(there)).toBe(time.at(at));
        expect(calendar.isWorkingDay(dayOf(new Date(there * 1_000)))).toBe(true);
        // Nothing lies between an instant outside working hours and the next opening.
        expect(there).toBeGreaterThanOrEqual(at);
      }),
    );
  });

  it("ends a deadline at a closing, where work that goes on stands at the next opening", () => {
    const monday = time.at(Date.parse("2026-03-02T07:00:00+07:00") / 1_000);
    expect(new Date(time.deadline(monday + DAY) * 1_000).toISOString()).toBe("2026-03-02T10:00:00.000Z");
    expect(new Date(time.instant(monday + DAY) * 1_000).toISOString()).toBe("2026-03-03T00:00:00.000Z");
  });

  it("knows days in Vietnam", () => {
    expect(isoDay(vietnamDay(Date.parse("2026-11-20T17:00:00Z") / 1_000))).toBe("2026-11-21");
  });

  it("refuses what its table does not cover", () => {
    expect(() => time.at(TO + 10 * 86_400)).toThrow(RangeError);
    expect(() => time.instant(1e9)).toThrow(RangeError);
  });
});
