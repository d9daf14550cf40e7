import { describe, expect, test } from "vitest";
import { createDelivery, MOST_WAITING } from "../../gateway/delivery.ts";

async function take<T>(delivery: AsyncIterable<T>): Promise<{ taken: T[]; error: unknown }> {
  const taken: T[] = [];
  try {
    for await (const item of delivery) taken.push(item);
  } catch (error) {
    return { taken, error };
  }
  return { taken, error: undefined };
}

describe("what is put in", () => {
  test("comes out in order, whether the taker waits for it or it for the taker", async () => {
    const delivery = createDelivery<number>();
    delivery.put(1, 1);
    const taking = take(delivery);
    await Promise.resolve();
    delivery.put(2, 1);
    await new Promise(setImmediate);
    delivery.put(3, 1);
    delivery.put(4, 1);
    delivery.end();
    expect(await taking).toEqual({ taken: [1, 2, 3, 4], error: undefined });
  });

  test("is bounded in number", async () => {
    const delivery = createDelivery<number>();
    for (let item = 0; item < MOST_WAITING; item += 1) expect(delivery.put(item, 0)).toBe(true);
    expect(delivery.put(MOST_WAITING, 0)).toBe(false);
    await delivery.next();
    expect(delivery.put(MOST_WAITING, 0)).toBe(true);
  });

  test("is bounded in characters, but for one alone", async () => {
    const delivery = createDelivery<string>();
    expect(delivery.put("huge", 2 ** 30)).toBe(true);
    expect(delivery.put("small", 1)).toBe(false);
    await delivery.next();
    expect(delivery.put("half", 2 ** 23)).toBe(true);
    expect(delivery.put("half", 2 ** 23)).toBe(true);
    expect(delivery.put("more", 1)).toBe(false);
  });
});

describe("the end", () => {
  test("comes after what is waiting, with its error", async () => {
    const delivery = createDelivery<number>();
    delivery.put(1, 1);
    delivery.end(new Error("why"));
    expect(delivery.put(2, 1)).toBe(false);
    expect(await take(delivery)).toEqual({ taken: [1], error: new Error("why") });
    expect(await delivery.next()).toEqual({ done: true, value: undefined });
  });

  test("cut: comes at once", async () => {
    const delivery = createDelivery<number>();
    delivery.put(1, 1);
    delivery.cut(new Error("why"));
    delivery.end();
    expect(await take(delivery)).toEqual({ taken: [], error: new Error("why") });
  });

  test("wakes a taker that waits", async () => {
    const delivery = createDelivery<number>();
    const taking = take(delivery);
    await new Promise(setImmediate);
    delivery.cut(new Error("why"));
    expect(await taking).toEqual({ taken: [], error: new Error("why") });
  });
});

describe("a taker that leaves", () => {
  test("is told of once, also while it waits", async () => {
    let left = 0;
    const delivery = createDelivery<number>(() => {
      left += 1;
    });
    const next = delivery.next();
    await delivery.return();
    expect(await next).toEqual({ done: true, value: undefined });
    await delivery.return();
    expect([left, delivery.put(1, 1)]).toEqual([1, false]);
  });

  test("and one that has taken the last", async () => {
    let left = 0;
    const delivery = createDelivery<number>(() => {
      left += 1;
    });
    delivery.end();
    await take(delivery);
    await delivery.return();
    expect(left).toBe(1);
  });
});
