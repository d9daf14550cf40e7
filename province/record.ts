/**
 * What `npm start -- --record` keeps under the data directory: the gateway's record file, and beside it, made by the
 * gateway, the record's keys and checkpoints. The record itself is a database of its own.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecordSettings } from "../gateway/record/settings.ts";

/** Codes that `X-Purpose` may name here, with their basis. */
const PURPOSES = {
  "dossier-processing": "Nghị định 118/2025/NĐ-CP: tiếp nhận, giải quyết hồ sơ thủ tục hành chính",
  "own-data": "Luật 91/2025/QH15 (bảo vệ dữ liệu cá nhân): chủ thể xem dữ liệu của mình",
  inspection: "Luật 84/2025/QH15 (thanh tra): thanh tra, kiểm tra",
} as const;

/** They have their personal ID or tax code for a subject (schema/trust.json). */
const PERSON_ROLES = ["citizen", "business"];

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
    keyFile: "record.key.json",
    checkpointFile: "checkpoints.jsonl",
    purposes: PURPOSES,
    personRoles: PERSON_ROLES,
  };
  await mkdir(join(data, "record"), { recursive: true, mode: 0o700 });
  await writeFile(recordFile(data), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}
