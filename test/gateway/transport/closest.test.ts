import { expect, test } from "vitest";
import { closest } from "../../../gateway/transport/closest.ts";

const many = Array.from({ length: 40 }, (_, place) => `K${place + 100}`);

test("a few are all offered, in their order", () => {
  expect(closest("zzz", ["b", "a"])).toEqual(["b", "a"]);
});

test("of many, the nearest come first", () => {
  expect(closest("K13", [...many, "K13"])[0]).toBe("K13");
  expect(closest("K1O5", many)[0]).toBe("K105");
  expect(closest("", many)).toHaveLength(5);
});

test("a key of any length costs no more than a long one", () => {
  expect(closest("x".repeat(1_000_000), many)).toHaveLength(5);
});
