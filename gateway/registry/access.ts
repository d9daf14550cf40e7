/**
 * Routes that need a key: each says whose.
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { preferredLanguage } from "../language.ts";
import { RegistryError } from "./errors.ts";
import { identify, type Identity } from "./keys.ts";
import type { RegistryParts } from "./server.ts";

/** @throws RegistryError KEY_REFUSED, or OPERATOR_ONLY when the key's role is none of `roles` */
export async function admit(
  { database, operatorKey }: RegistryParts,
  { headers }: FastifyRequest,
  ...roles: readonly Identity["role"][]
): Promise<Identity> {
  const identity = await identify(database, operatorKey, headers.authorization);
  if (identity.role !== "operator" && !roles.includes(identity.role))
    throw new RegistryError("OPERATOR_ONLY", {});
  return identity;
}

const LOCALES = { en: z.locales.en(), vi: z.locales.vi() };

/** Reads what was sent; @throws ZodError that names every fault, in the reader's language */
export function read<S extends z.ZodType>(
  schema: S,
  sent: unknown,
  { headers }: FastifyRequest,
): z.output<S> {
  const language = preferredLanguage(headers["accept-language"]);
  return schema.parse(sent ?? {}, { error: LOCALES[language].localeError });
}
