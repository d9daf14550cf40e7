import { expect, test } from "vitest";
import { createBuckets } from "../../../gateway/limits/rate.ts";
import { createMemoryStore } from "../../../gateway/limits/rate-store.ts";

const RATE = { units: 10, seconds: 100 };
const A = { key: "a", rate: RATE };
const B = { key: "b", rate: { units: 5, seconds: 100 } };

const still = () => createBuckets(() => 0);

test("all buckets grant, or none is drawn from", () => {
  const { draw } = createMemoryStore(() => RATE, undefined, still());
  expect(draw([A, B], 4)).toMatchObject([
    { granted: true, left: 6 },
    { granted: true, left: 1 },
  ]);
  expect(draw([A, B], 2)).toMatchObject([{ granted: true }, { granted: false, left: 1, wait: 20 }]);
  expect(draw([A], 6)).toMatchObject([{ granted: true, left: 0 }]);
});

test("what is taken may be given back, up to a full bucket", () => {
  const { draw, take } = createMemoryStore(() => RATE, undefined, still());
  void draw([A], 8);
  take([A], 5);
  expect(draw([A], 1)).toMatchObject([{ granted: false, left: -3 }]);
  take([A], -100);
  expect(draw([A], 10)).toMatchObject([{ granted: true, left: 0 }]);
});

test("other processes are told of what is granted or taken here, and theirs counts", () => {
  const told: [string, number][] = [];
  const heard: ((key: string, units: number) => void)[] = [];
  const sharing = {
    tell: (key: string, units: number) => void told.push([key, units]),
    listen: (listener: (key: string, units: number) => void) => void heard.push(listener),
  };
  const { draw, take } = createMemoryStore((key) => (key === "a" ? RATE : undefined), sharing, still());
  void draw([A, B], 4);
  void draw([A, B], 4);
  take([A], -1);
  expect(told).toEqual([
    ["a", 4],
    ["b", 4],
    ["a", -1],
  ]);
  for (const hear of heard) for (const key of ["a", "nobody's"]) hear(key, 7);
  expect(draw([A], 1)).toMatchObject([{ granted: false, left: 0 }]);
});
