/**
 * Effects exactly once: the answer of a change is kept by its idempotency key, in the transaction of the change itself.
 */
import { createHash } from "node:crypto";
import type { Database, Queryable } from "../../process/database.ts";
import { AgencyError } from "./errors.ts";

export interface KeyedRequest {
  /** 8–128 characters of `[A-Za-z0-9_.:-]`, chosen by the caller. */
  readonly key: string;
  /** Name of the mutation. */
  readonly operation: string;
  /** Its arguments: a repetition has the same ones. */
  readonly args: unknown;
}

/**
 * Runs `effect` in one transaction unless `key` has been used: then the first answer is given again. Two requests with
 * one key at the same moment: the second waits for the first. A failed effect leaves no trace, so it can be tried again.
 * `T` must be plain data; dates survive.
 * @throws AgencyError INVALID_INPUT for a malformed key, IDEMPOTENCY_KEY_REUSED when it belongs to another request
 */
export async function once<T>(
  database: Database,
  request: KeyedRequest,
  effect: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const { key, operation } = request;
  if (!/^[A-Za-z0-9_.:-]{8,128}$/.test(key))
    throw new AgencyError("INVALID_INPUT", {
      field: "idempotencyKey",
      value: key.slice(0, 140),
      allowed: "8 to 128 characters of A–Z a–z 0–9 _ . : -",
    });
  const fingerprint = createHash("sha256").update(stableJson(request.args)).digest();
  return database.transaction(async (tx) => {
    // Waits here for a transaction that holds the same key and has not ended.
    const claimed = await tx.query(
      `insert into idempotency (key, operation, fingerprint) values ($1, $2, $3)
       on conflict (key) do nothing returning key`,
      [key, operation, fingerprint],
    );
    if (claimed.length > 0) {
      const answer = await effect(tx);
      await tx.query("update idempotency set answer = $2 where key = $1", [key, encode(answer)]);
      return answer;
    }
    const [kept] = await tx.query<{ same: boolean; answer: string }>(
      "select operation = $2 and fingerprint = $3 as same, answer::text from idempotency where key = $1",
      [key, operation, fingerprint],
    );
    if (!kept?.same) throw new AgencyError("IDEMPOTENCY_KEY_REUSED", { key });
    return decode(kept.answer) as T;
  });
}

/** JSON with sorted keys: the same arguments in another order are the same request. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isPlainObject(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Dates are marked, because a text that looks like a date must come back as the text it was. */
function encode(answer: unknown): string {
  return JSON.stringify(answer, function mark(this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    return original instanceof Date ? { $date: original.toISOString() } : value;
  });
}

function decode(answer: string): unknown {
  return JSON.parse(answer, (_key, value: unknown) =>
    isPlainObject(value) && typeof value["$date"] === "string" ? new Date(value["$date"]) : value,
  );
}
