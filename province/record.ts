/**
 * What `npm start` keeps of the record under the data directory: the gateway's record file, the record's keys, and beside
 * them, made by the gateway, its checkpoints. The record itself is a database of its own.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureRecordKeys } from "../gateway/record/keys.ts";
import type { RecordSettings } from "../gateway/record/settings.ts";

/** They have their personal ID or tax code for a subject (schema/trust.json). */
/** Of schema/trust.json, the roles of those who ask for themselves. */
export const PERSON_ROLES = ["citizen", "business"];

const KEY_FILE = "record.key.json";

/** Beneath the data directory. */
export function recordFile(data: string): string {
  return join(data, "record", "record.json");
}

/** @param server URL of the PostgreSQL, with its password: only its owner may read the file */
export async function prepareRecord(data: string, server: string, prefix: string): Promise<void> {
  const database = new URL(server);
  database.pathname = `/${prefix}record`;
  const settings: Omit<RecordSettings, "requirePurpose"> = {
    database: database.href,
    keyFile: KEY_FILE,
    checkpointFile: "checkpoints.jsonl",
    personRoles: PERSON_ROLES,
  };
  await mkdir(join(data, "record"), { recursive: true, mode: 0o700 });
  await ensureRecordKeys(join(data, "record", KEY_FILE));
  await writeFile(recordFile(data), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}
