import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import { recordCalls } from "../../../gateway/transport/calls.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { routeSubgraphs } from "../../../gateway/transport/route.ts";
import type { Transport } from "../../../gateway/transport/transport.ts";
import { deadUrl, startRaw, type TestServer } from "../servers.ts";
import { composeShop, startStock } from "../shop.ts";
import { directoryOf, newContext, request } from "./asking.ts";

let http: HttpTransport;
let ask: Transport;
let own: TestServer;
let north: TestServer;
let south: TestServer;
let transport: Transport;

beforeAll(async () => {
  http = createHttpTransport({ deadline: 2000, maxResponseSize: 100_000, shareQueries: false });
  ask = recordCalls(http.ask);
  own = await startStock({}, ["N1", "S1"]);
  north = await startStock({ "N1/a": 1, "01.N/a": 1 });
  south = await startStock({ "S1/a": 2 });
  transport = route(own.url, [
    { key: "N1", aliases: ["01.N"], url: north.url, subgraphs: ["stock"] },
    { key: "S1", url: south.url, subgraphs: ["stock"] },
    { key: "W1", url: await deadUrl(), subgraphs: ["notes"] },
    { key: "D1", url: await deadUrl(), subgraphs: ["stock"] },
  ]);
});
afterAll(async () => {
  await http.close();
  for (const server of [own, north, south]) await server.close();
});
beforeEach(() => {
  for (const server of [own, north, south]) server.asked.length = 0;
});

function route(ownUrl: string, members: readonly object[]): Transport {
  const supergraph = readSupergraph(composeShop({ orders: own.url, notes: own.url }), "supergraph.graphql");
  return routeSubgraphs(ask, supergraph, directoryOf(members), new Map([["stock", ownUrl]]));
}

const askRoot = (query: string, variables: Record<string, unknown> = {}, context = newContext()) =>
  transport(request({ query, variables, context }));

describe("a root field goes to the member its argument names", () => {
  test.each([
    ["a literal", '{ shelf(store: "N1", code: "a") { count } }', {}],
    ["a variable", 'query ($s: ID!) { shelf(store: $s, code: "a") { count } }', { s: "N1" }],
    ["a variable's default", 'query ($s: ID! = "N1") { shelf(store: $s, code: "a") { count } }', {}],
    ["another spelling", '{ shelf(store: "01.N", code: "a") { count } }', {}],
    [
      "another spelling in a variable",
      'query ($s: ID!) { shelf(store: $s, code: "a") { count } }',
      { s: "01.N" },
    ],
  ])("by %s", async (_name, query, variables) => {
    expect(await askRoot(query, variables)).toEqual({
      data: { shelf: { count: 1 } },
      plain: true,
      errors: undefined,
    });
    expect(north.asked).toHaveLength(1);
    expect([...south.asked, ...own.asked]).toEqual([]);
  });

  test("by the argument's default in the schema", async () => {
    const { data } = await askRoot("{ nearest { store } }");
    expect(data).toEqual({ nearest: { store: "N1" } });
  });

  test("without @partition: to the subgraph's own server", async () => {
    expect((await askRoot("{ stores }")).data).toEqual({ stores: ["N1", "S1"] });
    expect([...north.asked, ...south.asked]).toEqual([]);
  });
});

describe("several root fields", () => {
  const query = `query Both($n: ID!, $s: ID!, $code: ID!, $other: Boolean!) {
    __typename
    north: shelf(store: $n, code: "a") { ...Parts }
    south: shelf(store: $s, code: $code) { ...Parts code @include(if: $other) }
    again: shelf(store: $n, code: "b") { code }
    stores
  }
  fragment Parts on Shelf { store count }`;

  test("one document for each server, with only the variables and fragments it uses", async () => {
    const context = newContext();
    const { data, errors } = await askRoot(query, { n: "N1", s: "S1", code: "a", other: true }, context);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      __typename: "Query",
      north: { store: "N1", count: 1 },
      south: { store: "S1", count: 2, code: "a" },
      again: null,
      stores: ["N1", "S1"],
    });
    expect(context.calls.map(({ member }) => member)).toEqual(["N1", "S1", undefined]);
    expect(north.asked.map(({ variables }) => variables)).toEqual([{ n: "N1" }]);
    expect(south.asked.map(({ variables }) => variables)).toEqual([{ s: "S1", code: "a", other: true }]);
    expect(own.asked.map(({ query: asked }) => asked)).toEqual(["query Both {\n  stores\n}"]);
  });

  test("a member that is down costs its own fields", async () => {
    const { data, errors } = await askRoot(query, { n: "D1", s: "S1", code: "a", other: false });
    expect(data).toMatchObject({ north: null, again: null, south: { count: 2 }, stores: ["N1", "S1"] });
    expect(errors).toMatchObject([
      { path: ["north"], extensions: { code: "SUBGRAPH_UNREACHABLE", service: "stock", member: "D1" } },
    ]);
  });

  test("an unknown key is an error on its field alone, and nobody is asked for it", async () => {
    const { data, errors } = await askRoot(query, { n: "Z9", s: "S1", code: "a", other: false });
    expect(data).toMatchObject({ north: null, again: null, south: { count: 2 } });
    expect(errors?.map(({ path, extensions }) => [path, extensions["code"], extensions["member"]])).toEqual([
      [["north"], "PARTITION_MEMBER_UNKNOWN", "Z9"],
      [["again"], "PARTITION_MEMBER_UNKNOWN", "Z9"],
    ]);
    expect(north.asked).toEqual([]);
  });

  test("a member that does not serve the subgraph has nothing to add to a query", async () => {
    const { data, errors } = await askRoot('{ shelf(store: "W1", code: "a") { count } }');
    expect({ data, errors }).toEqual({ data: { shelf: null }, errors: undefined });
  });
});

describe("@skip and @include", () => {
  test("a field left out is not asked for, whatever its key", async () => {
    const query = `query ($yes: Boolean!, $no: Boolean! = false) {
      a: shelf(store: "Z9", code: "a") @skip(if: $yes) { count }
      ... @include(if: $no) { b: shelf(store: "Z8", code: "a") { count } }
      ... @include(if: $yes) { ...Rest }
    }
    fragment Rest on Query { c: shelf(store: "N1", code: "a") { count } d: shelf(store: "S1", code: "a") { count } }`;
    const { data, errors } = await askRoot(query, { yes: true });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ c: { count: 1 }, d: { count: 2 } });
    expect([north.asked.length, south.asked.length]).toEqual([1, 1]);
  });
});

test("response keys that look like parts of an object are only keys", async () => {
  const { data } = await askRoot(
    '{ __proto__: shelf(store: "N1", code: "a") { count } constructor: shelf(store: "S1", code: "a") { count } }',
  );
  expect(Object.entries(data ?? {})).toEqual([
    ["__proto__", { count: 1 }],
    ["constructor", { count: 2 }],
  ]);
});

const fieldsOf = ({ query }: { query: string }) =>
  [...query.matchAll(/([abcd]): fill/g)].map(([, key]) => key);

describe("mutations", () => {
  test("one after another in the order written, every field asked for once", async () => {
    const order: string[] = [];
    const recording = (name: string) =>
      startRaw((_query, reply) => {
        order.push(`${name} asked`);
        setTimeout(() => {
          order.push(`${name} answers`);
          reply.end(JSON.stringify({ data: { a: null, b: null, c: null, d: null } }));
        }, 20);
      });
    const [one, two] = [await recording("one"), await recording("two")];
    const context = newContext();
    await route(own.url, [
      { key: "N1", url: one.url, subgraphs: ["stock"] },
      { key: "S1", url: two.url, subgraphs: ["stock"] },
    ])(
      request({
        context,
        query: `mutation {
          a: fill(store: "N1", code: "a", count: 1) { count }
          b: fill(store: "N1", code: "b", count: 2) { count }
          c: fill(store: "S1", code: "c", count: 3) { count }
          d: fill(store: "N1", code: "d", count: 4) { count }
        }`,
      }),
    );
    await one.close();
    await two.close();
    expect(order).toEqual([
      "one asked",
      "one answers",
      "two asked",
      "two answers",
      "one asked",
      "one answers",
    ]);
    expect(one.asked.map(fieldsOf)).toEqual([["a", "b"], ["d"]]);
    expect(two.asked.map(fieldsOf)).toEqual([["c"]]);
  });

  test("is never asked twice, not even when the connection breaks", async () => {
    const breaking = await startRaw((query) => query.socket.destroy());
    const { errors } = await route(own.url, [{ key: "N1", url: breaking.url, subgraphs: ["stock"] }])(
      request({ query: 'mutation { fill(store: "N1", code: "a", count: 1) { count } }' }),
    );
    await breaking.close();
    expect(breaking.asked).toHaveLength(1);
    expect(errors).toMatchObject([{ path: ["fill"], extensions: { code: "SUBGRAPH_UNREACHABLE" } }]);
  });

  test("at a member that does not serve the subgraph is an error: nothing was done", async () => {
    const { data, errors } = await askRoot('mutation { fill(store: "W1", code: "a", count: 1) { count } }');
    expect(data).toEqual({ fill: null });
    expect(errors).toMatchObject([{ extensions: { code: "PARTITION_MEMBER_UNKNOWN", member: "W1" } }]);
  });
});
