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

test("tells what was used last, also of what has kept its place in the order", () => {
  const lru = createLru<string>(100, 10);
  for (const key of ["a", "b", "c", "a"]) lru.get(key, () => key);
  expect(lru.recent(2)).toEqual(["a", "c"]);
  expect(lru.recent(9)).toEqual(["a", "c", "b"]);
});

test("what is used all the time stays, however much comes by once", () => {
  const lru = createLru<number>(8, 10);
  let made = 0;
  for (let round = 0; round < 100; round += 1) {
    lru.get("hot", () => (made += 1));
    lru.get(`cold ${round}`, () => 0);
    lru.get(`cool ${round}`, () => 0);
  }
  expect(made).toBe(1);
  expect(lru.size).toBe(8);
});
