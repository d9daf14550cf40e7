/**
 * The record file: where the record is kept. docs/record.md shows one whole.
 *
 *     { "database": "postgres://gateway@db.example/record", "keyFile": "record.key" }
 */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { parseSettings, readSettingsText } from "../../process/settings-file.ts";

const text = z.string().min(1, "must not be empty");

const fileSchema = z.strictObject({
  /** PostgreSQL database; created when missing, migrated at the start. */
  database: z.url({ protocol: /^postgres(?:ql)?$/, error: "must be a postgres:// URL" }),
  /** Keys, made at the first start. */
  keyFile: text,
  /** Checkpoints are added to this file as well. */
  checkpointFile: text.optional(),
  /** Roles of those who ask for themselves: their subjects are persons' keys, and stand in the record as pseudonyms. */
  personRoles: z.array(text).default([]),
  /** Whether personal data is read for a purpose only, one of those that the trust file lists. */
  requirePurpose: z.boolean().default(false),
});

export type RecordSettings = Readonly<z.infer<typeof fileSchema>>;

/** @throws StartError when the file cannot be read, or naming every fault in it at once. */
export async function readRecordFile(file: string): Promise<RecordSettings> {
  const written = await readSettingsText(file, "Give the record file with --record.");
  const { keyFile, checkpointFile, ...settings } = readRecord(written, file);
  const beside = (name: string): string => resolve(dirname(file), name);
  return {
    ...settings,
    keyFile: beside(keyFile),
    ...(checkpointFile !== undefined && { checkpointFile: beside(checkpointFile) }),
  };
}

/** @throws StartError naming every fault at once, each with its place. */
export function readRecord(written: string, file: string): RecordSettings {
  return parseSettings(fileSchema, written, file, "See docs/record.md for its form.");
}
