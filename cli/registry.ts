/**
 * The registry that a command speaks to, and as whom.
 */
import { z } from "zod";
import type { Changed } from "../gateway/registry/change.ts";
import { createRegistryClient, type RegistryClient } from "../gateway/registry/client.ts";
import type { Result } from "./command.ts";
import { language } from "./language.ts";

export const registryOptions = {
  registry: {
    schema: z.url({ protocol: /^https?$/, error: "is required: an http or https URL" }),
    env: "LIENTHONG_REGISTRY",
    placeholder: "URL",
    help: "Where the registry listens.",
  },
  key: {
    schema: z.string({ error: "is required: the key that the registry's operator issued" }),
    env: "LIENTHONG_KEY",
    placeholder: "KEY",
    help: "Your key. The environment is the better place: everybody on the machine can read flags.",
  },
} as const;

export function openRegistry({ registry, key }: { registry: string; key: string }): RegistryClient {
  return createRegistryClient({ url: registry, key, language: language() });
}

/** What a change answers. */
export function changedResult(done: string, { composition, changed, hints = [] }: Changed): Result {
  const line = changed
    ? `${done}: composition ${composition}`
    : `nothing to change: it is so already, composition ${composition}`;
  const data = { composition, changed, ...(hints.length > 0 && { hints }) };
  return { ok: true, data, lines: [line, ...hintLines(hints)] };
}

/** What is to be known though nothing is wrong. */
export function hintLines(hints: readonly string[]): readonly string[] {
  return hints.length === 0 ? [] : ["what to know of its grants:", ...hints.map((hint) => `  ${hint}`)];
}
