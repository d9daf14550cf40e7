/**
 * What an auditor does with a record: verify it, take it along, and take away what is older than it has to be kept.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";
import { type Database, openDatabase, type Queryable } from "../../process/database.ts";
import { StartError } from "../../process/lifecycle.ts";
import type { StoredEntry } from "./chain.ts";
import { type PublicKey, readRecordKeys, verifiersOf } from "./keys.ts";
import type { RecordSettings } from "./settings.ts";
import {
  addStatement,
  deleteEntries,
  freeze,
  lastBefore,
  readEntries,
  readStatements,
  type Statement,
} from "./sql.ts";
import { keepStatement, readStatementFile, signStatement } from "./statements.ts";
import { type Kept, type Verification, verifyRecord } from "./verify.ts";

/** One connection reads, for as long as it takes. */
const CONNECTIONS = 1;

/** The record of a database, as it is at one moment. @param tx a transaction that has not begun to read */
export async function keptIn(tx: Queryable, elsewhere: readonly Statement[]): Promise<Kept> {
  await freeze(tx);
  const statements = [...(await readStatements(tx)), ...elsewhere];
  return { statements, entries: (after) => readEntries(tx, after) };
}

/** @param publicKey of the gateway; taken from the key file when it is left out */
export async function verifyDatabase(
  { database: url, keyFile, checkpointFile }: RecordSettings,
  publicKey?: PublicKey,
): Promise<Verification> {
  const key = publicKey ?? (await readRecordKeys(keyFile)).publicKey;
  const elsewhere = await statementsBeside(checkpointFile);
  return reading(url, (database) =>
    database.transaction(async (tx) => verifyRecord(await keptIn(tx, elsewhere), verifiersOf([key]))),
  );
}

/** An export verified where it is, without a database. */
export async function verifyExport(file: string, publicKey: PublicKey): Promise<Verification> {
  const statements: Statement[] = [];
  for await (const line of linesOf(file)) if (line.kind === "statement") statements.push(statementOf(line));
  async function* entries(after: number): AsyncGenerator<StoredEntry> {
    for await (const line of linesOf(file))
      if (line.kind === "entry" && line.seq > after)
        yield { ...statementOf(line), seq: line.seq, previous: bytes(line.previous), hash: bytes(line.hash) };
  }
  return verifyRecord({ statements, entries }, verifiersOf([publicKey]));
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
        for await (const { seq, body, signature, previous, hash } of entries(0)) {
          const proof = { signature: text(signature), previous: text(previous), hash: text(hash) };
          await handle.write(`${JSON.stringify({ kind: "entry", seq, body, ...proof })}\n`);
          count += 1;
        }
      }),
    );
  } finally {
    await handle.close();
  }
  return count;
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
        verifiersOf([keys.publicKey]),
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
      // Before it is committed: entries without a word about them would be missing.
      if (checkpointFile !== undefined) await keepStatement(checkpointFile, statement);
      return { verification, entries, upTo };
    });
  });
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
  z.object({ kind: z.literal("entry"), seq: z.number(), ...signed, previous: z.string(), hash: z.string() }),
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
