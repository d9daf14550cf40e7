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
import { freePort } from "../process/ports.ts";
import { startPostgres, type Postgres } from "../process/postgres.ts";
import { lienthong } from "./cli/running.ts";
import { ask } from "./gateway/running.ts";
import { BARE_ENVIRONMENT } from "./setup/environment.ts";

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
  test("has PostgreSQL, one service for each subgraph, the seed, the keys and the gateway", () => {
    expect(Object.keys(file.services).toSorted()).toEqual(
      ["gateway", "keys", "postgres", "seed", ...SUBGRAPHS].toSorted(),
    );
  });

  test("starts what others need first, and only when it is healthy", () => {
    expect(programs["seed"]?.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
    const ended = { condition: "service_completed_successfully" };
    for (const name of AGENCIES) expect(programs[name]?.depends_on).toEqual({ seed: ended, keys: ended });
    expect(programs["tracker"]?.depends_on).toMatchObject({ keys: ended });
    expect(Object.keys(programs["gateway"]?.depends_on ?? {}).toSorted()).toEqual(SUBGRAPHS.toSorted());
    for (const service of [database, ...[...SUBGRAPHS, "gateway"].map((name) => programs[name])])
      expect(service?.healthcheck?.test.length).toBeGreaterThan(0);
  });

  test("names only programs that exist", () => {
    for (const { command } of Object.values(programs))
      expect(command.some((part) => part.endsWith(".ts") && existsSync(join(ROOT, part)))).toBe(true);
  });
});

describe("the services", { timeout: 120_000 }, () => {
  const started: ChildProcess[] = [];
  /** Ports by service, as containers see each other. */
  const ports = new Map<string, number>();
  let directory: string;
  let postgres: Postgres;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "lienthong-compose-"));
    postgres = await startPostgres({ directory, settings: { fsync: "off" } });
    // The others know it before it is there.
    ports.set("gateway", await freePort());
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

  test("the keys are made", async () => {
    const [code] = await once(start("keys"), "exit");
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

  test("the gateway answers over all of them, whoever has a token", async () => {
    const url = `http://127.0.0.1:${ports.get("gateway")}/graphql`;
    const query =
      "{ dossiers(first: 30) { nodes { statusWithout applicant { name } legs { case { state } } } } }";
    const refused = await ask(url, query);
    expect(refused.errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
    const made = await lienthong(["token", "--role", "center-officer", "--data", join(directory, "keys")]);
    const authorization = `Bearer ${made.out.trim()}`;
    const { data, errors } = await ask(url, query, {}, { authorization });
    expect(errors).toEqual([]);
    const { dossiers } = data as { dossiers: { nodes: { statusWithout: string[] }[] } };
    const { nodes } = dossiers;
    expect(nodes).toHaveLength(30);
    expect(nodes.flatMap(({ statusWithout }) => statusWithout)).toEqual([]);
  });

  function start(name: string, more: readonly string[] = []): ChildProcess {
    const { command, environment } = programs[name] as Service;
    const child = spawn(process.execPath, [...command.slice(1).map(inDirectory), ...more], {
      cwd: ROOT,
      env: {
        ...BARE_ENVIRONMENT,
        ...localised(environment),
        PORT: name === "gateway" ? String(ports.get(name)) : "0",
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
        inDirectory(value)
          .replace(/postgres:\/\/.*@postgres:5432\//, credentials)
          .replaceAll(
            /http:\/\/([\w-]+):\d+\//g,
            (_url, service: string) => `http://127.0.0.1:${ports.get(service) ?? 9}/`,
          ),
      ]),
    );
  }

  /** What is in the volume of keys. */
  function inDirectory(path: string): string {
    return path.replace(/^\/keys(?=\/|$)/, join(directory, "keys"));
  }
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
