/**
 * Every hostile request gets a clear refusal, tells nothing of the inside, reaches no subgraph with what it is after, and
 * costs nobody else anything.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningGateway, startGateway } from "../gateway/running.ts";
import type { TestServer } from "../gateway/servers.ts";
import { composeShop, startOrders } from "../gateway/shop.ts";
import { collectGarbage } from "../setup/garbage.ts";
import { type Hostile, isRefusal, LEAKS, send, sendRaw } from "./asking.ts";
import { CLASSES } from "./requests.ts";

let gateway: RunningGateway;
let orders: TestServer;
let quiet: TestServer;

/** What a well-behaved client beside has been answered. */
const beside: { readonly status: number; readonly data: unknown }[] = [];
const end = new AbortController();
let behaving: Promise<void>;

beforeAll(async () => {
  orders = await startOrders([]);
  quiet = await startOrders([]);
  const supergraph = composeShop({ orders: orders.url, stock: quiet.url, notes: quiet.url });
  gateway = await startGateway(supergraph, [], { sandbox: true });
  behaving = behave();
});
afterAll(async () => {
  await gateway.close();
  await orders.close();
  await quiet.close();
});
beforeEach(() => {
  gateway.log.length = 0;
});

async function behave(): Promise<void> {
  while (!end.signal.aborted) {
    const { status, data } = await gateway.ask("query Behaved { order(id: 1) { id title } }");
    beside.push({ status, data });
  }
}

/** What of the log is about requests that are not the well-behaved client's. */
function logged(): readonly Record<string, unknown>[] {
  return gateway.log.filter(({ operation }) => operation !== "Behaved");
}

describe.each(Object.entries(CLASSES))("%s", (_name, requests) => {
  test.each(requests)("$name", async (request: Hostile) => {
    const reply = await send(gateway.origin, request);
    expect(reply.text).not.toMatch(LEAKS);
    expect({ ...reply, isRefusal: isRefusal(reply) }).toMatchObject({ isRefusal: true });
    expect(orders.asked.map(({ query }) => query).filter((query) => query.includes("touch"))).toEqual([]);
    // Nothing failed inside, and nothing that was sent stands in the log as a line of its own.
    expect(logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect(logged().filter(({ msg }) => msg === "forged")).toEqual([]);
  });
});

const QUERY = JSON.stringify({ query: "mutation { touch(id: 1) { id } }" });
const POST = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
const SMUGGLED = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`;

describe("header smuggling", () => {
  test.each<[string, string]>([
    [
      "a length and chunks",
      `${POST}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    [
      "chunks and a length",
      `${POST}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ["two lengths", `${POST}content-length: 0\r\ncontent-length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
    ["a length of two numbers", `${POST}content-length: 0, ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`],
    ["a negative length", `${POST}content-length: -1\r\n\r\n${SMUGGLED}`],
    ["a length with a sign", `${POST}content-length: +0\r\n\r\n${SMUGGLED}`],
    ["a length in hexadecimal", `${POST}content-length: 0x0\r\n\r\n${SMUGGLED}`],
    ["chunks by another name", `${POST}transfer-encoding: xchunked\r\n\r\n${SMUGGLED}`],
    ["chunks that are not last", `${POST}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    [
      "chunks with a space before the colon",
      `${POST}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    ["a chunk larger than it says", `${POST}transfer-encoding: chunked\r\n\r\n1\r\n${SMUGGLED}`],
    [
      "a chunk of a length that is none",
      `${POST}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n${SMUGGLED}`,
    ],
    ["a folded header", `${POST}x: a\r\n content-length: 4\r\n\r\n${SMUGGLED}`],
    ["a header with a null character", `${POST}x: a\0b\r\n\r\n${SMUGGLED}`],
    ["a header without a name", `${POST}: a\r\n\r\n${SMUGGLED}`],
    ["a bare carriage return", `${POST}x: a\rcontent-length: 0\r\n\r\n${SMUGGLED}`],
    ["no host", "POST /graphql HTTP/1.1\r\n\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
    ["TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"],
    ["another version", "POST /graphql HTTP/9.9\r\nhost: x\r\n\r\n"],
    ["HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a tunnel", "CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n"],
  ])("%s", async (_name, bytes) => {
    orders.asked.length = 0;
    const answer = await sendRaw(gateway.origin, bytes, "\r\n\r\n");
    expect(answer).toMatch(/^(HTTP\/1.1 4\d\d |$)/);
    expect(answer).not.toMatch(LEAKS);
    expect(orders.asked.filter(({ query }) => query.includes("touch"))).toEqual([]);
  });
});

test("a hundred bodies that do not end hold nobody up", async () => {
  const slow = Array.from({ length: 100 }, () => connect(Number(new URL(gateway.origin).port), "127.0.0.1"));
  await Promise.all(slow.map((socket) => once(socket, "connect")));
  for (const socket of slow) socket.write(`${POST}content-length: 60000\r\n\r\n{"query":"`);
  const answered = beside.length;
  await expect.poll(() => beside.length).toBeGreaterThan(answered + 20);
  for (const socket of slow) socket.destroy();
});

test("secrets that clients send are not in the log", async () => {
  const secret = "c2VjcmV0LW9mLWEtY2xpZW50";
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}`, "x-api-key": secret };
  await gateway.ask(`query ($t: String) { secret(token: $t) }`, { t: secret }, headers);
  await gateway.ask(`{ nothing(token: "${secret}") }`, { t: secret }, headers);
  await send(gateway.origin, { name: "not JSON", headers, body: `{"query":"${secret}` });
  await send(gateway.origin, { name: "a search", method: "GET", headers, search: `?query=${secret}` });
  await send(gateway.origin, { name: "nowhere", method: "GET", headers, path: `/nowhere/${secret}` });
  await expect.poll(() => gateway.log.filter(({ route }) => route === undefined).length).toBeGreaterThan(0);
  expect(JSON.stringify(gateway.log)).not.toContain(secret);
});

test("who behaves was served all the time, and memory stayed within bounds", async () => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (const requests of Object.values(CLASSES))
    for (const request of requests) await send(gateway.origin, request);
  end.abort();
  await behaving;
  expect(beside.length).toBeGreaterThan(100);
  expect(beside.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(beside.map(({ data }) => JSON.stringify(data)))).toEqual(
    new Set(['{"order":{"id":"1","title":"First"}}']),
  );
  collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 2 ** 20);
  expect(Object.values(CLASSES).flat().length).toBeGreaterThanOrEqual(100);
});
