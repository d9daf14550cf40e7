import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../../process/database.ts";
import { freePort } from "../../../process/ports.ts";
import { KIT_MIGRATIONS, openDatabase } from "../../../subgraphs/kit/database.ts";
import { type Outbox, enqueue, startOutbox } from "../../../subgraphs/kit/outbox.ts";
import { type TestDatabase, createDatabase } from "../../setup/database.ts";
import { ACCEPTED, type TestGateway, errorReply, startTestGateway } from "../../setup/gateway.ts";

const DOCUMENT = "mutation Report($n: Int!) { report(n: $n) { ok } }";

let database: TestDatabase;
let gateway: TestGateway;
let logged: { level: number; msg: string; reason?: string }[];

beforeAll(async () => {
  database = await createDatabase([KIT_MIGRATIONS]);
  return () => database.close();
});
beforeEach(async () => {
  await database.query("truncate outbox restart identity");
  gateway = await startTestGateway();
  logged = [];
  return () => gateway.close();
});

function start(gatewayUrl = gateway.url, on: Database = database, gatewayTokenFile?: string): Outbox {
  const log = pino({ level: "debug" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const outbox = startOutbox(on, { gatewayUrl, gatewayTokenFile }, log);
  onTestFinished(() => outbox.close());
  return outbox;
}

function send(topic: string, n: number): Promise<void> {
  return database.transaction((tx) => enqueue(tx, { topic, document: DOCUMENT, variables: { n, topic } }));
}

function waiting(): Promise<{ attempts: number; refused: boolean; last_error: string | null }[]> {
  return database.query(
    "select attempts, refused_at is not null as refused, last_error from outbox order by id",
  );
}

/** Makes what waits for its next attempt due now. */
async function makeDue(): Promise<void> {
  await database.query("update outbox set next_attempt_at = now()");
}

const numbers = (topic?: string): unknown[] =>
  gateway.received
    .filter(({ variables }) => topic === undefined || variables["topic"] === topic)
    .map(({ variables }) => variables["n"]);

describe("delivery", () => {
  test("shows the token that its file holds now", async () => {
    const directory = await mkdtemp(join(tmpdir(), "outbox-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, "token");
    await writeFile(file, "first\n");
    const outbox = start(gateway.url, database, file);
    await send("a", 1);
    await outbox.flush();
    await gateway.arrived(1);
    await writeFile(file, "second\n");
    await send("a", 2);
    await outbox.flush();
    await gateway.arrived(2);
    expect(gateway.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer first",
      "Bearer second",
    ]);
  });

  test("is in order within a topic, one at a time, and side by side over topics", async () => {
    let inFlight: string[] = [];
    let most = 0;
    const doubled: string[] = [];
    gateway.reply = async ({ variables }) => {
      const topic = String(variables["topic"]);
      if (inFlight.includes(topic)) doubled.push(topic);
      inFlight.push(topic);
      most = Math.max(most, inFlight.length);
      // The first of all waits for a second one, which is another topic's.
      if (gateway.received.length < 2) await gateway.arrived(2);
      inFlight = inFlight.filter((other) => other !== topic);
      return ACCEPTED;
    };
    for (let n = 1; n <= 5; n++) for (const topic of ["a", "b"]) await send(topic, n);
    await start().flush(10_000);
    expect(numbers("a")).toEqual([1, 2, 3, 4, 5]);
    expect(numbers("b")).toEqual([1, 2, 3, 4, 5]);
    expect(doubled).toEqual([]);
    expect(most).toBe(2);
    expect(await waiting()).toEqual([]);
  });

  test("carries the mutation and its variables", async () => {
    await send("a", 7);
    await start().flush();
    expect(gateway.received).toMatchObject([{ query: DOCUMENT, variables: { n: 7, topic: "a" } }]);
    expect(gateway.received[0]?.headers["content-type"]).toBe("application/json");
  });

  test("never happens of a change that was undone", async () => {
    const undone = database.transaction(async (tx) => {
      await enqueue(tx, { topic: "a", document: DOCUMENT, variables: { n: 1 } });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    await start().flush();
    expect(gateway.received).toEqual([]);
  });

  test("begins by itself with what a process before left over", async () => {
    await send("a", 1);
    start();
    await gateway.arrived(1);
    expect(numbers()).toEqual([1]);
  });

  test("covers what is added while another delivery is under way", async () => {
    const outbox = start();
    await send("a", 1);
    gateway.reply = async () => {
      if (gateway.received.length === 1) await send("a", 2);
      return ACCEPTED;
    };
    await outbox.flush(10_000);
    expect(numbers()).toEqual([1, 2]);
  });
});

/** The address of a gateway that is not there until it comes back. */
async function absentGateway(): Promise<{ url: string; comeBack: () => Promise<void> }> {
  await gateway.close();
  const port = await freePort();
  const comeBack = async () => void (gateway = await startTestGateway(port));
  return { url: `http://127.0.0.1:${port}/graphql`, comeBack };
}

/** Passes everything on, and writes down after how many seconds failed messages are tried again. */
function listening(delays: number[]): Database {
  return {
    ...database,
    query: (text, values) => {
      if (text.includes("last_error = $3")) delays.push(Number(values?.[1]));
      return database.query(text, values);
    },
  };
}

describe("while the gateway is away", () => {
  test("a message waits longer after each failure, up to five minutes, and is delivered when it is back", async () => {
    const delays: number[] = [];
    const away = await absentGateway();
    const outbox = start(away.url, listening(delays));
    await send("a", 1);
    for (let attempt = 1; attempt <= 12; attempt++) {
      await makeDue();
      await outbox.flush(10_000);
    }
    const [message] = await waiting();
    expect(message).toMatchObject({ refused: false, last_error: expect.stringContaining("ECONNREFUSED") });
    expect(delays.length).toBe(message?.attempts);
    for (const [index, delay] of delays.entries()) {
      const longest = Math.min(0.5 * 2 ** index, 300);
      expect(delay).toBeGreaterThanOrEqual(longest / 2);
      expect(delay).toBeLessThanOrEqual(longest);
    }
    expect(delays.at(-1)).toBeGreaterThanOrEqual(150);

    await away.comeBack();
    await makeDue();
    await outbox.flush(10_000);
    expect(numbers()).toEqual([1]);
    expect(await waiting()).toEqual([]);
  });

  test("it comes back by itself", async () => {
    const away = await absentGateway();
    await send("a", 1);
    await start(away.url).flush(10_000);
    // Tried once, and again by itself where a busy machine came to look late.
    expect(await waiting()).toMatchObject([{ last_error: expect.stringContaining("ECONNREFUSED") }]);
    await away.comeBack();
    await gateway.arrived(1);
  });

  test("later messages of its topic wait behind it, those of other topics do not", async () => {
    gateway.reply = ({ variables }) =>
      variables["topic"] === "a" ? { status: 503, body: "away" } : ACCEPTED;
    const outbox = start();
    for (const [topic, n] of [
      ["a", 1],
      ["a", 2],
      ["b", 3],
    ] as const)
      await send(topic, n);
    await outbox.flush(10_000);
    expect(numbers("b")).toEqual([3]);
    expect(new Set(numbers("a"))).toEqual(new Set([1]));
    expect(await waiting()).toHaveLength(2);
  });
});

describe("an answer", () => {
  test("lost on its way: delivered again with the same variables", async () => {
    gateway.reply = () => (gateway.received.length === 1 ? undefined : ACCEPTED);
    await send("a", 1);
    const outbox = start();
    await outbox.flush(10_000);
    await makeDue();
    await outbox.flush(10_000);
    expect(gateway.received.slice(0, 2).map(({ variables }) => variables)).toEqual([
      { n: 1, topic: "a" },
      { n: 1, topic: "a" },
    ]);
    expect(await waiting()).toEqual([]);
  });

  test("that refuses by a rule of the domain is final: kept, logged, never again, and the next one goes", async () => {
    gateway.reply = ({ variables }) => (variables["n"] === 1 ? errorReply("ILLEGAL_TRANSITION") : ACCEPTED);
    await send("a", 1);
    await send("a", 2);
    const outbox = start();
    await outbox.flush(10_000);
    await makeDue();
    await outbox.flush(10_000);
    expect(numbers()).toEqual([1, 2]);
    expect(await waiting()).toMatchObject([
      { refused: true, last_error: "ILLEGAL_TRANSITION: told ILLEGAL_TRANSITION" },
    ]);
    expect(logged.filter(({ level }) => level === 50)).toMatchObject([
      { reason: "ILLEGAL_TRANSITION: told ILLEGAL_TRANSITION" },
    ]);
  });

  test.each([
    ["a fault of the receiver's system", errorReply("INTERNAL_ERROR")],
    ["a code of the gateway", errorReply("SUBGRAPH_DOWN")],
    ["a code that every object has", errorReply("toString")],
    ["an error without a code", { body: { data: null, errors: [{ message: "somehow" }] } }],
    ["HTTP 500", { status: 500, body: "oops" }],
    ["HTTP 503 in JSON without errors", { status: 503, body: { data: null } }],
    ["no JSON", { body: "<html>" }],
    ["null", { body: "null" }],
  ])("of %s is no refusal: it may be different next time", async (_, reply) => {
    gateway.reply = () => (gateway.received.length === 1 ? reply : ACCEPTED);
    await send("a", 1);
    const outbox = start();
    await outbox.flush(10_000);
    await makeDue();
    await outbox.flush(10_000);
    expect(numbers()).toEqual([1, 1]);
    expect(await waiting()).toEqual([]);
  });
});

describe("processes", () => {
  test("two on one table deliver each message once, in order", async () => {
    const topics = Array.from({ length: 20 }, (_, index) => `topic-${index}`);
    for (let n = 1; n <= 6; n++)
      await database.transaction(async (tx) => {
        for (const topic of topics) await enqueue(tx, { topic, document: DOCUMENT, variables: { n, topic } });
      });
    const pools = [openDatabase(database.url, 4), openDatabase(database.url, 4)] as const;
    const outboxes = pools.map((pool) => start(gateway.url, pool));
    await Promise.all(outboxes.map((outbox) => outbox.flush(20_000)));
    expect(await waiting()).toEqual([]);
    expect(gateway.received).toHaveLength(120);
    for (const topic of topics) expect(numbers(topic)).toEqual([1, 2, 3, 4, 5, 6]);
    await Promise.all(outboxes.map((outbox) => outbox.close()));
    await Promise.all(pools.map((pool) => pool.close()));
  });

  test("a message claimed by one that died is delivered when its lease has run out", async () => {
    await send("a", 1);
    await database.query("update outbox set attempts = 1, next_attempt_at = now() + interval '30 seconds'");
    const outbox = start();
    await outbox.flush(10_000);
    expect(numbers()).toEqual([]);
    await makeDue();
    await outbox.flush(10_000);
    expect(numbers()).toEqual([1]);
    expect(await waiting()).toEqual([]);
  });

  test("one that closes while delivering keeps the message for the next", async () => {
    const asked = new EventTarget();
    gateway.reply = async () => {
      if (gateway.received.length > 1) return ACCEPTED;
      await once(asked, "never");
      return undefined;
    };
    await send("a", 1);
    const outbox = start();
    const flushed = outbox.flush(10_000);
    await gateway.arrived(1);
    await outbox.close();
    await flushed;
    expect(await waiting()).toMatchObject([{ attempts: 1, refused: false }]);
    await makeDue();
    await start().flush(10_000);
    expect(numbers()).toEqual([1, 1]);
    expect(await waiting()).toEqual([]);
  });

  test("a closed one delivers no more", async () => {
    const outbox = start();
    await outbox.close();
    await send("a", 1);
    await outbox.flush();
    expect(numbers()).toEqual([]);
  });
});

describe("flush", () => {
  test("returns when its patience is over, whatever the gateway does", async () => {
    const asked = new EventTarget();
    gateway.reply = async () => {
      await once(asked, "never");
      return undefined;
    };
    await send("a", 1);
    const outbox = start();
    await gateway.arrived(1);
    await outbox.flush(20);
    expect(await waiting()).toMatchObject([{ attempts: 1, refused: false }]);
  });

  test("never rejects, even when the database is gone", async () => {
    const gone = openDatabase(database.url, 1);
    await gone.close();
    const outbox = start(gateway.url, gone);
    await expect(outbox.flush()).resolves.toBeUndefined();
    expect(logged).toMatchObject([{ level: 40, msg: "outbox not readable, trying again" }]);
  });
});
