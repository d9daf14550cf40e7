/**
 * One entry with the proof that it is in the record: the checkpoint that a gateway signed over it, and the path to the root
 * of that checkpoint's tree. A line of an export is one; whoever has it and the public key needs nothing else.
 */
import { z } from "zod";
import { hashOf, type StoredEntry } from "./chain.ts";
import { isSigned, type Verifiers } from "./keys.ts";
import type { Statement } from "./sql.ts";
import { readStatement, type StatementBody } from "./statements.ts";
import { pathTo, rootBy } from "./tree.ts";

export const PROOF_FAULTS = {
  ENTRY_FORGED: "the entry is not what the gateway signed",
  HASH_WRONG: "the hash is not that of the entry",
  NOT_VOUCHED: "no checkpoint is given that vouches for the entry",
  CHECKPOINT_FORGED: "the checkpoint is not what the gateway signed",
  NOT_INCLUDED: "the entry is not in what the checkpoint vouches for",
} as const;

const text = z.string();
const signed = { body: text, signature: text };

/** A line of JSON; hashes and signatures in base64url. */
export const proofSchema = z.object({
  kind: z.literal("entry"),
  seq: z.number(),
  ...signed,
  previous: text,
  hash: text,
  /** Not of the latest, which no checkpoint tells of yet, nor of those from before checkpoints had trees. */
  checkpoint: z.object(signed).optional(),
  path: z.array(text).optional(),
});

export type ProofLine = z.infer<typeof proofSchema>;

/** What a checkpoint's tree is over: entries after one, up to its own. */
export interface Tree {
  readonly after: number;
  readonly seq: number;
  readonly statement: Statement;
}

/** Those of the statements that have a tree, in order. */
export function treesOf(statements: readonly Statement[]): readonly Tree[] {
  return statements
    .flatMap((statement) => {
      const body = readStatement(statement);
      return hasTree(body) ? [{ after: body.after, seq: body.seq, statement }] : [];
    })
    .toSorted((one, other) => one.seq - other.seq || other.after - one.after);
}

/** @param leaves hashes of the tree's entries; left out where there is no tree over the entry */
export function proofLine(
  { seq, body, signature, previous, hash }: StoredEntry,
  tree?: Tree,
  leaves: readonly Buffer[] = [],
): ProofLine {
  const entry = { seq, body, signature: encode(signature), previous: encode(previous), hash: encode(hash) };
  if (tree === undefined) return { kind: "entry", ...entry };
  const { body: said, signature: by } = tree.statement;
  return {
    kind: "entry",
    ...entry,
    checkpoint: { body: said, signature: encode(by) },
    path: pathTo(leaves, seq - tree.after - 1).map(encode),
  };
}

/** @returns what is wrong; undefined where the entry is in a record that one of the keys has signed */
export function proofFault(
  { seq, body, signature, previous, hash, checkpoint, path }: ProofLine,
  keys: Verifiers,
): keyof typeof PROOF_FAULTS | undefined {
  if (!isSigned(keys, keyOf(body), body, decode(signature))) return "ENTRY_FORGED";
  const leaf = hashOf({ seq, body, signature: decode(signature), previous: decode(previous) });
  if (!leaf.equals(decode(hash))) return "HASH_WRONG";
  if (checkpoint === undefined || path === undefined) return "NOT_VOUCHED";
  const statement = { body: checkpoint.body, signature: decode(checkpoint.signature) };
  const said = readStatement(statement);
  if (!hasTree(said) || !isSigned(keys, said.key, statement.body, statement.signature))
    return "CHECKPOINT_FORGED";
  const place = { index: seq - said.after - 1, size: said.seq - said.after };
  const root = rootBy(leaf, path.map(decode), place);
  return root?.equals(decode(said.root)) === true ? undefined : "NOT_INCLUDED";
}

function hasTree(
  body: StatementBody | undefined,
): body is StatementBody & { kind: "checkpoint"; after: number; root: string } {
  return body?.kind === "checkpoint" && body.after !== undefined && body.root !== undefined;
}

function keyOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { key?: unknown } | null)?.key;
  } catch {
    return undefined;
  }
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function decode(encoded: string): Buffer {
  return Buffer.from(encoded, "base64url");
}
