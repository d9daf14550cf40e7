/**
 * The log: entries of concurrent requests are added together, in one statement and one commit, while the next gather.
 *
 * Each process is a writer with a number for each of its entries: what is missing, doubled or out of its place is found
 * also by whoever was given a chain whose hashes were all made anew.
 */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Database } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import { canonical, type Json } from "./canonical.ts";
import { hashOf } from "./chain.ts";
import type { RecordKeys } from "./keys.ts";
import { addEntries, addStatement, lastVouched, readHashes } from "./sql.ts";
import { keepStatement, signStatement } from "./statements.ts";
import { rootOf } from "./tree.ts";

/** What an entry tells, beside who wrote it and when. */
export type EntryContent = Readonly<Record<string, Json | undefined>>;

export interface RecordLog {
  /**
   * Resolves once the entry is on the disk, and found by the pseudonyms of those whose data was read.
   * @throws Error as the promise's rejection when it cannot be written, or nobody knows whether it was.
   */
  append(content: EntryContent, subjects?: readonly string[]): Promise<void>;
  /** Writes what is under way, and a last checkpoint. */
  close(): Promise<void>;
}

export interface LogOptions {
  readonly database: Database;
  readonly keys: RecordKeys;
  /** File that checkpoints are added to as well. */
  readonly checkpointFile: string | undefined;
  readonly log: Logger;
  /** Milliseconds that an answer waits for its entry. */
  readonly deadline?: number;
  /** Milliseconds between two checkpoints, while entries are written. */
  readonly checkpointEvery?: number;
}

interface Waiting {
  readonly content: EntryContent;
  /** When it was added (RFC 3339, UTC). */
  readonly at: string;
  readonly subjects: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const BATCH = 500;
/** Entries that may wait; beyond, the database is too slow for what is asked. */
const QUEUE = 20_000;

export function createLog({
  database,
  keys,
  checkpointFile,
  log,
  deadline = 2_000,
  checkpointEvery = 1_000,
}: LogOptions): RecordLog {
  const queue: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let writer = randomUUID();
  let number = 0;
  /** The last entry written here that no checkpoint tells of yet. */
  let latest: { readonly seq: number; readonly hash: Buffer } | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function writeAll(): Promise<void> {
    // What other requests of this turn of the event loop have to say comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await writeBatch(queue.splice(0, BATCH));
    writing = undefined;
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const bodies = batch.map(({ content, at }) => {
        number += 1;
        return canonical({ ...content, at, key: keys.keyId, writer, n: number });
      });
      const signatures = bodies.map(keys.sign);
      const times = batch.map(({ at }) => at);
      const subjects = batch.map((entry) => entry.subjects);
      const { firstSeq, previous, hash } = await within(
        deadline,
        addEntries(database, { bodies, signatures, times, subjects }),
      );
      let last = previous;
      for (const [index, body] of bodies.entries())
        last = hashOf({
          seq: firstSeq + index,
          body,
          signature: signatures[index] ?? previous,
          previous: last,
        });
      if (!last.equals(hash)) throw new Error("the record's database did not chain what it was given");
      latest = { seq: firstSeq + batch.length - 1, hash };
      timer ??= globalThis.setTimeout(() => void checkpoint(), checkpointEvery).unref();
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // They may have been written all the same: whoever goes on counting would leave a gap, or say a number twice.
      writer = randomUUID();
      number = 0;
      for (const { reject } of batch) reject(error as Error);
    }
  }

  async function checkpoint(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined) return;
    const { seq, hash } = latest;
    const kind = "checkpoint";
    try {
      const after = await within(deadline, lastVouched(database, seq));
      const hashes = await within(deadline, readHashes(database, after, seq));
      if (hashes.length !== seq - after) throw new Error(`entries are missing between ${after} and ${seq}`);
      const root = rootOf(hashes);
      const said = {
        kind,
        seq,
        hash: hash.toString("base64url"),
        after,
        root: root.toString("base64url"),
      } as const;
      const statement = signStatement(keys, said);
      if (checkpointFile !== undefined) await keepStatement(checkpointFile, statement);
      await within(deadline, addStatement(database, { ...statement, seq, kind }));
      if (latest.seq === seq) latest = undefined;
    } catch (error) {
      log.error({ err: error }, "a checkpoint of the record cannot be kept");
    }
  }

  return {
    append(content, subjects = []) {
      if (queue.length >= QUEUE) return Promise.reject(new Error("too many entries wait to be written"));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.push({ content, at: new Date().toISOString(), subjects, resolve, reject });
      writing ??= writeAll();
      return promise;
    },
    async close() {
      await writing;
      await checkpoint();
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timeout = new AbortController();
  const late = setTimeout(milliseconds, undefined, { signal: timeout.signal, ref: false }).then(
    () => {
      throw new Error(`the record's database did not write within ${milliseconds} ms`);
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timeout.abort();
    // Once late, it is nobody's error any more.
    work.catch(() => undefined);
  }
}
