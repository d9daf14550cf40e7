import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChangesTold, HistoryTold, MemberTold, Overview } from "../../../gateway/overview/told.ts";
import { type RunningRegistry, small, startRegistry } from "../registry/running.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { deadUrl, startRaw, type TestServer } from "../servers.ts";
import { composeShop, SDL, startNotes, startOrders, startStock } from "../shop.ts";

const SHELVES = "{ order(id: 1) { shelves { store count } } }";

const servers: { close(): Promise<unknown> }[] = [];
afterAll(async () => {
  for (const server of servers.toReversed()) await server.close();
});
const kept = <T extends { close(): Promise<unknown> }>(server: T): T => {
  servers.push(server);
  return server;
};

interface Got<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

async function get<T>({ origin }: RunningGateway, path: string, language = "en"): Promise<Got<T>> {
  const response = await fetch(`${origin}/agencies/${path}`, { headers: { "accept-language": language } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as T };
}

/** Until what is told has come to be so: an overview is kept for a second. */
async function until(
  gateway: RunningGateway,
  isSo: (overview: Overview) => boolean,
): Promise<Overview & { readonly text: string }> {
  let told: Overview & { readonly text: string };
  await expect
    .poll(async () => {
      const { body, text } = await get<Overview>(gateway, "now.json");
      told = { ...body, text };
      return isSo(body);
    })
    .toBe(true);
  return told!;
}

const memberOf = ({ members }: Overview, key: string): MemberTold | undefined =>
  members.find((member) => member.key === key);

describe("a gateway with its graph from files", () => {
  let orders: TestServer;
  let south: TestServer;
  let gateway: RunningGateway;

  beforeAll(async () => {
    orders = kept(
      await startOrders([
        { store: "N1", code: "a" },
        { store: "S1", code: "b" },
      ]),
    );
    const north = kept(await startStock({ "N1/a": 5 }));
    south = await startStock({ "S1/b": 7 });
    const notes = kept(await startNotes());
    gateway = kept(
      await startGateway(
        composeShop({ orders: orders.url, notes: notes.url }),
        [
          { key: "N1", name: "Cửa hàng Bắc", url: north.url, subgraphs: ["stock"] },
          { key: "S1", url: south.url, subgraphs: ["stock"] },
        ],
        { overview: "/agencies" },
      ),
    );
  });

  test("tells state, version, calls and latency of services and members, and asks those that nobody has asked", async () => {
    await gateway.ask(SHELVES);
    await gateway.ask("{ fails }");
    const { body, headers } = await get<Overview>(gateway, "now.json");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(body).toMatchObject({ registry: "none", window: 60, workers: { asked: 1, told: 1 } });
    expect(body.services).toMatchObject([
      { name: "notes", state: "up", figures: { calls: 0, median: null }, members: null },
      { name: "orders", state: "up", figures: { calls: 2, failed: 0, faulty: 1 }, members: null },
      { name: "stock", state: "up", figures: { calls: 2, failed: 0 }, members: { count: 2, down: 0 } },
    ]);
    // `notes` was asked by the overview alone.
    expect(body.services[0]?.asked?.duration).toBeGreaterThan(0);
    expect(body.services[1]?.figures.median).toBeGreaterThan(0);
    expect(body.services[1]?.version).toEqual({
      number: null,
      digest: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      changedAt: body.graph.loadedAt,
      changedBy: null,
    });
    expect(memberOf(body, "N1")).toMatchObject({ name: "Cửa hàng Bắc", services: ["stock"], state: "up" });
    expect(body.entities.map(({ name }) => name)).toEqual(["Order", "Shelf"]);
  });

  test("a member that is stopped is down, since when and why is told, and its service is partly up", async () => {
    await south.close();
    const before = new Date().toISOString();
    await gateway.ask(SHELVES);
    const told = await until(gateway, (now) => memberOf(now, "S1")?.state === "down");
    const { since, code } = memberOf(told, "S1") ?? {};
    expect(code).toBe("SUBGRAPH_UNREACHABLE");
    expect(since! >= before).toBe(true);
    expect(memberOf(told, "N1")?.state).toBe("up");
    expect(told.services[2]).toMatchObject({ state: "partly", members: { count: 2, down: 1 } });
    expect(memberOf(told, "S1")?.figures.failed).toBeGreaterThan(0);
  });

  test("no address is told", async () => {
    const { text } = await get(gateway, "now.json");
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|http:/);
  });

  test("there is no history", async () => {
    const { body } = await get<HistoryTold>(gateway, "history.json");
    expect(body).toEqual({ registry: "none", entries: [], before: null });
    expect((await get(gateway, "changes.json?entry=1")).status).toBe(404);
  });

  test.each([
    "history.json?before=x",
    "changes.json",
    "changes.json?entry=0",
    "changes.json?entry=1&entry=2",
  ])("%s is not there, in the reader's language", async (path) => {
    const { status, body } = await get(gateway, path, "vi");
    expect(status).toBe(404);
    expect(body).toEqual({
      errors: [{ message: "Không có gì tại địa chỉ này.", extensions: { code: "NOT_FOUND" } }],
    });
  });
});

test("one that answers late is slow; one that was never there is down, whoever looks", async () => {
  const late = kept(
    await startRaw((_request, response) => {
      setTimeout(() => response.end('{"data":{"order":{"id":"1"},"__typename":"Query"}}'), 700);
    }),
  );
  const nobody = await deadUrl();
  const gateway = kept(
    await startGateway(composeShop({ orders: late.url, notes: nobody, stock: nobody }), [], {
      overview: "/agencies",
      // A third of it is late.
      subgraphDeadline: 2_000,
    }),
  );
  const told = await until(gateway, ({ services }) => services[1]?.state === "slow");
  expect(told.services.map(({ state }) => state)).toEqual(["down", "slow", "down"]);
});

test("the stock engine's calls are measured as well", async () => {
  const orders = kept(await startOrders([]));
  const gateway = kept(
    await startGateway(composeShop({ orders: orders.url, notes: orders.url, stock: orders.url }), [], {
      overview: "/agencies",
      engine: "apollo",
    }),
  );
  await gateway.ask("{ order(id: 1) { id } }");
  const { body } = await get<Overview>(gateway, "now.json");
  expect(body.services[1]).toMatchObject({ name: "orders", state: "up", figures: { calls: 1 } });
});

describe("a gateway that follows a registry", () => {
  let registry: RunningRegistry;
  let gateway: RunningGateway;
  let key: string;
  let north: TestServer;

  beforeAll(async () => {
    registry = await startRegistry();
    const orders = kept(await startOrders([{ store: "N1", code: "a" }]));
    north = kept(await startStock({ "N1/a": 5 }));
    ({ key } = await registry.operator.issueKey({ owner: "gateway-1", role: "gateway" }));
    await registry.operator.publish({
      subgraphs: [
        { name: "orders", url: orders.url, sdl: SDL.orders },
        { name: "stock", sdl: SDL.stock },
      ],
    });
    await registry.operator.addMember({
      member: { key: "N1", name: "North", url: north.url, subgraphs: ["stock"] },
    });
    gateway = kept(
      await startGateway("", [], {
        supergraph: undefined,
        registry: { url: registry.url, key, cacheFile: undefined },
        overview: "/agencies",
      }),
    );
  });
  afterAll(() => registry.close());

  const latestEntry = async () => (await get<HistoryTold>(gateway, "history.json")).body.entries[0]?.id;

  test("tells versions, who published them and when, and the members that do not count", async () => {
    await registry.operator.addMember({
      member: { key: "S1", url: north.url, subgraphs: ["stock"] },
      validFrom: "2099-01-01T00:00:00Z",
    });
    await registry.operator.addMember({ member: { key: "W1", url: north.url, subgraphs: ["stock"] } });
    await registry.operator.suspendMember("W1");
    const told = await until(gateway, (now) => memberOf(now, "W1")?.state === "suspended");
    expect(told.registry).toBe("followed");
    const [published] = await registry.operator.subgraphs();
    expect(told.services[0]?.version).toEqual({
      number: published?.id,
      digest: published?.hash.slice(0, 12),
      changedAt: published?.publishedAt,
      changedBy: "operator",
    });
    expect(memberOf(told, "N1")).toMatchObject({ state: "up", version: { changedBy: "operator" } });
    expect(memberOf(told, "S1")).toMatchObject({ state: "expected", since: "2099-01-01T00:00:00.000Z" });
    expect(told.services[1]).toMatchObject({ state: "up", members: { count: 1, down: 0 } });
  });

  test("tells the history of the graph, refusals too, and of each entry what it has changed", async () => {
    const owner = await registry.as("someone");
    await owner.publish({ subgraphs: [small("joined")] });
    await owner.publish({ subgraphs: [small("clash", "joined")] }).catch(() => undefined);
    const { body, text } = await get<HistoryTold>(gateway, "history.json");
    const [refused, joined] = body.entries;
    expect(refused).toMatchObject({ actor: "someone", action: "publish", subject: "clash" });
    expect(refused).toMatchObject({ composition: null, code: "COMPOSITION_FAILED" });
    expect(joined).toMatchObject({ actor: "someone", action: "publish", subject: "joined", code: null });
    expect(body.entries.map(({ action }) => action)).not.toContain("issue key");

    const { body: changes } = await get<ChangesTold>(gateway, `changes.json?entry=${joined?.id}`);
    expect(changes).toMatchObject({
      to: joined?.composition,
      subgraphs: { added: ["joined"], removed: [], changed: [] },
      schema: [{ level: "NON_BREAKING", message: expect.stringContaining("'joined'") as string }],
    });
    const registered = body.entries.find(({ action, subject }) => action === "member" && subject === "N1");
    const { body: member } = await get<ChangesTold>(gateway, `changes.json?entry=${registered?.id}`);
    expect(member).toMatchObject({ from: 1, to: 2, members: { added: ["N1"] }, schema: [] });
    const first = body.entries.at(-1);
    expect((await get<ChangesTold>(gateway, `changes.json?entry=${first?.id}`)).body).toMatchObject({
      from: null,
      subgraphs: { added: ["orders", "stock"] },
    });
    expect((await get(gateway, `changes.json?entry=${refused?.id}`)).status).toBe(404);

    // Neither addresses nor keys, nor what publishers are told.
    const all = [text, JSON.stringify([changes, member]), (await get(gateway, "now.json")).text].join("");
    expect(all).not.toMatch(/127\.0\.0\.1|http:|example/);
    expect(all).not.toContain(key);
  });

  test("pages of the history follow each other without gap or repetition", async () => {
    for (let index = 0; index < 12; index += 1) {
      await registry.operator.suspendMember("N1");
      await registry.operator.resumeMember("N1");
    }
    const all = await registry.operator.history(500);
    const ofGraph = all.filter(({ action }) => !/key|operations/.test(action)).map(({ id }) => id);
    await expect.poll(latestEntry).toBe(ofGraph[0]);
    const ids: number[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const query = before === undefined ? "" : `?before=${before}`;
      const { body }: { body: HistoryTold } = await get(gateway, `history.json${query}`);
      ids.push(...body.entries.map(({ id }) => id));
      before = body.before;
    }
    expect(ids).toEqual(ofGraph);
  });

  test("a registry that is away leaves what was known, and says so", async () => {
    const { body: before } = await get<HistoryTold>(gateway, "history.json");
    await registry.stop();
    const told = await until(gateway, (now) => now.registry === "away");
    expect(memberOf(told, "W1")?.state).toBe("suspended");
    await expect
      .poll(async () => (await get<HistoryTold>(gateway, "history.json")).body)
      .toEqual({ ...before, registry: "away" });
    const unasked = before.entries.find(({ action }) => action === "resume");
    const { status, body } = await get(gateway, `changes.json?entry=${unasked?.id}`, "vi");
    expect(status).toBe(503);
    expect(body).toMatchObject({ errors: [{ extensions: { code: "REGISTRY_AWAY" } }] });
  });
});
