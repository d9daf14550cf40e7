import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { ensureDatabase, migrate, openDatabase, prepareDatabase, sqlState } from "../../process/database.ts";
import { freePort } from "../../process/ports.ts";
import { KIT_MIGRATIONS } from "../../subgraphs/kit/database.ts";
import {
  type TestDatabase,
  createDatabase,
  dropDatabase,
  freshDatabaseUrl,
  statementsOf,
} from "../setup/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase([KIT_MIGRATIONS]);
  await database.query("create table note (id int primary key, body text)");
  return () => database.close();
});

const bodies = (): Promise<unknown[]> => database.query("select id, body from note order by id");

describe("a transaction", () => {
  afterAll(() => database.query("truncate note"));

  test("happens whole", async () => {
    const answer = await database.transaction(async (tx) => {
      await tx.query("insert into note values (1, 'một')");
      await tx.query("insert into note values (2, 'hai')");
      return "done";
    });
    expect(answer).toBe("done");
    expect(await bodies()).toEqual([
      { id: 1, body: "một" },
      { id: 2, body: "hai" },
    ]);
  });

  test("or not at all, and its connection is as good as before", async () => {
    const failing = database.transaction(async (tx) => {
      await tx.query("insert into note values (3, 'ba')");
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    const doubled = database.transaction((tx) => tx.query("insert into note values (1, 'again')"));
    await expect(doubled.catch(sqlState)).resolves.toBe("23505");
    expect(await bodies()).toHaveLength(2);
  });

  test("whose connection breaks gives it back to nobody", async () => {
    const cut = database.transaction(async (tx) => {
      await tx.query("insert into note values (4, 'bốn')");
      await tx.query("select pg_terminate_backend(pg_backend_pid())");
    });
    await expect(cut).rejects.toThrow(/terminat/);
    expect(await bodies()).toHaveLength(2);
  });
});

test("values come as the types that the code reckons with", async () => {
  const [row] = await database.query(
    `select 9007199254740991::bigint as big, 12.5::numeric as half, date '2026-03-02' as day,
       timestamptz '2026-03-02 08:00+07' as instant`,
  );
  expect(row).toEqual({
    big: Number.MAX_SAFE_INTEGER,
    half: 12.5,
    day: "2026-03-02",
    instant: new Date("2026-03-02T01:00:00Z"),
  });
});

test("every statement is published with its database", async () => {
  const texts = await statementsOf(database.url, async () => {
    await database.query("select 1");
    await database.transaction((tx) => tx.query("select 2"));
  });
  expect(texts).toEqual(["select 1", "select 2"]);
});

describe("a database that is not there", () => {
  test("is made with its tables, also by several at once, and found again", async () => {
    const url = freshDatabaseUrl();
    onTestFinished(() => dropDatabase(url));
    await Promise.all(Array.from({ length: 4 }, () => prepareDatabase(url, [KIT_MIGRATIONS])));
    await prepareDatabase(url, [KIT_MIGRATIONS]);
    const made = openDatabase(url, 1);
    expect(await made.query("select count(*) as messages from outbox")).toEqual([{ messages: 0 }]);
    await made.close();
  });

  test("is made once, also by several processes at the same moment", async () => {
    const url = freshDatabaseUrl();
    onTestFinished(() => dropDatabase(url));
    await Promise.all(Array.from({ length: 5 }, () => ensureDatabase(url)));
    await Promise.all(Array.from({ length: 5 }, () => migrate(url, [KIT_MIGRATIONS])));
    const made = openDatabase(url, 1);
    onTestFinished(() => made.close());
    expect(await made.query("select name from migration order by id")).toEqual([{ name: "0001_writing" }]);
    expect(await made.query("select count(*) as rows from outbox")).toEqual([{ rows: 0 }]);
  });

  test("and cannot be made says how to mend it", async () => {
    const role = `limited_${process.pid}_${Date.now()}`;
    await database.query(`create role ${role} login password 'pw'`);
    onTestFinished(async () => void (await database.query(`drop role ${role}`)));
    const url = new URL(freshDatabaseUrl());
    url.username = role;
    url.password = "pw";
    await expect(ensureDatabase(url.href)).rejects.toThrow(/permission denied.*\n.*CREATEDB/);
    url.password = "wrong";
    await expect(ensureDatabase(url.href)).rejects.toThrow(/refuses the login.*\n.*user and password/);
  });

  test("no password of a database is in what is logged of its faults", async () => {
    const password = "a-password-of-a-database";
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    const away = new URL(freshDatabaseUrl());
    away.port = "1";
    const wrong = new URL(freshDatabaseUrl());
    wrong.username = "nobody_at_all";
    for (const url of [away, wrong]) {
      url.password = password;
      await ensureDatabase(url.href).catch((error: unknown) => log.error({ err: error }, "made"));
      const opened = openDatabase(url.href, 1);
      await opened.query("select 1").catch((error: unknown) => log.error({ err: error }, "asked"));
      await opened.close();
    }
    expect(lines).toHaveLength(4);
    expect(lines.join("")).not.toContain(password);
  });

  test("on a server that is not there says so", async () => {
    const port = await freePort();
    const url = `postgres://nobody@127.0.0.1:${port}/nothing`;
    await expect(ensureDatabase(url)).rejects.toThrow(
      `PostgreSQL at 127.0.0.1:${port} cannot be reached: connect ECONNREFUSED`,
    );
    await expect(migrate(url, [KIT_MIGRATIONS])).rejects.toThrow("cannot be reached");
  });

  test.each(["postgres://localhost", "postgres://localhost/", "nonsense"])("%s names none", async (url) => {
    await expect(ensureDatabase(url)).rejects.toThrow("the database URL names no database");
  });
});

test("migrations happen all together or not at all, and say what PostgreSQL said", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lienthong-migrations-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, "0100_good.sql"), "create table good (id int);");
  await writeFile(join(directory, "0101_bad.sql"), "create table bad (id nonsense);");
  const url = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(url));
  await ensureDatabase(url);
  await expect(migrate(url, [KIT_MIGRATIONS, directory])).rejects.toThrow(/type "nonsense" does not exist/);
  const opened = openDatabase(url, 1);
  onTestFinished(() => opened.close());
  expect(await opened.query("select to_regclass('good') as good, to_regclass('outbox') as outbox")).toEqual([
    { good: null, outbox: null },
  ]);
});

test("a server that was restarted is found again", async () => {
  const again = openDatabase(database.url, 1);
  onTestFinished(() => again.close());
  const server = openDatabase(inject("postgresUrl"), 1);
  onTestFinished(() => server.close());
  const [backend] = await again.query<{ pid: number }>("select pg_backend_pid() as pid");
  await server.query("select pg_terminate_backend($1, 5000)", [backend?.pid]);
  // The first query may still meet the dead connection; no later one does.
  await again.query("select 1").catch(() => {});
  expect(await again.query("select 2 as two")).toEqual([{ two: 2 }]);
});

test("a migration may come into one directory when later numbers of another are applied", async () => {
  const [early, late] = [
    await mkdtemp(join(tmpdir(), "lienthong-early-")),
    await mkdtemp(join(tmpdir(), "lienthong-late-")),
  ];
  const url = freshDatabaseUrl();
  onTestFinished(async () => {
    await Promise.all([early, late].map((directory) => rm(directory, { recursive: true })));
    await dropDatabase(url);
  });
  await ensureDatabase(url);
  await writeFile(join(late, "1001_late.sql"), "create table late ();");
  await migrate(url, [early, late]);
  await writeFile(join(early, "0002_early.sql"), "create table early ();");
  await migrate(url, [early, late]);
  const made = openDatabase(url, 1);
  expect(await made.query("select name from migration order by id")).toEqual([
    { name: "1001_late" },
    { name: "0002_early" },
  ]);
  await made.close();
});
