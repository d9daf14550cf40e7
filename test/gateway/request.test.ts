import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deadUrl, startRaw, type TestServer } from "./servers.ts";
import { composeShop, startNotes, startOrders, startStock } from "./shop.ts";
import { startGateway, type RunningGateway } from "./running.ts";

const QUERY = "query Shelves { order(id: 1) { id shelves { store code count note } } }";

describe.each(["native", "apollo"] as const)("engine %s", (engine) => {
  let gateway: RunningGateway;
  let orders: TestServer;
  let north: TestServer;
  let notes: TestServer;
  let slow: TestServer;
  const servers: TestServer[] = [];

  beforeAll(async () => {
    orders = await startOrders([
      { store: "N1", code: "a" },
      { store: "D1", code: "a" },
      { store: "01.N", code: "b" },
      { store: "S1", code: "a" },
      { store: "D1", code: "b" },
    ]);
    north = await startStock({ "N1/a": 1, "01.N/b": 2 });
    notes = await startNotes();
    slow = await startRaw(() => {});
    servers.push(orders, north, notes, slow);
    const stores = ["stock", "notes"];
    gateway = await startGateway(
      composeShop({ orders: orders.url, notes: notes.url }),
      [
        { key: "N1", aliases: ["01.N"], url: north.url, subgraphs: ["stock"] },
        { key: "D1", name: "Down", url: await deadUrl(), subgraphs: stores },
        { key: "S1", url: slow.url, subgraphs: ["stock"] },
      ],
      { engine, subgraphDeadline: 1_000 },
    );
  });
  afterAll(async () => {
    await gateway.close();
    for (const server of servers) await server.close();
  });
  beforeEach(() => {
    for (const server of servers) server.asked.length = 0;
    gateway.log.length = 0;
  });

  describe("a partial answer", () => {
    test("status 200, all other data, and one error for each member that did not answer", async () => {
      const { status, data, errors } = await gateway.ask(QUERY);
      expect(status).toBe(200);
      expect(data).toEqual({
        order: {
          id: "1",
          shelves: [
            { store: "N1", code: "a", count: 1, note: null },
            { store: "D1", code: "a", count: null, note: null },
            { store: "01.N", code: "b", count: 2, note: null },
            { store: "S1", code: "a", count: null, note: null },
            { store: "D1", code: "b", count: null, note: null },
          ],
        },
      });
      expect(errors).toHaveLength(2);
      expect(errors).toContainEqual({
        message: expect.stringMatching(/^Member D1 \(Down\) of service "(stock|notes)" cannot be reached\.$/),
        path: ["order", "shelves", 1],
        extensions: {
          code: "SUBGRAPH_UNREACHABLE",
          service: expect.stringMatching(/stock|notes/),
          member: "D1",
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        },
      });
      expect(errors).toContainEqual({
        message: 'Member S1 of service "stock" did not answer within 1000 ms.',
        path: ["order", "shelves", 3],
        extensions: {
          code: "SUBGRAPH_TIMEOUT",
          service: "stock",
          member: "S1",
          since: expect.any(String),
        },
      });
    });

    test("in Vietnamese for a reader of Vietnamese", async () => {
      const { errors } = await gateway.ask(QUERY, {}, { "accept-language": "vi-VN,vi;q=0.9,en;q=0.8" });
      expect(errors.map(({ message }) => message)).toContain(
        'Thành viên S1 của dịch vụ "stock" không trả lời trong 1000 ms.',
      );
    });

    test("an unordinary end of an ordinary subgraph costs its fields only", async () => {
      const other = await startGateway(
        composeShop({ orders: orders.url, notes: await deadUrl(), stock: north.url }),
      );
      const { status, data, errors } = await other.ask(QUERY);
      await other.close();
      expect(status).toBe(200);
      expect(data).toMatchObject({
        order: { shelves: [{ count: 1, note: null }, {}, { count: 2 }, {}, {}] },
      });
      expect(errors).toMatchObject([
        { path: ["order", "shelves", 0], extensions: { code: "SUBGRAPH_UNREACHABLE", service: "notes" } },
      ]);
      expect(errors[0]?.extensions).not.toHaveProperty("member");
    });

    test("nobody at all: still an answer", async () => {
      const other = await startGateway(
        composeShop({ orders: await deadUrl(), notes: await deadUrl(), stock: await deadUrl() }),
      );
      const { status, data, errors } = await other.ask(QUERY);
      await other.close();
      expect({ status, data }).toEqual({ status: 200, data: { order: null } });
      expect(errors).toMatchObject([{ extensions: { code: "SUBGRAPH_UNREACHABLE", service: "orders" } }]);
    });
  });

  describe("errors of subgraphs", () => {
    test("pass with their own code, message and path, and the service they came from", async () => {
      const { status, data, errors } = await gateway.ask("{ fails order(id: 1) { id } }");
      expect({ status, data }).toEqual({ status: 200, data: { fails: null, order: { id: "1" } } });
      expect(errors).toEqual([
        {
          message: "no such thing",
          path: ["fails"],
          extensions: { code: "NO_SUCH_THING", service: "orders", tip: 1 },
        },
      ]);
    });
  });

  describe("a key that names no member", () => {
    test("one error, though several subgraphs were to be asked", async () => {
      const strangers = await startOrders([
        { store: "N1", code: "a" },
        { store: "N9", code: "a" },
        { store: "N9", code: "b" },
      ]);
      const other = await startGateway(composeShop({ orders: strangers.url, notes: notes.url }), [
        { key: "N1", url: north.url, subgraphs: ["stock", "notes"] },
      ]);
      const { data, errors } = await other.ask("{ order(id: 1) { shelves { store count note } } }");
      await other.close();
      await strangers.close();
      expect(data).toMatchObject({ order: { shelves: [{ count: 1 }, { count: null }, { count: null }] } });
      const unknown = errors.filter(({ extensions }) => extensions["code"] === "PARTITION_MEMBER_UNKNOWN");
      expect(unknown).toHaveLength(1);
      expect(unknown[0]).toMatchObject({ path: ["order", "shelves", 1], extensions: { member: "N9" } });
      expect(unknown[0]?.message).toMatch(/has no member "N9"\. Allowed: N1\.$/);
    });
  });

  describe("the trace of calls", () => {
    test("is given to who asks for it, in the order asked, without addresses", async () => {
      const { extensions } = await gateway.ask(QUERY, {}, { "x-trace-calls": "1" });
      const calls = extensions?.["calls"] as Record<string, unknown>[];
      expect(calls[0]).toEqual({
        service: "orders",
        startedAt: expect.any(Number),
        duration: expect.any(Number),
        status: 200,
      });
      expect(calls.slice(1)).toContainEqual({
        service: "stock",
        member: "N1",
        entities: 2,
        startedAt: expect.any(Number),
        duration: expect.any(Number),
        status: 200,
      });
      expect(calls.slice(1)).toContainEqual({
        service: "notes",
        member: "D1",
        memberName: "Down",
        entities: 2,
        code: "SUBGRAPH_UNREACHABLE",
        startedAt: expect.any(Number),
        duration: expect.any(Number),
      });
      const starts = calls.map(({ startedAt }) => startedAt as number);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(JSON.stringify(extensions)).not.toContain("127.0.0.1");
    });

    test("is not given otherwise", async () => {
      expect((await gateway.ask("{ order(id: 1) { id } }")).extensions).toBeUndefined();
    });
  });

  describe("requests that are refused", () => {
    test.each([
      ["bad syntax", "{", {}, "GRAPHQL_PARSE_FAILED"],
      ["an unknown field", "{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"],
      ["a missing variable", "query ($id: ID!) { order(id: $id) { id } }", {}, "BAD_USER_INPUT"],
    ])("%s: status 400, nobody asked", async (_name, query, variables, code) => {
      const { status, errors } = await gateway.ask(query, variables);
      expect(status).toBe(400);
      expect(errors.map(({ extensions }) => extensions["code"])).toEqual([code]);
      expect(servers.flatMap(({ asked }) => asked)).toEqual([]);
    });

    test("an operation of a name the document does not have", async () => {
      const response = await fetch(gateway.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: "query A { order(id: 1) { id } }", operationName: "B" }),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: "OPERATION_RESOLUTION_FAILURE" } }],
      });
      expect(orders.asked).toEqual([]);
    });
  });

  test("introspection is answered, and shows nothing of the federation", async () => {
    const { data } = await gateway.ask("{ __schema { types { name } directives { name } } __typename }");
    const schema = data?.["__schema"] as { types: { name: string }[] } | undefined;
    const names = schema?.types.map(({ name }) => name);
    expect(names).toContain("Shelf");
    expect(names?.filter((name) => name.startsWith("join__") || name === "_Entity")).toEqual([]);
    expect(data?.["__typename"]).toBe("Query");
  });

  test("a subgraph is asked with only the headers that go along", async () => {
    await gateway.ask(
      "query Named { order(id: 1) { id } }",
      {},
      { authorization: "Bearer t", cookie: "c=1" },
    );
    expect(orders.asked[0]?.headers).toMatchObject({ authorization: "Bearer t" });
    expect(orders.asked[0]?.headers.cookie).toBeUndefined();
  });
});
