import { expect, test } from "vitest";
import { isDeeperThan } from "../../../gateway/limits/values.ts";

test.each([
  [1, 0, false],
  [null, 0, false],
  [[], 0, true],
  [[], 1, false],
  [{ a: [1] }, 1, true],
  [{ a: [1], b: "[[[" }, 2, false],
  [{ a: 1, b: { c: { d: 1 } } }, 2, true],
])("%j is deeper than %i: %s", (value, most, deeper) => {
  expect(isDeeperThan(value, most)).toBe(deeper);
});

test("deeper than any stack", () => {
  const deep: unknown = JSON.parse("[".repeat(500_000) + "]".repeat(500_000));
  expect(isDeeperThan(deep, 100)).toBe(true);
  expect(isDeeperThan(deep, 1_000_000)).toBe(false);
});
