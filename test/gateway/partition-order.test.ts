import { describe, expect, test } from "vitest";
import { compareRows, readOrder } from "../../gateway/partition-order.ts";
import { parseJson } from "../../gateway/transport/json.ts";

test.each([
  ["rank", [{ path: ["rank"], descending: false, nullsFirst: false }]],
  ["rank desc", [{ path: ["rank"], descending: true, nullsFirst: true }]],
  [
    " rank DESC nulls last ,  node.id asc nulls first",
    [
      { path: ["rank"], descending: true, nullsFirst: false },
      { path: ["node", "id"], descending: false, nullsFirst: true },
    ],
  ],
])("%j is read", (text, terms) => {
  expect(readOrder(text)).toEqual(terms);
});

test.each(["", "rank down", "rank,", "node..id", "1st", "rank desc nulls", "rank; drop"])(
  "%j is refused",
  (text) => {
    expect(readOrder(text)).toMatch(/^order: ".*" is not FIELD \[asc\|desc\] \[nulls first\|last\]$/);
  },
);

function sorted(order: string, values: readonly unknown[]): unknown[] {
  const terms = readOrder(order);
  if (typeof terms === "string") throw new Error(terms);
  return values.toSorted((a, b) => compareRows(terms, [a], [b]));
}

describe("values stand", () => {
  test.each([
    ["numbers by size", "a", [10, 9, -1, 2.5], [-1, 2.5, 9, 10]],
    ["the other way", "a desc", [10, 9, -1], [10, 9, -1]],
    [
      "texts by code point",
      "a",
      ["\u{1f600}", "\uff5e", "b", "ab", "a"],
      ["a", "ab", "b", "\uff5e", "\u{1f600}"],
    ],
    ["false before true", "a", [true, false], [false, true]],
    ["nulls behind", "a", [null, 1], [1, null]],
    ["nulls in front, from the greatest", "a desc", [1, null], [null, 1]],
    ["nulls where they are told to", "a nulls first", [1, null], [null, 1]],
    ["also from the greatest", "a desc nulls last", [null, 1], [1, null]],
    ["as they came, where there is no order", "a", ["b", 1, "a"], ["b", 1, "a"]],
  ])("%s", (_name, order, values, expected) => {
    expect(sorted(order, values)).toEqual(expected);
  });

  test("long numbers by all their digits", () => {
    const numbers = parseJson("[9007199254740993, 9007199254740992, 5, 1e400]") as unknown[];
    expect(JSON.stringify(sorted("a", numbers))).toBe("[5,9007199254740992,9007199254740993,1e400]");
  });

  test("by the next term, where the first is equal", () => {
    const terms = readOrder("a, b desc");
    if (typeof terms === "string") throw new Error(terms);
    expect(compareRows(terms, [1, 1], [1, 2])).toBeGreaterThan(0);
    expect(compareRows(terms, [null, 2], [null, 1])).toBeLessThan(0);
    expect(compareRows(terms, [1, 2], [1, 2])).toBe(0);
  });
});
