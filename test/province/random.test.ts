import { describe, expect, it } from "vitest";
import { Random } from "../../province/random.ts";

describe("Random", () => {
  it("repeats a sequence that is named again", () => {
    const random = new Random();
    const draw = (stream: number, index: number) => {
      random.restart(stream, index);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1, 7)).toEqual(draw(1, 7));
    expect(draw(1, 7)).not.toEqual(draw(1, 8));
    expect(draw(1, 7)).not.toEqual(draw(2, 7));
  });

  it("spreads first draws of neighbouring indices evenly", () => {
    const random = new Random();
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index++) {
      random.restart(3, index);
      const bucket = Math.floor(random.next() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it("draws whole numbers with both ends, and fails on nothing to pick from", () => {
    const random = new Random();
    random.restart(1, 1);
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(1, 3)));
    expect(drawn).toEqual(new Set([1, 2, 3]));
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
