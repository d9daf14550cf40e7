import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  exportRecord,
  pruneRecord,
  verifyDatabase,
  verifyExport,
  verifyLines,
} from "../../../gateway/record/audit.ts";
import { signKeyChange } from "../../../gateway/record/key-change.ts";
import {
  ensureRecordKeys,
  newSigningKey,
  readKeyFile,
  readPseudonyms,
  readRecordKeys,
  type RecordKeys,
  signerOf,
} from "../../../gateway/record/keys.ts";
import { createLog } from "../../../gateway/record/log.ts";
import { RECORD_MIGRATIONS } from "../../../gateway/record/recorder.ts";
import { addSigningKey, addSubjectKey, retireKeys } from "../../../gateway/record/rotate.ts";
import { addStatement, readEntriesOf } from "../../../gateway/record/sql.ts";
import { signStatement } from "../../../gateway/record/statements.ts";
import { createDatabase, type TestDatabase } from "../../setup/database.ts";

const quiet = pino({ level: "silent" });

const opened: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())));

let directory: string;
let database: TestDatabase;
let settings: {
  database: string;
  keyFile: string;
  checkpointFile: string;
  personRoles: string[];
  requirePurpose: boolean;
};
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "rotate-"));
  const made = await createDatabase([RECORD_MIGRATIONS]);
  database = made;
  const own = directory;
  opened.push(
    () => made.close(),
    () => rm(own, { recursive: true }),
  );
  settings = {
    database: database.url,
    keyFile: join(directory, "record.key"),
    checkpointFile: join(directory, "checkpoints.jsonl"),
    personRoles: [],
    requirePurpose: false,
  };
  await ensureRecordKeys(settings.keyFile);
});

/** A gateway that has just been started: it takes the keys that there are. */
async function startWriter() {
  const keys = await readRecordKeys(settings.keyFile);
  const { checkpointFile } = settings;
  return { keys, log: createLog({ database, keys, checkpointFile, log: quiet }) };
}

/** As the recorder writes one. */
function entry({ pseudonym, subjectKeyId }: RecordKeys, subject = "s-1") {
  const content = {
    request: "r",
    caller: null,
    purpose: null,
    operation: { name: null, kind: "query" },
    reads: [{ fields: ["T.f"], subjects: [pseudonym(subject)] }],
    answers: [],
    refused: [],
    subjectKey: subjectKeyId,
  };
  return [content, [pseudonym(subject)]] as const;
}

async function write(count: number): Promise<void> {
  const { keys, log } = await startWriter();
  for (let index = 0; index < count; index++) await log.append(...entry(keys));
  await log.close();
}

const publicKeysNow = async () => (await readRecordKeys(settings.keyFile)).publicKeys;

describe("a new key that signs", () => {
  test("is proved by the old one, and proves it: with either alone the whole record is verified", async () => {
    const old = await startWriter();
    await old.log.append(...entry(old.keys));
    await addSigningKey(settings);
    const fresh = await startWriter();
    expect(fresh.keys.keyId).not.toBe(old.keys.keyId);
    // Until they are all started anew, both write.
    await fresh.log.append(...entry(fresh.keys));
    await old.log.append(...entry(old.keys));
    await Promise.all([old.log.close(), fresh.log.close()]);
    await expect(retireKeys(settings)).rejects.toThrow("latest entry, 3, is not signed by the new key");
    expect((await readKeyFile(settings.keyFile)).signing).toHaveLength(2);
    await retireKeys(settings, true);
    await write(1);
    for (const keys of [[old.keys.publicKey], [fresh.keys.publicKey], undefined])
      expect(await verifyDatabase(settings, keys)).toMatchObject({ faults: [], entries: 4 });
    const out = join(directory, "record.jsonl");
    await exportRecord(settings, out);
    expect(await verifyExport(out, [old.keys.publicKey])).toMatchObject({ faults: [], entries: 4 });
    expect(await verifyLines(out, await publicKeysNow())).toEqual({ entries: 4, faults: [] });
    const stranger = signerOf(newSigningKey()).publicKey;
    expect((await verifyDatabase(settings, [stranger])).faults.length).toBeGreaterThan(4);
  });

  test("several changes are followed one after another", async () => {
    const first = (await readRecordKeys(settings.keyFile)).publicKey;
    for (const count of [1, 2, 3]) {
      await write(count);
      await addSigningKey(settings);
      await write(1);
      await retireKeys(settings);
    }
    expect(await verifyDatabase(settings, [first])).toMatchObject({ faults: [], entries: 9 });
    expect(await publicKeysNow()).toHaveLength(4);
    expect((await readKeyFile(settings.keyFile)).signing).toHaveLength(1);
  });

  test("a change that failed halfway is gone on with, by the same key", async () => {
    await write(1);
    await database.query("alter table checkpoint rename to gone");
    await expect(addSigningKey(settings)).rejects.toThrow("checkpoint");
    await database.query("alter table gone rename to checkpoint");
    const draft = JSON.parse(await readFile(`${settings.keyFile}.next`, "utf8")) as {
      signing: { x: string }[];
    };
    await addSigningKey(settings);
    expect((await readRecordKeys(settings.keyFile)).publicKey.x).toBe(draft.signing[0]?.x);
    await write(1);
    expect(await verifyDatabase(settings)).toMatchObject({ faults: [], entries: 2 });
  });

  test("begins before there is any entry", async () => {
    const first = (await readRecordKeys(settings.keyFile)).publicKey;
    await addSigningKey(settings);
    await write(2);
    expect(await verifyDatabase(settings, [first])).toMatchObject({ faults: [], entries: 2 });
  });
});

/** The key that was retired, as somebody may have kept it. */
async function retired(): Promise<RecordKeys> {
  await write(3);
  const leaked = await readRecordKeys(settings.keyFile);
  await addSigningKey(settings);
  await retireKeys(settings, true);
  await write(1);
  return leaked;
}

describe("a key that leaked", () => {
  test("signs no entry any more", async () => {
    const leaked = await retired();
    const log = createLog({ database, keys: leaked, checkpointFile: undefined, log: quiet });
    await log.append(...entry(leaked));
    const { faults } = await verifyDatabase(settings);
    await log.close();
    expect(faults).toEqual([{ kind: "KEY_RETIRED", seq: 5 }]);
  });

  test("has no second successor", async () => {
    const leaked = await retired();
    const statement = signKeyChange(leaked, signerOf(newSigningKey()), { seq: 0, hash: "" });
    await addStatement(database, { ...statement, seq: 0, kind: "key" });
    expect((await verifyDatabase(settings)).faults).toContainEqual({ kind: "KEY_FORKED", seq: 0 });
  });

  test("takes nothing away, and gives itself no longer life", async () => {
    const leaked = await retired();
    const [row] = await database.query<{ hash: Buffer }>("select hash from entry where seq = 2");
    const hash = row?.hash.toString("base64url") ?? "";
    const said = { seq: 2, hash, entries: 2, before: "2030-01-01", writers: {} };
    const pruned = signStatement(leaked, { kind: "pruned", ...said });
    await addStatement(database, { ...pruned, seq: 2, kind: "pruned" });
    const longer = signStatement(leaked, {
      kind: "retired",
      seq: 99,
      hash,
      retired: leaked.keyId,
      prunedUpTo: 99,
    });
    await addStatement(database, { ...longer, seq: 99, kind: "retired" });
    const { faults } = await verifyDatabase(settings);
    expect(faults).toEqual([
      { kind: "CHECKPOINT_FORGED", seq: 2 },
      { kind: "CHECKPOINT_FORGED", seq: 99 },
    ]);
  });

  test("is not followed by a key that did not agree", async () => {
    await write(1);
    const current = await readRecordKeys(settings.keyFile);
    const other = signerOf(newSigningKey());
    const { body } = signKeyChange(current, other, { seq: 1, hash: "" });
    const forged = body.replace(/"proof":"[^"]*"/, `"proof":"${Buffer.alloc(64).toString("base64url")}"`);
    await addStatement(database, { body: forged, signature: current.sign(forged), seq: 1, kind: "key" });
    expect((await verifyDatabase(settings)).faults).toEqual([{ kind: "CHECKPOINT_FORGED", seq: 1 }]);
  });
});

describe("a new key for pseudonyms", () => {
  test("makes others, and the readings under the old ones are found still", async () => {
    await write(2);
    await addSubjectKey(settings);
    await write(1);
    const pseudonyms = (await readPseudonyms(settings.keyFile))("s-1");
    expect(new Set(pseudonyms).size).toBe(2);
    const page = { from: undefined, to: undefined, before: undefined, limit: 10 };
    expect(await readEntriesOf(database, { ...page, pseudonyms })).toMatchObject([
      { seq: 3 },
      { seq: 2 },
      { seq: 1 },
    ]);
  });

  test("leaves the old one until the entries that it is needed for are pruned", async () => {
    await write(2);
    await addSubjectKey(settings);
    await write(2);
    const [, old] = (await readKeyFile(settings.keyFile)).subjects;
    expect(await retireKeys(settings)).toMatchObject({ subjects: [], needed: [expect.any(String)] });
    expect((await readKeyFile(settings.keyFile)).subjects).toContain(old);
    await pruneRecord(settings, new Date(Date.now() + 86_400_000));
    expect(await retireKeys(settings)).toMatchObject({ subjects: [expect.any(String)], needed: [] });
    expect((await readKeyFile(settings.keyFile)).subjects).toHaveLength(1);
  });

  test("whoever looks readings up needs no key that signs", async () => {
    const { subjects } = await readKeyFile(settings.keyFile);
    const file = join(directory, "subjects.key");
    await writeFile(file, JSON.stringify({ subjects }));
    const { pseudonym } = await readRecordKeys(settings.keyFile);
    expect((await readPseudonyms(file))("s-1")).toEqual([pseudonym("s-1")]);
    await expect(readRecordKeys(file)).rejects.toThrow("does not hold the record's keys");
  });
});

test("a key file from before keys could be changed is read as it is", async () => {
  const { signing, subjects } = await readKeyFile(settings.keyFile);
  const before = await readRecordKeys(settings.keyFile);
  await writeFile(settings.keyFile, JSON.stringify({ signing: signing[0], subjects: subjects[0] }));
  const after = await readRecordKeys(settings.keyFile);
  expect([after.keyId, after.pseudonym("x")]).toEqual([before.keyId, before.pseudonym("x")]);
});
