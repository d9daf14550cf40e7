import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routeSubgraphs } from "../../../gateway/transport/route.ts";
import { recordCalls } from "../../../gateway/transport/calls.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { checkEntities } from "../../../gateway/transport/response.ts";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import type { Transport } from "../../../gateway/transport/transport.ts";
import { deadUrl, startRaw, type TestServer } from "../servers.ts";
import { composeShop, startStock } from "../shop.ts";
import { directoryOf, newContext, request } from "./asking.ts";

const QUERY =
  "query Shelves__stock__0($representations: [_Any!]!) { _entities(representations: $representations) { ... on Shelf { store code count } } }";
const NOWHERE = "http://127.0.0.1:1/";
const STORES = ["N1", "S1", "W1"] as const;
const CODES = ["a", "b", "c", "d"] as const;

let http: HttpTransport;
let ask: Transport;
const servers: TestServer[] = [];
const byStore = new Map<string, TestServer>();
let whole: TestServer;
let partitioned: Transport;

const counts = (stores: readonly string[]) =>
  Object.fromEntries(
    stores.flatMap((store) => CODES.slice(0, 3).map((code, place) => [`${store}/${code}`, place + 1])),
  );
const shelf = (store: string, code: string) => ({ __typename: "Shelf", store, code });

function route(members: readonly object[], urls: Record<string, string> = {}): Transport {
  const supergraph = readSupergraph(composeShop({ orders: NOWHERE, notes: NOWHERE }), "supergraph.graphql");
  return routeSubgraphs(ask, supergraph, directoryOf(members), new Map(Object.entries(urls)));
}

function askShelves(transport: Transport, representations: readonly object[], context = newContext()) {
  return transport(request({ query: QUERY, variables: { representations }, context }));
}

beforeAll(async () => {
  http = createHttpTransport({ deadline: 2000, maxResponseSize: 100_000, shareQueries: false });
  ask = recordCalls(checkEntities(http.ask));
  for (const store of STORES) byStore.set(store, await startStock(counts([store])));
  whole = await startStock(counts(STORES));
  servers.push(...byStore.values(), whole);
  partitioned = route(
    STORES.map((key) => ({ key, url: byStore.get(key)?.url, subgraphs: ["stock", "notes"] })),
  );
});
afterAll(async () => {
  await http.close();
  for (const server of servers) await server.close();
});

test("splitting and merging equals asking one member that holds every row", async () => {
  const key = fc.record({
    store: fc.constantFrom(...STORES, "X9", "constructor", "__proto__"),
    code: fc.constantFrom(...CODES),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 30 }), async (keys) => {
      const representations = keys.map(({ store, code }) => shelf(store, code));
      const split = await askShelves(partitioned, representations);
      const together = await ask(request({ query: QUERY, variables: { representations }, url: whole.url }));
      expect(split.data).toEqual(together.data);
      const unknown = keys.flatMap(({ store }, index) =>
        STORES.some((known) => known === store) ? [] : [["_entities", index]],
      );
      expect((split.errors ?? []).map(({ path }) => path)).toEqual(unknown);
    }),
    { numRuns: 60 },
  );
});

test("each member is asked once, at the same time, and only for its own", async () => {
  for (const server of servers) server.asked.length = 0;
  const context = newContext();
  await askShelves(
    partitioned,
    [shelf("N1", "a"), shelf("S1", "a"), shelf("N1", "b"), shelf("N1", "a")],
    context,
  );
  expect(byStore.get("N1")?.asked.map(({ variables }) => variables)).toEqual([
    { representations: [shelf("N1", "a"), shelf("N1", "b"), shelf("N1", "a")] },
  ]);
  expect(byStore.get("S1")?.asked).toHaveLength(1);
  expect(byStore.get("W1")?.asked).toEqual([]);
  expect(context.calls).toMatchObject([
    { service: "stock", member: "N1", entities: 3, status: 200 },
    { service: "stock", member: "S1", entities: 1, status: 200 },
  ]);
});

test("of 200 members, two concerned are asked", async () => {
  const urls = [byStore.get("N1")?.url, byStore.get("S1")?.url];
  const stock = await startStock({ "M7/a": 7, "M193/a": 193 });
  const nobody = await deadUrl();
  const members = Array.from({ length: 200 }, (_, place) => ({
    key: `M${place}`,
    url: place === 7 || place === 193 ? stock.url : nobody,
    subgraphs: ["stock"],
  }));
  const context = newContext();
  const { data, errors } = await askShelves(route(members), [shelf("M193", "a"), shelf("M7", "a")], context);
  await stock.close();
  expect(urls).toHaveLength(2);
  expect(data?.["_entities"]).toMatchObject([{ count: 193 }, { count: 7 }]);
  expect(errors).toBeUndefined();
  expect(context.calls.map(({ member }) => member)).toEqual(["M193", "M7"]);
});

describe("keys", () => {
  test("every spelling names the same member", async () => {
    const url = byStore.get("N1")?.url;
    const transport = route([{ key: "N1", aliases: ["01.N", "north"], url, subgraphs: ["stock"] }]);
    const context = newContext();
    const { errors } = await askShelves(
      transport,
      ["N1", "01.N", "north"].map((store) => shelf(store, "a")),
      context,
    );
    expect(errors).toBeUndefined();
    expect(context.calls).toMatchObject([{ member: "N1", entities: 3 }]);
  });

  test("an unknown one is an error on that entity alone, with what is allowed", async () => {
    const { data, errors } = await askShelves(partitioned, [shelf("N1", "a"), shelf("N2", "a")]);
    expect(data?.["_entities"]).toMatchObject([{ count: 1 }, null]);
    expect(errors).toEqual([
      {
        message: 'Service "stock" has no member "N2". Allowed: N1, S1, W1.',
        path: ["_entities", 1],
        extensions: { code: "PARTITION_MEMBER_UNKNOWN", service: "stock", member: "N2" },
      },
    ]);
  });

  test("of many members the closest are offered", async () => {
    const members = Array.from({ length: 50 }, (_, place) => ({
      key: `H56.${place + 10}`,
      url: "http://127.0.0.1:1/",
      subgraphs: ["stock"],
    }));
    const { errors } = await askShelves(route(members), [shelf("H56.1", "a")]);
    expect(errors?.[0]?.message).toMatch(/Allowed: H56\.10, H56\.11, /);
    expect(errors?.[0]?.message.length).toBeLessThan(120);
  });

  test.each([[undefined], [null], [{}], [["N1"]], [true]])("%j is no key", async (store) => {
    const { data, errors } = await askShelves(partitioned, [{ __typename: "Shelf", code: "a", store }]);
    expect(data).toEqual({ _entities: [null] });
    expect(errors).toMatchObject([{ extensions: { code: "PARTITION_MEMBER_UNKNOWN" } }]);
    expect(errors?.[0]?.message).toMatch(/is missing/);
  });

  test("a known member that does not serve the subgraph has nothing to add, and nobody is asked", async () => {
    const transport = route([
      { key: "N1", url: byStore.get("N1")?.url, subgraphs: ["stock"] },
      { key: "S1", url: byStore.get("S1")?.url, subgraphs: ["notes"] },
    ]);
    const context = newContext();
    const response = await askShelves(transport, [shelf("S1", "a")], context);
    expect(response).toEqual({ data: { _entities: [null] }, plain: true, errors: undefined });
    expect(context.calls).toEqual([]);
  });
});

describe("a member that fails costs its own entities", () => {
  const hostile: [string, string, Parameters<typeof startRaw>[0]][] = [
    ["breaks off", "SUBGRAPH_UNREACHABLE", (query) => query.socket.destroy()],
    ["answers HTML", "SUBGRAPH_MALFORMED_RESPONSE", (_query, reply) => reply.end("<html>")],
    [
      "answers too few",
      "SUBGRAPH_MALFORMED_RESPONSE",
      (_query, reply) => reply.end(JSON.stringify({ data: { _entities: [] } })),
    ],
    ["answers too much", "SUBGRAPH_RESPONSE_TOO_LARGE", (_query, reply) => reply.end("x".repeat(200_000))],
    ["says nothing", "SUBGRAPH_TIMEOUT", () => {}],
  ];
  test.each(hostile)("one that %s: %s", async (_name, code, listener) => {
    const bad = await startRaw(listener);
    const transport = route([
      { key: "N1", name: "North", url: bad.url, subgraphs: ["stock"] },
      { key: "S1", url: byStore.get("S1")?.url, subgraphs: ["stock"] },
    ]);
    const { data, errors } = await askShelves(transport, [
      shelf("S1", "a"),
      shelf("N1", "a"),
      shelf("S1", "b"),
      shelf("N1", "b"),
    ]);
    await bad.close();
    expect(data?.["_entities"]).toMatchObject([{ count: 1 }, null, { count: 2 }, null]);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ["_entities", 1],
      extensions: { code, service: "stock", member: "N1" },
    });
    expect(errors?.[0]?.message).toMatch(/^Member N1 \(North\) of service "stock"/);
    expect(errors?.[0]?.message).not.toMatch(/127\.0\.0\.1|http:/);
  });
});

test("errors of a member's own keep their message, at the entity's place in the whole", async () => {
  const query = QUERY.replace("count", "count refused");
  const { data, errors } = await partitioned(
    request({
      query,
      variables: {
        representations: [shelf("S1", "a"), shelf("N1", "a"), shelf("S1", "d"), shelf("N1", "b")],
      },
    }),
  );
  expect(data?.["_entities"]).toMatchObject([{ count: 1 }, { count: 1 }, null, { count: 2 }]);
  expect(errors).toEqual([
    {
      message: "a is refused",
      path: ["_entities", 0, "refused"],
      extensions: { code: "SUBGRAPH_ERROR", service: "stock", member: "S1" },
    },
    {
      message: "a is refused",
      path: ["_entities", 1, "refused"],
      extensions: { code: "SUBGRAPH_ERROR", service: "stock", member: "N1" },
    },
    {
      message: "b is refused",
      path: ["_entities", 3, "refused"],
      extensions: { code: "SUBGRAPH_ERROR", service: "stock", member: "N1" },
    },
  ]);
});

test("paths that lead nowhere are dropped", async () => {
  const errors = [["_entities", 9], ["_entities"], ["other", 0], undefined].map((path) => ({
    message: "x",
    path,
  }));
  const odd = await startRaw((_query, reply) =>
    reply.end(JSON.stringify({ data: { _entities: [null] }, errors })),
  );
  const response = await askShelves(route([{ key: "N1", url: odd.url, subgraphs: ["stock"] }]), [
    shelf("N1", "a"),
  ]);
  await odd.close();
  expect(response.errors?.map(({ path }) => path)).toEqual([undefined, undefined, undefined, undefined]);
});
