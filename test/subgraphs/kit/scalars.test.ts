import fc from "fast-check";
import { Kind } from "graphql";
import { describe, expect, test } from "vitest";
import { CalendarDate, DateTime, Money, formatInstant } from "../../../subgraphs/kit/scalars.ts";

const text = (value: string) => ({ kind: Kind.STRING, value }) as const;

describe("DateTime", () => {
  test("an instant survives the way out and back, to the second", () => {
    const range = {
      min: new Date("1970-01-01T00:00:00Z"),
      max: new Date("2999-12-31T00:00:00Z"),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), (instant) => {
        const shown = DateTime.serialize(instant);
        expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/);
        expect(Math.floor(DateTime.parseValue(shown).getTime() / 1000)).toBe(
          Math.floor(instant.getTime() / 1000),
        );
      }),
    );
  });

  test("is told in Vietnam's time, whatever the offset it came with", () => {
    expect(DateTime.serialize(DateTime.parseValue("2026-03-02T23:30:00Z"))).toBe("2026-03-03T06:30:00+07:00");
    expect(DateTime.serialize("2026-03-02T08:30:00.250-05:00")).toBe("2026-03-02T20:30:00+07:00");
    expect(formatInstant(DateTime.parseLiteral(text("2026-03-02T08:30:00+07:00")))).toBe(
      "2026-03-02T08:30:00+07:00",
    );
  });

  test.each([
    "2026-03-02",
    "2026-03-02T08:30:00",
    "2026-02-30T08:30:00Z",
    "2026-13-01T08:30:00Z",
    "2026-03-02T25:30:00Z",
    "2026-03-02T08:30Z",
    "2026-03-02 08:30:00Z",
    "2026-03-02T08:30:00Z\n",
    // The year 10000 in Vietnam.
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00+14:00",
    "２０２６-03-02T08:30:00Z",
    1_772_000_000,
    null,
  ])("%j is refused, with what is allowed", (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(/is not a DateTime; allowed: RFC 3339 with offset/);
  });
});

describe("Date", () => {
  test("is a day of the calendar", () => {
    expect(CalendarDate.parseValue("2024-02-29")).toBe("2024-02-29");
    expect(CalendarDate.parseLiteral(text("2026-03-02"))).toBe("2026-03-02");
    for (const value of ["2023-02-29", "2026-3-2", "02/03/2026", "2026-03-02T00:00:00Z", 20_260_302, null])
      expect(() => CalendarDate.parseValue(value)).toThrow(/is not a Date; allowed: ISO 8601 day/);
    expect(() => CalendarDate.parseLiteral({ kind: Kind.INT, value: "2026" })).toThrow(
      /nothing is not a Date/,
    );
  });
});

describe("Money", () => {
  test("is whole đồng, 0 or more, exact", () => {
    expect(Money.parseValue(0)).toBe(0);
    expect(Money.parseLiteral({ kind: Kind.INT, value: "9007199254740991" })).toBe(Number.MAX_SAFE_INTEGER);
    expect(Money.serialize(125_000_000_000)).toBe(125_000_000_000);
    for (const value of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, "100", null])
      expect(() => Money.parseValue(value)).toThrow(/is not a Money; allowed: a whole number of đồng/);
    expect(() => Money.parseLiteral(text("100"))).toThrow(/is not a Money/);
  });
});
