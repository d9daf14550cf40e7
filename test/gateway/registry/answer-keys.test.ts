import { afterAll, beforeAll, expect, test } from "vitest";
import type { RegistryClient } from "../../../gateway/registry/client.ts";
import { makeAnswerKey } from "../signers.ts";
import { SDL } from "../shop.ts";
import { refusalOf, type RunningRegistry, small, startRegistry } from "./running.ts";

let registry: RunningRegistry;
let owner: RegistryClient;
beforeAll(async () => {
  registry = await startRegistry();
  owner = await registry.as("news-desk");
  await registry.operator.publish({ subgraphs: [{ name: "stock", sdl: SDL.stock }] });
  await registry.operator.publish({ subgraphs: [small("news")], owner: "news-desk" });
  await registry.operator.addMember({
    member: { key: "N1", url: "http://n1.example/graphql", subgraphs: ["stock"] },
    sdl: SDL.stock,
    owner: "north",
  });
});
afterAll(() => registry.close());

const NEWS = { kind: "subgraph", name: "news" } as const;
const NORTH = { kind: "member", name: "N1" } as const;
const served = async () => {
  const gateway = await registry.as("gateway", [], "gateway");
  const graph = (await gateway.graph(undefined, 0))!;
  return { version: graph.version, ...graph.answerKeys };
};

test("who answers for a subgraph registers its keys, and gateways are told", async () => {
  const before = await served();
  expect(before).toMatchObject({ subgraphs: {}, members: {} });
  const [first, second] = [makeAnswerKey("a").jwk, { ...makeAnswerKey("b").jwk, nbf: 100 }];
  expect(await owner.addAnswerKey({ ...NEWS, key: first })).toEqual({ changed: true });
  const after = await served();
  expect(after.subgraphs).toEqual({ news: [first] });
  expect(after.version).not.toBe(before.version);
  expect(await owner.addAnswerKey({ ...NEWS, key: first })).toEqual({ changed: false });
  await owner.addAnswerKey({ ...NEWS, key: second });
  const north = await registry.as("north", ["N1"]);
  await north.addAnswerKey({ ...NORTH, key: first });
  expect(await served()).toMatchObject({ subgraphs: { news: [first, second] }, members: { N1: [first] } });
  expect(await owner.retireAnswerKey(NEWS, "a")).toEqual({ changed: true });
  expect(await owner.retireAnswerKey(NEWS, "a")).toEqual({ changed: false });
  expect((await served()).subgraphs).toEqual({ news: [second] });
});

test("nobody registers or retires a key for another, or for who is not there", async () => {
  const { jwk: key } = makeAnswerKey("c");
  const stranger = await registry.as("stranger", ["N1"]);
  for (const refused of [
    () => stranger.addAnswerKey({ ...NEWS, key }),
    () => stranger.addAnswerKey({ ...NORTH, key }),
    () => stranger.retireAnswerKey(NORTH, "a"),
  ])
    expect(await refusalOf(refused())).toMatchObject({ code: "NOT_OWNER", status: 403 });
  expect(await refusalOf(owner.addAnswerKey({ kind: "subgraph", name: "none", key }))).toMatchObject({
    code: "NAME_UNKNOWN",
  });
  expect(await refusalOf(owner.retireAnswerKey(NEWS, "z"))).toMatchObject({ code: "NAME_UNKNOWN" });
});

test("an id names one key for ever, also after it was retired", async () => {
  for (const kid of ["a", "b"])
    expect(await refusalOf(owner.addAnswerKey({ ...NEWS, key: makeAnswerKey(kid).jwk }))).toMatchObject({
      code: "NAME_TAKEN",
      status: 409,
    });
});

test("the private half is refused, and so is what is no Ed25519 key", async () => {
  const { jwk, privateJwk } = makeAnswerKey("d");
  for (const key of [
    privateJwk,
    { ...jwk, crv: "X25519" },
    { ...jwk, x: "AAAA" },
    { ...jwk, nbf: 5, exp: 5 },
  ])
    expect(await refusalOf(owner.addAnswerKey({ ...NEWS, key: key as typeof jwk }))).toMatchObject({
      code: "INPUT_INVALID",
    });
});

test("the last key that counts is retired with a word for it only; an expired one does not count", async () => {
  const expired = { ...makeAnswerKey("old").jwk, exp: 1 };
  await owner.addAnswerKey({ ...NEWS, key: expired });
  const refusal = await refusalOf(owner.retireAnswerKey(NEWS, "b"));
  expect(refusal).toMatchObject({ code: "ANSWER_KEY_LAST", status: 409 });
  expect(refusal.message).toContain('"news"');
  expect(await owner.retireAnswerKey(NEWS, "b", true)).toEqual({ changed: true });
  // Expired, and registered: what is not signed is not believed all the same.
  expect((await served()).subgraphs).toEqual({ news: [expired] });
});

test("keys stay in the history, and a graph that is rolled back does not bring one back", async () => {
  const history = await registry.operator.history(50);
  const done = history.filter(({ action }) => action.endsWith("answer key"));
  expect(done.map(({ actor, action, subject, detail }) => [actor, action, subject, detail["kid"]])).toEqual([
    ["news-desk", "retire answer key", "news", "b"],
    ["news-desk", "add answer key", "news", "old"],
    ["news-desk", "retire answer key", "news", "a"],
    ["north", "add answer key", "N1", "a"],
    ["news-desk", "add answer key", "news", "b"],
    ["news-desk", "add answer key", "news", "a"],
  ]);
  const { id } = await registry.operator.composition("latest");
  await registry.operator.publish({ subgraphs: [small("other")] });
  await registry.operator.rollBack(id);
  expect((await served()).subgraphs["news"]?.map(({ kid }) => kid)).toEqual(["old"]);
  const keys = await registry.operator.answerKeys();
  expect(keys.filter(({ retiredAt }) => retiredAt !== null).map(({ key }) => key.kid)).toEqual(["a", "b"]);
});

test.each([
  "update answer_key set name = 'x'",
  "delete from answer_key_retirement",
  "truncate answer_key cascade",
])("the database refuses to rewrite: %s", async (sql) => {
  await expect(registry.database.query(sql)).rejects.toThrow(/can be added to only/);
});
