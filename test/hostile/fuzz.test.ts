/**
 * Whatever is sent, nothing fails inside: random bodies, random documents, random heads of requests. For longer:
 * `HOSTILE_RUNS=20000 npx vitest run test/hostile/fuzz.test.ts --testTimeout=3600000`.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningGateway, startGateway } from "../gateway/running.ts";
import type { TestServer } from "../gateway/servers.ts";
import { composeShop, startNotes, startOrders, startStock } from "../gateway/shop.ts";
import { gql, LEAKS, send, sendRaw } from "./asking.ts";

const numRuns = Number(process.env["HOSTILE_RUNS"] ?? 150);
const servers: TestServer[] = [];
let gateway: RunningGateway;

beforeAll(async () => {
  const orders = await startOrders([{ store: "N1", code: "a" }]);
  const stock = await startStock({ "N1/a": 1 });
  const notes = await startNotes();
  servers.push(orders, stock, notes);
  gateway = await startGateway(composeShop({ orders: orders.url, stock: stock.url, notes: notes.url }));
});
afterAll(async () => {
  await gateway.close();
  for (const server of servers) await server.close();
});

async function survives(body: string): Promise<void> {
  const { status, text } = await send(gateway.origin, { name: "", body });
  expect(status).toBeLessThan(500);
  expect(text.replace(body, "")).not.toMatch(LEAKS);
  expect(gateway.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  gateway.log.length = 0;
}

test("random JSON in the place of a request", async () => {
  const part = fc.oneof(fc.json(), fc.constant("null"), fc.constant('"{ stores }"'));
  const body = fc.record({ query: part, variables: part, operationName: part, extensions: part });
  const bodies = body.map(
    ({ query, variables, operationName, extensions }) =>
      `{"query":${query},"variables":${variables},"operationName":${operationName},"extensions":${extensions}}`,
  );
  await fc.assert(fc.asyncProperty(fc.oneof(bodies, fc.json(), fc.string({ unit: "binary" })), survives), {
    numRuns,
  });
});

test("random documents, of pieces that are valid now and then", async () => {
  const piece = fc.constantFrom(
    ...'{ } ( ) [ ] : $ ! = @ ... , # " """ \\ & |'.split(" "),
    ...'query mutation subscription fragment on Query Order Shelf F G true null 1 -1.5e9 "x" """x"""'.split(
      " ",
    ),
    ..."order id title shelves store code count note fails stores __typename __schema types a $a: $b skip(if: include defer".split(
      " ",
    ),
    "{ order(id: 1) { id } }",
    "shelves { store code count note }",
    "... @defer { title }",
    "query ($a: Boolean!)",
    "fragment F on Order { id ...F }",
    "order(id: $a)",
  );
  const documents = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(" "));
  const variables = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), fc.jsonValue());
  const bodies = fc.tuple(documents, variables).map(([query, values]) => gql(query, values));
  await fc.assert(fc.asyncProperty(bodies, survives), { numRuns });
});

test("random values of variables", async () => {
  const query = `query ($id: ID!, $token: String, $if: Boolean = true) {
    order(id: $id) @include(if: $if) { id shelves { store count } } secret(token: $token) }`;
  const values = fc.record(
    { id: fc.jsonValue(), token: fc.jsonValue(), if: fc.jsonValue() },
    { requiredKeys: [] },
  );
  const bodies = values.map((variables) => gql(query, variables));
  await fc.assert(fc.asyncProperty(bodies, survives), { numRuns });
});

test("random heads of requests", async () => {
  const token = fc.constantFrom(
    ..."GET POST PUT /graphql /graphql?query={stores} /%00 /../x HTTP/1.1 HTTP/1.0 HTTP/2 \t \0".split(" "),
  );
  const header = fc.constantFrom(
    "host: x",
    "content-type: application/json",
    "content-length: 5",
    "content-length: 0",
    "content-length: x",
    "transfer-encoding: chunked",
    "connection: close",
    "connection: upgrade",
    "upgrade: websocket",
    "upgrade: h2c",
    "sec-websocket-key: x",
    "sec-websocket-version: 13",
    "sec-websocket-protocol: graphql-transport-ws",
    "expect: 100-continue",
    "expect: x",
    "apollo-require-preflight: 1",
    "accept: text/event-stream",
    "accept: multipart/mixed",
    ": x",
    "x",
  );
  const heads = fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.array(header, { maxLength: 6 }))
    .map(
      ([first, headers]) =>
        `${first.join(" ")}\r\n${headers.join("\r\n")}\r\nconnection: close\r\n\r\n0\r\n\r\n`,
    );
  await fc.assert(
    fc.asyncProperty(heads, async (head) => {
      const answer = await sendRaw(gateway.origin, head, "\r\n\r\n");
      expect(answer).not.toMatch(/^HTTP\/1.1 5(?!05)/);
      expect(answer).not.toMatch(LEAKS);
      gateway.log.length = 0;
    }),
    { numRuns },
  );
});
