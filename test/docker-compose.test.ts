/**
 * docker-compose.yml without a Docker engine: every service's very command with its very environment, only the names
 * and ports of the containers' network replaced by local ones.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startPostgres, type Postgres } from "../process/postgres.ts";

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly build?: string;
  readonly read_only?: boolean;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const file = parse(readFileSync(join(ROOT, "docker-compose.yml"), "utf8"), { merge: true }) as {
  services: Record<string, Service>;
};
const { postgres: database, ...programs } = file.services;
const AGENCIES = ["center", "tax", "social-insurance", "police", "departments", "power"];
const SUBGRAPHS = [...AGENCIES, "tracker"];

describe("the file", () => {
  test("has PostgreSQL, one service for each subgraph, the seed and the gateway", () => {
    expect(Object.keys(file.services).toSorted()).toEqual(
      ["gateway", "postgres", "seed", ...SUBGRAPHS].toSorted(),
    );
  });

  test("starts what others need first, and only when it is healthy", () => {
    expect(programs["seed"]?.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
    for (const name of AGENCIES)
      expect(programs[name]?.depends_on).toEqual({ seed: { condition: "service_completed_successfully" } });
    expect(Object.keys(programs["gateway"]?.depends_on ?? {}).toSorted()).toEqual(SUBGRAPHS.toSorted());
    for (const service of [database, ...[...SUBGRAPHS, "gateway"].map((name) => programs[name])])
      expect(service?.healthcheck?.test.length).toBeGreaterThan(0);
  });

  test("names only programs that exist", () => {
    for (const { command } of Object.values(programs))
      expect(existsSync(join(ROOT, command[1] ?? ""))).toBe(true);
  });
});

describe("the services", () => {
  const started: ChildProcess[] = [];
  /** Ports by service, as containers see each other. */
  const ports = new Map<string, number>();
  let directory: string;
  let postgres: Postgres;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lienthong-compose-"));
    postgres = await startPostgres({ directory, settings: { fsync: "off" } });
  });
  afterAll(async () => {
    for (const child of started.toReversed()) await end(child);
    await postgres?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test("the seed fills the province and ends", async () => {
    const seed = start("seed", ["--dossiers", "30"]);
    const [code] = await once(seed, "exit");
    expect(code).toBe(0);
  });

  test.each([...SUBGRAPHS, "gateway"])("%s becomes healthy", async (name) => {
    const child = start(name);
    const [message] = (await once(child, "message")) as [{ ready: boolean; port: number }];
    expect(message.ready).toBe(true);
    ports.set(name, message.port);
    const health = programs[name]?.healthcheck?.test ?? [];
    const probe = spawn(process.execPath, health.slice(2), { env: { PORT: String(message.port) } });
    const [code] = await once(probe, "exit");
    expect(code).toBe(0);
  });

  test("the gateway answers over all of them", async () => {
    const response = await fetch(`http://127.0.0.1:${ports.get("gateway")}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: "{ dossiers(first: 30) { nodes { statusWithout legs { case { state } } } } }",
      }),
    });
    const { data, errors } = (await response.json()) as {
      data: { dossiers: { nodes: { statusWithout: string[] }[] } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data.dossiers.nodes).toHaveLength(30);
    expect(data.dossiers.nodes.flatMap(({ statusWithout }) => statusWithout)).toEqual([]);
  });

  function start(name: string, more: readonly string[] = []): ChildProcess {
    const { command, environment } = programs[name] as Service;
    const child = spawn(process.execPath, [...command.slice(1), ...more], {
      cwd: ROOT,
      env: {
        PATH: process.env["PATH"],
        ...localised(environment),
        ...(name !== "seed" && { PORT: "0" }),
        LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    started.push(child);
    return child;
  }

  /** The same environment, where containers' names are local addresses. */
  function localised(environment: Readonly<Record<string, string>>): Record<string, string> {
    const server = new URL(postgres.url);
    const credentials = `postgres://${server.username}:${server.password}@${server.host}/`;
    return Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value
          .replace(/postgres:\/\/.*@postgres:5432\//, credentials)
          .replaceAll(
            /http:\/\/([\w-]+):\d+\//g,
            (_url, service: string) => `http://127.0.0.1:${ports.get(service) ?? 9}/`,
          ),
      ]),
    );
  }
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
