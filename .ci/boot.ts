/**
 * Boots `npm start` in a data directory of its own, asks the combined status of an interconnected dossier over HTTP with
 * the token that it prints, stops it by SIGTERM, and makes sure that nothing is left behind.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface Answer<D> {
  readonly data: D | null;
  readonly errors?: readonly unknown[];
}

interface DossierAnswer {
  readonly code: string;
  readonly status: string;
  readonly legs: readonly { readonly agency: { readonly code: string }; readonly case: object | null }[];
}

const README = await readFile(new URL("../README.md", import.meta.url), "utf8");
/** The README's first query, as it stands there. */
const QUERY = /<!-- query: first -->\s*```graphql\n([\s\S]*?)```/.exec(README)?.[1] ?? "";

const directory = await mkdtemp(join(tmpdir(), "lienthong-boot-"));
const port = await freePort();
const began = performance.now();
let isReady = false;
/** As the start prints it. */
let token = "";
const province = spawn("npm", ["start", "--", "--port", String(port), "--data", directory], {
  stdio: ["ignore", "pipe", "inherit"],
  detached: true,
});
try {
  for await (const line of createInterface(province.stdout)) {
    console.log(`  ${line.replace(/^(TOKEN=.{8}).*/, "$1…")}`);
    token = /^TOKEN=(\S+)$/.exec(line)?.[1] ?? token;
    isReady = line.trim() === "ready";
    if (isReady) break;
  }
  if (!isReady) throw new Error("npm start ended before it was ready; what it said stands above");
  console.log(`  after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await ask();
} finally {
  if (province.pid !== undefined && province.exitCode === null) process.kill(-province.pid, "SIGTERM");
  if (province.exitCode === null) await once(province, "exit");
  await rm(directory, { recursive: true, force: true });
}
if (province.exitCode !== 0) throw new Error(`npm start ended with ${province.exitCode}`);
await refused(port);

async function ask(): Promise<void> {
  const { dossiers } = await post<{ dossiers: { nodes: { code: string }[] } }>(
    "{ dossiers(first: 3) { nodes { code } } }",
  );
  for (const { code } of dossiers.nodes) {
    const { dossier } = await post<{ dossier: DossierAnswer }>(QUERY, { code });
    const agencies = dossier.legs.filter((leg) => leg.case !== null).map((leg) => leg.agency.code);
    console.log(`  ${code}: ${dossier.status}, cases at ${agencies.join(", ")}`);
    if (agencies.length < 3) throw new Error(`${code} has data of ${agencies.length} agencies only`);
  }
}

async function post<D>(query: string, variables: object = {}): Promise<D> {
  const response = await fetch(`http://localhost:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data: answered, errors } = (await response.json()) as Answer<D>;
  if (response.status !== 200 || errors !== undefined || answered === null)
    throw new Error(`a question failed: HTTP ${response.status} ${JSON.stringify(errors)}`);
  return answered;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

/** Nobody listens any more. */
async function refused(stopped: number): Promise<void> {
  const answered = await fetch(`http://127.0.0.1:${stopped}/health/live`).catch(() => null);
  if (answered !== null) throw new Error(`something still answers on port ${stopped}`);
}
