/**
 * @defer over HTTP, with services that answer when the test says so.
 */
import { EventEmitter, once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { FastifyReply } from "fastify";
import { meros } from "meros";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGates } from "./gates.ts";
import { composeAt } from "./execute/subgraphs.ts";
import { link } from "./execute/graphs/graph.ts";
import { startSubgraph, type TestServer } from "./servers.ts";
import { composeShop, startOrders, startStock } from "./shop.ts";
import { type RunningGateway, startGateway } from "./running.ts";

const CURRENT = "multipart/mixed; incrementalSpec=v0.2, application/json";
const OLDER = "multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json;q=0.9";

const SDL = {
  orders: `${link("@key @shareable")}
    type Query { order(id: ID! = 1): Order orders: [Order!]! hello: String slowly: String any: [Any] crate: Crate }
    type Mutation { place: Order note: Note }
    interface Any { id: ID! }
    type Order implements Any @key(fields: "id") { id: ID! title: String own: String parcel: Parcel next: Order }
    type Gift implements Any @key(fields: "id") { id: ID! ribbon: String }
    type Crate @key(fields: "id") { id: ID! }
    type Parcel { weight: Int }
    type Note { text: String order: Order }`,
  stock: `${link("@key @external @requires @shareable")}
    type Order @key(fields: "id") {
      id: ID!
      title: String @external
      count: Int
      shelf: Shelf
      must: String!
      tagged: String @requires(fields: "title")
    }
    type Gift @key(fields: "id") { id: ID! count: Int }
    type Crate @key(fields: "id") @key(fields: "serial") { id: ID! serial: ID! }
    type Shelf { code: String place: Place sure: String! }
    type Place { floor: Int room: Int }`,
  carrier: `${link("@key")}
    type Order @key(fields: "id") { id: ID! delivery: Delivery }
    type Crate @key(fields: "serial") { serial: ID! ship: String }
    type Delivery { day: String van: Van }
    type Van @key(fields: "plate") { plate: ID! }`,
} as const;

const gates = createGates();
const servers = new Map<string, TestServer>();
let gateway: RunningGateway;
/** Tells when a service's caller has left before the answer. */
const left = new EventEmitter();
let mustFails = false;

const order = (id: string) => ({ __typename: "Order", id, title: `order ${id}`, parcel: { weight: 5 } });
const slowly = async <T>(name: string, value: T) => {
  await gates.pass(name);
  return value;
};

beforeAll(async () => {
  servers.set(
    "orders",
    await startSubgraph(SDL.orders, {
      Query: {
        order: (_root: unknown, { id }: { id: string }) => (id === "0" ? null : order(id)),
        orders: () => [order("1"), order("2")],
        any: () => [order("1"), { __typename: "Gift", id: "7", ribbon: "red" }, null],
        hello: () => "hello",
        crate: () => ({ id: "c" }),
        slowly: () => slowly("slowly", "at last"),
      },
      Mutation: { place: () => order("9"), note: () => ({ text: "noted", order: order("9") }) },
      Order: {
        __resolveReference: ({ id }: { id: string }) => order(id),
        own: () => slowly("own", "own"),
        next: ({ id }: { id: string }) => order(`${id}1`),
      },
      Gift: { __resolveReference: ({ id }: { id: string }) => ({ id, ribbon: "red" }) },
    }),
  );
  servers.set(
    "stock",
    await startSubgraph(SDL.stock, {
      Order: {
        count({ id }: { id: string }, _arguments: unknown, { reply }: { reply: FastifyReply }) {
          reply.raw.setMaxListeners(0).once("close", () => {
            if (!reply.raw.writableEnded) left.emit("stock");
          });
          return slowly("stock", Number(id) * 10);
        },
        shelf: ({ id }: { id: string }) =>
          slowly("stock", { code: `S${id}`, place: { floor: 2, room: 7 }, sure: null }),
        must: async () => {
          await gates.pass("must");
          if (mustFails) throw new Error("it must not be");
          return "must";
        },
        tagged: ({ title }: { title: string }) => slowly("stock", `#${title}`),
      },
      Gift: { count: () => slowly("stock", 1) },
      Crate: { serial: () => slowly("serial", "1234") },
    }),
  );
  servers.set(
    "carrier",
    await startSubgraph(SDL.carrier, {
      Crate: { ship: () => "Sao Mai" },
      Order: { delivery: () => slowly("carrier", { day: "Monday", van: { plate: "51A" } }) },
    }),
  );
  gateway = await startGateway(
    composeAt({ name: "defer", subgraphs: SDL }, (name) => servers.get(name)?.url ?? ""),
    [],
    { subgraphDeadline: 5_000 },
  );
});
afterAll(async () => {
  gates.openAll();
  await gateway.close();
  for (const server of servers.values()) await server.close();
});
beforeEach(() => {
  for (const { asked } of servers.values()) asked.length = 0;
  gateway.log.length = 0;
  mustFails = false;
});
afterEach(() => gates.openAll());

interface Opened {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  /** The next part, once it is whole; undefined after the last. */
  readonly next: () => Promise<unknown>;
  readonly rest: () => Promise<readonly unknown[]>;
}

async function open(
  query: string,
  accept = CURRENT,
  variables: object = {},
  headers: Record<string, string> = {},
  url = gateway.url,
): Promise<Opened> {
  const sent = httpRequest(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept, ...headers },
  });
  sent.end(JSON.stringify({ query, variables }));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const read = await meros(response);
  if (!(Symbol.asyncIterator in read) || "headers" in read)
    throw new Error(`not in parts: ${response.statusCode} ${response.headers["content-type"]}`);
  const parts = read[Symbol.asyncIterator]();
  async function next(): Promise<unknown> {
    const { done, value } = await parts.next();
    if (done) return undefined;
    if (!value.json) throw new Error(`a part is no JSON: ${value.body.toString()}`);
    return value.body;
  }
  async function rest(): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    for (let part = await next(); part !== undefined; part = await next()) all.push(part);
    return all;
  }
  return { request: sent, response, next, rest };
}

const all = async (...asked: Parameters<typeof open>) => (await open(...asked)).rest();

describe("the first part waits for nothing that is deferred", () => {
  test("of another service", async () => {
    gates.shut("stock");
    const { response, next } = await open('{ order { id title ... @defer(label: "s") { count } } }');
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2');
    expect(await next()).toEqual({
      data: { order: { id: "1", title: "order 1" } },
      pending: [{ id: "0", path: ["order"], label: "s" }],
      hasNext: true,
    });
    await gates.reached("stock");
    gates.open("stock");
    expect(await next()).toEqual({
      incremental: [{ id: "0", data: { count: 10 } }],
      completed: [{ id: "0" }],
      hasNext: false,
    });
    expect(await next()).toBeUndefined();
  });

  test("in the older form", async () => {
    gates.shut("stock");
    const { response, next } = await open(
      '{ order { id title ... @defer(label: "s") { count title } } }',
      OLDER,
    );
    expect(response.headers["content-type"]).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    expect(await next()).toEqual({ data: { order: { id: "1", title: "order 1" } }, hasNext: true });
    gates.open("stock");
    expect(await next()).toEqual({
      incremental: [{ label: "s", path: ["order"], data: { count: 10, title: "order 1" } }],
      hasNext: false,
    });
    expect(await next()).toBeUndefined();
  });

  test("of the same service", async () => {
    gates.shut("own");
    const { next } = await open("{ order { title ... @defer { own } } }");
    expect(await next()).toMatchObject({ data: { order: { title: "order 1" } } });
    await gates.reached("own");
    gates.open("own");
    expect(await next()).toMatchObject({ incremental: [{ data: { own: "own" } }] });
  });

  test("at the root: asked for at once, given later", async () => {
    gates.shut("slowly");
    const { next } = await open("{ hello ... @defer { slowly } }");
    expect(await next()).toMatchObject({ data: { hello: "hello" }, pending: [{ path: [] }] });
    await gates.reached("slowly");
    gates.open("slowly");
    expect(await next()).toMatchObject({ incremental: [{ data: { slowly: "at last" } }], hasNext: false });
  });

  test("of an object without a key: what the first part needs is not held up", async () => {
    gates.shut("stock");
    const { next } = await open("mutation { note { text ... @defer { order { count } } } }");
    expect(await next()).toMatchObject({ data: { note: { text: "noted" } } });
    gates.open("stock");
    expect(await next()).toMatchObject({ incremental: [{ data: { order: { count: 90 } } }] });
    expect(servers.get("orders")?.asked).toHaveLength(1);
  });

  test("nor for a key that only what is deferred needs", async () => {
    gates.shut("serial");
    const { next } = await open("{ crate { id ... @defer { ship } } }");
    expect(await next()).toMatchObject({ data: { crate: { id: "c" } } });
    await gates.reached("serial");
    gates.open("serial");
    expect(await next()).toMatchObject({ incremental: [{ data: { ship: "Sao Mai" } }], hasNext: false });
  });

  test("and what is deferred is given as it comes, the quick before the slow", async () => {
    gates.shut("stock");
    gates.shut("carrier");
    const { next } = await open(
      '{ order { ... @defer(label: "s") { count } ... @defer(label: "c") { delivery { day } } } }',
    );
    expect(await next()).toMatchObject({ data: { order: {} }, pending: [{ label: "s" }, { label: "c" }] });
    gates.open("carrier");
    expect(await next()).toEqual({
      incremental: [{ id: "1", data: { delivery: { day: "Monday" } } }],
      completed: [{ id: "1" }],
      hasNext: true,
    });
    gates.open("stock");
    expect(await next()).toMatchObject({ completed: [{ id: "0" }], hasNext: false });
  });
});

describe("one answer, with everything", () => {
  test.each([
    ["nothing", undefined],
    ["JSON", "application/json"],
    ["anything", "*/*"],
    ["multipart of an unknown form", "multipart/mixed; deferSpec=20991231, application/json"],
    ["multipart less than JSON", "multipart/mixed; q=0.5, application/json"],
  ])("for a client that accepts %s", async (_name, accept) => {
    const { headers, data, errors } = await gateway.ask(
      "{ order { title ... @defer { count } } }",
      {},
      accept === undefined ? {} : { accept },
    );
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect({ data, errors }).toEqual({ data: { order: { title: "order 1", count: 10 } }, errors: [] });
  });

  test.each([
    ["nothing is deferred", "{ order { title count } }", {}],
    ["@defer is off", "{ order { title ... @defer(if: false) { count } } }", {}],
    [
      "its variable is false",
      "query ($d: Boolean!) { order { title ... @defer(if: $d) { count } } }",
      { d: false },
    ],
    ["what is deferred is skipped", "{ order { title count ... @defer @skip(if: true) { own } } }", {}],
    ["all of it is asked for anyway", "{ order { title count ... @defer { title count } } }", {}],
  ])("where %s", async (_name, query, variables) => {
    const { headers, data } = await gateway.ask(query, variables, { accept: CURRENT });
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(data).toEqual({ order: { title: "order 1", count: 10 } });
  });

  test("where there is no object to defer anything of", async () => {
    const { data } = await gateway.ask("{ order(id: 0) { ... @defer { count } } }", {}, { accept: CURRENT });
    expect(data).toEqual({ order: null });
    expect(servers.get("stock")?.asked).toEqual([]);
  });

  test("where so much is deferred that planning it would take too long", async () => {
    const fragments = Array.from({ length: 101 }, (_, index) => `... @defer { c${index}: count }`);
    const query = `{ order { ${fragments.join(" ")} } }`;
    const { headers, data } = await gateway.ask(query, {}, { accept: CURRENT });
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(Object.values(data?.["order"] ?? {})).toEqual(fragments.map(() => 10));
  });

  test("where the request is refused", async () => {
    const { status, headers, errors } = await gateway.ask(
      "mutation { ... @defer { place { id } } }",
      {},
      { accept: CURRENT },
    );
    expect([status, headers.get("content-type")]).toEqual([400, "application/json; charset=utf-8"]);
    expect(errors).toMatchObject([
      {
        message: "Root fields of a mutation cannot be deferred.",
        extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
      },
    ]);
  });
});

describe("where fragments stand", () => {
  test("a variable turns it on", async () => {
    const query = "query ($d: Boolean = true) { order { ... @defer(if: $d) { count } } }";
    expect(await all(query)).toHaveLength(2);
    expect(await all(query, CURRENT, { d: true })).toHaveLength(2);
  });

  test("in a list: once for each item", async () => {
    const [first, second] = await all("{ orders { id ... @defer { count } } }");
    expect(first).toMatchObject({ pending: [{ path: ["orders", 0] }, { path: ["orders", 1] }] });
    expect(second).toEqual({
      incremental: [
        { id: "0", data: { count: 10 } },
        { id: "1", data: { count: 20 } },
      ],
      completed: [{ id: "0" }, { id: "1" }],
      hasNext: false,
    });
    expect(servers.get("stock")?.asked).toHaveLength(1);
    expect((await all("{ orders { id ...F @defer } } fragment F on Order { count }", OLDER))[1]).toEqual({
      incremental: [
        { path: ["orders", 0], data: { count: 10 } },
        { path: ["orders", 1], data: { count: 20 } },
      ],
      hasNext: false,
    });
  });

  test("within another: announced when that one is complete", async () => {
    const [first, second, third] = await all(
      '{ order { ... @defer(label: "a") { delivery { ... @defer(label: "b") { day } } } } }',
    );
    expect(first).toMatchObject({ data: { order: {} }, pending: [{ label: "a" }] });
    expect(second).toMatchObject({
      pending: [{ id: "1", path: ["order", "delivery"], label: "b" }],
      incremental: [{ id: "0", data: { delivery: {} } }],
    });
    expect(third).toMatchObject({ incremental: [{ id: "1", data: { day: "Monday" } }], hasNext: false });
  });

  test("on types of an interface", async () => {
    const [first, second] = await all(
      `{ any { __typename id ... on Order @defer { title count } ... on Gift @defer { ribbon } } }`,
    );
    expect(first).toMatchObject({
      data: { any: [{ __typename: "Order", id: "1" }, { __typename: "Gift", id: "7" }, null] },
      pending: [{ path: ["any", 0] }, { path: ["any", 1] }],
    });
    const later = await all(
      "{ any { ... @defer { id ... on Order { count } ... on Gift { count } } } }",
      OLDER,
    );
    expect(second).toBeDefined();
    expect(later[0]).toMatchObject({ data: { any: [{}, {}, null] } });
    expect(later.slice(1).flatMap((part) => (part as { incremental: unknown[] }).incremental)).toEqual([
      { path: ["any", 0], data: { id: "1", count: 10 } },
      { path: ["any", 1], data: { id: "7", count: 1 } },
    ]);
  });

  test("a field that is also asked for at once is given once, what is below it by its path", async () => {
    const [first, second] = await all(
      "{ order { shelf { code place { floor } } ... @defer { title shelf { code place { room } } } } }",
    );
    expect(first).toMatchObject({ data: { order: { shelf: { code: "S1", place: { floor: 2 } } } } });
    expect(second).toEqual({
      incremental: [
        { id: "0", data: { title: "order 1" } },
        { id: "0", subPath: ["shelf", "place"], data: { room: 7 } },
      ],
      completed: [{ id: "0" }],
      hasNext: false,
    });
  });

  test("a field of two fragments is given with the first of them", async () => {
    gates.shut("carrier");
    const { next } = await open(
      '{ order { ... @defer(label: "a") { count } ... @defer(label: "b") { count delivery { day } } } }',
    );
    await next();
    expect(await next()).toEqual({
      incremental: [{ id: "0", data: { count: 10 } }],
      completed: [{ id: "0" }],
      hasNext: true,
    });
    gates.open("carrier");
    expect(await next()).toEqual({
      incremental: [{ id: "1", data: { delivery: { day: "Monday" } } }],
      completed: [{ id: "1" }],
      hasNext: false,
    });
    expect(servers.get("stock")?.asked).toHaveLength(1);
  });

  test("in the result of a mutation, which is made once", async () => {
    const [first, second] = await all("mutation { place { id ... @defer { title count } } }");
    expect(first).toMatchObject({ data: { place: { id: "9" } } });
    expect(second).toMatchObject({ completed: [{ id: "0" }], hasNext: false });
    const asked = servers.get("orders")?.asked.map(({ query }) => query) ?? [];
    expect(asked.filter((query) => query.includes("place"))).toHaveLength(1);
  });

  test("with what another service requires", async () => {
    const [, second] = await all("{ order { id ... @defer { tagged } } }");
    expect(second).toMatchObject({ incremental: [{ data: { tagged: "#order 1" } }] });
  });

  test("of the schema itself", async () => {
    const [first, second] = await all("{ hello ... @defer { __schema { queryType { name } } __typename } }");
    expect(first).toMatchObject({ data: { hello: "hello" } });
    expect(second).toMatchObject({
      incremental: [{ data: { __schema: { queryType: { name: "Query" } }, __typename: "Query" } }],
    });
  });

  test("@skip and @include come before @defer", async () => {
    const query = `query ($a: Boolean!, $b: Boolean!) {
      order { id ... @defer { count @include(if: $a) title @skip(if: $b) } }
    }`;
    const [, second] = await all(query, CURRENT, { a: true, b: true });
    expect(second).toMatchObject({ incremental: [{ data: { count: 10 } }] });
    const [, other] = await all(query, CURRENT, { a: false, b: false });
    expect(other).toMatchObject({ incremental: [{ data: { title: "order 1" } }] });
  });

  test("by GET", async () => {
    const response = await fetch(
      `${gateway.url}?query=${encodeURIComponent("{ order { ... @defer { count } } }")}`,
      {
        headers: { accept: CURRENT, "apollo-require-preflight": "1" },
      },
    );
    expect(await response.text()).toContain('"data":{"count":10}');
  });
});

describe("errors", () => {
  test("of a service cost its part only, and are told with it", async () => {
    mustFails = true;
    const query = '{ order { id ... @defer(label: "m") { must } ... @defer(label: "c") { count } } }';
    const [first, ...later] = await all(query);
    expect(first).not.toHaveProperty("errors");
    const error = {
      message: "it must not be",
      path: ["order", "must"],
      extensions: { code: "SUBGRAPH_ERROR", service: "stock" },
    };
    expect(later.flatMap((part) => (part as { completed: { id: string }[] }).completed)).toEqual(
      expect.arrayContaining([{ id: "0", errors: [error] }, { id: "1" }]),
    );
    const older = await all(query, OLDER);
    expect(older.flatMap((part) => (part as { incremental?: unknown[] }).incremental ?? [])).toEqual(
      expect.arrayContaining([
        { label: "m", path: ["order"], data: null, errors: [error] },
        { label: "c", path: ["order"], data: { count: 10 } },
      ]),
    );
    await expect.poll(() => gateway.log).toHaveLength(2);
    expect(gateway.log[0]).toMatchObject({ errors: ["SUBGRAPH_ERROR"], status: 200 });
  });

  test("a null stops at the first field that may be null", async () => {
    const [, second] = await all("{ order { id ... @defer { shelf { sure } } } }");
    expect(second).toMatchObject({
      incremental: [{ id: "0", data: { shelf: null }, errors: [{ path: ["order", "shelf", "sure"] }] }],
      completed: [{ id: "0" }],
    });
  });

  test("what is deferred of a part that failed is not announced", async () => {
    mustFails = true;
    const [, second, third] = await all("{ order { id ... @defer { must ... @defer { count } } } }");
    expect(second).toMatchObject({
      completed: [{ id: "0", errors: [{ message: "it must not be" }] }],
      hasNext: false,
    });
    expect(third).toBeUndefined();
  });

  test("where a null of the first part has taken the object, nothing of it comes later", async () => {
    mustFails = true;
    const { data, errors } = await gateway.ask(
      "{ order { must ... @defer { count } } }",
      {},
      { accept: CURRENT },
    );
    expect(data).toEqual({ order: null });
    expect(errors).toHaveLength(1);
  });

  test("a service that cannot be reached", async () => {
    const stock = servers.get("stock")?.url ?? "";
    const other = await startGateway(
      composeAt({ name: "defer", subgraphs: SDL }, (name) =>
        name === "carrier"
          ? "http://127.0.0.1:9/"
          : name === "stock"
            ? stock
            : (servers.get(name)?.url ?? ""),
      ),
    );
    const response = await fetch(other.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: CURRENT, "accept-language": "vi" },
      body: JSON.stringify({ query: "{ orders { id ... @defer { delivery { day } } } }" }),
    });
    const text = await response.text();
    await other.close();
    expect(text).toContain('{"id":"0","data":{"delivery":null},"errors":[{"message":"Không kết nối được với');
    expect(text).toContain('{"id":"1","data":{"delivery":null}}');
  });
});

describe("a client that leaves", () => {
  test("what is asked for it is given up, and the service is not taken for a failing one", async () => {
    gates.shut("stock");
    const { request, next } = await open("{ order { id ... @defer { count } } }");
    await next();
    await gates.reached("stock");
    const gone = once(left, "stock");
    request.destroy();
    await gone;
    await expect.poll(() => gateway.log).toHaveLength(1);
    expect(gateway.log[0]).toMatchObject({ msg: "request", status: 499, calls: 2 });
    expect(gateway.log[0]).not.toHaveProperty("failed");
    gates.open("stock");
    const { data, errors } = await gateway.ask("{ order { count } }");
    expect({ data, errors }).toEqual({ data: { order: { count: 10 } }, errors: [] });
  });

  test("takes nothing from another who asked for the same", async () => {
    gates.shut("stock");
    const query = "{ order { id ... @defer { count } } }";
    const leaving = await open(query);
    const staying = await open(query);
    await leaving.next();
    await staying.next();
    await gates.reached("stock");
    leaving.request.destroy();
    await expect.poll(() => gateway.log).toHaveLength(1);
    gates.open("stock");
    expect(await staying.next()).toMatchObject({ incremental: [{ data: { count: 10 } }], hasNext: false });
  });
});

test("of a partition the members are asked, each for its own", async () => {
  const orders = await startOrders([
    { store: "N1", code: "a" },
    { store: "S1", code: "b" },
  ]);
  const north = await startStock({ "N1/a": 1 });
  const south = await startStock({ "S1/b": 2 });
  const shop = await startGateway(composeShop({ orders: orders.url, notes: north.url }), [
    { key: "N1", url: north.url, subgraphs: ["stock"] },
    { key: "S1", url: south.url, subgraphs: ["stock"] },
  ]);
  const query = "{ order(id: 1) { shelves { code ... @defer { count } } } }";
  const parts = await all(query, CURRENT, {}, {}, shop.url);
  expect(parts).toMatchObject([
    { data: { order: { shelves: [{ code: "a" }, { code: "b" }] } } },
    { incremental: [{ data: { count: 1 } }, { data: { count: 2 } }], hasNext: false },
  ]);
  await south.close();
  const [, withoutSouth] = await all(query, CURRENT, {}, {}, shop.url);
  expect(withoutSouth).toMatchObject({
    incremental: [
      { data: { count: 1 } },
      {
        data: { count: null },
        errors: [
          { path: ["order", "shelves", 1], extensions: { code: "SUBGRAPH_UNREACHABLE", member: "S1" } },
        ],
      },
    ],
    completed: [{ id: "0" }, { id: "1" }],
  });
  await shop.close();
  await orders.close();
  await north.close();
});

test("calls are told as far as they have gone, and all of them at last", async () => {
  gates.shut("stock");
  const { next } = await open("{ order { id ... @defer { count } } }", CURRENT, {}, { "x-trace-calls": "1" });
  const { extensions } = (await next()) as { extensions: { calls: Record<string, unknown>[] } };
  expect(extensions.calls).toMatchObject([{ service: "orders", status: 200 }, { service: "stock" }]);
  expect(extensions.calls[1]).not.toHaveProperty("duration");
  gates.open("stock");
  expect(await next()).toMatchObject({
    extensions: { calls: [{ service: "orders" }, { service: "stock", entities: 1, status: 200 }] },
    hasNext: false,
  });
});

test("the stock engine refuses it", async () => {
  const sdl = composeAt({ name: "defer", subgraphs: SDL }, (name) => servers.get(name)?.url ?? "");
  const stock = await startGateway(sdl, [], { engine: "apollo" });
  const { status, errors } = await stock.ask("{ order { ... @defer { title } } }", {}, { accept: CURRENT });
  await stock.close();
  expect([status, errors]).toMatchObject([
    400,
    [{ message: 'Unknown directive "@defer".', extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }],
  ]);
});

test("introspection shows the directive", async () => {
  const { data } = await gateway.ask(
    "{ __schema { directives { name locations args { name type { kind } } } } }",
  );
  const { directives } = (data?.["__schema"] as { directives: { name: string }[] } | undefined) ?? {};
  expect(directives?.find(({ name }) => name === "defer")).toEqual({
    name: "defer",
    locations: expect.arrayContaining(["FRAGMENT_SPREAD", "INLINE_FRAGMENT"]),
    args: expect.arrayContaining([
      { name: "label", type: { kind: "SCALAR" } },
      { name: "if", type: { kind: "NON_NULL" } },
    ]),
  });
});
