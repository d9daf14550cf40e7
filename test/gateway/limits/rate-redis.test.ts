/**
 * Rates in a real Redis: what several gateways grant together, and what becomes of them while it is away.
 */
import { Writable } from "node:stream";
import { createClient } from "@redis/client";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { createBuckets } from "../../../gateway/limits/rate.ts";
import { createRedisStore } from "../../../gateway/limits/rate-redis.ts";
import { createMemoryStore, type Drawing, type RateStore } from "../../../gateway/limits/rate-store.ts";
import { HAS_REDIS, type RunningRedis, startRedis } from "../../setup/redis.ts";
import { startGateway } from "../running.ts";
import { composeShop, startOrders } from "../shop.ts";

/** Slow enough that nothing fills up during a test. */
const RATE = { units: 10, seconds: 86_400 };

describe.skipIf(!HAS_REDIS)("rates in Redis", () => {
  let redis: RunningRedis;
  let stores: RateStore[] = [];
  let lines: { msg: string; fault?: string }[] = [];
  let names = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    lines = [];
  });
  afterAll(() => redis.stop());

  /** A bucket that nobody has drawn from before. */
  function bucket(rate = RATE): Drawing {
    names += 1;
    return { key: `address ${names}`, rate };
  }

  function open(url = redis.url): RateStore {
    const out = new Writable({
      write(line: Buffer, _encoding, done) {
        lines.push(JSON.parse(line.toString()) as (typeof lines)[number]);
        done();
      },
    });
    const memory = createMemoryStore(() => RATE, undefined, createBuckets());
    const store = createRedisStore(url, memory, pino({}, out));
    stores.push(store);
    return store;
  }

  /** One that Redis answers: what it grants, another sees. */
  async function opened(): Promise<RateStore> {
    const [store, other] = [open(), open()];
    await vi.waitFor(async () => {
      const probe = bucket();
      await store.draw([probe], 1);
      const [seen] = await other.draw([probe], 1);
      if (seen?.left !== 8) throw new Error("not yet");
    });
    return store;
  }

  test("gateways spend one allowance together; all buckets grant, or none is drawn from", async () => {
    const [one, other] = [await opened(), await opened()];
    const [a, b] = [bucket(), bucket({ units: 5, seconds: 86_400 })];
    expect(await one.draw([a, b], 4)).toMatchObject([
      { granted: true, left: 6 },
      { granted: true, left: 1 },
    ]);
    const refused = await other.draw([a, b], 2);
    expect(refused.map(({ granted }) => granted)).toEqual([true, false]);
    expect(refused[1]?.wait).toBeCloseTo(86_400 / 5, 0);
    expect(await other.draw([a], 6)).toMatchObject([{ granted: true, left: expect.closeTo(0, 2) }]);
    expect(await one.draw([a], 1)).toMatchObject([{ granted: false }]);
  });

  test("many at once are granted exactly what there is", async () => {
    const both = [await opened(), await opened()];
    const a = bucket();
    const drawn = await Promise.all(Array.from({ length: 50 }, async (_, n) => both[n % 2]?.draw([a], 1)));
    expect(drawn.flat().filter((each) => each?.granted === true).length).toBe(10);
  });

  test("what is taken beyond what was drawn, or given back", async () => {
    const store = await opened();
    const a = bucket();
    await store.draw([a], 4);
    store.take([a], -2);
    await vi.waitFor(async () => expect((await store.draw([a], 9))[0]?.left).toBeCloseTo(8, 1));
    store.take([a], 1_000);
    await vi.waitFor(async () => expect((await store.draw([a], 1))[0]?.left).toBeCloseTo(-10, 1));
    store.take([a], -1_000);
    await vi.waitFor(async () => expect((await store.draw([a], 10))[0]?.granted).toBe(true));
  });

  test("a bucket fills evenly, and goes once it is full; keys tell nothing of who asks", async () => {
    const store = await opened();
    const quick = bucket({ units: 1_000, seconds: 1 });
    await store.draw([quick], 1_000);
    await vi.waitFor(async () => expect((await store.draw([quick], 100))[0]?.granted).toBe(true));
    const client = createClient({ url: redis.url });
    await client.connect();
    const keys = await client.keys("*");
    const lives = await Promise.all(keys.map((key) => client.pTTL(key)));
    client.destroy();
    expect(keys.every((key) => /^rate:[\w-]{22}$/.test(key))).toBe(true);
    expect(lives.every((life) => life > 0)).toBe(true);
  });

  test("while Redis is away memory goes on, and Redis counts again when it is back", async () => {
    let own = await startRedis();
    const port = Number(new URL(own.url).port);
    const store = open(own.url);
    const a = bucket();
    // From memory at first, then from Redis, which memory follows.
    await vi.waitFor(async () => {
      const probe = bucket();
      await store.draw([probe], 1);
      const client = createClient({ url: own.url });
      await client.connect();
      const count = await client.dbSize();
      client.destroy();
      if (count === 0) throw new Error("not yet");
    });
    expect((await store.draw([a], 6))[0]).toMatchObject({ granted: true });
    await own.stop();
    await vi.waitFor(() =>
      expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining("is away")),
    );
    expect((await store.draw([a], 5))[0]).toMatchObject({ granted: false });
    expect((await store.draw([a], 4))[0]).toMatchObject({ granted: true });
    own = await startRedis(port);
    await vi.waitFor(
      () => expect(lines.map(({ msg }) => msg)).toContain("the store of rates is there again"),
      { timeout: 5_000 },
    );
    expect((await store.draw([a], 10))[0]).toMatchObject({ granted: true });
    // Each change of state is told once.
    expect(lines.length).toBe(2);
    await own.stop();
  });

  test("a Redis that hangs holds up one request, and none after it", async () => {
    const own = await startRedis();
    const store = open(own.url);
    await vi.waitFor(async () => {
      const probe = bucket();
      await store.draw([probe], 1);
      const client = createClient({ url: own.url });
      await client.connect();
      const count = await client.dbSize();
      client.destroy();
      if (count === 0) throw new Error("not yet");
    });
    own.process.kill("SIGSTOP");
    expect((await store.draw([bucket()], 1))[0]).toMatchObject({ granted: true, left: 9 });
    expect(lines.map(({ fault }) => fault)).toEqual(["no answer within 100 ms"]);
    for (let count = 0; count < 20; count += 1)
      expect((await store.draw([bucket()], 1))[0]).toMatchObject({ granted: true });
    own.process.kill("SIGCONT");
    await own.stop();
  });

  test("two gateways, over HTTP", async () => {
    const orders = await startOrders([]);
    const { url } = orders;
    const limits = { ...DEFAULT_LIMITS, rateAddress: { units: 5, seconds: 86_400 }, rateStore: redis.url };
    const supergraph = composeShop({ orders: url, stock: url, notes: url });
    const [one, other] = [
      await startGateway(supergraph, [], { limits }),
      await startGateway(supergraph, [], { limits }),
    ];
    const client = createClient({ url: redis.url });
    await client.connect();
    // Until both are connected, whatever they grant is their own.
    await vi.waitFor(async () => {
      for (const gateway of [one, other]) {
        await client.flushDb();
        await gateway.ask("{ order(id: 1) { id } }");
        if ((await client.dbSize()) === 0) throw new Error("not yet");
      }
    });
    await client.flushDb();
    client.destroy();
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      for (const gateway of [one, other])
        statuses.push((await gateway.ask("{ order(id: 1) { id } }")).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    await one.close();
    await other.close();
    await orders.close();
  });
});
