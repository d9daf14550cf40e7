import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openContext } from "../../../gateway/context.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../gateway/limits/limits.ts";
import { createBuckets } from "../../../gateway/limits/rate.ts";
import { createRates, type Sharing } from "../../../gateway/limits/rates.ts";
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

const create = (sharing?: Sharing) => {
  const rates = createRates(
    LIMITS,
    sharing,
    createBuckets(() => 0),
  );
  if (rates === undefined) throw new Error("there are rates");
  return rates;
};

describe("who is charged", () => {
  test("nobody, where there is no rate", () => {
    expect(createRates(DEFAULT_LIMITS)).toBeUndefined();
  });

  test("whoever is not known, by address", () => {
    const { charge } = create();
    expect(charge(contextOf(ANONYMOUS), 5)).toBeUndefined();
    expect(charge(contextOf(ANONYMOUS), 1)?.extensions).toEqual({
      code: "RATE_LIMITED",
      limit: "rateAddress",
      asked: 1,
      allowed: 5,
      perSeconds: HOUR,
      retryAfter: 720,
    });
    expect(charge(contextOf(ANONYMOUS, "203.0.113.2"), 5)).toBeUndefined();
    // Known callers behind the same address have allowances of their own.
    expect(charge(contextOf(known("portal", "a")), 5)).toBeUndefined();
  });

  test("a client for all its callers, and a subject for its role", () => {
    const { charge } = create();
    expect(charge(contextOf(known("portal", "a", "clerk")), 10)).toBeUndefined();
    expect(charge(contextOf(known("portal", "a", "clerk")), 1)?.extensions["limit"]).toBe("rateRole");
    expect(charge(contextOf(known("portal", "b", "clerk")), 8)).toBeUndefined();
    expect(charge(contextOf(known("portal", "c")), 3)?.extensions["limit"]).toBe("rateClient");
    // What one of two allowances refused, the other has not lost.
    expect(charge(contextOf(known("portal", "c")), 2)).toBeUndefined();
    expect(charge(contextOf(known("other", "b", "clerk")), 2)).toBeUndefined();
  });

  test("what no full bucket could pay is refused for what it costs", () => {
    const { charge } = create();
    expect(charge(contextOf(ANONYMOUS), 6)?.extensions).toEqual({
      code: "OPERATION_TOO_COSTLY",
      limit: "rateAddress",
      asked: 6,
      allowed: 5,
    });
    expect(charge(contextOf(ANONYMOUS), 5)).toBeUndefined();
  });

  test("what costs nothing costs one unit", () => {
    const { charge } = create();
    const context = contextOf(ANONYMOUS);
    expect(charge(context, 0)).toBeUndefined();
    expect(context.answerHeaders).toEqual({
      "ratelimit-policy": '"rateAddress";q=5;w=3600',
      ratelimit: '"rateAddress";r=4;t=720',
    });
  });

  test("what is granted is told to others, and theirs counts", () => {
    const told: [string, number][] = [];
    const takes: ((key: string, units: number) => void)[] = [];
    const { charge } = create({
      tell: (...what) => void told.push(what),
      listen: (take) => void takes.push(take),
    });
    charge(contextOf(ANONYMOUS), 2);
    charge(contextOf(ANONYMOUS), 4);
    expect(told).toEqual([["address 203.0.113.1", 2]]);
    for (const take of takes) take("address 203.0.113.1", 3);
    expect(charge(contextOf(ANONYMOUS), 1)?.extensions["code"]).toBe("RATE_LIMITED");
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
    expect([status, headers.get("retry-after"), orders.asked]).toEqual([429, "720", []]);
    expect(errors).toMatchObject([
      {
        message: "Chỉ được dùng tối đa 5 đơn vị chi phí trong 3600 giây. Hãy gửi lại sau 720 giây.",
        extensions: { code: "RATE_LIMITED", limit: "rateAddress", retryAfter: 720 },
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
