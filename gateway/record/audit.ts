/**
 * What an auditor does with a record: verify it, take it along, and take away what is older than it has to be kept.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";
import { type Database, openDatabase, type Queryable } from "../../process/database.ts";
import { StartError } from "../../process/lifecycle.ts";
import { BEFORE_ALL, type StoredEntry } from "./chain.ts";
import { type PublicKey, readRecordKeys, type RecordKeys, verifiersOf } from "./keys.ts";
import {
  type PROOF_FAULTS,
  proofFault,
  type ProofLine,
  proofLine,
  proofSchema,
  type Tree,
  treesOf,
} from "./proof.ts";
import type { RecordSettings } from "./settings.ts";
import {
  addStatement,
  deleteEntries,
  freeze,
  lastBefore,
  readEntries,
  readHashes,
  readStatements,
  type Statement,
} from "./sql.ts";
import { keepStatement, readStatementFile, signStatement } from "./statements.ts";
import { rootOf } from "./tree.ts";
import { type Kept, type Verification, verifyRecord } from "./verify.ts";
import { type Period, whoReads, type WhoReads } from "./who.ts";

/** One connection reads, for as long as it takes. */
const CONNECTIONS = 1;

/** The record of a database, as it is at one moment. @param tx a transaction that has not begun to read */
export async function keptIn(tx: Queryable, elsewhere: readonly Statement[]): Promise<Kept> {
  await freeze(tx);
  const statements = [...(await readStatements(tx)), ...elsewhere];
  return { statements, entries: (after) => readEntries(tx, after) };
}

/** @param publicKeys of the gateway; taken from the key file when they are left out */
export async function verifyDatabase(
  { database: url, keyFile, checkpointFile }: RecordSettings,
  publicKeys?: readonly PublicKey[],
): Promise<Verification> {
  const keys = publicKeys ?? (await readRecordKeys(keyFile)).publicKeys;
  const elsewhere = await statementsBeside(checkpointFile);
  return reading(url, (database) =>
    database.transaction(async (tx) => verifyRecord(await keptIn(tx, elsewhere), verifiersOf(keys))),
  );
}

/** An export verified where it is, without a database. */
export async function verifyExport(file: string, publicKeys: readonly PublicKey[]): Promise<Verification> {
  const statements: Statement[] = [];
  for await (const line of linesOf(file)) if (line.kind === "statement") statements.push(statementOf(line));
  async function* entries(after: number): AsyncGenerator<StoredEntry> {
    for await (const line of linesOf(file))
      if (line.kind === "entry" && line.seq > after)
        yield { ...statementOf(line), seq: line.seq, previous: bytes(line.previous), hash: bytes(line.hash) };
  }
  return verifyRecord({ statements, entries }, verifiersOf(publicKeys));
}

export interface ProofFault {
  readonly seq: number;
  readonly kind: keyof typeof PROOF_FAULTS;
}

/** Entries of an export, each verified by what stands in its own line: any of them, in any order. */
export async function verifyLines(
  file: string,
  publicKeys: readonly PublicKey[],
): Promise<{ readonly entries: number; readonly faults: readonly ProofFault[] }> {
  const keys = verifiersOf(publicKeys);
  const faults: ProofFault[] = [];
  let entries = 0;
  for await (const line of linesOf(file)) {
    if (line.kind !== "entry") continue;
    entries += 1;
    const kind = proofFault(line, keys);
    if (kind !== undefined) faults.push({ seq: line.seq, kind });
  }
  return { entries, faults };
}

/**
 * Writes a record as lines of JSON: first the statements, then the entries, each with its proof.
 * @returns how many entries
 */
export async function exportRecord(
  { database: url, checkpointFile }: RecordSettings,
  file: string,
): Promise<number> {
  const elsewhere = await statementsBeside(checkpointFile);
  const handle = await open(file, "wx", 0o600).catch((error: Error) => {
    throw new StartError(`cannot write ${file}: ${error.message}.`, "Name a file that is not there yet.");
  });
  let count = 0;
  try {
    await reading(url, (database) =>
      database.transaction(async (tx) => {
        const { statements, entries } = await keptIn(tx, elsewhere);
        const unique = new Map(statements.map((each) => [each.body, each]));
        for (const { body, signature } of unique.values())
          await handle.write(`${JSON.stringify({ kind: "statement", body, signature: text(signature) })}\n`);
        const prove = prover(tx, [...unique.values()]);
        for await (const entry of entries(0)) {
          await handle.write(`${JSON.stringify(await prove(entry))}\n`);
          count += 1;
        }
      }),
    );
  } finally {
    await handle.close();
  }
  return count;
}

/** One entry with its proof: a line of an export. @returns undefined where there is no such entry */
export async function proveEntry(
  { database: url, checkpointFile }: RecordSettings,
  seq: number,
): Promise<ProofLine | undefined> {
  const elsewhere = await statementsBeside(checkpointFile);
  return reading(url, (database) =>
    database.transaction(async (tx) => {
      const { statements, entries } = await keptIn(tx, elsewhere);
      for await (const entry of entries(seq - 1))
        return entry.seq === seq ? prover(tx, statements)(entry) : undefined;
      return undefined;
    }),
  );
}

/** Adds to entries, which come in order, what proves each by itself. The hashes of a tree are read once. */
function prover(tx: Queryable, statements: readonly Statement[]): (entry: StoredEntry) => Promise<ProofLine> {
  const trees = treesOf(statements);
  let next = 0;
  let tree: Tree | undefined;
  let leaves: readonly Buffer[] = [];
  return async (entry) => {
    while ((trees[next]?.seq ?? Infinity) < entry.seq) next += 1;
    const over = trees.slice(next).find(({ after }) => after < entry.seq);
    if (over !== undefined && over !== tree) leaves = await readHashes(tx, over.after, over.seq);
    tree = over;
    const isWhole = over !== undefined && leaves.length === over.seq - over.after;
    return isWhole ? proofLine(entry, over, leaves) : proofLine(entry);
  };
}

/** Who reads, and what for (who.ts); nothing is verified. */
export async function whoReadsIn({ database: url }: RecordSettings, period: Period): Promise<WhoReads> {
  return reading(url, (database) =>
    database.transaction(async (tx) => whoReads((await keptIn(tx, [])).entries(0), period)),
  );
}

export interface Pruned {
  readonly verification: Verification;
  /** How many entries were taken away; 0 where the record is not as it was written, or has nothing as old. */
  readonly entries: number;
  /** The last of them. */
  readonly upTo: number;
}

/**
 * Takes away entries of before a time, and keeps a signed statement of what that was. Nothing is taken from a record that
 * somebody has tampered with. The last entry stays: it is what the next is chained to.
 */
export async function pruneRecord(settings: RecordSettings, before: Date): Promise<Pruned> {
  const { database: url, keyFile, checkpointFile } = settings;
  const keys = await readRecordKeys(keyFile);
  const elsewhere = await statementsBeside(checkpointFile);
  return reading(url, async (database) => {
    const upTo = await lastBefore(database, before.toISOString());
    return database.transaction(async (tx) => {
      let entries = 0;
      let last: { hash: Buffer; writers: Record<string, number> } | undefined;
      const kept = await keptIn(tx, elsewhere);
      const verification = await verifyRecord(
        kept,
        verifiersOf(keys.publicKeys),
        ({ seq, hash }, writers) => {
          if (seq <= upTo) entries += 1;
          if (seq === upTo) last = { hash, writers: Object.fromEntries(writers) };
        },
      );
      if (verification.faults.length > 0 || last === undefined) return { verification, entries: 0, upTo: 0 };
      const { hash, writers } = last;
      const said = { seq: upTo, hash: text(hash), entries, before: before.toISOString(), writers };
      const statement = signStatement(keys, { kind: "pruned", ...said });
      await addStatement(tx, { ...statement, seq: upTo, kind: "pruned" });
      await deleteEntries(tx, upTo);
      const renewed = await renewTree(tx, keys, kept.statements, upTo);
      // Before it is committed: entries without a word about them would be missing.
      for (const each of [statement, ...renewed])
        if (checkpointFile !== undefined) await keepStatement(checkpointFile, each);
      return { verification, entries, upTo };
    });
  });
}

/** A tree of which some entries were taken away proves nothing any more: the rest of them get one of their own. */
async function renewTree(
  tx: Queryable,
  keys: RecordKeys,
  statements: readonly Statement[],
  upTo: number,
): Promise<readonly Statement[]> {
  const cut = treesOf(statements).findLast(({ after, seq }) => after < upTo && seq > upTo);
  if (cut === undefined) return [];
  const leaves = await readHashes(tx, upTo, cut.seq);
  const [hash, root] = [text(leaves.at(-1) ?? BEFORE_ALL), text(rootOf(leaves))];
  const kind = "checkpoint";
  const statement = signStatement(keys, { kind, seq: cut.seq, hash, after: upTo, root });
  await addStatement(tx, { ...statement, seq: cut.seq, kind });
  return [statement];
}

async function statementsBeside(file: string | undefined): Promise<readonly Statement[]> {
  return file === undefined ? [] : readStatementFile(file);
}

async function reading<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(url, CONNECTIONS);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const signed = { body: z.string(), signature: z.string() };
const lineSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("statement"), ...signed }),
  proofSchema,
]);

/** @throws StartError when the file cannot be read, or a line is none of an export */
async function* linesOf(file: string): AsyncGenerator<z.infer<typeof lineSchema>> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1;
      yield lineSchema.parse(JSON.parse(line));
    }
  } catch (error) {
    throw new StartError(
      `${file}, after line ${number}: ${(error as Error).message}`,
      "Give a file that lienthong audit export has written.",
      { cause: error },
    );
  }
}

function statementOf({ body, signature }: { body: string; signature: string }): Statement {
  return { body, signature: bytes(signature) };
}

function text(buffer: Buffer): string {
  return buffer.toString("base64url");
}

function bytes(encoded: string): Buffer {
  return Buffer.from(encoded, "base64url");
}
