import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../process/ports.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "../../process/postgres.ts";

/** One cluster for all tests: making one takes longer than everything else here. */
let directory: string;

// mkdtemp gives 0700: as root, the server's own user could not enter it by itself.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-postgres-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ directory, settings: { fsync: "off" }, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

async function freshDirectory(): Promise<string> {
  const fresh = await mkdtemp(join(tmpdir(), "lienthong-postgres-"));
  onTestFinished(() => rm(fresh, { recursive: true, force: true, maxRetries: 20 }));
  return fresh;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows[0]?.value;
  } finally {
    await client.end();
  }
}

async function serverPid(): Promise<number> {
  return Number.parseInt(await readFile(join(directory, "cluster", "postmaster.pid"), "utf8"), 10);
}

/** A program that starts the server and lives until it is killed. */
async function startElsewhere(): Promise<{ program: ChildProcess; url: string }> {
  const module = new URL("../../process/postgres.ts", import.meta.url).href;
  const source = `const { startPostgres } = await import(${JSON.stringify(module)});
    console.log((await startPostgres({ directory: ${JSON.stringify(directory)} })).url);
    setInterval(() => {}, 60_000);`;
  const program = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void program.kill("SIGKILL"));
  const [url] = (await once(createInterface(program.stdout), "line")) as [string];
  return { program, url };
}

describe("a server of our own", () => {
  test("keeps its data from one start to the next", async () => {
    const first = await start();
    await ask(first.url, "create table kept as select 'đã lưu'::text as value");
    await first.stop();
    await first.exited;
    await expect(ask(first.url, "select 1 as value")).rejects.toThrow(/ECONNREFUSED/);

    const second = await start();
    expect(await ask(second.url, "select value from kept")).toBe("đã lưu");
  });

  test("listens on the loopback address only, and asks for a password that only its owner can read", async () => {
    const postgres = await start();
    expect(await ask(postgres.url, "select current_setting('listen_addresses') as value")).toBe("127.0.0.1");
    expect(await ask(postgres.url, "select current_setting('unix_socket_directories') as value")).toBe("");
    const stranger = new URL(postgres.url);
    stranger.password = "wrong";
    await expect(ask(stranger.href, "select 1 as value")).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(directory, "password"))).mode & 0o077).toBe(0);
  });

  test("knows capitals and diacritics of Vietnamese whatever the machine's locale", async () => {
    const postgres = await start();
    expect(await ask(postgres.url, "select lower('ĐĂNG KÝ THƯỜNG TRÚ') as value")).toBe("đăng ký thường trú");
    await ask(postgres.url, "create extension if not exists unaccent");
    expect(await ask(postgres.url, "select unaccent('đăng ký thường trú') as value")).toBe(
      "dang ky thuong tru",
    );
  });

  test("takes a given port and given settings", async () => {
    const port = await freePort();
    const postgres = await start({ port, settings: { fsync: "off", max_connections: "23" } });
    expect(new URL(postgres.url).port).toBe(String(port));
    expect(await ask(postgres.url, "select current_setting('max_connections') as value")).toBe("23");
  });

  test("says when the given port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`port ${port} for PostgreSQL is taken`);
  });

  test("says what PostgreSQL said when a setting is wrong", async () => {
    await expect(start({ settings: { shared_buffers: "many" } })).rejects.toThrow(
      /did not start.*invalid value for parameter "shared_buffers"/s,
    );
  });
});

describe("after a crash", () => {
  test("the server ends when the program that started it is killed", async () => {
    const { program, url } = await startElsewhere();
    program.kill("SIGKILL");
    await expect
      .poll(() =>
        ask(url, "select 1 as value").then(
          () => "it answers",
          (error: Error) => error.message,
        ),
      )
      .toContain("ECONNREFUSED");
  });

  test("a server still running on the directory is stopped, and its data are there", async () => {
    const { url: before } = await startElsewhere();
    const orphan = await serverPid();
    await ask(before, "create table orphaned as select 7 as value");
    const postgres = await start();
    expect(await serverPid()).not.toBe(orphan);
    expect(await ask(postgres.url, "select value from orphaned")).toBe(7);
    await expect(ask(before, "select 1 as value")).rejects.toThrow(/ECONNREFUSED/);
  });

  test("a server that was itself killed recovers what was committed", async () => {
    const killed = await start({ settings: {} });
    await ask(killed.url, "create table committed as select 8 as value");
    process.kill(await serverPid(), "SIGKILL");
    await killed.exited;
    const postgres = await start();
    expect(await ask(postgres.url, "select value from committed")).toBe(8);
  });

  test("a process that by now has the number of the old server is left alone", async () => {
    const innocent = spawn(process.execPath, ["--eval", "setInterval(() => {}, 60_000)"]);
    onTestFinished(() => void innocent.kill("SIGKILL"));
    await once(innocent, "spawn");
    const stale = [innocent.pid, join(directory, "cluster"), 1, 5432, "", "127.0.0.1", "", "ready", ""];
    await writeFile(join(directory, "cluster", "postmaster.pid"), stale.join("\n"));
    const postgres = await start();
    expect(await ask(postgres.url, "select 1 as value")).toBe(1);
    expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  });

  test("an initialisation that was cut short is begun anew", async () => {
    const fresh = await freshDirectory();
    await mkdir(join(fresh, "cluster.unfinished", "base"), { recursive: true });
    await writeFile(join(fresh, "password"), "of the interrupted one");
    const postgres = await startPostgres({ directory: fresh, temporary: true });
    expect(await ask(postgres.url, "select 1 as value")).toBe(1);
    await postgres.stop();
    await expect(stat(fresh)).rejects.toThrow(/ENOENT/);
  });
});

describe("filling a new cluster", { timeout: 120_000 }, () => {
  test("happens once, and what it wrote is there", async () => {
    const fresh = await freshDirectory();
    const fill = vi.fn<(url: string) => Promise<void>>(async (url) => {
      expect(await ask(url, "select current_setting('fsync') as value")).toBe("off");
      await ask(url, "create table filled as select 9 as value");
    });
    for (let round = 1; round <= 2; round++) {
      const postgres = await startPostgres({ directory: fresh, fill });
      expect(await ask(postgres.url, "select value from filled")).toBe(9);
      expect(await ask(postgres.url, "select current_setting('fsync') as value")).toBe("on");
      await postgres.stop();
    }
    expect(fill).toHaveBeenCalledTimes(1);
  });

  test("that fails or is abandoned leaves nothing half done", async () => {
    const fresh = await freshDirectory();
    const fails = startPostgres({
      directory: fresh,
      fill: async (url) => {
        await ask(url, "create table half as select 1 as value");
        throw new Error("not enough");
      },
    });
    await expect(fails).rejects.toThrow("not enough");

    const abandon = new AbortController();
    const abandoned = startPostgres({
      directory: fresh,
      signal: abandon.signal,
      fill: async (url) => {
        expect(await ask(url, "select to_regclass('half') as value")).toBeNull();
        const endless = ask(url, "select pg_sleep(3600) as value");
        abandon.abort();
        await endless;
      },
    });
    await expect(abandoned).rejects.toThrow("aborted");

    const postgres = await startPostgres({ directory: fresh });
    onTestFinished(() => postgres.stop());
    expect(await ask(postgres.url, "select to_regclass('half') as value")).toBeNull();
  });
});
