/**
 * Who reads, and what for: what an auditor looks at first. Of the whole record, or of some days.
 */
import type { StoredEntry } from "./chain.ts";
import { type EntryBody, readBody } from "./entry.ts";

/** What one caller did. */
export interface Reading {
  /** Subject, client, organisation and roles, as the entries have them; null for whoever showed no token. */
  readonly caller: EntryBody["caller"];
  /** Answers with personal data in them. */
  readonly answers: number;
  /** Subjects whose data was read, each once. */
  readonly subjects: number;
  /** Entries that tell of something that the caller was refused. */
  readonly refusals: number;
  /** Answers by purpose; `none` where none was named. */
  readonly purposes: Readonly<Record<string, number>>;
  /** Answers by day (UTC). */
  readonly days: Readonly<Record<string, number>>;
}

export interface WhoReads {
  readonly entries: number;
  readonly answers: number;
  readonly refusals: number;
  /** Who read data of most subjects first. */
  readonly callers: readonly Reading[];
  readonly purposes: Readonly<Record<string, number>>;
  readonly days: Readonly<Record<string, number>>;
  /** What was refused, most often first: fields, and codes of operations that were refused as a whole. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface Period {
  /** Of this time or later; before this time (RFC 3339, UTC). */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface Tally {
  readonly caller: EntryBody["caller"];
  answers: number;
  refusals: number;
  readonly subjects: Set<string>;
  readonly purposes: Map<string, number>;
  readonly days: Map<string, number>;
}

const NO_PURPOSE = "none";

export async function whoReads(entries: AsyncIterable<StoredEntry>, { from, to }: Period): Promise<WhoReads> {
  const callers = new Map<string, Tally>();
  const all = { purposes: new Map<string, number>(), days: new Map<string, number>() };
  const refused = new Map<string, number>();
  let count = 0;
  for await (const { body } of entries) {
    const entry = readBody(body);
    if (entry === undefined) continue;
    if ((from !== undefined && entry.at < from) || (to !== undefined && entry.at >= to)) continue;
    count += 1;
    const tally = tallyOf(callers, entry.caller);
    if (entry.reads.length > 0) {
      tally.answers += 1;
      for (const subject of entry.reads.flatMap(({ subjects }) => subjects)) tally.subjects.add(subject);
      for (const { purposes, days } of [tally, all]) {
        add(purposes, entry.purpose ?? NO_PURPOSE);
        add(days, entry.at.slice(0, "2026-11-21".length));
      }
    }
    const what = entry.code === undefined ? entry.refused : [entry.code];
    if (what.length > 0) tally.refusals += 1;
    for (const each of what) add(refused, each);
  }
  const found = [...callers.values()].map(readingOf).toSorted(byReach);
  return {
    entries: count,
    answers: sum(found.map(({ answers }) => answers)),
    refusals: sum(found.map(({ refusals }) => refusals)),
    callers: found,
    purposes: mostFirst(all.purposes),
    days: inOrder(all.days),
    refused: mostFirst(refused),
  };
}

function tallyOf(callers: Map<string, Tally>, caller: EntryBody["caller"]): Tally {
  const key = JSON.stringify(caller);
  let tally = callers.get(key);
  if (tally === undefined) {
    tally = { caller, answers: 0, refusals: 0, subjects: new Set(), purposes: new Map(), days: new Map() };
    callers.set(key, tally);
  }
  return tally;
}

function readingOf({ subjects, purposes, days, ...tally }: Tally): Reading {
  return { ...tally, subjects: subjects.size, purposes: mostFirst(purposes), days: inOrder(days) };
}

function byReach(one: Reading, other: Reading): number {
  return other.subjects - one.subjects || other.answers - one.answers || other.refusals - one.refusals;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function mostFirst(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

function inOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
