import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { composeSubgraphs } from "../../../gateway/registry/compose.ts";
import { OPERATOR_KEY, type RunningRegistry, startRegistry } from "../../gateway/registry/running.ts";
import { startGateway } from "../../gateway/running.ts";
import { startIssuer } from "../../gateway/trust/tokens.ts";
import { lienthong } from "../running.ts";

const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const SUBGRAPH = {
  name: "news",
  url: "http://news.example/graphql",
  file: "news.graphql",
  sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    scalar DateTime
    scalar Colour
    type Query { article(id: ID!): Article }
    type Article @key(fields: "id") { id: ID! at: DateTime! words: Int colour: Colour }`,
};
const USE = `import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { FrontDocument } from "./graph.ts";
declare function ask<R, V>(document: TypedDocumentNode<R, V>, variables: V): R;
export const at: string | undefined = ask(FrontDocument, { id: "1" }).article?.at;
export const colour: "red" | "blue" | null | undefined = ask(FrontDocument, { id: "1" }).article?.colour;
// @ts-expect-error The variable is called id.
ask(FrontDocument, { code: "1" });
// @ts-expect-error It is not asked for.
ask(FrontDocument, { id: "1" }).article?.words;
`;

let folder: string;
let registry: RunningRegistry;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codegen-"));
  await mkdir(join(folder, "src"));
  await writeFile(
    join(folder, "src/front.graphql"),
    "query Front($id: ID!) { article(id: $id) { ...Shown } }",
  );
  await writeFile(join(folder, "src/shown.graphql"), "fragment Shown on Article { at colour }");
  await writeFile(join(folder, "wrong.graphql"), "query Wrong {\n  article(id: 1) { title }\n}");
  await symlink(MODULES, join(folder, "node_modules"));
  registry = await startRegistry();
  await registry.operator.publish({ subgraphs: [SUBGRAPH] });
});
afterAll(async () => {
  await registry?.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) =>
  lienthong(["codegen", ...args], {
    cwd: folder,
    env: { LIENTHONG_REGISTRY: registry.url, LIENTHONG_KEY: OPERATOR_KEY },
  });

test("a client from the registry's graph is typed", async () => {
  const { code, err, out } = await run(
    "src",
    "--output",
    "src/graph.ts",
    "--scalar",
    'Colour="red" | "blue"',
  );
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe("wrote src/graph.ts: 2 operations and fragments of 2 files\n");
  await writeFile(join(folder, "src/use.ts"), USE);
  const flags = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--allowImportingTsExtensions",
    "src/use.ts",
  ];
  await promisify(execFile)(join(MODULES, ".bin/tsc"), flags, { cwd: folder });
});

test("a gateway's introspection gives the same", async () => {
  const gateway = await startGateway(composeSubgraphs([SUBGRAPH]).supergraph!);
  const args = ["--output", "other/graph.ts", "--gateway", gateway.url, "--json"];
  const ran = await run("src/*.graphql", ...args);
  await gateway.close();
  expect(ran.json()).toEqual({
    ok: true,
    output: "other/graph.ts",
    files: ["src/front.graphql", "src/shown.graphql"],
    faults: [],
  });
  expect(await readFile(join(folder, "other/graph.ts"), "utf8")).toContain("export const FrontDocument");
});

test("a gateway that tells its schema to known callers only is shown a token", async () => {
  const login = await startIssuer();
  const trust = join(folder, "trust.json");
  await writeFile(trust, JSON.stringify({ issuers: [{ issuer: login.issuer, audience: "graph" }] }));
  const gateway = await startGateway(composeSubgraphs([SUBGRAPH]).supergraph!, [], {
    trust,
    limits: { ...DEFAULT_LIMITS, introspection: "known" },
  });
  const args = ["src/*.graphql", "--output", "known/graph.ts", "--gateway", gateway.url];
  await writeFile(join(folder, "a.token"), `${await login.token()}\n`);
  const without = await run(...args);
  const shown = await run(...args, "--token-file", "a.token");
  await gateway.close();
  await login.close();
  expect([without.code, without.err]).toEqual([1, expect.stringContaining("--token-file")]);
  expect([shown.code, shown.err]).toEqual([0, ""]);
  expect(await readFile(join(folder, "known/graph.ts"), "utf8")).toContain("export const FrontDocument");
});

test("what the graph would refuse is told with its place, and nothing is written", async () => {
  const { code, out } = await run("wrong.graphql", "--output", "wrong.ts");
  expect(code).toBe(1);
  expect(out).toBe('wrong.graphql:2:20: Cannot query field "title" on type "Article".\n');
  await expect(readFile(join(folder, "wrong.ts"))).rejects.toThrow("ENOENT");
});

test.each([
  [["--output", "x.ts"], 2, "<FILE ...>: give at least one"],
  [["none.graphql", "--output", "x.ts"], 1, "no operations in none.graphql"],
  [
    ["src", "--output", "x.ts", "--gateway", "http://127.0.0.1:1/graphql", "--token-file", "none"],
    1,
    "the token cannot be read",
  ],
  [["src", "--output", "x.ts", "--gateway", "http://127.0.0.1:1/graphql"], 1, "does not tell its schema"],
])("codegen %j ends with %i", async (args, code, words) => {
  const ran = await run(...args);
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(words);
});
