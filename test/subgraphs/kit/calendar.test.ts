import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CalendarOptions,
  WorkingCalendar,
  dayOf,
  instantOf,
  isLate,
  plusDays,
} from "../../../subgraphs/kit/calendar.ts";
import { formatInstant } from "../../../subgraphs/kit/scalars.ts";

const calendar = new WorkingCalendar();

/** `Mon 2 March 2026` and so on: the week of 2 March 2026 has no holiday. */
const at = (local: string): Date => new Date(`${local}:00+07:00`);
const local = (instant: Date): string => formatInstant(instant).slice(0, 16);
const add = (from: string, days: number, options: CalendarOptions = {}): string =>
  local(new WorkingCalendar(options).addWorkingDays(at(from), days));
const between = (from: string, to: string): number => calendar.workingDaysBetween(at(from), at(to));

describe("working days", () => {
  test.each([
    ["half a day passes the lunch break", "2026-03-02T08:00", 0.5, "2026-03-02T14:00"],
    ["one day ends at the same hour of the next", "2026-03-02T08:00", 1, "2026-03-03T08:00"],
    ["a day from the opening ends at the closing", "2026-03-02T07:00", 1, "2026-03-02T17:00"],
    ["eight days pass one weekend", "2026-03-02T08:00", 8, "2026-03-12T08:00"],
    ["nothing ends at once", "2026-03-02T08:00", 0, "2026-03-02T08:00"],
    ["reception before opening counts from the opening", "2026-03-02T05:30", 1, "2026-03-02T17:00"],
    ["reception over lunch counts from the afternoon", "2026-03-02T12:00", 0.25, "2026-03-02T15:30"],
    ["the last minute before the cut-off counts today", "2026-03-02T14:59", 1, "2026-03-03T14:59"],
    ["from the cut-off on, the next day counts", "2026-03-02T15:00", 1, "2026-03-03T17:00"],
    ["after closing, the next day counts", "2026-03-02T20:00", 0.5, "2026-03-03T11:00"],
    ["Friday evening counts from Monday", "2026-03-06T18:00", 1, "2026-03-09T17:00"],
    ["Sunday counts from Monday", "2026-03-08T09:00", 0.5, "2026-03-09T11:00"],
    ["a day over Tết Bính Ngọ (16 to 20 February 2026)", "2026-02-13T08:00", 1, "2026-02-23T08:00"],
    ["reception on the second day of Tết", "2026-02-18T09:00", 1, "2026-02-23T17:00"],
    ["long ago, before 1970", "1965-03-01T08:00", 0.5, "1965-03-01T14:00"],
    ["30 April and 1 May 2026 join a weekend", "2026-04-29T08:00", 1, "2026-05-04T08:00"],
  ])("%s", (_, from, days, expected) => {
    expect(add(from, days)).toBe(expected);
  });

  test("a weekend day worked in exchange counts", () => {
    expect(add("2026-03-06T08:00", 1, { workedWeekends: ["2026-03-07"] })).toBe("2026-03-07T08:00");
  });

  test("hours, weekend and holidays of another place", () => {
    const options: CalendarOptions = {
      hours: [
        ["07:30", "11:30"],
        ["13:00", "16:30"],
      ],
      weekend: [0],
      holidays: ["2026-03-03"],
    };
    expect(add("2026-03-02T07:30", 1, options)).toBe("2026-03-02T16:30");
    expect(add("2026-03-02T08:00", 1, options)).toBe("2026-03-04T08:00");
    expect(add("2026-03-06T08:00", 1, options)).toBe("2026-03-07T08:00");
  });

  test("a cut-off after closing does not open the evening", () => {
    const late = calendar.addWorkingDays(at("2026-03-02T17:00"), 0.5, { cutoff: "24:00" });
    expect(local(late)).toBe("2026-03-03T11:00");
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("%s working days are refused", (days) => {
    expect(() => calendar.addWorkingDays(at("2026-03-02T08:00"), days)).toThrow(RangeError);
  });

  test("a calendar in which nobody ever works is refused", () => {
    expect(() => new WorkingCalendar({ hours: [] })).toThrow("needs working hours");
    expect(() => new WorkingCalendar({ hours: [["7h", "9h"]] })).toThrow('not a time of day (HH:MM): "7h"');
    expect(() => new WorkingCalendar({ weekend: [0, 1, 2, 3, 4, 5, 6] })).toThrow("at least one working day");
  });
});

describe("working days, whatever the dates", () => {
  const SPANS = [
    [7 * 60, 11 * 60 + 30],
    [13 * 60 + 30, 17 * 60],
  ] as const;
  const instants = fc
    .integer({ min: Date.UTC(2025, 0, 1) / 60_000, max: Date.UTC(2027, 11, 31) / 60_000 })
    .map((minutes) => new Date(minutes * 60_000));
  /** To the minute, up to 40 days. */
  const durations = fc.integer({ min: 0, max: 40 * 480 }).map((minutes) => minutes / 480);

  test("longer never ends earlier, and no deadline lies before its beginning", () => {
    fc.assert(
      fc.property(instants, durations, durations, (from, one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)];
        const first = calendar.addWorkingDays(from, short);
        expect(first >= from).toBe(true);
        expect(calendar.addWorkingDays(from, long) >= first).toBe(true);
      }),
    );
  });

  test("received later never ends earlier", () => {
    fc.assert(
      fc.property(instants, instants, durations, (one, other, days) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        expect(calendar.addWorkingDays(late, days) >= calendar.addWorkingDays(early, days)).toBe(true);
      }),
    );
  });

  test("a deadline lies inside working hours", () => {
    fc.assert(
      fc.property(instants, durations, (from, days) => {
        const end = calendar.addWorkingDays(from, days);
        const minute = (end.getTime() - instantOf(dayOf(end)).getTime()) / 60_000;
        expect(calendar.isWorkingDay(dayOf(end))).toBe(true);
        expect(SPANS.some(([opens, closes]) => opens <= minute && minute <= closes)).toBe(true);
      }),
    );
  });

  test("what was added lies between", () => {
    fc.assert(
      fc.property(instants, durations, (from, days) => {
        const end = calendar.addWorkingDays(from, days, { cutoff: "24:00" });
        expect(calendar.workingDaysBetween(from, end)).toBe(days);
        expect(days + calendar.workingDaysBetween(end, from)).toBe(0);
      }),
    );
  });

  test("calendar days end at the closing of a working day, never before their number has passed", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 90 }), (from, days) => {
        const end = calendar.addCalendarDays(from, days);
        expect(calendar.isWorkingDay(dayOf(end))).toBe(true);
        expect(dayOf(end) >= plusDays(dayOf(from), days)).toBe(true);
        expect(local(end).slice(11)).toBe("17:00");
      }),
    );
  });
});

test("calendar days that end on an off day move to the next working day", () => {
  expect(local(calendar.addCalendarDays(at("2026-03-02T08:00"), 3))).toBe("2026-03-05T17:00");
  expect(local(calendar.addCalendarDays(at("2026-03-02T08:00"), 5))).toBe("2026-03-09T17:00");
  expect(local(calendar.addCalendarDays(at("2026-02-10T08:00"), 7))).toBe("2026-02-23T17:00");
});

test("working days between, with fractions and over an off day", () => {
  expect(between("2026-03-02T08:00", "2026-03-02T14:00")).toBe(0.5);
  expect(between("2026-03-06T13:30", "2026-03-09T11:30")).toBe((210 + 270) / 480);
  expect(between("2026-03-07T08:00", "2026-03-08T20:00")).toBe(0);
});

describe("late by date, in Vietnam", () => {
  const due = at("2026-03-02T10:00");
  test.each([
    ["finished later the same day", "2026-03-02T23:59:59+07:00", false],
    ["finished at midnight", "2026-03-03T00:00:00+07:00", true],
    ["23:30 in London is already the next day", "2026-03-02T23:30:00Z", true],
    ["16:59 in London is still the same day", "2026-03-02T16:59:00Z", false],
  ])("%s", (_, instant, expected) => {
    expect(isLate(due, new Date(instant))).toBe(expected);
    expect(isLate(due, null, new Date(instant))).toBe(expected);
  });

  test("what was finished in time stays in time", () => {
    expect(isLate(due, at("2026-03-01T10:00"), at("2026-12-01T10:00"))).toBe(false);
  });
});

test("a day begins at midnight in Vietnam", () => {
  expect(dayOf(new Date("2026-03-01T17:00:00Z"))).toBe("2026-03-02");
  expect(dayOf(new Date("2026-03-01T16:59:59Z"))).toBe("2026-03-01");
  expect(instantOf("2026-03-02").toISOString()).toBe("2026-03-01T17:00:00.000Z");
  expect(plusDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(plusDays("2026-01-01", -1)).toBe("2025-12-31");
});
