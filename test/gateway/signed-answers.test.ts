/**
 * A gateway whose subgraphs must sign their answers: what a wrong one costs, who is told, and how keys are replaced.
 */
import { hash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../gateway/trust/development.ts";
import { ensureSigningKeys } from "../../gateway/trust/signing-keys.ts";
import type { AnswerProof } from "../../gateway/transport/answer-proof.ts";
import { signAnswer } from "../../process/answer-signature.ts";
import { openDatabase } from "../../process/database.ts";
import { dropDatabase, freshDatabaseUrl } from "../setup/database.ts";
import { lastErrors, subscribeBy } from "./clients.ts";
import { startFeed } from "./feeds.ts";
import { startRegistry } from "./registry/running.ts";
import { type RunningGateway, startGateway } from "./running.ts";
import { startRaw, startSubgraph, type TestServer } from "./servers.ts";
import { composeShop, SDL, startNotes, startOrders, startStock } from "./shop.ts";
import {
  type Front,
  isProved,
  makeAnswerKey,
  signedBy,
  startFront,
  type TestKey,
  UNSIGNED,
} from "./signers.ts";

const KEYS = { orders: makeAnswerKey("orders-1"), north: makeAnswerKey("north-1") };
const QUERY = "{ order(id: 1) { title shelves { store count } } }";
const BOTH = [
  { store: "N1", count: 5 },
  { store: "S1", count: 7 },
];

let directory: string;
let servers: TestServer[];
let orders: Front;
let north: Front;
let south: TestServer;
let notes: TestServer;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "signed-"));
  const inner = await Promise.all([
    startOrders([
      { store: "N1", code: "a" },
      { store: "S1", code: "b" },
    ]),
    startStock({ "N1/a": 5 }),
  ]);
  [south, notes] = await Promise.all([startStock({ "S1/b": 7 }), startNotes()]);
  servers = [...inner, south, notes];
  orders = await startFront(inner[0].url, signedBy(KEYS.orders));
  north = await startFront(inner[1].url, signedBy(KEYS.north));
  await ensureDevelopmentKey(join(directory, "development.json"));
  await ensureSigningKeys(join(directory, "gateway.json"));
});
afterEach(async () => {
  orders.reply = signedBy(KEYS.orders);
  north.reply = signedBy(KEYS.north);
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(async () => {
  for (const server of [orders, north, ...servers]) await server.close();
  await rm(directory, { recursive: true });
});

const keysFile = () => join(directory, "answer-keys.json");
const writeKeys = (keys: object) => writeFile(keysFile(), JSON.stringify(keys));
const REGISTERED = { subgraphs: { orders: [KEYS.orders.jwk] }, members: { N1: [KEYS.north.jwk] } };

async function trustFile(more: object): Promise<string> {
  const file = join(directory, "trust.json");
  const signing = { name: "gateway", keyFile: "gateway.json" };
  await writeFile(file, JSON.stringify({ development: { keyFile: "development.json" }, signing, ...more }));
  return file;
}

async function start(settings: object = {}): Promise<RunningGateway> {
  await writeKeys(REGISTERED);
  const gateway = await startGateway(
    composeShop({ orders: orders.url, notes: notes.url }),
    [
      { key: "N1", name: "North", url: north.url, subgraphs: ["stock"] },
      { key: "S1", url: south.url, subgraphs: ["stock"] },
    ],
    { trust: await trustFile({ answerKeys: "answer-keys.json" }), ...settings },
  );
  closing.push(() => gateway.close());
  return gateway;
}

const shelvesOf = async (gateway: RunningGateway) => {
  const { data, errors } = await gateway.ask(QUERY);
  return { shelves: (data?.["order"] as { shelves: unknown } | undefined)?.shelves, errors };
};

test("who signs as registered, and who is not registered, are used", async () => {
  const gateway = await start();
  expect(await shelvesOf(gateway)).toEqual({ shelves: BOTH, errors: [] });
});

test("a member that does not sign costs its own fields, in the reader's words, with an alert", async () => {
  const gateway = await start({ overview: "/overview" });
  north.reply = UNSIGNED;
  const { shelves, errors } = await shelvesOf(gateway);
  expect(shelves).toEqual([{ store: "N1", count: null }, BOTH[1]]);
  expect(errors).toMatchObject([
    {
      message: 'Member N1 (North) of service "stock" gave an answer that it did not sign; it was not used.',
      path: ["order", "shelves", 0],
      extensions: {
        code: "SUBGRAPH_SIGNATURE_MISSING",
        service: "stock",
        member: "N1",
        since: expect.any(String),
      },
    },
  ]);
  north.reply = signedBy(makeAnswerKey("stranger"));
  const { errors: vietnamese } = await gateway.ask(QUERY, {}, { "accept-language": "vi" });
  expect(vietnamese).toMatchObject([
    {
      message: expect.stringContaining("chữ ký số không hợp lệ"),
      extensions: { code: "SUBGRAPH_SIGNATURE_INVALID" },
    },
  ]);
  const alerts = gateway.log.filter(({ level }) => level === 50);
  expect(alerts).toMatchObject([
    { member: "N1", code: "SUBGRAPH_SIGNATURE_MISSING", reason: "the answer is not signed" },
  ]);
  const issuer = await readDevelopmentKey(join(directory, "development.json"));
  const token = await issueToken(issuer, { subject: "watch", role: "operator", lifetime: 60 });
  const overview = (await (
    await fetch(`${gateway.origin}/overview/now.json`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as {
    members: { key: string; state: string; code: string; figures: { failed: number; forged: number } }[];
  };
  expect(overview.members.find(({ key }) => key === "N1")).toMatchObject({
    state: "down",
    code: "SUBGRAPH_SIGNATURE_INVALID",
    figures: { failed: 2, forged: 2 },
  });
});

test("an answer to an earlier request is refused, of a mutation too", async () => {
  const gateway = await start();
  let older: ReturnType<Front["reply"]> | undefined;
  orders.reply = (answer, signature) => (older ??= signedBy(KEYS.orders)(answer, signature));
  const touch = "mutation { touch(id: 1) { title } }";
  expect((await gateway.ask(touch)).errors).toEqual([]);
  const { data, errors } = await gateway.ask(touch);
  expect(data).toEqual({ touch: null });
  expect(errors).toMatchObject([{ extensions: { code: "SUBGRAPH_SIGNATURE_INVALID" } }]);
});

test("a changed file of keys counts without a restart, and a faulty one changes nothing", async () => {
  const gateway = await start();
  const next = makeAnswerKey("north-2");
  north.reply = signedBy(next);
  expect((await shelvesOf(gateway)).errors.length).toBe(1);
  await writeKeys({ ...REGISTERED, members: { N1: [KEYS.north.jwk, next.jwk] } });
  await expect.poll(async () => (await shelvesOf(gateway)).errors).toEqual([]);
  await writeKeys({ members: { N9: [next.jwk] } });
  await expect
    .poll(() => gateway.log.some(({ fault }) => String(fault).includes('no member "N9"')))
    .toBe(true);
  orders.reply = UNSIGNED;
  expect((await shelvesOf(gateway)).errors.length).toBe(1);
});

test("what keys there are is told at once where they cannot be held against anything", async () => {
  await writeKeys(REGISTERED);
  const file = join(directory, "unsigned.json");
  await writeFile(file, JSON.stringify({ development: { keyFile: "x" }, answerKeys: "answer-keys.json" }));
  const settings = { trust: file };
  await expect(startGateway(composeShop({ orders: orders.url }), [], settings)).rejects.toThrow(
    "answerKeys: needs signing",
  );
});

test("a subscription to who must sign ends at the first event that is not signed", async () => {
  const sdl = "type Query { a: Int } type Subscription { told: Int }";
  const feed = await startFeed(sdl, ["told"]);
  closing.push(() => feed.close());
  await writeKeys({ subgraphs: { talk: [KEYS.orders.jwk] } });
  const trust = await trustFile({ answerKeys: "answer-keys.json" });
  const gateway = await startGateway(composeShop({}, { talk: sdl }), [], {
    trust,
    url: new Map(Object.entries({ talk: feed.url, orders: orders.url, stock: south.url, notes: notes.url })),
  });
  closing.push(() => gateway.close());
  const heard = subscribeBy.sse(gateway.url, "subscription { told }");
  await expect.poll(() => feed.open.size).toBe(1);
  feed.emit("told", 1);
  await expect.poll(() => heard.end).toBeDefined();
  expect(lastErrors(heard)).toMatchObject([{ extensions: { code: "SUBGRAPH_SIGNATURE_MISSING" } }]);
});

test("a running subscription follows the keys as requests do", async () => {
  const sdl = "type Query { a: Int } type Subscription { told: Int }";
  const [first, second] = [makeAnswerKey("talk-1"), makeAnswerKey("talk-2")];
  let tell: ((value: number, { signing }: TestKey) => void) | undefined;
  const talk = await startRaw((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    const requestSignature = String(request.headers["signature"]);
    let number = 0;
    tell = (value, { signing }) => {
      const body = JSON.stringify({ data: { told: value } });
      const answer = { status: 200, body, requestSignature, number: ++number };
      const id = JSON.stringify(signAnswer(answer, signing, Math.floor(Date.now() / 1000)));
      response.write(`id: ${id}\nevent: next\ndata: ${body}\n\n`);
    };
  });
  await writeKeys({ subgraphs: { talk: [first.jwk] } });
  const trust = await trustFile({ answerKeys: "answer-keys.json" });
  const gateway = await startGateway(composeShop({}, { talk: sdl }), [], {
    trust,
    url: new Map(Object.entries({ talk: talk.url, orders: orders.url, stock: south.url, notes: notes.url })),
  });
  closing.push(
    () => talk.close(),
    () => gateway.close(),
  );
  const heard = subscribeBy.sse(gateway.url, "subscription { told }");
  const reloads = () => gateway.log.filter(({ msg }) => msg === "graph reloaded").length;
  await expect.poll(() => tell).toBeDefined();
  tell!(1, first);
  await expect.poll(() => heard.answers.length).toBe(1);
  await writeKeys({ subgraphs: { talk: [first.jwk, second.jwk] } });
  await expect.poll(reloads).toBe(1);
  tell!(2, second);
  tell!(3, first);
  await expect.poll(() => heard.answers).toEqual([1, 2, 3].map((told) => ({ data: { told } })));
  await writeKeys({ subgraphs: { talk: [second.jwk] } });
  await expect.poll(reloads).toBe(2);
  tell!(4, first);
  await expect.poll(() => heard.end).toBeDefined();
  expect(lastErrors(heard)).toMatchObject([{ extensions: { code: "SUBGRAPH_SIGNATURE_INVALID" } }]);
});

test("what was answered by whom is in the record, and can be proved from it", async () => {
  const sdl = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://example.com/personalData/v1.0", import: ["@personalData"])
    @composeDirective(name: "@personalData")
  directive @personalData(subject: String!) on OBJECT | FIELD_DEFINITION
  type Query { person: Person }
  type Person @personalData(subject: "number") { number: String name: String }`;
  const people = await startSubgraph(sdl, { Query: { person: () => ({ number: "1", name: "An" }) } });
  const key = makeAnswerKey("people-1");
  const front = await startFront(people.url, signedBy(key));
  const databaseUrl = freshDatabaseUrl();
  const file = join(directory, "record.json");
  await writeFile(file, JSON.stringify({ database: databaseUrl, keyFile: "record.key" }));
  await writeKeys({ subgraphs: { people: [key.jwk] } });
  const trust = await trustFile({ answerKeys: "answer-keys.json" });
  const { supergraphSdl = "" } = composeServices([{ name: "people", url: front.url, typeDefs: parse(sdl) }]);
  const gateway = await startGateway(supergraphSdl, [], { trust, record: file });
  const database = openDatabase(databaseUrl, 1);
  closing.push(
    () => dropDatabase(databaseUrl),
    () => people.close(),
    () => front.close(),
    () => database.close(),
    () => gateway.close(),
  );
  expect(await gateway.ask("{ person { name } }")).toMatchObject({ data: { person: { name: "An" } } });
  const [row] = await database.query<{ body: string }>("select body from entry");
  const [answer] = (JSON.parse(row!.body) as { answers: { digest: string; signed: AnswerProof }[] }).answers;
  expect(answer).toMatchObject({ service: "people", signed: { key: "people-1", status: 200 } });
  expect(answer!.digest).toBe(hash("sha256", '{"data":{"person":{"name":"An","number":"1"}}}', "base64"));
  expect(isProved(key.jwk, answer!.signed, answer!.digest)).toBe(true);
  expect(isProved(key.jwk, answer!.signed, hash("sha256", "{}", "base64"))).toBe(false);
});

test("keys are replaced through the registry, with an overlap, and without a failed request", async () => {
  const registry = await startRegistry();
  closing.push(() => registry.close());
  await registry.operator.publish({
    subgraphs: [
      { name: "orders", url: orders.url, sdl: SDL.orders },
      { name: "stock", sdl: SDL.stock },
      { name: "notes", url: notes.url, sdl: SDL.notes },
    ],
  });
  for (const [key, url] of [
    ["N1", north.url],
    ["S1", south.url],
  ] as const)
    await registry.operator.addMember({ member: { key, url, subgraphs: ["stock"] }, sdl: SDL.stock });
  const { key } = await registry.operator.issueKey({ owner: "gateway", role: "gateway" });
  const gateway = await startGateway("", [], {
    supergraph: undefined,
    registry: { url: registry.url, key, cacheFile: undefined },
    trust: await trustFile({}),
  });
  closing.push(() => gateway.close());
  const failed: unknown[] = [];
  const load = { on: true, asked: [0, 0, 0] };
  const clients = load.asked.map(async (_none, client) => {
    while (load.on) {
      const { errors } = await shelvesOf(gateway);
      load.asked[client]! += 1;
      failed.push(...errors);
    }
  });

  const [first, second] = [KEYS.north, makeAnswerKey("north-2")];
  const signer = { kind: "member", name: "N1" } as const;
  const told = (times: number) =>
    expect.poll(() => gateway.log.filter(({ msg }) => msg === "graph reloaded").length).toBe(times);
  await registry.operator.addAnswerKey({ ...signer, key: first.jwk });
  await told(1);
  await registry.operator.addAnswerKey({ ...signer, key: second.jwk });
  await told(2);
  north.reply = signedBy(second);
  // What the first had signed by then was told to everybody whose next question was answered too.
  const asked = [...load.asked];
  await expect.poll(() => load.asked.every((times, client) => times > asked[client]! + 1)).toBe(true);
  await registry.operator.retireAnswerKey(signer, "north-1");
  await told(3);
  load.on = false;
  await Promise.all(clients);
  expect(failed).toEqual([]);

  north.reply = signedBy(first);
  expect((await shelvesOf(gateway)).errors).toMatchObject([
    { extensions: { code: "SUBGRAPH_SIGNATURE_INVALID" } },
  ]);

  // Who signs no requests has nothing that answers could be bound to, and uses none; who asks nobody anything, all.
  const others = { supergraph: undefined, registry: { url: registry.url, key, cacheFile: undefined } };
  for (const [authorization, errors] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const other = await startGateway("", [], { ...others, authorization });
    closing.push(() => other.close());
    expect((await shelvesOf(other)).errors.length).toBe(errors);
  }
});
