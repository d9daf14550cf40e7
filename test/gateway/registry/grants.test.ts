import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RegistryClient } from "../../../gateway/registry/client.ts";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../../gateway/trust/development.ts";
import { startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { SDL } from "../shop.ts";
import { refusalOf, type RunningRegistry, small, startRegistry } from "./running.ts";

let registry: RunningRegistry;
let owner: RegistryClient;
let news: TestServer;
beforeAll(async () => {
  registry = await startRegistry();
  owner = await registry.as("news-desk");
  const subgraph = small("news");
  news = await startSubgraph(subgraph.sdl, { Query: { news: () => "rain" } });
  await registry.operator.publish({ subgraphs: [{ name: "stock", sdl: SDL.stock }] });
  await registry.operator.publish({ subgraphs: [{ ...subgraph, url: news.url }], owner: "news-desk" });
  await registry.operator.addMember({
    member: { key: "N1", url: "http://n1.example/graphql", subgraphs: ["stock"] },
    sdl: SDL.stock,
    owner: "north",
  });
});
afterAll(async () => {
  await registry?.close();
  await news?.close();
});

const NEWS = { service: "news", at: "Query.news", to: ["role:reader"] };
const NORTH = { service: "stock", member: "N1", at: "Shelf.count", to: ["client:app"], for: ["audit"] };

async function served() {
  const gateway = await registry.as("gateway", [], "gateway");
  const { version, grants } = (await gateway.graph(undefined, 0))!;
  return { version, grants };
}

test("who answers for a subgraph or a member grants, and gateways are told", async () => {
  const before = await served();
  expect(before.grants).toEqual([]);
  const first = await owner.addGrant(NEWS);
  expect(first).toMatchObject({ changed: true });
  expect(await owner.addGrant(NEWS)).toEqual({ id: first.id, changed: false });
  const north = await registry.as("north", ["N1"]);
  await north.addGrant(NORTH);
  const after = await served();
  expect(after.grants).toEqual([NEWS, NORTH]);
  expect(after.version).not.toBe(before.version);
  expect(await owner.revokeGrant(first.id)).toEqual({ id: first.id, changed: true });
  expect(await owner.revokeGrant(first.id)).toEqual({ id: first.id, changed: false });
  expect((await served()).grants).toEqual([NORTH]);
});

test("nobody grants or revokes for another, or for who is not there", async () => {
  const stranger = await registry.as("stranger", ["N1"]);
  const north = (await registry.operator.grants()).find(({ grant }) => grant.member === "N1");
  for (const refused of [
    () => stranger.addGrant(NEWS),
    () => stranger.addGrant(NORTH),
    () => owner.addGrant(NORTH),
    () => stranger.revokeGrant(north?.id ?? 0),
  ])
    expect(await refusalOf(refused())).toMatchObject({ code: "NOT_OWNER", status: 403 });
  for (const unknown of [
    () => registry.operator.addGrant({ ...NEWS, service: "none" }),
    () => registry.operator.addGrant({ ...NORTH, member: "N9" }),
    // A member grants nothing of a subgraph that it has no part in.
    () => registry.operator.addGrant({ ...NORTH, service: "news" }),
    () => registry.operator.revokeGrant(999),
  ])
    expect(await refusalOf(unknown())).toMatchObject({ code: "NAME_UNKNOWN", status: 404 });
});

test("what is no grant is refused", async () => {
  for (const wrong of [
    { ...NEWS, to: ["readers"] },
    { ...NEWS, to: [] },
    { ...NEWS, at: "Query." },
    { ...NEWS, for: ["no code"] },
    { ...NEWS, by: "somebody" },
  ])
    expect(await refusalOf(owner.addGrant(wrong))).toMatchObject({ code: "INPUT_INVALID", status: 400 });
});

test("grants stay in the history, and a graph that is rolled back does not bring one back", async () => {
  const history = await registry.operator.history(50);
  const done = history.filter(({ action }) => action.endsWith("grant"));
  expect(done.map(({ actor, action, subject, detail }) => [actor, action, subject, detail["at"]])).toEqual([
    ["news-desk", "revoke grant", "news", "Query.news"],
    ["north", "grant", "N1", "Shelf.count"],
    ["news-desk", "grant", "news", "Query.news"],
  ]);
  const { id } = await registry.operator.composition("latest");
  await registry.operator.publish({ subgraphs: [small("other")] });
  await registry.operator.rollBack(id);
  expect((await served()).grants).toEqual([NORTH]);
  expect((await registry.operator.grants()).map(({ revokedBy }) => revokedBy)).toEqual(["news-desk", null]);
});

test.each([
  "update data_grant set at = '*'",
  "delete from data_grant_revocation",
  "truncate data_grant cascade",
])("the database refuses to rewrite: %s", async (sql) => {
  await expect(registry.database.query(sql)).rejects.toThrow(/can be added to only/);
});

test("a gateway that follows the registry serves what is granted now", async () => {
  const directory = await mkdtemp(join(tmpdir(), "registry-grants-"));
  const keyFile = join(directory, "development.key");
  await ensureDevelopmentKey(keyFile);
  const token = await issueToken(await readDevelopmentKey(keyFile), {
    subject: "s-1",
    role: "reader",
    lifetime: 60,
  });
  const trust = join(directory, "trust.json");
  await writeFile(trust, JSON.stringify({ development: { keyFile }, roles: { reader: [] }, grants: true }));
  const { key } = await registry.operator.issueKey({ owner: "gw", role: "gateway", names: [] });
  const gateway = await startGateway("", [], {
    supergraph: undefined,
    members: undefined,
    registry: { url: registry.url, key, cacheFile: undefined },
    trust,
  });
  const read = async () => (await gateway.ask("{ news }", {}, { authorization: `Bearer ${token}` })).data;
  expect(await read()).toEqual({ news: null });
  const { id } = await owner.addGrant(NEWS);
  await expect.poll(read).toEqual({ news: "rain" });
  await owner.revokeGrant(id);
  await expect.poll(read).toEqual({ news: null });
  await gateway.close();
  await rm(directory, { recursive: true });
});
