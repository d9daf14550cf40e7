/**
 * All SQL of the record.
 */
import type { Queryable } from "../../process/database.ts";
import type { StoredEntry } from "./chain.ts";

/** What is signed about the chain, as it is kept. */
export interface Statement {
  readonly body: string;
  readonly signature: Buffer;
}

/** Where entries that were added stand. */
export interface Added {
  readonly firstSeq: number;
  /** Hash of the entry before the first. */
  readonly previous: Buffer;
  /** Of the last. */
  readonly hash: Buffer;
}

/** Entries to be added; each list has one item for each. */
export interface NewEntries {
  readonly bodies: readonly string[];
  readonly signatures: readonly Buffer[];
  /** RFC 3339, UTC. */
  readonly times: readonly string[];
  /** Pseudonyms, each once, by which an entry is to be found. */
  readonly subjects: readonly (readonly string[])[];
}

/** One statement: a batch is one way to the database and one commit. */
export async function addEntries(
  db: Queryable,
  { bodies, signatures, times, subjects }: NewEntries,
): Promise<Added> {
  const places = subjects.flatMap((pseudonyms, index) => pseudonyms.map(() => index + 1));
  const [row] = await db.query<{ first_seq: number; first_previous: Buffer; last_hash: Buffer }>(
    "select * from append_entries($1, $2, $3, $4, $5)",
    [bodies, signatures, times, subjects.flat(), places],
  );
  if (row === undefined) throw new Error("the record's database did not tell where it wrote");
  return { firstSeq: row.first_seq, previous: row.first_previous, hash: row.last_hash };
}

export async function addStatement(
  db: Queryable,
  { body, signature, seq, kind }: Statement & { readonly seq: number; readonly kind: string },
): Promise<void> {
  await db.query("insert into checkpoint (seq, kind, body, signature) values ($1, $2, $3, $4)", [
    seq,
    kind,
    body,
    signature,
  ]);
}

export async function readStatements(db: Queryable): Promise<Statement[]> {
  return db.query<Statement & Record<string, unknown>>("select body, signature from checkpoint order by id");
}

/** Entries after one, in order. */
export async function* readEntries(db: Queryable, after: number, page = 2_000): AsyncGenerator<StoredEntry> {
  for (let last = after; ; ) {
    const rows = await db.query<StoredEntry & Record<string, unknown>>(
      `select seq, body, signature, previous, hash,
              array(select pseudonym from subject_entry where seq = entry.seq) as subjects
       from entry where seq > $1 order by seq limit $2`,
      [last, page],
    );
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < page) return;
    last = end.seq;
  }
}

/** The hashes of entries after one, up to another, in order. */
export async function readHashes(db: Queryable, after: number, upTo: number): Promise<Buffer[]> {
  const rows = await db.query<{ hash: Buffer }>(
    "select hash from entry where seq > $1 and seq <= $2 order by seq",
    [after, upTo],
  );
  return rows.map(({ hash }) => hash);
}

/** The last entry before one that is vouched for, or was taken away; 0 where there is none. */
export async function lastVouched(db: Queryable, before: number): Promise<number> {
  const [row] = await db.query<{ seq: number | null }>(
    "select max(seq) as seq from checkpoint where kind in ('checkpoint', 'pruned') and seq < $1",
    [before],
  );
  return row?.seq ?? 0;
}

/** The last entry that was taken away; 0 where none was. */
export async function lastPruned(db: Queryable): Promise<number> {
  const [row] = await db.query<{ seq: number | null }>(
    "select max(seq) as seq from checkpoint where kind = 'pruned'",
  );
  return row?.seq ?? 0;
}

/** The last entry, and its hash; undefined where there is none. */
export async function lastEntry(db: Queryable): Promise<{ seq: number; hash: Buffer } | undefined> {
  const [row] = await db.query<{ seq: number; hash: Buffer }>(
    "select seq, hash from entry order by seq desc limit 1",
  );
  return row;
}

/** Takes entries away, up to one; a statement in the same transaction must say so. */
export async function deleteEntries(tx: Queryable, upTo: number): Promise<void> {
  await tx.query("delete from subject_entry where seq <= $1", [upTo]);
  await tx.query("delete from entry where seq <= $1", [upTo]);
}

/** The last entry before which all are of before a time (RFC 3339, UTC) with it; never the last that there is. */
export async function lastBefore(db: Queryable, time: string): Promise<number> {
  const [row] = await db.query<{ seq: number | null }>(
    `select least((select max(seq) - 1 from entry),
                  (select min(seq) - 1 from entry
                   where replace(body, '\\u0000', '\\u0020')::jsonb ->> 'at' >= $1)) as seq`,
    [time],
  );
  return row?.seq ?? 0;
}

/** Readings of one subject's data. */
export interface SubjectPage {
  /** All that the subject may stand as. */
  readonly pseudonyms: readonly string[];
  /** Of this time or later; before this time. */
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Entries before this one; undefined from the last on. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** The bodies of entries in which data of a subject was read, latest first. */
export async function readEntriesOf(
  db: Queryable,
  { pseudonyms, from, to, before, limit }: SubjectPage,
): Promise<{ seq: number; body: string }[]> {
  return db.query<{ seq: number; body: string }>(
    `select seq, body from entry where seq in (
       select seq from subject_entry
       where pseudonym = any($1) and ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
         and ($4::bigint is null or seq < $4)
       order by seq desc limit $5)
     order by seq desc`,
    [pseudonyms, from, to, before, limit],
  );
}

/** Everything as it is at one moment, for whoever reads more than once. */
export async function freeze(tx: Queryable): Promise<void> {
  await tx.query("set transaction isolation level repeatable read");
}
