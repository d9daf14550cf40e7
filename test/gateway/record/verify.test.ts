import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BEFORE_ALL, hashOf, type StoredEntry } from "../../../gateway/record/chain.ts";
import {
  ensureRecordKeys,
  readRecordKeys,
  type RecordKeys,
  verifiersOf,
} from "../../../gateway/record/keys.ts";
import { createLog, type RecordLog } from "../../../gateway/record/log.ts";
import { readEntries } from "../../../gateway/record/sql.ts";
import { keepStatement, readStatementFile, signStatement } from "../../../gateway/record/statements.ts";
import { keptIn } from "../../../gateway/record/audit.ts";
import { type Verification, verifyRecord } from "../../../gateway/record/verify.ts";
import { createDatabase, type TestDatabase } from "../../setup/database.ts";

const MIGRATIONS = fileURLToPath(new URL("../../../gateway/record/migrations", import.meta.url));
const quiet = pino({ level: "silent" });

let directory: string;
let keys: RecordKeys;
let database: TestDatabase;
let log: RecordLog;
let checkpointFile: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "record-"));
  const file = join(directory, "record.key");
  await ensureRecordKeys(file);
  keys = await readRecordKeys(file);
  database = await createDatabase([MIGRATIONS]);
  checkpointFile = join(directory, "checkpoints.jsonl");
});
afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

/** A record of twelve entries by two writers, with a checkpoint after the sixth and the last; then tampered with. */
async function tampered(tamper: () => Promise<unknown>): Promise<Verification> {
  await guard("disable");
  await database.query("truncate entry; truncate checkpoint; truncate subject_entry");
  await rm(checkpointFile, { force: true });
  await guard("enable");
  const open = () => createLog({ database, keys, checkpointFile, log: quiet });
  for (const part of [0, 1]) {
    log = open();
    await Promise.all([1, 2, 3, 4, 5, 6].map((index) => log.append({ reads: `${part * 6 + index}` })));
    await log.close();
  }
  await guard("disable");
  await tamper();
  return verify();
}

/** The superuser's way around the triggers. */
async function guard(what: "enable" | "disable"): Promise<void> {
  await database.query(`alter table entry ${what} trigger all; alter table checkpoint ${what} trigger all`);
}

async function verify(elsewhere = true): Promise<Verification> {
  const kept = elsewhere ? await readStatementFile(checkpointFile) : [];
  return database.transaction(async (tx) =>
    verifyRecord(await keptIn(tx, kept), verifiersOf([keys.publicKey])),
  );
}

async function all(): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const entry of readEntries(database, 0)) entries.push(entry);
  return entries;
}

/** Writes the entries as the whole record, numbers and hashes made anew: what whoever knows the form can do. */
async function rewrite(entries: readonly Pick<StoredEntry, "body" | "signature">[]): Promise<void> {
  await database.query("delete from entry");
  let previous = BEFORE_ALL;
  for (const [index, { body, signature }] of entries.entries()) {
    const entry = { seq: index + 1, body, signature, previous };
    const hash = hashOf(entry);
    await database.query("insert into entry values ($1, $2, $3, $4, $5)", [
      index + 1,
      body,
      signature,
      previous,
      hash,
    ]);
    previous = hash;
  }
}

test("a record that nobody touched is as it was written", async () => {
  const { faults, ...rest } = await tampered(async () => undefined);
  expect(faults).toEqual([]);
  expect(rest).toMatchObject({ entries: 12, checkpoints: 2, lastSeq: 12, vouchedUpTo: 12, prunedUpTo: 0 });
});

function changed(body: string): string {
  return body.replace('"reads":"', '"reads":"9');
}

describe("tampering is found where it is", () => {
  test.each<[string, () => Promise<unknown>, object[]]>([
    [
      "a changed entry",
      () => database.query("update entry set body = replace(body, 'reads', 'heeds') where seq = 5"),
      [{ kind: "ENTRY_FORGED", seq: 5 }],
    ],
    [
      "a changed entry, its hashes and all after it made anew",
      async () =>
        rewrite(
          (await all()).map((entry) => (entry.seq === 5 ? { ...entry, body: changed(entry.body) } : entry)),
        ),
      [
        { kind: "ENTRY_FORGED", seq: 5 },
        { kind: "CHECKPOINT_DIFFERS", seq: 6 },
        { kind: "CHECKPOINT_DIFFERS", seq: 12 },
      ],
    ],
    [
      "a changed signature",
      () => database.query("update entry set signature = decode(repeat('ab', 64), 'hex') where seq = 8"),
      [{ kind: "ENTRY_FORGED", seq: 8 }],
    ],
    [
      "a changed hash",
      () => database.query("update entry set hash = sha256('x') where seq = 3"),
      [{ kind: "CHAIN_BROKEN", seq: 3 }],
    ],
    [
      "removed entries",
      () => database.query("delete from entry where seq in (4, 5)"),
      [{ kind: "ENTRY_MISSING", seq: 4, upTo: 5 }],
    ],
    [
      "a removed entry, all after it numbered and hashed anew",
      async () => rewrite((await all()).filter(({ seq }) => seq !== 9)),
      [
        { kind: "ENTRY_OUT_OF_TURN", seq: 9 },
        { kind: "END_CUT", seq: 12, upTo: 12 },
      ],
    ],
    [
      "the first entry removed, all after it numbered and hashed anew",
      async () => rewrite((await all()).slice(1)),
      [
        { kind: "ENTRY_OUT_OF_TURN", seq: 1 },
        { kind: "CHECKPOINT_DIFFERS", seq: 6 },
        { kind: "END_CUT", seq: 12, upTo: 12 },
      ],
    ],
    [
      "an entry put in, that nobody signed",
      async () => {
        const entries = await all();
        const forged = { body: changed(entries[6]!.body), signature: entries[6]!.signature };
        return rewrite([...entries.slice(0, 7), forged, ...entries.slice(7)]);
      },
      [
        { kind: "ENTRY_FORGED", seq: 8 },
        { kind: "CHECKPOINT_DIFFERS", seq: 12 },
      ],
    ],
    [
      "an entry put in, that is signed: another's copy",
      async () => {
        const entries = await all();
        return rewrite([...entries.slice(0, 7), entries[2]!, ...entries.slice(7)]);
      },
      [
        { kind: "ENTRY_OUT_OF_TURN", seq: 8 },
        { kind: "CHECKPOINT_DIFFERS", seq: 12 },
      ],
    ],
    [
      "an entry added to the end by somebody else",
      () =>
        database.query(
          "select append_entries(array['{}'], array[decode('00', 'hex')], array[now()], '{}', '{}')",
        ),
      [{ kind: "ENTRY_FORGED", seq: 13 }],
    ],
    [
      "two entries in another order",
      () =>
        database.query(`update entry set seq = -seq where seq in (3, 4);
                        update entry set seq = 7 + seq where seq < 0`),
      [
        { kind: "ENTRY_OUT_OF_TURN", seq: 3 },
        { kind: "ENTRY_OUT_OF_TURN", seq: 4 },
        { kind: "CHAIN_BROKEN", seq: 5 },
      ],
    ],
    [
      "two entries in another order, hashed anew",
      async () => {
        const entries = await all();
        return rewrite([...entries.slice(0, 2), entries[3]!, entries[2]!, ...entries.slice(4)]);
      },
      [
        { kind: "ENTRY_OUT_OF_TURN", seq: 3 },
        { kind: "ENTRY_OUT_OF_TURN", seq: 4 },
        { kind: "CHECKPOINT_DIFFERS", seq: 6 },
        { kind: "CHECKPOINT_DIFFERS", seq: 12 },
      ],
    ],
    [
      "the end cut off, its checkpoint too: the file beside has it",
      () => database.query("delete from entry where seq > 10; delete from checkpoint where seq = 12"),
      [{ kind: "END_CUT", seq: 11, upTo: 12 }],
    ],
    [
      "everything removed",
      () => database.query("truncate entry; truncate checkpoint"),
      [{ kind: "END_CUT", seq: 1, upTo: 12 }],
    ],
    [
      "a whole writer removed, all others numbered and hashed anew",
      async () => rewrite((await all()).slice(6)),
      [
        { kind: "CHECKPOINT_DIFFERS", seq: 6 },
        { kind: "END_CUT", seq: 7, upTo: 12 },
      ],
    ],
    [
      "a checkpoint that tells something else",
      () => database.query(`update checkpoint set body = replace(body, '"seq":6', '"seq":5') where seq = 6`),
      [{ kind: "CHECKPOINT_FORGED", seq: 5 }],
    ],
    [
      "a checkpoint by another key",
      async () => {
        const file = join(directory, "other.key");
        await ensureRecordKeys(file);
        const other = await readRecordKeys(file);
        const hash = (await all())[6]!.hash.toString("base64url");
        await keepStatement(checkpointFile, signStatement(other, { kind: "checkpoint", seq: 7, hash }));
      },
      [{ kind: "CHECKPOINT_FORGED", seq: 7 }],
    ],
    [
      "entries taken away as if their time were over",
      async () => {
        const [statement] = await database.query<{ body: string }>(
          "select body from checkpoint where seq = 6",
        );
        const forged = statement!.body.replace(
          '"checkpoint"',
          '"pruned","entries":6,"before":"x","writers":{}',
        );
        await database.query("update checkpoint set kind = 'pruned', body = $1 where seq = 6", [forged]);
        await database.query("delete from entry where seq <= 6");
      },
      [
        { kind: "CHECKPOINT_FORGED", seq: 6 },
        { kind: "ENTRY_MISSING", seq: 1, upTo: 6 },
      ],
    ],
  ])("%s", async (_name, tamper, expected) => {
    const { faults } = await tampered(tamper);
    expect(faults).toEqual(expected);
  });
});

test("several gateways write one record at the same time, and one goes on after a failure", async () => {
  const { faults, entries } = await tampered(async () => {
    await guard("enable");
    const logs = [1, 2, 3].map(() => createLog({ database, keys, checkpointFile, log: quiet }));
    const burst = (from: number) =>
      Promise.allSettled(
        logs.flatMap((each) =>
          Array.from({ length: 40 }, (_, index) => each.append({ reads: `${from + index}` })),
        ),
      );
    await burst(100);
    await database.query("alter table entry rename to gone");
    const failed = await burst(200);
    await database.query("alter table gone rename to entry");
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    await burst(300);
    await Promise.all(logs.map((each) => each.close()));
  });
  expect(faults).toEqual([]);
  expect(entries).toBe(12 + 240);
});

test("without the file beside, an end that was cut off with its checkpoint cannot be known", async () => {
  let within: Verification | undefined;
  await tampered(async () => {
    await database.query("delete from entry where seq > 10; delete from checkpoint where seq = 12");
    within = await verify(false);
  });
  expect(within).toMatchObject({ faults: [], vouchedUpTo: 6, lastSeq: 10 });
});

test("nobody changes, removes or empties by mistake", async () => {
  await tampered(async () => {
    await guard("enable");
    for (const sql of [
      "update entry set body = '' where seq = 1",
      "delete from entry where seq = 1",
      "truncate entry",
      "update checkpoint set body = ''",
      "delete from checkpoint",
      "truncate checkpoint",
    ])
      await expect(database.query(sql)).rejects.toThrow(/only added to|is kept/);
  });
});

test("the keys are their owner's only, and stay when made again", async () => {
  const file = join(directory, "again.key");
  await ensureRecordKeys(file);
  const first = await readFile(file, "utf8");
  await ensureRecordKeys(file);
  expect(await readFile(file, "utf8")).toBe(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const together = join(directory, "together.key");
  await Promise.all([together, together, together].map(ensureRecordKeys));
  await expect(readRecordKeys(together)).resolves.toBeDefined();
  await writeFile(file, "{}");
  await expect(readRecordKeys(file)).rejects.toThrow("does not hold the record's keys");
});
