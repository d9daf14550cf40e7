/**
 * What a request says it is for (`X-Purpose`): one of the purposes that the trust file lists, each with its legal basis.
 */
import { z } from "zod";
import { KEPT_OF_NAME } from "../context.ts";
import type { ErrorDetails } from "../errors.ts";

/** Legal basis by code. Where there are none, any may be named. */
export type Purposes = Readonly<Record<string, string>>;

export const purposesSchema = z.record(
  z.string().regex(/^[\w.-]{1,64}$/, "must be a short code"),
  z.string().min(1, "must not be empty"),
);

export interface PurposeFault {
  readonly code: "PURPOSE_MISSING" | "PURPOSE_UNKNOWN";
  readonly details: ErrorDetails;
}

/** What is wrong with the purpose that a request names, or does not. */
export function purposeFault(
  purposes: Purposes,
  purpose: string | undefined,
  isRequired: boolean,
): PurposeFault | undefined {
  const allowed = Object.keys(purposes);
  if (purpose === undefined)
    return isRequired ? { code: "PURPOSE_MISSING", details: { allowed } } : undefined;
  if (allowed.length === 0 || Object.hasOwn(purposes, purpose)) return undefined;
  return { code: "PURPOSE_UNKNOWN", details: { key: purpose.slice(0, KEPT_OF_NAME), allowed } };
}
