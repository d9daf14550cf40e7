/**
 * An entry as it is read. docs/record.md describes each part.
 */
import { z } from "zod";

const bodySchema = z.object({
  /** RFC 3339, UTC. */
  at: z.string(),
  request: z.string(),
  /** Null for whoever showed no token. */
  caller: z
    .object({
      subject: z.string().optional(),
      /** In place of the subject, of callers who ask for themselves. */
      pseudonym: z.string().optional(),
      client: z.string().optional(),
      organisation: z.string().optional(),
      roles: z.array(z.string()),
    })
    .nullable(),
  purpose: z.string().nullable(),
  /** Of the purpose, as it was then. */
  basis: z.string().optional(),
  operation: z.object({ name: z.string().nullable(), kind: z.string() }),
  reads: z.array(
    z.object({
      /** `Type.field`. */
      fields: z.array(z.string()),
      /** Pseudonyms. */
      subjects: z.array(z.string()),
    }),
  ),
  answers: z.array(z.object({ service: z.string(), member: z.string().optional() })),
  /** `Type.field`. */
  refused: z.array(z.string()),
  /** Why the operation was refused as a whole. */
  code: z.string().optional(),
  /** Names the key of the pseudonyms; entries from before there were several name none. */
  subjectKey: z.string().optional(),
});

export type EntryBody = Readonly<z.infer<typeof bodySchema>>;

/** Undefined where it is no entry of a reading. */
export function readBody(body: string): EntryBody | undefined {
  try {
    return bodySchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
