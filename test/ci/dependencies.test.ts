/**
 * .ci/dependencies.ts on small projects, with a registry that answers and one that does not.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../process/ports.ts";

const INTEGRITY = `sha512-${"A".repeat(86)}==`;
const ADVISORY = "GHSA-aaaa-bbbb-cccc";

let directory: string;
let registry: Server;
/** Of the packages that it knows something bad of. */
const severities = new Map<string, string>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "dependencies-"));
  registry = createServer((request, response) => void answer(request, response));
  await once(registry.listen(0, "127.0.0.1"), "listening");
});
afterAll(async () => {
  registry.closeAllConnections();
  registry.close();
  await rm(directory, { recursive: true });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(404).end("{}");
  const told = Object.keys(await body(request)).flatMap((name): [string, unknown][] => {
    const severity = severities.get(name);
    if (severity === undefined) return [];
    const url = `https://advisories.example/${ADVISORY}`;
    return [[name, [{ id: 1, url, title: "Everybody may", severity, vulnerable_versions: "<2.0.0" }]]];
  });
  response.setHeader("content-type", "application/json").end(JSON.stringify(Object.fromEntries(told)));
}

async function body(request: NodeJS.ReadableStream): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()) as object;
}

let projects = 0;

function lockfile(own: object, others: readonly (readonly [string, object])[]): string {
  const packages = { "": own, ...Object.fromEntries(others) };
  return JSON.stringify({ name: "p", lockfileVersion: 3, requires: true, packages });
}

/** A project with these packages, of its own directory; its page of licences is written. */
async function project(packages: Readonly<Record<string, object>>, accepted: readonly object[] = []) {
  projects += 1;
  const root = join(directory, String(projects));
  await mkdir(join(root, "test", "bench"), { recursive: true });
  await mkdir(join(root, ".ci", "dependencies"), { recursive: true });
  await mkdir(join(root, "docs"));
  const dependencies = Object.fromEntries(Object.keys(packages).map((name) => [name, "1.0.0"]));
  const locked = Object.entries(packages).map(
    ([name, more]) =>
      [`node_modules/${name}`, { version: "1.0.0", license: "MIT", integrity: INTEGRITY, ...more }] as const,
  );
  await writeFile(join(root, "package.json"), JSON.stringify({ name: "p", version: "1.0.0", dependencies }));
  await writeFile(
    join(root, "package-lock.json"),
    lockfile({ name: "p", version: "1.0.0", dependencies }, locked),
  );
  await writeFile(join(root, "test", "bench", "package-lock.json"), lockfile({}, []));
  await writeFile(join(root, ".ci", "dependencies", "accepted.json"), JSON.stringify(accepted));
  return root;
}

async function run(root: string, ...parameters: readonly string[]) {
  return runWith((registry.address() as AddressInfo).port, root, ...parameters);
}

/** @param port of the registry */
async function runWith(port: number, root: string, ...parameters: readonly string[]) {
  const child = spawn(process.execPath, [".ci/dependencies.ts", "--root", root, ...parameters], {
    env: { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_fetch_retries: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [said, faults, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { code, said, faults: faults.split("\n").filter(Boolean) };
}

test("a project whose packages are locked, licensed and not known to be bad passes; its licences are listed", async () => {
  const root = await project({ good: {}, "@some/tool": { dev: true, license: "UNLICENSED" } });
  expect(await run(root)).toMatchObject({
    code: 1,
    faults: ["docs/licences.md is not of this package-lock.json: node .ci/dependencies.ts --write"],
  });
  expect(await run(root, "--write")).toEqual({
    code: 0,
    said: "dependencies: 2 packages, 0 faults\n",
    faults: [],
  });
  expect(await readFile(join(root, "docs", "licences.md"), "utf8")).toMatch(/## MIT\n\ngood 1\.0\.0\n$/);
});

test("what is not locked by content, or comes from elsewhere, is told, each by its place", async () => {
  const root = await project({
    weak: { integrity: "sha1-AAAA" },
    none: { integrity: undefined },
    git: { resolved: "git+ssh://git@github.com/a/git.git#0123" },
    file: { resolved: "file:../file" },
    plain: { resolved: "http://registry.example/plain/-/plain-1.0.0.tgz" },
    tarball: { resolved: "https://elsewhere.example/tarball.tgz" },
    link: { link: true },
    registered: { resolved: "https://registry.example/registered/-/registered-1.0.0.tgz" },
    elsewhere: { integrity: undefined, dev: true, optional: true, os: ["sunos"] },
  });
  const { code, faults } = await run(root, "--write");
  expect(code).toBe(1);
  expect(faults).toEqual([
    "node_modules/weak: has no integrity by SHA-512",
    "node_modules/none: has no integrity by SHA-512",
    "node_modules/git: comes from git+ssh://git@github.com/a/git.git#0123, which is no registry over HTTPS",
    "node_modules/file: comes from file:../file, which is no registry over HTTPS",
    "node_modules/plain: comes from http://registry.example/plain/-/plain-1.0.0.tgz, which is no registry over HTTPS",
    "node_modules/tarball: comes from https://elsewhere.example/tarball.tgz, which is no registry over HTTPS",
    "node_modules/link: is a link to a directory",
  ]);
});

test("a licence that is not accepted is told; Elastic 2.0 is accepted of those known to have it", async () => {
  const root = await project({
    copyleft: { license: "AGPL-3.0" },
    silent: { license: undefined },
    other: { license: "Elastic-2.0" },
    "@apollo/gateway": { license: "Elastic-2.0" },
  });
  const { code, faults } = await run(root, "--write");
  expect([code, faults]).toEqual([
    1,
    [
      "copyleft 1.0.0: the licence AGPL-3.0",
      "silent 1.0.0: the licence is not told",
      "other 1.0.0: the licence Elastic-2.0",
    ],
  ]);
});

test("a grave vulnerability fails until it is accepted, and again when that is over", async () => {
  severities.set("holey", "critical").set("tired", "moderate");
  const packages = { holey: {}, tired: {} };
  const entry = { advisory: ADVISORY, reason: "The part that is concerned is not used here." };
  const told = `holey: critical, Everybody may (${ADVISORY}`;
  expect(await run(await project(packages), "--write")).toMatchObject({ code: 1, faults: [`${told})`] });
  const over = await project(packages, [{ ...entry, until: "2020-01-01" }]);
  expect((await run(over, "--write")).faults).toEqual([`${told}, accepted until 2020-01-01)`]);
  const accepted = await project(packages, [{ ...entry, until: "2999-12-31" }]);
  expect(await run(accepted, "--write")).toMatchObject({ code: 0, faults: [] });
  severities.clear();
});

test("a registry that does not answer is told, and no fault", async () => {
  const root = await project({ good: {} });
  const { code, said } = await runWith(await freePort(), root, "--write");
  expect(code).toBe(0);
  expect(said).toMatch(/^dependencies: the registry tells no vulnerabilities: .*ECONNREFUSED/m);
});
