/**
 * Changing the record's keys. A new key is first added, and taken by each gateway at its next start; what the old one
 * signed meanwhile counts. Once all gateways have the new one, the old one is retired.
 */
import { readFile, rename } from "node:fs/promises";
import { openDatabase, type Queryable } from "../../process/database.ts";
import { StartError } from "../../process/lifecycle.ts";
import { BEFORE_ALL } from "./chain.ts";
import { readBody } from "./entry.ts";
import { signKeyChange } from "./key-change.ts";
import {
  type KeyFile,
  newSigningKey,
  newSubjectKey,
  publicPart,
  readKeyFile,
  replaceKeyFile,
  signerOf,
  subjectKeyId,
} from "./keys.ts";
import type { RecordSettings } from "./settings.ts";
import { addStatement, lastEntry, lastPruned, readEntries, readStatements, type Statement } from "./sql.ts";
import { keepStatement, signStatement } from "./statements.ts";

/** @returns the new key's thumbprint */
export async function addSigningKey(settings: RecordSettings): Promise<string> {
  const { keyFile } = settings;
  const keys = await readKeyFile(keyFile);
  const [current] = keys.signing;
  // Kept before anybody is told of it: after a failure the same key is added, and no second one.
  const draft = `${keyFile}.next`;
  const begun = await readDraft(draft, current.x);
  const next = begun ?? { ...keys, signing: [newSigningKey(), ...keys.signing] };
  if (begun === undefined) await replaceKeyFile(draft, next);
  const [from, to] = [signerOf(current), signerOf(next.signing[0])];
  await stating(settings, async (tx) => {
    const at = await placeIn(tx);
    const known = (await readStatements(tx)).some(({ body }) => body.includes(to.publicKey.x));
    return known ? [] : [{ ...signKeyChange(from, to, at), seq: at.seq, kind: "key" }];
  });
  await rename(draft, keyFile);
  return to.keyId;
}

/** What is read from then on has other pseudonyms. @returns what names the new key */
export async function addSubjectKey({ keyFile }: RecordSettings): Promise<string> {
  const keys = await readKeyFile(keyFile);
  const key = newSubjectKey();
  await replaceKeyFile(keyFile, { ...keys, subjects: [key, ...keys.subjects] });
  return subjectKeyId(key);
}

export interface Retired {
  /** Thumbprints of keys that sign no more. */
  readonly signing: readonly string[];
  /** Names of keys that no pseudonym of the record is by. */
  readonly subjects: readonly string[];
  /** Names of keys whose pseudonyms the record still has: until those entries are pruned, they are needed. */
  readonly needed: readonly string[];
}

/**
 * Ends what was begun by adding keys. Whatever a gateway that was not started since writes is a fault from here on.
 * @param now whatever the record says of who still signs
 * @throws StartError when its latest entry is not signed by the new key, unless `now`
 */
export async function retireKeys(settings: RecordSettings, now = false): Promise<Retired> {
  const keys = await readKeyFile(settings.keyFile);
  const [current, ...others] = keys.signing;
  const [subjectKey, ...olderSubjectKeys] = keys.subjects;
  const signer = signerOf(current);
  const old = others.map((key) => signerOf(key).keyId);
  let used = new Set<string>();
  await stating(settings, async (tx) => {
    if (!now && old.length > 0) await requireSigning(tx, signer.keyId);
    used = await subjectKeysIn(tx, subjectKeyId(keys.subjects.at(-1) ?? subjectKey));
    const [at, prunedUpTo] = [await placeIn(tx), await lastPruned(tx)];
    return old.map((retired) => ({
      ...signStatement(signer, { kind: "retired", ...at, retired, prunedUpTo }),
      seq: at.seq,
      kind: "retired",
    }));
  });
  const [kept, dropped] = [true, false].map((wanted) =>
    olderSubjectKeys.filter((key) => used.has(subjectKeyId(key)) === wanted),
  ) as [string[], string[]];
  await replaceKeyFile(settings.keyFile, {
    signing: [current],
    subjects: [subjectKey, ...kept],
    retired: [...others.map(publicPart), ...keys.retired],
  });
  return { signing: old, subjects: dropped.map(subjectKeyId), needed: kept.map(subjectKeyId) };
}

/** That a gateway goes on with the old key is found by nobody but whoever verifies the record, and then nothing mends it. */
async function requireSigning(tx: Queryable, keyId: string): Promise<void> {
  const { seq } = (await lastEntry(tx)) ?? { seq: 0 };
  for await (const { body } of readEntries(tx, seq - 1)) {
    if ((JSON.parse(body) as { key?: unknown }).key === keyId) continue;
    throw new StartError(
      `The record's latest entry, ${seq}, is not signed by the new key ${keyId}: a gateway may go on with the old one.`,
      "Start every gateway again, and read something; or say --now where that was done, or the old key has leaked.",
    );
  }
}

type Placed = Statement & { readonly seq: number; readonly kind: string };

/** Adds statements to the database and to the file beside, or to neither; nobody adds entries meanwhile. */
async function stating(
  { database: url, checkpointFile }: RecordSettings,
  say: (tx: Queryable) => Promise<readonly Placed[]>,
): Promise<void> {
  const database = openDatabase(url, 1);
  try {
    await database.transaction(async (tx) => {
      const statements = await say(tx);
      for (const statement of statements) await addStatement(tx, statement);
      for (const statement of statements)
        if (checkpointFile !== undefined) await keepStatement(checkpointFile, statement);
    });
  } finally {
    await database.close();
  }
}

async function placeIn(tx: Queryable): Promise<{ seq: number; hash: string }> {
  const { seq, hash } = (await lastEntry(tx)) ?? { seq: 0, hash: BEFORE_ALL };
  return { seq, hash: hash.toString("base64url") };
}

/** @param first of the entries that name none: those from before there were several */
async function subjectKeysIn(tx: Queryable, first: string): Promise<Set<string>> {
  const used = new Set<string>();
  for await (const { body } of readEntries(tx, 0)) {
    const entry = readBody(body);
    if (entry?.reads.some(({ subjects }) => subjects.length > 0) === true)
      used.add(entry.subjectKey ?? first);
  }
  return used;
}

/** What an addition that failed has left, where it is one of the key that is in use. */
async function readDraft(draft: string, current: string): Promise<KeyFile | undefined> {
  const isThere = await readFile(draft).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return false;
    },
  );
  if (!isThere) return undefined;
  const keys = await readKeyFile(draft);
  if (keys.signing[1]?.x !== current)
    throw new StartError(
      `${draft} is of another change of keys than ${current} would begin.`,
      "Remove it, once you know what it was for.",
    );
  return keys;
}
