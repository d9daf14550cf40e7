import fc from "fast-check";
import { expect, test } from "vitest";
import { rememberNonces } from "../../../subgraphs/kit/nonces.ts";

test("a nonce counts once, for at least the window", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom("a", "b", "c", "d")), {
        maxLength: 60,
      }),
      (steps) => {
        const nonces = rememberNonces(90);
        const taken = new Map<string, number>();
        let now = 0;
        for (const [wait, nonce] of steps) {
          now += wait;
          const isNew = nonces.take(nonce, now);
          const last = taken.get(nonce);
          const age = now - (last ?? -Infinity);
          // Between one window and three it may be either: a set is put away by the first request after its window,
          // which may come as late as the end of the second, and forgotten a window later.
          expect(isNew).toBe(age < 90 ? false : age >= 270 ? true : isNew);
          if (isNew) taken.set(nonce, now);
        }
      },
    ),
  );
});

test("more than can be remembered are refused, until the next window", () => {
  const nonces = rememberNonces(90, 2);
  expect([nonces.take("a", 0), nonces.take("b", 1), nonces.take("c", 2)]).toEqual([true, true, false]);
  expect([nonces.take("a", 91), nonces.take("c", 92)]).toEqual([false, true]);
});
