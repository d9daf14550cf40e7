/**
 * Boots `npm start` in a data directory of its own, asks the combined status of an interconnected dossier over HTTP,
 * stops it by SIGTERM, and makes sure that nothing is left behind.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface Answer {
  readonly data: { readonly dossiers: { readonly nodes: readonly DossierAnswer[] } } | null;
  readonly errors?: readonly unknown[];
}

interface DossierAnswer {
  readonly code: string;
  readonly status: string;
  readonly statusWithout: readonly string[];
  readonly legs: readonly { readonly agency: { readonly code: string }; readonly case: object | null }[];
}

const QUERY = await readFile(new URL("../schema/examples/01-combined-status.graphql", import.meta.url), "utf8");

const data = await mkdtemp(join(tmpdir(), "lienthong-boot-"));
const port = await freePort();
const began = performance.now();
const province = spawn("npm", ["start", "--", "--port", String(port), "--data", data], {
  stdio: ["ignore", "pipe", "inherit"],
  detached: true,
});
try {
  for await (const line of createInterface(province.stdout)) {
    console.log(`  ${line}`);
    if (line.trim() === "ready") break;
  }
  console.log(`  after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await ask();
} finally {
  if (province.pid !== undefined && province.exitCode === null) process.kill(-province.pid, "SIGTERM");
  if (province.exitCode === null) await once(province, "exit");
  await rm(data, { recursive: true, force: true });
}
if (province.exitCode !== 0) throw new Error(`npm start ended with ${province.exitCode}`);
await refused(port);

async function ask(): Promise<void> {
  const response = await fetch(`http://localhost:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: QUERY }),
  });
  const { data: answered, errors } = (await response.json()) as Answer;
  const dossiers = answered?.dossiers.nodes ?? [];
  if (response.status !== 200 || errors !== undefined || dossiers.length === 0)
    throw new Error(`the question failed: HTTP ${response.status} ${JSON.stringify(errors)}`);
  for (const { code, status, statusWithout, legs } of dossiers) {
    const cases = legs.filter((leg) => leg.case !== null).map((leg) => leg.agency.code);
    console.log(`  ${code}: ${status}, cases at ${cases.join(", ")}`);
    if (statusWithout.length > 0) throw new Error(`without ${statusWithout.join(", ")}`);
  }
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
