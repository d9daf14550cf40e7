import { writeFile } from "node:fs/promises";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../../../process/ports.ts";
import { type Heard, subscribeBy } from "../clients.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { deadUrl } from "../servers.ts";

const SDL = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://example.com/partition/v1.0", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
type Query { stores: [ID!] }
type Subscription {
  filled(store: ID!): Shelf @partition(by: "store")
  several(stores: [ID!], least: Int = 1): Shelf @partition(by: "stores")
  sure(stores: [ID!]): Shelf! @partition(by: "stores")
  closing: ID
}
type Shelf @key(fields: "store code") @partition(by: "store") { store: ID! code: ID! count: Int }`;

const FIELDS = ["filled", "several", "sure", "closing"];

const { supergraphSdl = "" } = composeServices([{ name: "stock", typeDefs: parse(SDL) }]);

let north: Feed;
let south: Feed;
let gateway: RunningGateway;

function start(port?: number): Promise<Feed> {
  return startFeed(SDL, FIELDS, {}, ["sse"], port);
}

function members() {
  return [
    { key: "N1", aliases: ["N2", "north"], name: "North", url: north.url, subgraphs: ["stock"] },
    { key: "S1", url: south.url, subgraphs: ["stock"] },
    { key: "X1", url: south.url, subgraphs: [] },
  ];
}

beforeEach(async () => {
  // One of them comes back where it was.
  [north, south] = await Promise.all([start(await freePort()), start()]);
  gateway = await startGateway(supergraphSdl, members());
});
afterEach(async () => {
  await gateway.close();
  await Promise.all([north.close(), south.close()]);
});

function subscribe(query: string, variables: Record<string, unknown> = {}): Heard {
  return subscribeBy.websocket(gateway.url, query, variables);
}

const argumentsOf = ({ opened }: Feed) => opened.map((one) => one.arguments);

describe("one member", () => {
  test.each(["N1", "north"])("is named by key or alias: %s", async (store) => {
    const heard = subscribe("subscription ($store: ID!) { filled(store: $store) { code count } }", { store });
    await expect.poll(() => north.open.size).toBe(1);
    north.emit("filled", { store: "N1", code: "a", count: 3 });
    north.complete("filled");
    await expect.poll(() => heard.end).toBe("complete");
    expect(heard.answers).toEqual([{ data: { filled: { code: "a", count: 3 } } }]);
    expect(south.opened).toEqual([]);
  });

  test.each([
    ["a key that nobody has", "N9"],
    ["a member without a part in this subgraph", "X1"],
  ])("%s: refused, nobody is asked", async (_name, store) => {
    const heard = subscribe(`subscription { filled(store: "${store}") { code } }`);
    await expect
      .poll(() => heard.end)
      .toMatchObject([{ extensions: { code: "PARTITION_MEMBER_UNKNOWN", service: "stock", member: store } }]);
    expect([...north.opened, ...south.opened]).toEqual([]);
  });

  test("breaks off: the error names it, and the subscription ends", async () => {
    const heard = subscribe('subscription { filled(store: "N1") { code } }');
    await expect.poll(() => north.open.size).toBe(1);
    north.kill();
    await expect
      .poll(() => heard.end)
      .toEqual([
        {
          message: 'Member N1 (North) of service "stock" broke the subscription off.',
          extensions: { code: "SUBSCRIPTION_LOST", service: "stock", member: "N1" },
        },
      ]);
  });
});

describe("several members", () => {
  const ALL = "subscription { several { store count } }";

  test("all of them, where the argument is left out", async () => {
    const heard = subscribe(ALL);
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([1, 1]);
    north.emit("several", { store: "N1", code: "a", count: 1 });
    await expect.poll(() => heard.answers).toHaveLength(1);
    south.emit("several", { store: "S1", code: "a", count: 2 });
    await expect.poll(() => heard.answers).toHaveLength(2);
    expect(heard.answers).toEqual([
      { data: { several: { store: "N1", count: 1 } } },
      { data: { several: { store: "S1", count: 2 } } },
    ]);
    expect([argumentsOf(north), argumentsOf(south)]).toEqual([[{ least: 1 }], [{ least: 1 }]]);
    heard.leave();
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([0, 0]);
  });

  test.each([
    ["a variable", "subscription ($s: [ID!], $l: Int) { several(stores: $s, least: $l) { code } }"],
    ["a list", 'subscription ($l: Int) { several(least: $l, stores: ["N1", "S1", "N2"]) { code } }'],
    [
      "a default",
      'subscription ($s: [ID!] = ["N1", "S1", "N2"], $l: Int) { several(stores: $s, least: $l) { code } }',
    ],
  ])("those of %s, each with its own keys", async (name, query) => {
    const heard = subscribe(query, { l: 5, ...(name === "a variable" && { s: ["N1", "S1", "N2"] }) });
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([1, 1]);
    heard.leave();
    expect(argumentsOf(north)).toEqual([{ stores: ["N1", "N2"], least: 5 }]);
    expect(argumentsOf(south)).toEqual([{ stores: ["S1"], least: 5 }]);
  });

  test("one key without a list is a list of one", async () => {
    const heard = subscribe('subscription { several(stores: "S1") { code } }');
    await expect.poll(() => south.open.size).toBe(1);
    heard.leave();
    expect(north.opened).toEqual([]);
  });

  test("an empty list ends at once", async () => {
    const heard = subscribe("subscription { several(stores: []) { code } }");
    await expect.poll(() => heard.end).toBe("complete");
    expect([...north.opened, ...south.opened]).toEqual([]);
  });

  test("a key that nobody has is told by one event, the others go on", async () => {
    const heard = subscribe('subscription { several(stores: ["N9", "S1"]) { store } }');
    await expect.poll(() => heard.answers).toHaveLength(1);
    south.emit("several", { store: "S1" });
    await expect.poll(() => heard.answers).toHaveLength(2);
    heard.leave();
    expect(heard.answers).toMatchObject([
      {
        data: { several: null },
        errors: [{ path: ["several"], extensions: { code: "PARTITION_MEMBER_UNKNOWN", member: "N9" } }],
      },
      { data: { several: { store: "S1" } } },
    ]);
  });

  test("one that breaks off is told by one event, and heard again when it is back", async () => {
    const heard = subscribe(ALL);
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([1, 1]);
    const port = Number(new URL(north.url).port);
    await north.close();
    await expect.poll(() => heard.answers).toHaveLength(1);
    south.emit("several", { store: "S1", count: 1 });
    await expect.poll(() => heard.answers).toHaveLength(2);
    north = await start(port);
    await expect.poll(() => north.open.size).toBe(1);
    north.emit("several", { store: "N1", count: 2 });
    await expect.poll(() => heard.answers).toHaveLength(3);
    heard.leave();
    expect(heard.answers).toEqual([
      {
        data: { several: null },
        errors: [
          {
            message: 'Member N1 (North) of service "stock" broke the subscription off.',
            path: ["several"],
            extensions: { code: "SUBSCRIPTION_LOST", service: "stock", member: "N1" },
          },
        ],
      },
      { data: { several: { store: "S1", count: 1 } } },
      { data: { several: { store: "N1", count: 2 } } },
    ]);
  });

  test("one that was never there costs a field that may not be null its event, no more", async () => {
    const other = await startGateway(supergraphSdl, [
      { key: "N1", url: await deadUrl(), subgraphs: ["stock"] },
      { key: "S1", url: south.url, subgraphs: ["stock"] },
    ]);
    const heard = subscribeBy.sse(other.url, "subscription { sure { store } }");
    await expect.poll(() => heard.answers).toHaveLength(1);
    await expect.poll(() => south.open.size).toBe(1);
    south.emit("sure", { store: "S1" });
    await expect.poll(() => heard.answers).toHaveLength(2);
    heard.leave();
    await other.close();
    expect(heard.answers).toMatchObject([
      {
        data: null,
        errors: [{ path: ["sure"], extensions: { code: "SUBGRAPH_UNREACHABLE", member: "N1" } }],
      },
      { data: { sure: { store: "S1" } } },
    ]);
    expect(heard.answers[0]?.errors).toHaveLength(1);
  });

  test("it ends when all have completed", async () => {
    const heard = subscribe(ALL);
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([1, 1]);
    north.complete("several");
    await expect.poll(() => north.open.size).toBe(0);
    south.emit("several", { store: "S1" });
    await expect.poll(() => heard.answers).toHaveLength(1);
    expect(heard.end).toBeUndefined();
    south.complete("several");
    await expect.poll(() => heard.end).toBe("complete");
  });
});

test("a field that is not partitioned belongs to the subgraph's own server", async () => {
  const other = await startGateway(supergraphSdl, members(), { url: new Map([["stock", south.url]]) });
  const heard = subscribeBy.websocket(other.url, "subscription { closing }");
  await expect.poll(() => south.open.size).toBe(1);
  south.emit("closing", "S1");
  await expect.poll(() => heard.answers).toEqual([{ data: { closing: "S1" } }]);
  heard.leave();
  await other.close();
  expect(north.opened).toEqual([]);
});

async function change(next: readonly object[]): Promise<void> {
  await writeFile(gateway.membersFile, JSON.stringify({ members: next }));
  await expect.poll(() => gateway.log.filter(({ msg }) => msg === "graph reloaded")).toHaveLength(1);
}

describe("when the members change", () => {
  test("a subscription whose members stay goes on, and so do those who join it", async () => {
    const query = 'subscription { filled(store: "N1") { code } }';
    const heard = subscribe(query);
    await expect.poll(() => north.open.size).toBe(1);
    await change([...members(), { key: "W1", url: south.url, subgraphs: ["stock"] }]);
    const joined = subscribe(query);
    await expect
      .poll(async () => (await fetch(`${gateway.origin}/health/ready`)).json())
      .toMatchObject({ subscriptions: 2 });
    north.emit("filled", { code: "a" });
    await expect.poll(() => [heard.answers.length, joined.answers.length]).toEqual([1, 1]);
    expect(north.opened).toHaveLength(1);
    heard.leave();
    joined.leave();
  });

  test.each([
    [
      "a member of it has another address",
      () => members().map((one) => (one.key === "N1" ? { ...one, url: south.url } : one)),
    ],
    ["a member of it has gone", () => members().slice(1)],
    [
      "a member has come, and all are meant",
      () => [...members(), { key: "W1", url: gateway.origin, subgraphs: ["stock"] }],
    ],
  ])("%s: it ends, and says that it is to be begun anew", async (_name, next) => {
    const heard = subscribe("subscription { several { code } }");
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([1, 1]);
    await change(next());
    await expect
      .poll(() => heard.end)
      .toMatchObject([{ extensions: { code: "SUBSCRIPTION_GRAPH_CHANGED" } }]);
    await expect.poll(() => [north.open.size, south.open.size]).toEqual([0, 0]);
  });
});
