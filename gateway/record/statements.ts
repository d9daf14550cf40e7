/**
 * What the gateway signs about the chain as a whole. Kept in the database, and in a file beside it, to be copied to where
 * whoever may write to the database may not: entries cut off the end are found by nothing else.
 */
import { appendFile, readFile } from "node:fs/promises";
import { z } from "zod";
import { canonical } from "./canonical.ts";
import { publicSchema, type Signer } from "./keys.ts";
import type { Statement } from "./sql.ts";

const bodySchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("checkpoint"),
    at: z.string(),
    key: z.string(),
    /** The last entry, and its hash (base64url). */
    seq: z.number(),
    hash: z.string(),
    /** The root of a tree over the hashes of the entries after this one, up to the last (tree.ts). */
    after: z.number().optional(),
    root: z.string().optional(),
  }),
  z.object({
    kind: z.literal("pruned"),
    at: z.string(),
    key: z.string(),
    /** The last entry that was taken away, and its hash. */
    seq: z.number(),
    hash: z.string(),
    /** How many were taken away this time, and up to when they were of (RFC 3339). */
    entries: z.number(),
    before: z.string(),
    /** The last number that each writer had given until then. */
    writers: z.record(z.string(), z.number()),
  }),
  z.object({
    /** Another key signs from here on, and this one until it is retired (key-change.ts). */
    kind: z.literal("key"),
    at: z.string(),
    key: z.string(),
    seq: z.number(),
    hash: z.string(),
    previous: publicSchema,
    next: publicSchema,
    /** Signature of all of this, but for itself, by the next. */
    proof: z.string(),
  }),
  z.object({
    /** Nothing after this entry is signed by the retired key. */
    kind: z.literal("retired"),
    at: z.string(),
    key: z.string(),
    seq: z.number(),
    hash: z.string(),
    retired: z.string(),
    /** The last entry that was taken away until then: a key that leaked later takes no more away. */
    prunedUpTo: z.number(),
  }),
]);

export type StatementBody = z.infer<typeof bodySchema>;
type Unsigned<T> = T extends StatementBody ? Omit<T, "at" | "key"> : never;

export function signStatement(keys: Signer, said: Unsigned<StatementBody>): Statement {
  const body = canonical({ ...said, at: new Date().toISOString(), key: keys.keyId });
  return { body, signature: keys.sign(body) };
}

/** Undefined where it is none. */
export function readStatement({ body }: Statement): StatementBody | undefined {
  try {
    return bodySchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** A line of the file. */
export function statementLine({ body, signature }: Statement): string {
  return JSON.stringify({ body, signature: signature.toString("base64url") });
}

export async function keepStatement(file: string, statement: Statement): Promise<void> {
  await appendFile(file, `${statementLine(statement)}\n`, { mode: 0o600 });
}

const lineSchema = z.object({ body: z.string(), signature: z.string() });

/**
 * @returns none where there is no file
 * @throws Error when a line is none
 */
export async function readStatementFile(file: string): Promise<readonly Statement[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { body, signature } = lineSchema.parse(JSON.parse(line));
      return { body, signature: Buffer.from(signature, "base64url") };
    });
}
