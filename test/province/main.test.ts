import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../process/ports.ts";
import { SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";
import { descendants, Province, survivors } from "./province.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-province-"));
});
// A failed test kills its province, whose programs may still write for a moment.
afterAll(() => rm(directory, { recursive: true, force: true, maxRetries: 20 }));

const COUNT = "{ dossiers(first: 3) { edges { node { code status } } } }";
interface Counted {
  readonly dossiers: {
    readonly edges: { node: { code: string; status: string } }[];
  };
}

test("a whole province: starts, answers, survives faults, stops, and leaves nothing behind", {
  timeout: 300_000,
}, async () => {
  const data = join(directory, "data");
  const flags = ["--data", data, "--port", "0", "--dossiers", "200"];
  const first = new Province(...flags);
  onTestFinished(() => void first.process.kill("SIGKILL"));
  await first.says(/^ready$/m);
  const { dossiers } = await first.ask<Counted>(COUNT);
  expect(dossiers.edges).toHaveLength(3);

  // Another on the same data, and another on the same port.
  const twin = new Province(...flags);
  expect(await twin.ended()).toBe(1);
  expect(twin.output).toMatch(
    new RegExp(`^error: a province already runs on .*: process ${first.pid}\n {2}Stop it`),
  );
  const { port } = new URL(first.url);
  const neighbour = new Province("--data", join(directory, "neighbour"), "--port", port);
  expect(await neighbour.ended()).toBe(1);
  expect(neighbour.output).toBe(
    `error: port ${port} is taken\n  Choose another with --port N, or stop what uses it.\n`,
  );

  // A program that dies is started again.
  const tax = (await descendants(first.pid)).find(({ command }) => command.includes("subgraphs/tax/"));
  process.kill(tax?.pid ?? 0, "SIGKILL");
  await first.says(/tax ended \(SIGKILL\), starting it again/);
  await first.says(/tax is ready again/);
  expect((await first.ask<Counted>(COUNT)).dossiers).toEqual(dossiers);

  // Killed, it takes everything with it; started again, everything is there.
  const killed = await descendants(first.pid);
  expect(killed.length).toBeGreaterThan(7);
  first.process.kill("SIGKILL");
  await vi.waitFor(async () => expect(await survivors(killed)).toEqual([]), {
    timeout: 20_000,
    interval: 50,
  });
  const second = new Province(...flags);
  onTestFinished(() => void second.process.kill("SIGKILL"));
  await second.says(/^ready$/m);
  expect((await second.ask<Counted>(COUNT)).dossiers).toEqual(dossiers);

  const stopped = await descendants(second.pid);
  second.process.kill("SIGTERM");
  expect(await second.ended()).toBe(0);
  expect(await survivors(stopped)).toEqual([]);
  expect(second.output).not.toMatch(/error/);
  await expect(stat(join(data, "lock"))).rejects.toThrow(/ENOENT/);

  // Stopped or killed while it starts, it leaves nothing behind either.
  const interrupted = new Province(...flags);
  onTestFinished(() => void interrupted.process.kill("SIGKILL"));
  await interrupted.says(/^PostgreSQL/m);
  const waiting = await descendants(interrupted.pid);
  expect(waiting.length).toBeGreaterThan(7);
  interrupted.process.kill("SIGINT");
  expect(await interrupted.ended()).toBe(0);
  expect(await survivors(waiting)).toEqual([]);
  expect(interrupted.output).not.toMatch(/error/);
  const cutOff = new Province(...flags);
  await cutOff.says(/^PostgreSQL/m);
  const left = await descendants(cutOff.pid);
  cutOff.process.kill("SIGKILL");
  await vi.waitFor(async () => expect(await survivors(left)).toEqual([]), { timeout: 20_000, interval: 50 });
});

/** What it says in the end, which must be without a stack trace, and with exit code 1. */
async function faultOf(...flags: string[]): Promise<string> {
  const data = await mkdtemp(join(directory, "fault-"));
  const province = new Province("--data", data, "--port", "0", ...flags);
  onTestFinished(() => void province.process.kill("SIGKILL"));
  const code = await province.ended();
  if (code !== 1 || /^\s+at /m.test(province.output)) throw new Error(`code ${code}:\n${province.output}`);
  return province.output.slice(province.output.indexOf("error: "));
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(inject("postgresUrl"));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

describe("what the user can mend is told in one clear line, without a stack, with exit code 1", () => {
  test("an unknown option, and everything else wrong on the command line at once", async () => {
    const fault = await faultOf("--prot", "4000", "--dossiers", "many");
    expect(fault).toMatch(/unknown option --prot/);
    expect(fault).toMatch(/--dossiers: a number of dossiers/);
    expect(fault).toMatch(/See npm start -- --help\.\n$/);
  });

  test("a database server that is not there", async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const fault = await faultOf("--database-url", `postgres://somebody:secret@${nobody}/postgres`);
    expect(fault).toMatch(
      /^error: PostgreSQL at 127\.0\.0\.1:\d+ cannot be reached: .*\n {2}Start it, or correct DATABASE_URL/,
    );
    expect(fault).not.toContain("secret");
  });

  test("a wrong password", async () => {
    const url = new URL(inject("postgresUrl"));
    url.password = "wrong";
    expect(await faultOf("--database-url", url.href)).toMatch(
      /^error: PostgreSQL at \S+ refuses the login: .*\n {2}Check user and password in DATABASE_URL\.\n$/,
    );
  });

  test("a role that may not create databases", async () => {
    await onServer("create role powerless login password 'powerless'");
    onTestFinished(() => onServer("drop role powerless"));
    const url = new URL(inject("postgresUrl"));
    url.username = "powerless";
    url.password = "powerless";
    expect(await faultOf("--database-url", url.href, "--database-prefix", "powerless_")).toMatch(
      /^error: PostgreSQL at \S+: permission denied to create database\n {2}Give the role CREATEDB/,
    );
  });

  test("a DATABASE_URL that is none", async () => {
    expect(await faultOf("--database-url", "localhost:5432")).toMatch(
      /--database-url: not of the form postgres:\/\/user:password@host:5432/,
    );
  });

  test("broken SDL", async () => {
    const schema = join(directory, "schema");
    await cp(SCHEMA_DIRECTORY, schema, { recursive: true });
    const file = join(schema, "police.graphql");
    await writeFile(file, (await readFile(file, "utf8")).replace("type Query {", "type Query {{"));
    expect(await faultOf("--schema", schema)).toMatch(
      /^error: the supergraph cannot be composed:\n {2}\S*police\.graphql:\d+:\d+: Syntax Error.*\n {2}Mend the SDL/,
    );
  });

  test("a data directory that cannot be written", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    expect(await faultOf("--data", join(file, "data"))).toMatch(
      /^error: the data directory \S+ cannot be written: .*\n {2}Choose another with --data DIR/,
    );
  });
});
