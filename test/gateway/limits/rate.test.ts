import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuckets } from "../../../gateway/limits/rate.ts";

const RATE = { units: 10, seconds: 5 };

test("a full bucket may be spent at once, and fills evenly", () => {
  let now = 0;
  const buckets = createBuckets(() => now);
  expect(buckets.draw("a", RATE, 10)).toEqual({ granted: true, left: 0, wait: 0 });
  expect(buckets.draw("a", RATE, 1)).toEqual({ granted: false, left: 0, wait: 0.5 });
  expect(buckets.draw("b", RATE, 1).granted).toBe(true);
  now = 499;
  expect(buckets.draw("a", RATE, 1).granted).toBe(false);
  now = 500;
  expect(buckets.draw("a", RATE, 1).granted).toBe(true);
  now = 1_000_000;
  expect(buckets.draw("a", RATE, 1)).toEqual({ granted: true, left: 9, wait: 0 });
});

test("what was granted elsewhere counts, no deeper than one bucket", () => {
  const buckets = createBuckets(() => 0);
  buckets.take("a", RATE, 4);
  expect(buckets.draw("a", RATE, 7)).toMatchObject({ granted: false, left: 6 });
  buckets.take("a", RATE, 1000);
  expect(buckets.draw("a", RATE, 1)).toEqual({ granted: false, left: -10, wait: 5.5 });
});

test("keys are bounded, whoever came first is forgotten", () => {
  const buckets = createBuckets(() => 0, 3);
  for (const key of ["a", "b", "c", "a", "d"]) buckets.draw(key, RATE, 10);
  expect(buckets.size).toBe(3);
  expect(buckets.draw("a", RATE, 1).granted).toBe(false);
  expect(buckets.draw("b", RATE, 1).granted).toBe(true);
});

test("in no stretch of time is more granted than a bucket and what fills it meanwhile", () => {
  const draws = fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: 10 })), { maxLength: 40 });
  fc.assert(
    fc.property(draws, (asked) => {
      let now = 0;
      const buckets = createBuckets(() => now);
      const granted: { at: number; units: number }[] = [];
      for (const [pause, units] of asked) {
        now += pause;
        // A draw that is refused takes nothing; the other bucket has had the same draws.
        const { granted: isGranted, wait } = buckets.draw("b", RATE, units);
        now += Math.ceil(wait * 1000);
        if (!isGranted) buckets.draw("b", RATE, units);
        // Whoever waits as long as told is granted.
        expect(buckets.draw("a", RATE, units).granted).toBe(true);
        granted.push({ at: now, units });
      }
      for (const [index, first] of granted.entries()) {
        let sum = 0;
        for (const { at, units } of granted.slice(index)) {
          sum += units;
          expect(sum).toBeLessThanOrEqual(10 + ((at - first.at) * 10) / 5000 + 1e-6);
        }
      }
    }),
  );
});
