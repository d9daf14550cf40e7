import { expect, test } from "vitest";
import { createLru } from "../../../gateway/transport/lru.ts";

test("makes a value once, and lets the one unused for longest go first", () => {
  const made: string[] = [];
  const lru = createLru<string>(2, 10);
  const get = (key: string) =>
    lru.get(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(made).toEqual(["a", "b", "c", "b"]);
  expect(lru.size).toBe(2);
});

test("does not keep long keys", () => {
  const lru = createLru<number>(2, 3);
  expect(lru.get("long", () => 1)).toBe(1);
  expect(lru.get("long", () => 2)).toBe(2);
  expect(lru.size).toBe(0);
});
