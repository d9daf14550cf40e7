import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startOrders } from "../shop.ts";

let orders: TestServer;
let gateway: RunningGateway;
let plain: RunningGateway;
let clients = 0;

beforeAll(async () => {
  orders = await startOrders([]);
  const { url } = orders;
  const supergraph = composeShop({ orders: url, stock: url, notes: url });
  const limits = {
    ...DEFAULT_LIMITS,
    maxBatch: 4,
    maxCost: 10,
    rateAddress: { units: 5, seconds: 86_400 },
    trustedProxies: ["127.0.0.1"],
  };
  gateway = await startGateway(supergraph, [], { limits });
  plain = await startGateway(supergraph);
});
afterAll(async () => {
  await gateway.close();
  await plain.close();
  await orders.close();
});
beforeEach(() => {
  orders.asked.length = 0;
  gateway.log.length = 0;
});

/** Of a client that nobody has seen before. */
async function send(body: unknown, headers: Record<string, string> = {}, to = gateway) {
  clients += 1;
  const response = await fetch(to.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-forwarded-for": `198.51.100.${clients}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

const ORDER = { query: "query Order($id: ID!) { order(id: $id) { id } }", variables: { id: "1" } };
const WRONG = { query: "{ nothing }" };

const codesOf = (body: unknown): unknown[] =>
  [body]
    .flat()
    .map((each) => (each as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code);

test("answers come in the order of the operations, whatever becomes of each", async () => {
  const { status, headers, body } = await send([ORDER, WRONG, 7, { ...ORDER, operationName: "Order" }]);
  expect([status, headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  expect(codesOf(body)).toEqual([undefined, "GRAPHQL_VALIDATION_FAILED", "REQUEST_MALFORMED", undefined]);
  expect(body).toMatchObject([{ data: { order: { id: "1" } } }, {}, {}, { data: { order: { id: "1" } } }]);
});

test("each is charged by itself, so that a batch buys nothing", async () => {
  const dear = { query: "{ a: order(id: 1) { id } b: order(id: 1) { id } }" };
  const { headers, body } = await send([dear, dear, dear, WRONG]);
  expect(codesOf(body)).toEqual([undefined, undefined, "RATE_LIMITED", "GRAPHQL_VALIDATION_FAILED"]);
  // Less the seconds that have passed since the first.
  expect(Number(headers.get("retry-after"))).toBeCloseTo(86_400 / 5, -2);
  expect(headers.get("ratelimit")).toMatch(/^"rateAddress";r=0;/);
});

test("more than are allowed are refused as one, and nobody is asked", async () => {
  const { status, body } = await send([ORDER, ORDER, ORDER, ORDER, ORDER], { "accept-language": "vi" });
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [
      {
        message: "Yêu cầu có 5 truy vấn; được phép 4.",
        extensions: { code: "BATCH_TOO_LARGE", limit: "maxBatch", asked: 5, allowed: 4 },
      },
    ],
  });
  expect(orders.asked).toEqual([]);
});

test("without the option there are none", async () => {
  const { status, body } = await send([ORDER], {}, plain);
  expect([status, codesOf(body)]).toEqual([400, ["BATCH_TOO_LARGE"]]);
  expect(JSON.stringify(body)).toContain("one operation in a request");
});

test("an empty array asks for nothing", async () => {
  const { status, body } = await send([]);
  expect([status, codesOf(body)]).toEqual([400, ["REQUEST_MALFORMED"]]);
});

test("what the graph has not is refused among the others", async () => {
  const { body } = await send([{ query: "mutation { nothing }" }, ORDER]);
  expect(codesOf(body)).toEqual(["GRAPHQL_VALIDATION_FAILED", undefined]);
});

test("costs are told of each", async () => {
  const { body } = await send([ORDER, ORDER], { "x-trace-cost": "1" });
  const told = { extensions: { cost: { estimated: 1, allowed: 10, actual: 1 } } };
  expect(body).toMatchObject([told, told]);
});

test("each has its line in the log, and the request its own", async () => {
  await send([ORDER, WRONG], { "x-request-id": "several" });
  const lines = gateway.log.filter(({ msg }) => msg === "request");
  expect(lines.map(({ requestId }) => requestId)).toEqual(["several", "several", "several"]);
  expect(
    lines.map(({ method, operation, status, errors }) => ({ method, operation, status, errors })),
  ).toEqual([
    { method: "BATCH", operation: "Order", status: undefined, errors: undefined },
    { method: "BATCH", operation: undefined, status: undefined, errors: ["GRAPHQL_VALIDATION_FAILED"] },
    { method: "POST", operation: undefined, status: 200, errors: ["GRAPHQL_VALIDATION_FAILED"] },
  ]);
});
