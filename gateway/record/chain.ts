/**
 * How entries hang together: each has the hash of the one before in its own.
 */
import { createHash } from "node:crypto";

/** An entry as it is kept. */
export interface StoredEntry {
  readonly seq: number;
  /** Canonical JSON. */
  readonly body: string;
  readonly signature: Buffer;
  readonly previous: Buffer;
  readonly hash: Buffer;
  /** Pseudonyms by which the database finds it, in any order; undefined where it is not in one. */
  readonly subjects?: readonly string[];
}

/** What the first entry has for the hash of the one before. */
export const BEFORE_ALL: Buffer = Buffer.alloc(32);

export function hashOf({ seq, body, signature, previous }: Omit<StoredEntry, "hash" | "subjects">): Buffer {
  return createHash("sha256").update(previous).update(`${seq}\n${body}`).update(signature).digest();
}
