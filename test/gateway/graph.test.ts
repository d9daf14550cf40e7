import { rename, unlink, writeFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { deadUrl, startRaw, type TestServer } from "./servers.ts";
import { composeShop, SDL, startNotes, startOrders, startStock } from "./shop.ts";
import { startGateway, type RunningGateway } from "./running.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});
function ending<T extends { close(): Promise<void> }>(resource: T): T {
  ended.push(() => resource.close());
  return resource;
}

const EXTRA = "extend type Query { added: String }";
const withAdded = (urls: Parameters<typeof composeShop>[0]) =>
  composeShop(urls, { orders: `${SDL.orders} ${EXTRA}` });
const knows = async (gateway: RunningGateway, field: string) =>
  (await gateway.ask(`{ ${field} }`)).status !== 400;

async function start(orders: TestServer, members?: readonly object[]) {
  const urls = { orders: orders.url, notes: orders.url, stock: orders.url };
  return { urls, gateway: ending(await startGateway(composeShop(urls), members)) };
}

test("a new supergraph is served without a restart, and not one request is dropped", async () => {
  const orders = ending(await startOrders([]));
  const { urls, gateway } = await start(orders);
  const outcomes: number[] = [];
  const load = { on: true };
  const clients = Array.from({ length: 4 }, async () => {
    while (load.on) {
      const { status, data } = await gateway.ask("{ order(id: 1) { id title } }");
      outcomes.push(data?.["order"] ? status : 0);
    }
  });
  for (let round = 0; round < 3; round++) {
    const before = round % 2 === 0;
    await writeFile(gateway.supergraphFile, before ? withAdded(urls) : composeShop(urls));
    await expect.poll(() => knows(gateway, "added")).toBe(before);
  }
  load.on = false;
  await Promise.all(clients);
  expect(outcomes.length).toBeGreaterThan(10);
  expect(outcomes.every((status) => status === 200)).toBe(true);
});

test("a request under way keeps the graph it began with", async () => {
  const held: (() => void)[] = [];
  const orders = ending(
    await startRaw((_query, reply) => {
      held.push(() => reply.end('{"data":{"order":{"id":"1","title":"old"}}}'));
    }),
  );
  const { urls, gateway } = await start(orders);
  const underWay = gateway.ask("{ order(id: 1) { id title } }");
  await expect.poll(() => held).toHaveLength(1);
  const withoutTitle = SDL.orders.replace("title: String", "");
  await writeFile(gateway.supergraphFile, composeShop(urls, { orders: withoutTitle }));
  await expect
    .poll(async () => (await gateway.ask('{ __type(name: "Order") { fields { name } } }')).data)
    .toEqual({ __type: { fields: [{ name: "id" }, { name: "shelves" }] } });
  held[0]?.();
  expect((await underWay).data).toEqual({ order: { id: "1", title: "old" } });
});

test.each([
  ["that is not GraphQL", "type Query {"],
  ["that is no supergraph", "type Query { a: Int }"],
  ["that the planner refuses", composeShop({ orders: "http://o/" }).replace("type Order", "type Odrer")],
  ["without a URL", composeShop({})],
])("a new supergraph %s is logged, and the last good one stays", async (_name, sdl) => {
  const orders = ending(await startOrders([]));
  const { urls, gateway } = await start(orders);
  gateway.log.length = 0;
  await writeFile(gateway.supergraphFile, sdl);
  await expect
    .poll(() => gateway.log.map(({ level, msg }) => [level, msg]))
    .toContainEqual([50, "a changed file is faulty, the last good one stays"]);
  expect((await gateway.ask("{ order(id: 1) { id } }")).data).toEqual({ order: { id: "1" } });
  expect((await fetch(`${gateway.origin}/health/ready`)).status).toBe(200);
  await writeFile(gateway.supergraphFile, withAdded(urls));
  await expect.poll(() => knows(gateway, "added")).toBe(true);
});

test("a file that is renamed over, or taken away and put back, is followed too", async () => {
  const orders = ending(await startOrders([]));
  const { urls, gateway } = await start(orders);
  await writeFile(`${gateway.supergraphFile}.new`, withAdded(urls));
  await rename(`${gateway.supergraphFile}.new`, gateway.supergraphFile);
  await expect.poll(() => knows(gateway, "added")).toBe(true);
  await unlink(gateway.supergraphFile);
  await expect.poll(() => gateway.log.some(({ level }) => level === 50)).toBe(true);
  expect(await knows(gateway, "added")).toBe(true);
  await writeFile(gateway.supergraphFile, composeShop(urls));
  await expect.poll(() => knows(gateway, "added")).toBe(false);
});

test("members join and move while the gateway runs; a faulty members file changes nothing", async () => {
  const orders = ending(await startOrders([{ store: "S1", code: "a" }]));
  const south = ending(await startStock({ "S1/a": 7 }));
  const notes = ending(await startNotes());
  const supergraph = composeShop({ orders: orders.url, notes: notes.url });
  const north = { key: "N1", url: await deadUrl(), subgraphs: ["stock"] };
  const gateway = ending(await startGateway(supergraph, [north]));
  const count = async () => {
    const { data, errors } = await gateway.ask("{ order(id: 1) { shelves { count } } }");
    const [code] = errors.map(({ extensions }) => extensions["code"]);
    return code ?? (data as { order: { shelves: { count: number }[] } }).order.shelves[0]?.count;
  };
  const write = (members: unknown) => writeFile(gateway.membersFile, JSON.stringify({ members }));

  expect(await count()).toBe("PARTITION_MEMBER_UNKNOWN");
  await write([north, { key: "S1", url: await deadUrl(), subgraphs: ["stock"] }]);
  await expect.poll(count).toBe("SUBGRAPH_UNREACHABLE");
  const moved = { key: "S1", url: south.url, subgraphs: ["stock"] };
  await write([north, moved]);
  await expect.poll(count).toBe(7);

  gateway.log.length = 0;
  await write([north, { ...moved, subgraphs: ["nowhere"] }]);
  await expect.poll(() => JSON.stringify(gateway.log)).toContain("nowhere");
  expect(await count()).toBe(7);
});

test("a faulty supergraph on the disk does not keep members from joining", async () => {
  const orders = ending(await startOrders([{ store: "S1", code: "a" }]));
  const south = ending(await startStock({ "S1/a": 7 }));
  const gateway = ending(
    await startGateway(composeShop({ orders: orders.url, notes: orders.url }), [
      { key: "N1", url: south.url, subgraphs: ["stock"] },
    ]),
  );
  const shelves = async () => (await gateway.ask("{ order(id: 1) { shelves { count } } }")).data;
  expect(await shelves()).toEqual({ order: { shelves: [{ count: null }] } });
  await writeFile(gateway.supergraphFile, "type Query {");
  await expect.poll(() => gateway.log.some(({ level }) => level === 50)).toBe(true);
  const members = [{ key: "S1", url: south.url, subgraphs: ["stock"] }];
  await writeFile(gateway.membersFile, JSON.stringify({ members }));
  await expect.poll(shelves).toEqual({ order: { shelves: [{ count: 7 }] } });
});
