import fc from "fast-check";
import { expect, test } from "vitest";
import { timePattern } from "../../../../subgraphs/kit/sources/time.ts";

test("the national exchange's times are Vietnam's", () => {
  const pattern = timePattern("yyyyMMddHHmmss");
  expect(pattern.parse("20261121083000")?.toISOString()).toBe("2026-11-21T01:30:00.000Z");
  expect(pattern.format(new Date("2026-11-20T18:00:00Z"))).toBe("20261121010000");
  expect(timePattern("dd/MM/yyyy").parse(" 01/02/2026 ")?.toISOString()).toBe("2026-01-31T17:00:00.000Z");
});

test("what is no such time is none", () => {
  const pattern = timePattern("yyyyMMddHHmmss");
  for (const text of [
    "20260230080000",
    "20261301000000",
    "2026112108300",
    "20261121240000",
    "20261121086000",
    "abc",
    "",
  ])
    expect(pattern.parse(text)).toBeUndefined();
});

test("every instant, to the second, comes back from its text", () => {
  const within = {
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(
      fc.date(within),
      fc.constantFrom("yyyyMMddHHmmss", "dd/MM/yyyy HH:mm:ss", "yyyy-MM-ddTHH:mm:ss+07"),
      (date, text) => {
        const pattern = timePattern(text);
        const second = Math.floor(date.getTime() / 1_000) * 1_000;
        expect(pattern.parse(pattern.format(date))?.getTime()).toBe(second);
      },
    ),
  );
});

test("a pattern without a day, or with a part twice, is refused", () => {
  for (const text of ["HHmm", "yyyyMM", "dd/MM/yyyy dd"]) expect(() => timePattern(text)).toThrow(RangeError);
});
