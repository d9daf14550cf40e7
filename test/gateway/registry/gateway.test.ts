import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../process/ports.ts";
import { startProgram } from "../../setup/program.ts";
import { subscribeBy } from "../clients.ts";
import { startFeed } from "../feeds.ts";
import { ask, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { SDL, startNotes, startOrders, startStock } from "../shop.ts";
import { OPERATOR_KEY, type RunningRegistry, small, startRegistry } from "./running.ts";

let registry: RunningRegistry;
let orders: TestServer;
let north: TestServer;
let south: TestServer;
let notes: TestServer;
let key: string;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "registry-"));
  registry = await startRegistry();
  orders = await startOrders([
    { store: "N1", code: "a" },
    { store: "S1", code: "b" },
  ]);
  north = await startStock({ "N1/a": 5 });
  south = await startStock({ "S1/b": 7 });
  notes = await startNotes();
  ({ key } = await registry.operator.issueKey({ owner: "gateway-1", role: "gateway" }));
  await registry.operator.publish({
    subgraphs: [
      { name: "orders", url: orders.url, sdl: SDL.orders },
      { name: "stock", sdl: SDL.stock },
      { name: "notes", url: notes.url, sdl: SDL.notes },
    ],
  });
  await registry.operator.addMember({ member: { key: "N1", url: north.url, subgraphs: ["stock"] } });
});
afterAll(async () => {
  for (const server of [registry, orders, north, south, notes]) await server.close();
  await rm(directory, { recursive: true });
});

const follow = (settings: Parameters<typeof startGateway>[2] = {}, cacheFile?: string) =>
  startGateway("", [], {
    supergraph: undefined,
    registry: { url: registry.url, key, cacheFile },
    ...settings,
  });
type Gateway = Awaited<ReturnType<typeof follow>>;

const COUNTS = "{ order(id: 1) { shelves { store count } } }";
const counts = async (gateway: Gateway) => {
  const { data } = await gateway.ask(COUNTS);
  const order = data?.["order"] as { shelves: { count: number | null }[] } | undefined;
  return order?.shelves.map(({ count }) => count);
};
const named = (alias: string) =>
  `query Named($id: ID!) { ${alias}: order(id: $id) { id shelves { count } } shelf(store: "SECRET1", code: "b") { code } }`;
const knows = async (gateway: Gateway, field: string) => (await gateway.ask(`{ ${field} }`)).status !== 400;

describe("a gateway that follows a registry", () => {
  test("serves its graph and members, and what changes of them, without dropping a request", async () => {
    const gateway = await follow();
    expect(await counts(gateway)).toEqual([5, null]);
    const statuses: number[] = [];
    const load = { on: true };
    const clients = Array.from({ length: 4 }, async () => {
      while (load.on) statuses.push((await gateway.ask("{ order(id: 1) { id title } }")).status);
    });
    await registry.operator.publish({ subgraphs: [small("joined")] });
    await expect.poll(() => knows(gateway, "joined")).toBe(true);
    const owner = await registry.as("S1");
    await owner.addMember({ member: { key: "S1", url: south.url, subgraphs: ["stock"] } });
    await expect.poll(() => counts(gateway)).toEqual([5, 7]);
    await owner.suspendMember("S1");
    await expect.poll(() => counts(gateway)).toEqual([5, null]);
    await owner.resumeMember("S1");
    await expect.poll(() => counts(gateway)).toEqual([5, 7]);
    const { id } = await registry.operator.composition("latest");
    await registry.operator.rollBack(id - 3);
    await expect.poll(() => counts(gateway)).toEqual([5, null]);
    load.on = false;
    await Promise.all(clients);
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await gateway.close();
  });

  test("a member counts from the instant that it is valid from", async () => {
    const gateway = await follow();
    const validFrom = new Date(Date.now() + 1_500).toISOString();
    await registry.operator.addMember({
      member: { key: "S1", url: south.url, subgraphs: ["stock"] },
      validFrom,
    });
    await expect.poll(() => counts(gateway)).toEqual([5, 7]);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(validFrom));
    await gateway.close();
  });

  test("keeps the last good graph while the registry is away, and follows it again afterwards", async () => {
    const port = await freePort();
    const own = await startRegistry(undefined, port);
    const { key: ownKey } = await own.operator.issueKey({ owner: "g", role: "gateway" });
    await own.operator.publish({ subgraphs: [{ name: "orders", url: orders.url, sdl: SDL.orders }] });
    const cacheFile = join(directory, "cache", "graph.json");
    const settings = { supergraph: undefined, registry: { url: own.url, key: ownKey, cacheFile } };
    const gateway = await startGateway("", [], settings);
    await expect
      .poll(() =>
        access(cacheFile).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await own.stop();
    await expect
      .poll(() => gateway.log.some(({ msg }) => String(msg).startsWith("the registry is away")))
      .toBe(true);
    expect((await gateway.ask("{ order(id: 1) { title } }")).data).toEqual({ order: { title: "First" } });

    const fromCache = await startGateway("", [], settings);
    expect(fromCache.log.map(({ msg }) => msg)).toContain("started from the cached graph");
    expect((await fromCache.ask("{ order(id: 1) { title } }")).data).toEqual({ order: { title: "First" } });

    const again = await startRegistry(own.databaseUrl, port);
    await again.operator.publish({ subgraphs: [small("late")] });
    for (const each of [gateway, fromCache]) await expect.poll(() => knows(each, "late")).toBe(true);
    await expect.poll(async () => (await readFile(cacheFile, "utf8")).includes("late")).toBe(true);
    await gateway.close();
    await fromCache.close();
    await own.database.close();
    await again.close();
  });

  test("a graph that the registry composed and this gateway cannot serve leaves the last good one", async () => {
    const gateway = await follow();
    await registry.operator.publish({ subgraphs: [{ ...small("nowhere"), url: "" }] });
    await expect
      .poll(() => gateway.log.map(({ msg }) => msg))
      .toContain("the registry's new graph is faulty, the last good one stays");
    expect((await counts(gateway))?.[0]).toBe(5);
    await registry.operator.retire("nowhere", true);
    await gateway.close();
  });
});

describe("the notifications of the database", () => {
  test("may be lost: the registry polls, and listens again", async () => {
    const gateway = await follow();
    const cut = () =>
      registry.database.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
      );
    await cut();
    await registry.operator.publish({ subgraphs: [small("afterloss")] });
    await expect.poll(() => knows(gateway, "afterloss")).toBe(true);
    await expect
      .poll(
        async () =>
          (
            await registry.database.query(
              "select from pg_stat_activity where query like 'listen%' and datname = current_database()",
            )
          ).length,
      )
      .toBe(1);
    await gateway.close();
  });
});

describe("usage", () => {
  test("tells which client ran what, and never a value", async () => {
    const gateway = await follow();
    const headers = { "apollographql-client-name": "portal", "apollographql-client-version": "2.1" };
    await gateway.ask(named("SECRET2"), { id: "SECRET3" }, headers);
    await gateway.ask(named("SECRET4"), { id: "SECRET5" }, headers);
    await gateway.ask("{ nothing }", {}, headers);
    await gateway.close();
    const { used } = await registry.operator.operations();
    const operation = used.find(({ name }) => name === "Named");
    expect(operation).toMatchObject({
      clients: [{ client: "portal", version: "2.1", requests: 2, lastSeen: expect.any(String) }],
      coordinates: expect.arrayContaining(["Order.shelves", "Query.order", "Query.order.id", "Shelf.count"]),
    });
    expect(operation?.document).toBe(`query Named($id: ID!) {
  order(id: $id) {
    id
    shelves {
      count
    }
  }
  shelf(store: "", code: "") {
    code
  }
}`);
    const everything = await registry.database.query(
      "select o::text as text, u::text as used from operation o join operation_usage u using (hash)",
    );
    expect(JSON.stringify(everything)).not.toContain("SECRET");
  });

  test("tells what subscribers ask while they still listen, over WebSocket and as events", async () => {
    const own = await startRegistry();
    const talk = await startFeed("type Query { hello: String } type Subscription { told: String }", ["told"]);
    const { key: ownKey } = await own.operator.issueKey({ owner: "g", role: "gateway" });
    await own.operator.publish({
      subgraphs: [
        {
          name: "talk",
          url: talk.url,
          sdl: "type Query { hello: String } type Subscription { told: String }",
        },
      ],
    });
    const gateway = await startGateway("", [], {
      supergraph: undefined,
      registry: { url: own.url, key: ownKey, cacheFile: undefined },
    });
    const heard = (["websocket", "sse"] as const).map((way) =>
      subscribeBy[way](gateway.url, "subscription Told { told }", {}, { "x-client-name": way }),
    );
    const clients = async () => {
      const { used } = await own.operator.operations();
      return used
        .flatMap(({ name, clients: users }) =>
          users.map(({ client, requests }) => `${name} ${client} ${requests}`),
        )
        .toSorted();
    };
    const told = ["Told sse 1", "Told websocket 1"];
    await expect.poll(clients).toEqual(told);
    expect(heard.map(({ end }) => end)).toEqual([undefined, undefined]);
    for (const { leave } of heard) leave();
    await gateway.close();
    // Counted once each: not again at their end.
    expect(await clients()).toEqual(told);
    await talk.close();
    await own.close();
  });

  test("is told by the stock engine too", async () => {
    const gateway = await follow({ engine: "apollo" });
    await gateway.ask("query Stock { order(id: 1) { title } }", {}, { "x-client-name": "reference" });
    await gateway.close();
    const { used } = await registry.operator.operations();
    expect(used.find(({ name }) => name === "Stock")).toMatchObject({
      clients: [{ client: "reference", requests: 1 }],
      coordinates: expect.arrayContaining(["Order.title", "Query.order"]),
    });
  });

  test("is counted on while the registry is away", async () => {
    const port = await freePort();
    const own = await startRegistry(undefined, port);
    const { key: ownKey } = await own.operator.issueKey({ owner: "g", role: "gateway" });
    await own.operator.publish({ subgraphs: [{ name: "orders", url: orders.url, sdl: SDL.orders }] });
    const gateway = await startGateway("", [], {
      supergraph: undefined,
      registry: { url: own.url, key: ownKey, cacheFile: undefined },
    });
    await own.stop();
    for (let round = 0; round < 5; round++) await gateway.ask("{ order(id: 1) { id } }");
    const again = await startRegistry(own.databaseUrl, port);
    await gateway.close();
    const { used } = await again.operator.operations();
    expect(used.map(({ clients }) => clients)).toMatchObject([[{ client: "unknown", requests: 5 }]]);
    await own.database.close();
    await again.close();
  });
});

describe("the program", () => {
  test("registry and gateway run under plain Node", async () => {
    const keyFile = join(directory, "operator.key");
    await writeFile(keyFile, `${OPERATOR_KEY}\n`);
    const gatewayKeyFile = join(directory, "gateway.key");
    await writeFile(gatewayKeyFile, `${key}\n`);
    const program = startProgram("gateway/registry/main.ts", [
      `--database-url=${registry.databaseUrl}`,
      `--operator-key-file=${keyFile}`,
      "--port=0",
    ]);
    const { port } = await program.ready();
    // A variant is served at /NAME/graphql, when nothing else is said.
    await registry.operator.setVariant("shown", { exclude: ["hidden"] });
    const gateway = startProgram("gateway/main.ts", [
      `--registry=http://127.0.0.1:${port}`,
      `--registry-key-file=${gatewayKeyFile}`,
      "--variant=shown",
      "--port=0",
    ]);
    const origin = `http://127.0.0.1:${(await gateway.ready()).port}`;
    for (const path of ["/graphql", "/shown/graphql"]) {
      const { data } = await ask(origin + path, "{ order(id: 1) { title } }");
      expect(data).toEqual({ order: { title: "First" } });
    }
    const history = await fetch(`${origin}/agencies/history.json`);
    const { entries } = (await history.json()) as { entries: object[] };
    expect(entries[0]).toMatchObject({ action: "variant", subject: "shown" });
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
    program.child.kill("SIGTERM");
    expect(await program.ended()).toBe(0);
  });

  test.each([
    [
      ["--registry=http://127.0.0.1:9", "--supergraph=x"],
      ["not beside it", "needs --registry-key-file"],
    ],
    [["--supergraph=x", "--variant=a=/a"], ["--variant: needs --registry"]],
    [
      ["--registry=http://x", "--variant=a=/agencies", "--registry-key-file=x"],
      ["--overview-path: is the path of a variant"],
    ],
  ])("%s is refused", async (flags, lines) => {
    const program = startProgram("gateway/main.ts", [...flags, "--port=0"]);
    expect(await program.ended()).toBe(1);
    for (const line of lines) expect(program.output.err).toContain(line);
  });
});
