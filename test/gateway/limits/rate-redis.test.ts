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
/** For a machine that has other things to do. */
const PATIENT = { timeout: 20_000 };

describe.skipIf(!HAS_REDIS)("rates in Redis", () => {
  let redis: RunningRedis;
  let stores: RateStore[] = [];
  let lines: { msg: string; fault?: string }[] = [];
  let names = 0;
  /** One that a test has started for itself. */
  let own: RunningRedis | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    lines = [];
    await own?.stop();
    own = undefined;
  });
  afterAll(() => redis.stop());

  /** A bucket that nobody has drawn from before. */
  function bucket(rate = RATE): Drawing {
    names += 1;
    return { key: `address ${names}`, rate };
  }

  /** One that waits for Redis however busy the machine is. */
  function open(url = redis.url, answerWithin = 20_000): RateStore {
    const out = new Writable({
      write(line: Buffer, _encoding, done) {
        lines.push(JSON.parse(line.toString()) as (typeof lines)[number]);
        done();
      },
    });
    const memory = createMemoryStore(() => RATE, undefined, createBuckets());
    const store = createRedisStore(url, memory, pino({}, out), answerWithin);
    stores.push(store);
    return store;
  }

  /** Resolves once what the store grants is in Redis. */
  async function answers(store: RateStore, url = redis.url): Promise<void> {
    const client = createClient({ url });
    await client.connect();
    await client.flushDb();
    await vi.waitFor(async () => {
      await store.draw([bucket()], 1);
      if ((await client.dbSize()) === 0) throw new Error("not yet");
    }, PATIENT);
    client.destroy();
  }

  async function opened(): Promise<RateStore> {
    const store = open();
    await answers(store);
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
    // Less the seconds that have passed since the first was granted.
    expect(refused[1]?.wait).toBeCloseTo(86_400 / 5, -2);
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
    // One connection: what is sent later is done later.
    expect((await store.draw([a], 9))[0]?.left).toBeCloseTo(8, 0);
    store.take([a], 1_000);
    expect((await store.draw([a], 1))[0]?.left).toBeCloseTo(-10, 0);
    store.take([a], -1_000);
    expect((await store.draw([a], 10))[0]?.granted).toBe(true);
  });

  test("a bucket fills evenly, and goes once it is full; keys tell nothing of who asks", async () => {
    const store = await opened();
    const quick = bucket({ units: 1_000, seconds: 1 });
    await store.draw([quick], 1_000);
    await vi.waitFor(async () => expect((await store.draw([quick], 100))[0]?.granted).toBe(true), PATIENT);
    const client = createClient({ url: redis.url });
    await client.connect();
    const keys = await client.keys("*");
    const lives = await Promise.all(keys.map((key) => client.pTTL(key)));
    client.destroy();
    expect(keys.every((key) => /^rate:[\w-]{22}$/.test(key))).toBe(true);
    // -1 is for ever; one that went meanwhile has -2.
    expect(lives).not.toContain(-1);
  });

  test("while Redis is away memory goes on, and Redis counts again when it is back", async () => {
    own = await startRedis();
    const port = Number(new URL(own.url).port);
    const store = open(own.url);
    const a = bucket();
    // From memory at first, then from Redis, which memory follows.
    await answers(store, own.url);
    expect((await store.draw([a], 6))[0]).toMatchObject({ granted: true });
    await own.stop();
    await vi.waitFor(
      () => expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining("is away")),
      PATIENT,
    );
    expect((await store.draw([a], 5))[0]).toMatchObject({ granted: false });
    expect((await store.draw([a], 4))[0]).toMatchObject({ granted: true });
    own = await startRedis(port);
    await vi.waitFor(
      () => expect(lines.map(({ msg }) => msg)).toContain("the store of rates is there again"),
      PATIENT,
    );
    expect((await store.draw([a], 10))[0]).toMatchObject({ granted: true });
    // Each change of state is told once.
    expect(lines.length).toBe(2);
  });

  test("a Redis that hangs holds up one request, and none after it", async () => {
    own = await startRedis();
    const patient = open(own.url);
    await answers(patient, own.url);
    const store = open(own.url, 500);
    await answers(store, own.url);
    lines = [];
    own.process.kill("SIGSTOP");
    expect((await store.draw([bucket()], 1))[0]).toMatchObject({ granted: true, left: 9 });
    expect(lines.map(({ fault }) => fault)).toEqual(["no answer within 500 ms"]);
    const several = await Promise.all([1, 2, 3].map(async () => store.draw([bucket()], 1)));
    expect(several.flat().map(({ granted }) => granted)).toEqual([true, true, true]);
    expect(lines.length).toBe(1);
  });

  test("a gateway draws from it, and lets go of it when it stops", async () => {
    const orders = await startOrders([]);
    const { url } = orders;
    const limits = { ...DEFAULT_LIMITS, rateAddress: RATE, rateStore: redis.url };
    const gateway = await startGateway(composeShop({ orders: url, stock: url, notes: url }), [], { limits });
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.flushDb();
    await vi.waitFor(async () => {
      expect((await gateway.ask("{ order(id: 1) { id } }")).headers.get("ratelimit")).toContain(
        "rateAddress",
      );
      expect(await client.dbSize()).toBe(1);
    }, PATIENT);
    await gateway.close();
    await vi.waitFor(async () => expect((await client.clientList()).length).toBe(1), PATIENT);
    client.destroy();
    await orders.close();
  });
});
