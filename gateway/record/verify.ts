/**
 * Whether a record is as the gateway wrote it; where not, at which entry. It believes nothing but the public keys: not the
 * database, its hashes, or its order.
 */
import { z } from "zod";
import { BEFORE_ALL, hashOf, type StoredEntry } from "./chain.ts";
import { readBody } from "./entry.ts";
import { readKeyChange, trustChanges } from "./key-change.ts";
import { isSigned, thumbprint, type Verifiers } from "./keys.ts";
import type { Statement } from "./sql.ts";
import { readStatement, type StatementBody } from "./statements.ts";

export const FAULTS = {
  ENTRY_MISSING: "entries were removed",
  ENTRY_FORGED: "the entry is not what the gateway signed: it was changed, or put in by somebody else",
  ENTRY_OUT_OF_TURN:
    "the entry is not the next of its writer: entries were removed, repeated or put in another order",
  CHAIN_BROKEN: "the entry's hashes are not those of its content and of the entry before",
  INDEX_DIFFERS:
    "the index of subjects is not what the entry says: whoever looks for the readings of their data is told wrong",
  KEY_RETIRED: "the entry is signed by a key that was retired before",
  KEY_FORKED: "two keys claim to follow the same one: one of them is somebody else's",
  CHECKPOINT_FORGED: "the checkpoint is not what the gateway signed",
  CHECKPOINT_DIFFERS: "the gateway signed another hash: entries up to here were written anew",
  END_CUT: "the gateway signed that there are entries up to here: they were cut off",
} as const;

export interface Fault {
  readonly kind: keyof typeof FAULTS;
  /** Of the entry, the first of several; of a forged checkpoint, the last that it claims to tell of. */
  readonly seq: number;
  /** The last of several entries. */
  readonly upTo?: number;
}

export interface Verification {
  readonly faults: readonly Fault[];
  readonly entries: number;
  readonly checkpoints: number;
  /** The last entry that was taken away as its retention had ended; 0 where none was. */
  readonly prunedUpTo: number;
  /** The last entry; `prunedUpTo` where there is none. */
  readonly lastSeq: number;
  readonly lastHash: Buffer;
  /** The last entry that a checkpoint vouches for: whether any were cut off after it cannot be known. */
  readonly vouchedUpTo: number;
  /** The last number of each writer. */
  readonly writers: ReadonlyMap<string, number>;
}

const bodySchema = z.object({ key: z.string(), writer: z.string(), n: z.number() });
/** Beyond, a record is not mended by knowing more of them. */
const MOST_FAULTS = 1_000;

/** A record, wherever it is read from. */
export interface Kept {
  /** Those that are kept beside, too. */
  readonly statements: readonly Statement[];
  /** Entries after one, in order. */
  readonly entries: (after: number) => AsyncIterable<StoredEntry>;
}

/** @param onEntry called after each entry, in order, with the last number of each writer until then */
export async function verifyRecord(
  kept: Kept,
  verifiers: Verifiers,
  onEntry: (entry: StoredEntry, writers: Verification["writers"]) => void = () => undefined,
): Promise<Verification> {
  const faults: Fault[] = [];
  const told = (fault: Fault): void => void (faults.length < MOST_FAULTS && faults.push(fault));
  const known = trustChanges(kept.statements, verifiers);
  const statements = trusted(kept.statements, known, told);
  const retired = retiredKeys(statements);
  for (const seq of forks(statements)) told({ kind: "KEY_FORKED", seq });
  const hashes = Map.groupBy(statements, ({ seq }) => seq);
  const pruned = statements.filter((each) => each.kind === "pruned").toSorted((a, b) => b.seq - a.seq)[0];
  const writers = new Map(Object.entries(pruned?.writers ?? {}));
  let seq = pruned?.seq ?? 0;
  let hash = pruned === undefined ? BEFORE_ALL : fromText(pruned.hash);
  /** What the entry before should have for a hash: one that was changed is told once. */
  let computed = hash;
  let entries = 0;
  /** Entries of which nobody knows who wrote them: their writers' numbers may seem to be missing. */
  let unknown = 0;

  /** The one fault that tells most about an entry. */
  function check(entry: StoredEntry): Fault | undefined {
    const writer = writerOf(entry, known);
    const gap = entry.seq - seq - 1;
    let fault: Fault | undefined;
    if (writer === undefined) {
      unknown += 1;
      fault = { kind: "ENTRY_FORGED", seq: entry.seq };
    } else {
      const expected = (writers.get(writer.name) ?? 0) + 1;
      const skipped = writer.n - expected;
      if (skipped < 0 || skipped > unknown + gap) fault = { kind: "ENTRY_OUT_OF_TURN", seq: entry.seq };
      else unknown -= Math.max(0, skipped - gap);
      writers.set(writer.name, Math.max(writer.n, expected - 1));
    }
    if (gap > 0) return { kind: "ENTRY_MISSING", seq: seq + 1, upTo: entry.seq - 1 };
    if (fault !== undefined) return fault;
    const follows = entry.previous.equals(hash) || entry.previous.equals(computed);
    if (!follows || !hashOf(entry).equals(entry.hash)) return { kind: "CHAIN_BROKEN", seq: entry.seq };
    if (entry.seq > (retired.get(writer?.key ?? "")?.seq ?? Infinity))
      return { kind: "KEY_RETIRED", seq: entry.seq };
    return isIndexed(entry) ? undefined : { kind: "INDEX_DIFFERS", seq: entry.seq };
  }

  for await (const entry of kept.entries(seq)) {
    const fault = check(entry);
    if (fault !== undefined) told(fault);
    if (fault?.kind === "ENTRY_MISSING" && writerOf(entry, known) === undefined)
      told({ kind: "ENTRY_FORGED", seq: entry.seq });
    ({ seq, hash } = entry);
    computed = hashOf(entry);
    entries += 1;
    // What stands in the chain, not what the entry says of itself.
    const isOther = hashes.get(seq)?.some((said) => !fromText(said.hash).equals(computed));
    if (isOther === true && fault === undefined) told({ kind: "CHECKPOINT_DIFFERS", seq });
    onEntry(entry, writers);
  }

  const promised = Math.max(0, ...statements.map((said) => said.seq));
  if (promised > seq) told({ kind: "END_CUT", seq: seq + 1, upTo: promised });
  return {
    faults,
    entries,
    checkpoints: statements.length,
    prunedUpTo: pruned?.seq ?? 0,
    lastSeq: seq,
    lastHash: hash,
    vouchedUpTo: promised,
    writers,
  };
}

/** What the gateway has signed, by a key that counted still; each once. */
function trusted(
  statements: readonly Statement[],
  verifiers: Verifiers,
  told: (fault: Fault) => void,
): readonly StatementBody[] {
  const signed = new Map<string, StatementBody>();
  const seen = new Set<string>();
  for (const statement of statements) {
    if (seen.has(statement.body)) continue;
    seen.add(statement.body);
    const body = readStatement(statement);
    const isOurs =
      body !== undefined &&
      isSigned(verifiers, body.key, statement.body, statement.signature) &&
      (body.kind !== "key" || readKeyChange(statement) !== undefined);
    if (isOurs) signed.set(statement.body, body);
    else told({ kind: "CHECKPOINT_FORGED", seq: body?.seq ?? 0 });
  }
  const retired = retiredKeys([...signed.values()]);
  return [...signed.values()].filter(({ kind, key, seq }) => {
    const end = retired.get(key);
    const counts = end === undefined || seq <= (kind === "pruned" ? end.prunedUpTo : end.seq);
    if (!counts) told({ kind: "CHECKPOINT_FORGED", seq });
    return counts;
  });
}

type Retirement = StatementBody & { kind: "retired" };

/** Until when each retired key counted; no key says that of itself, and what was said first holds. */
function retiredKeys(statements: readonly StatementBody[]): ReadonlyMap<string, Retirement> {
  const retired = new Map<string, Retirement>();
  for (const said of statements)
    if (said.kind === "retired" && said.key !== said.retired)
      if (said.seq < (retired.get(said.retired)?.seq ?? Infinity)) retired.set(said.retired, said);
  return retired;
}

/** Where a key has a second successor. */
function forks(statements: readonly StatementBody[]): readonly number[] {
  const successors = new Map<string, string>();
  return statements.flatMap((said) => {
    if (said.kind !== "key") return [];
    const next = thumbprint(said.next);
    const known = successors.get(said.key) ?? next;
    successors.set(said.key, known);
    return known === next ? [] : [said.seq];
  });
}

/** Who wrote an entry, and its number; undefined where no gateway signed it. */
function writerOf(
  { body, signature }: StoredEntry,
  verifiers: Verifiers,
): { readonly name: string; readonly n: number; readonly key: string } | undefined {
  try {
    const { key, writer, n } = bodySchema.parse(JSON.parse(body));
    return isSigned(verifiers, key, body, signature) ? { name: writer, n, key } : undefined;
  } catch {
    return undefined;
  }
}

function isIndexed({ body, subjects }: StoredEntry): boolean {
  if (subjects === undefined) return true;
  const said = new Set(readBody(body)?.reads.flatMap((reading) => reading.subjects));
  return said.size === subjects.length && subjects.every((each) => said.has(each));
}

function fromText(hash: string): Buffer {
  return Buffer.from(hash, "base64url");
}
