import { pino } from "pino";
import { afterEach, beforeAll, expect, test } from "vitest";
import { hearNotices, type Notices } from "../../../subgraphs/kit/notices.ts";
import { createDatabase, type TestDatabase } from "../../setup/database.ts";

const CHANNEL = "things changed";
const LISTENERS =
  "select pid from pg_stat_activity where datname = current_database() and query like 'listen%'";

let database: TestDatabase;
const opened: Notices[] = [];

beforeAll(async () => {
  database = await createDatabase([]);
  return () => database.close();
});
afterEach(async () => {
  for (const notices of opened.splice(0)) await notices.close();
});

function hear(): Notices {
  const notices = hearNotices(database.url, CHANNEL, pino({ level: "silent" }));
  opened.push(notices);
  return notices;
}

async function tell(...subjects: string[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const subject of subjects) await tx.query("select pg_notify($1, $2)", [CHANNEL, subject]);
  });
}

async function listeners(): Promise<number> {
  return (await database.query(LISTENERS)).length;
}

test("each hears of its own subject, when it is committed", async () => {
  const notices = hear();
  const [one, other] = await Promise.all([notices.listen("a"), notices.listen("b")]);
  const heard = Promise.all([one.next(), other.next()]);
  await expect(
    database.transaction(async (tx) => {
      await tx.query("select pg_notify($1, 'a')", [CHANNEL]);
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await tell("c", "b");
  await tell("a");
  expect(await heard).toEqual([
    { done: false, value: "a" },
    { done: false, value: "b" },
  ]);
  expect(await listeners()).toBe(1);
});

test("what is told several times before it is taken is taken once", async () => {
  const notices = hear();
  const [slow, quick] = await Promise.all([notices.listen("a"), notices.listen("b")]);
  for (let time = 0; time < 3; time += 1) await tell("a");
  await tell("b");
  await quick.next();
  expect(await slow.next()).toEqual({ done: false, value: "a" });
  const next = slow.next();
  await tell("a", "b");
  expect(await next).toEqual({ done: false, value: "a" });
});

test("when the last has left the connection ends, and the next begins another", async () => {
  const notices = hear();
  const first = await notices.listen("a");
  const second = await notices.listen("a");
  const waiting = first.next();
  await first.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await listeners()).toBe(1);
  await second.return?.();
  await expect.poll(listeners).toBe(0);
  const third = await notices.listen("a");
  await tell("a");
  expect(await third.next()).toEqual({ done: false, value: "a" });
});

test("a connection that breaks ends the listening with an error; listening again connects again", async () => {
  const notices = hear();
  const heard = await notices.listen("a");
  const broken = heard.next().catch((error: unknown) => error);
  await database.query(`select pg_terminate_backend(pid) from (${LISTENERS}) listening`);
  expect(String(await broken)).toMatch(/terminat/);
  expect(await heard.next()).toEqual({ done: true, value: undefined });
  const again = await notices.listen("a");
  await tell("a");
  expect(await again.next()).toEqual({ done: false, value: "a" });
});

test("a database that is not there is an error, and no reason to try no more", async () => {
  const url = new URL(database.url);
  url.pathname = "/not_there";
  const notices = hearNotices(url.href, CHANNEL, pino({ level: "silent" }));
  for (let time = 0; time < 2; time += 1)
    await expect(notices.listen("a")).rejects.toThrow('database "not_there" does not exist');
  await notices.close();
});

test("closed, it ends everybody's listening and takes nobody more", async () => {
  const notices = hear();
  const heard = await notices.listen("a");
  const ended = heard.next().catch((error: unknown) => error);
  await notices.close();
  expect(String(await ended)).toMatch(/has ended/);
  await expect(notices.listen("a")).rejects.toThrow("no notices are heard any more");
});
