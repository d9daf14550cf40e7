import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRawNumber, parseJson } from "../../../gateway/transport/json.ts";

describe("numbers keep what they say", () => {
  test.each([
    "12345678901234567890",
    "-9007199254740993",
    "0.10000000000000000001",
    "3.141592653589793238",
    "1e400",
    "-1E-400",
    "1.5e+999",
    "123456789e-330",
  ])("%s", (source) => {
    const text = `{"text":"prose, 1 and 2.","list":[1,${source}],"last": ${source}}`;
    const parsed = parseJson(text) as { list: unknown[]; last: unknown };
    expect(isRawNumber(parsed.list[1])).toBe(true);
    expect(JSON.stringify(parsed)).toBe(text.replace(": ", ":"));
  });

  test.each([
    ["0.1", 0.1],
    ["1e5", 100_000],
    ["100000000000000000000", 1e20],
    ["1.0000000000000000", 1],
  ])("%s is a number as any other", (source, value) => {
    expect(parseJson(`[${source}]`)).toEqual([value]);
  });
});

test("digits in a string are text", () => {
  const value = { card: "4111111111111111", key: "1e400", note: ": 4111111111111111 or, 1e4000" };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
});

test("no number is rounded, wherever it stands", () => {
  const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,4})?$/);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          digits,
          fc.string().map((text) => JSON.stringify(text)),
        ),
      ),
      (parts) => {
        const parsed = parseJson(`[${parts.join(",")}]`) as unknown[];
        const expected = parts.map((part) => (part.startsWith('"') ? JSON.parse(part) : exactly(part)));
        expect(parsed.map(said)).toEqual(expected);
      },
    ),
  );
});

/** A number by what it says, a text as it is. */
function said(value: unknown): unknown {
  return typeof value === "string" ? value : exactly(JSON.stringify(value));
}

/** Digits and exponent as whole numbers, without trailing zeros: an arithmetic of its own, to compare with. */
function exactly(text: string): readonly [bigint, bigint] {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  let digits = BigInt(`${sign}${whole}${fraction}`);
  let exponent = BigInt(power) - BigInt(fraction.length);
  if (digits === 0n) return [0n, 0n];
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent += 1n;
  }
  return [digits, exponent];
}
