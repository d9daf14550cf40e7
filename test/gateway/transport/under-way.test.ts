import fc from "fast-check";
import { expect, test } from "vitest";
import { createUnderWay } from "../../../gateway/transport/under-way.ts";

test("what is under way is found by its texts until it ends, and by no others", () => {
  const underWay = createUnderWay<object>();
  const [one, other] = [{}, {}];
  underWay.add(["tax", "An", "{ a }"], one);
  underWay.add(["tax", "Bình", "{ a }"], other);
  expect(underWay.get(["tax", "An", "{ a }"])).toBe(one);
  expect(underWay.get(["tax", "An{ a }"])).toBeUndefined();
  // Another has taken its place meanwhile.
  underWay.end(["tax", "An", "{ a }"], other);
  expect(underWay.get(["tax", "An", "{ a }"])).toBe(one);
  underWay.end(["tax", "An", "{ a }"], one);
  expect(underWay.get(["tax", "An", "{ a }"])).toBeUndefined();
  expect(underWay.get(["tax", "Bình", "{ a }"])).toBe(other);
  underWay.clear();
  expect(underWay.get(["tax", "Bình", "{ a }"])).toBeUndefined();
});

test("it is a map, whatever comes and goes, and however many texts are alike at their ends", () => {
  const key = fc.tuple(
    fc.constantFrom("", "tax", "land"),
    // The same last characters, so that they meet in one place.
    fc.nat(3).map((number) => `${number}${"x".repeat(200)}`),
  );
  const step = fc.record({ key, kind: fc.constantFrom("add", "end", "get") });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const underWay = createUnderWay<{ readonly of: string }>();
      const map = new Map<string, { readonly of: string }>();
      for (const { key: texts, kind } of steps) {
        const name = JSON.stringify(texts);
        const value = map.get(name);
        if (kind === "add" && value === undefined) {
          const made = { of: name };
          map.set(name, made);
          underWay.add(texts, made);
        } else if (kind === "end" && value !== undefined) {
          map.delete(name);
          underWay.end(texts, value);
        }
        expect(underWay.get(texts)).toBe(map.get(name));
      }
    }),
  );
});
