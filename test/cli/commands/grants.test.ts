/**
 * Grants beside the SDL, from the command line.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATOR_KEY, type RunningRegistry, small, startRegistry } from "../../gateway/registry/running.ts";
import { lienthong } from "../running.ts";

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.operator.publish({ subgraphs: [small("news")] });
});
afterAll(() => registry?.close());

const run = (...args: string[]) =>
  lienthong(["grants", ...args], {
    env: { LIENTHONG_REGISTRY: registry.url, LIENTHONG_KEY: OPERATOR_KEY, TZ: "UTC" },
  });

test("a grant is added, listed, and revoked; what was revoked stays in the list of all", async () => {
  const what = [
    "Query.news",
    "--subgraph",
    "news",
    "--to",
    "role:reader",
    "--to",
    "client:app",
    "--for",
    "audit",
  ];
  const added = await run("add", ...what);
  expect([added.code, added.out]).toEqual([
    0,
    "grant 1: news grants Query.news to role:reader, client:app, for audit\n",
  ]);
  expect((await run("add", ...what)).out).toBe("nothing to change: grant 1 says so already\n");
  expect((await run("list")).out).toMatch(/1 +news +Query\.news +role:reader client:app +audit +/);
  expect((await run("revoke", "1")).out).toBe("revoked grant 1\n");
  expect((await run("revoke", "1")).out).toBe("nothing to change: grant 1 was revoked before\n");
  expect((await run("list")).out).not.toContain("Query.news");
  const all = (await run("list", "--all", "--json")).json()["grants"];
  expect(all).toMatchObject([{ id: 1, revokedBy: "operator" }]);
});

test("a grant of what the graph does not have is told, and counts once it does", async () => {
  const added = await run("add", "Query.nwes", "--subgraph", "news", "--to", "anyone");
  expect([added.code, added.out]).toEqual([
    0,
    `grant 2: news grants Query.nwes to anyone
what to know of its grants:
  a grant of "news" is about Query.nwes, which it does not give
`,
  ]);
});

test("what is no grant is told before the registry is asked", async () => {
  const wrong = await run("add", "Query.news", "--subgraph", "news", "--to", "readers");
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("must be anyone")]);
  const nobody = await run("add", "Query.news", "--subgraph", "news");
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining("is required: who may read it")]);
  const unknown = await run("revoke", "99");
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('no grant "99"')]);
});

test("check and publish tell what nobody may read", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cli-grants-"));
  const head = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@composeDirective"])
    @link(url: "https://example.com/grant/v1.0", import: ["@grant"]) @composeDirective(name: "@grant")
    directive @grant(to: [String!]!, for: [String!]) repeatable on SCHEMA | OBJECT | FIELD_DEFINITION`;
  const item = `${head} type Query { item: Item } type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! size: Int @grant(to: ["role:clerk"]) }`;
  const more = `${head} type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! size: Int @external weight: Int @requires(fields: "size") }`;
  await writeFile(join(directory, "item.graphql"), item);
  await writeFile(join(directory, "more.graphql"), more);
  const what = [
    "item=item.graphql",
    "more=more.graphql",
    "--url",
    "item=http://i.example/",
    "--url",
    "more=http://m.example/",
  ];
  const ask = (command: string) =>
    lienthong([command, ...what], {
      cwd: directory,
      env: { LIENTHONG_REGISTRY: registry.url, LIENTHONG_KEY: OPERATOR_KEY },
    });
  const hint =
    'Item.weight of "more" is refused to everybody: its @requires reads Item.size, which "item" does not grant to service:more';
  expect((await ask("check")).out).toContain(hint);
  expect((await ask("publish")).out).toContain(hint);
  await rm(directory, { recursive: true });
});
