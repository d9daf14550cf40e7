import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openContext } from "../../../gateway/context.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../gateway/limits/limits.ts";
import { createBuckets } from "../../../gateway/limits/rate.ts";
import { createMemoryStore } from "../../../gateway/limits/rate-store.ts";
import { createRates, rateOf } from "../../../gateway/limits/rates.ts";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startOrders } from "../shop.ts";

/** Slow enough that nothing fills up during a test. */
const HOUR = 3600;
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  rateAddress: { units: 5, seconds: HOUR },
  rateClient: { units: 20, seconds: HOUR },
  rateRoles: new Map([["clerk", { units: 10, seconds: HOUR }]]),
  trustedProxies: ["127.0.0.1"],
};

function known(client: string | undefined, subject: string, ...roles: string[]): Caller {
  return { ...ANONYMOUS, isAuthenticated: true, client, subject, roles: new Set(roles) };
}

function contextOf(caller: Caller, address = "203.0.113.1") {
  return Object.assign(openContext("id", {}, address), { caller });
}

const create = () => {
  const buckets = createBuckets(() => 0);
  const rates = createRates(
    LIMITS,
    createMemoryStore((key) => rateOf(key, LIMITS), undefined, buckets),
  );
  if (rates === undefined) throw new Error("there are rates");
  return rates;
};

describe("who is charged", () => {
  test("nobody, where there is no rate", () => {
    expect(createRates(DEFAULT_LIMITS)).toBeUndefined();
  });

  test("whoever is not known, by address", async () => {
    const { charge } = create();
    expect(await charge(contextOf(ANONYMOUS), 5)).toBeUndefined();
    expect((await charge(contextOf(ANONYMOUS), 1))?.extensions).toEqual({
      code: "RATE_LIMITED",
      limit: "rateAddress",
      asked: 1,
      allowed: 5,
      perSeconds: HOUR,
      retryAfter: 720,
    });
    expect(await charge(contextOf(ANONYMOUS, "203.0.113.2"), 5)).toBeUndefined();
    // Known callers behind the same address have allowances of their own.
    expect(await charge(contextOf(known("portal", "a")), 5)).toBeUndefined();
  });

  test("a client for all its callers, and a subject for its role", async () => {
    const { charge } = create();
    expect(await charge(contextOf(known("portal", "a", "clerk")), 10)).toBeUndefined();
    expect((await charge(contextOf(known("portal", "a", "clerk")), 1))?.extensions["limit"]).toBe("rateRole");
    expect(await charge(contextOf(known("portal", "b", "clerk")), 8)).toBeUndefined();
    expect((await charge(contextOf(known("portal", "c")), 3))?.extensions["limit"]).toBe("rateClient");
    // What one of two allowances refused, the other has not lost.
    expect(await charge(contextOf(known("portal", "c")), 2)).toBeUndefined();
    expect(await charge(contextOf(known("other", "b", "clerk")), 2)).toBeUndefined();
  });

  test("what no full bucket could pay is refused for what it costs", async () => {
    const { charge } = create();
    expect((await charge(contextOf(ANONYMOUS), 6))?.extensions).toEqual({
      code: "OPERATION_TOO_COSTLY",
      limit: "rateAddress",
      asked: 6,
      allowed: 5,
    });
    expect(await charge(contextOf(ANONYMOUS), 5)).toBeUndefined();
  });

  test("what costs nothing costs one unit", async () => {
    const { charge } = create();
    const context = contextOf(ANONYMOUS);
    expect(await charge(context, 0)).toBeUndefined();
    expect(context.answerHeaders).toEqual({
      "ratelimit-policy": '"rateAddress";q=5;w=3600',
      ratelimit: '"rateAddress";r=4;t=720',
    });
  });

  test("once it is answered, what it came to is charged in place of what it was thought to cost", async () => {
    const { charge, settle } = create();
    const context = contextOf(ANONYMOUS);
    const left = async () => {
      const probe = contextOf(ANONYMOUS);
      await charge(probe, 1);
      settle({ ...probe, spent: { cost: 1, missed: 0 } });
      return /r=(\d+)/.exec(probe.answerHeaders?.["ratelimit"] ?? "")?.[1];
    };
    expect(await charge(context, 4)).toBeUndefined();
    settle({ ...context, spent: { cost: 2, missed: 0 } });
    // Nothing is free, not even what found nothing.
    const cheap = contextOf(ANONYMOUS);
    expect(await charge(cheap, 2)).toBeUndefined();
    settle({ ...cheap, spent: { cost: 0, missed: 0 } });
    expect(await left()).toBe("1");
    // Of what comes in parts only the estimate is known.
    settle({ ...cheap, spent: { cost: undefined, missed: 0 } });
    // Whoever missed pays for that as well, also with what is not there yet.
    settle({ ...cheap, spent: { cost: undefined, missed: 3 } });
    expect((await charge(contextOf(ANONYMOUS), 1))?.extensions).toMatchObject({ retryAfter: 2160 });
  });

  test("what was not granted is not settled", async () => {
    const { charge, settle } = create();
    await charge(contextOf(ANONYMOUS), 5);
    const refused = contextOf(ANONYMOUS);
    await charge(refused, 1);
    settle({ ...refused, spent: { cost: 0, missed: 9 } });
    expect((await charge(contextOf(ANONYMOUS), 1))?.extensions["retryAfter"]).toBe(720);
  });
});

describe("over the network", () => {
  let gateway: RunningGateway;
  let orders: TestServer;
  let address = 0;

  beforeAll(async () => {
    orders = await startOrders([]);
    const { url } = orders;
    gateway = await startGateway(composeShop({ orders: url, stock: url, notes: url }), [], {
      limits: LIMITS,
    });
  });
  afterAll(async () => {
    await gateway.close();
    await orders.close();
  });

  /** Headers of a client that nobody has seen before. */
  const newClient = (): Record<string, string> => {
    address += 1;
    return { "x-forwarded-for": `198.51.100.${address}` };
  };

  test("429, with Retry-After and what is left, in the reader's language", async () => {
    const client = { ...newClient(), "accept-language": "vi" };
    const first = await gateway.ask("{ order(id: 1) { id } order(id: 1) { title } }", {}, client);
    expect([first.status, first.headers.get("ratelimit")]).toEqual([200, '"rateAddress";r=4;t=720']);
    const query =
      "{ a: order(id: 1) { id } b: order(id: 1) { id } c: order(id: 1) { id } d: order(id: 1) { id } }";
    expect((await gateway.ask(query, {}, client)).status).toBe(200);
    orders.asked.length = 0;
    const { status, headers, errors } = await gateway.ask("{ order(id: 1) { id } }", {}, client);
    expect([status, orders.asked]).toEqual([429, []]);
    // Less the seconds that have passed since the first.
    const retryAfter = Number(headers.get("retry-after"));
    expect(retryAfter).toBeCloseTo(720, -2);
    expect(errors).toMatchObject([
      {
        message: `Chỉ được dùng tối đa 5 đơn vị chi phí trong 3600 giây. Hãy gửi lại sau ${retryAfter} giây.`,
        extensions: { code: "RATE_LIMITED", limit: "rateAddress", retryAfter },
      },
    ]);
    // Others are served.
    expect((await gateway.ask("{ order(id: 1) { id } }", {}, newClient())).status).toBe(200);
  });

  test("faulty documents are charged, too", async () => {
    const client = newClient();
    for (let count = 0; count < 5; count += 1)
      expect((await gateway.ask(`{ nothing${count} }`, {}, client)).status).toBe(400);
    expect((await gateway.ask("{ nothing }", {}, client)).status).toBe(429);
  });

  test("over a WebSocket as well, by the address of its connection", async () => {
    const socket = new WebSocket(gateway.url.replace("http", "ws"), "graphql-transport-ws", {
      headers: newClient(),
    });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    const codes: unknown[] = [];
    for (let count = 0; count < 6; count += 1) {
      const next = new Promise<string>((resolve) => {
        socket.on("message", (data: Buffer) => {
          const message = JSON.parse(data.toString()) as { id: string; type: string; payload: unknown };
          if (message.id === String(count) && message.type !== "complete")
            resolve(JSON.stringify(message.payload));
        });
      });
      const query = "{ order(id: 1) { id } }";
      socket.send(JSON.stringify({ id: String(count), type: "subscribe", payload: { query } }));
      codes.push((await next).includes("RATE_LIMITED"));
    }
    socket.terminate();
    expect(codes).toEqual([false, false, false, false, false, true]);
  });
});
