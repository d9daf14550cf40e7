/**
 * One agency's PostgreSQL database.
 */
import { fileURLToPath } from "node:url";
import { type Database, openDatabase as open, sqlState } from "../../process/database.ts";
import { AgencyError } from "./errors.ts";

/** Directory of the tables that every writing database needs (idempotency, outbox). */
export const KIT_MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

/** Opens a pool on `url`. `poolSize` bounds its connections; idle ones close after 10 s. */
export function openDatabase(url: string, poolSize?: number): Database {
  return open(url, poolSize, explain);
}

/** Of an agency that keeps nothing itself: it can be read, from its source, and not changed. */
export function noDatabase(agency: string): Database {
  const refuse = (): Promise<never> => Promise.reject(new Error(`agency ${agency} has no database`));
  return { query: refuse, transaction: refuse, close: () => Promise.resolve() };
}

function explain(error: unknown): unknown {
  // PostgreSQL stores every character but NUL: a text with one is the caller's mistake, wherever it stood.
  return sqlState(error) === "22021"
    ? new AgencyError("INVALID_INPUT", { field: "text", value: "\\u0000", allowed: "text without NUL" })
    : error;
}
