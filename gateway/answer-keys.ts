/**
 * The public keys that answers of subgraphs are signed with: which count for whom, and from when until when.
 *
 *     { "subgraphs": { "tax": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKx…", "kid": "tax-2026" }] },
 *       "members": { "N1": [{ …, "kid": "n1-a", "exp": 1799996400 }, { …, "kid": "n1-b", "nbf": 1799910000 }] } }
 *
 * Whoever has a key here, be it one that has expired, is believed with a signature only (docs/signing.md).
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { StartError } from "../process/lifecycle.ts";
import { parseSettings } from "../process/settings-file.ts";
import type { MemberDirectory } from "./members.ts";

const seconds = z.int("must be seconds since 1970").nonnegative("must be seconds since 1970");

/** A public Ed25519 key as a JWK (RFC 8037), with the time that it counts. */
export const answerKeySchema = z
  .strictObject({
    kty: z.literal("OKP", { error: "must be OKP" }),
    crv: z.literal("Ed25519", { error: "must be Ed25519" }),
    x: z.string().regex(/^[\w-]{43}$/, "must be 32 bytes in base64url"),
    kid: z.string().regex(/^[\w.:@-]{1,100}$/, "must have letters, digits and . : @ _ -, at most 100"),
    alg: z.enum(["EdDSA", "Ed25519"], { error: "must be EdDSA" }).optional(),
    use: z.literal("sig", { error: "must be sig" }).optional(),
    /** Seconds since 1970: not before, and not from then on. */
    nbf: seconds.optional(),
    exp: seconds.optional(),
    d: z.undefined({ error: "is the private half, which nobody but its owner may have" }).optional(),
  })
  .refine(({ nbf = 0, exp = Number.MAX_SAFE_INTEGER }) => nbf < exp, {
    path: ["exp"],
    message: "must be later than nbf",
  });

export type AnswerKey = Readonly<z.output<typeof answerKeySchema>>;

const keys = z
  .array(answerKeySchema)
  .min(1, "must have at least one")
  .refine((list) => new Set(list.map(({ kid }) => kid)).size === list.length, "each needs a kid of its own");

export const answerKeysSchema = z.strictObject({
  /** By name. */
  subgraphs: z.record(z.string(), keys).default({}),
  /** By the member's key. */
  members: z.record(z.string(), keys).default({}),
});

export type AnswerKeys = Readonly<z.output<typeof answerKeysSchema>>;

export const NO_ANSWER_KEYS: AnswerKeys = { subgraphs: {}, members: {} };

/** @throws StartError naming every fault at once, each with its place. */
export function readAnswerKeys(text: string, file: string): AnswerKeys {
  return parseSettings(answerKeysSchema, text, file, "See docs/signing.md for its form.");
}

/** Keys of one signer, to verify with. */
export interface Verifiers {
  /** The key, or why it does not count. @param at seconds since 1970 */
  find(kid: string, at: number): KeyObject | string;
}

/** @returns whose answers of a service at an address are believed with a signature only; undefined: anybody's */
export type SignersAt = (service: string, url: string | undefined) => Verifiers | undefined;

/**
 * A server that serves several members signs with what is registered for any of them: it is one signer.
 * @param located where each member is, by its key
 * @param urls of the subgraphs, by name
 * @throws StartError naming everybody who has keys, and is not there
 */
export function locateSigners(
  { subgraphs, members }: AnswerKeys,
  directory: MemberDirectory,
  located: ReadonlyMap<string, string>,
  urls: ReadonlyMap<string, string>,
): SignersAt {
  const strangers = [
    ...Object.keys(subgraphs)
      .filter((name) => !urls.has(name))
      .map((name) => `subgraph "${name}"`),
    ...Object.keys(members)
      .filter((key) => !located.has(key))
      .map((key) => `member "${key}"`),
  ];
  if (strangers.length > 0)
    throw new StartError(
      `answer keys: there is no ${strangers.join(", no ")}`,
      "Mend the names in the file of answer keys.",
    );
  const found = new Map<string, AnswerKey[]>();
  const add = (service: string, url: string | undefined, more: readonly AnswerKey[] | undefined): void => {
    if (more === undefined) return;
    const place = placeOf(service, url);
    found.set(place, [...(found.get(place) ?? []), ...more]);
  };
  for (const [service, url] of urls) add(service, url, own(subgraphs, service));
  for (const { key, subgraphs: services } of directory.members)
    for (const service of services) add(service, located.get(key), own(members, key));
  const verifiers = new Map([...found].map(([place, list]) => [place, verifiersOf(list)]));
  return (service, url) => (verifiers.size === 0 ? undefined : verifiers.get(placeOf(service, url)));
}

function verifiersOf(list: readonly AnswerKey[]): Verifiers {
  const byId = new Map(
    list.map(({ kid, nbf = 0, exp = Number.MAX_SAFE_INTEGER, kty, crv, x }) => [
      kid,
      { nbf, exp, key: createPublicKey({ key: { kty, crv, x }, format: "jwk" }) },
    ]),
  );
  return {
    find(kid, at) {
      const found = byId.get(kid);
      if (found === undefined) return "its key is not registered";
      if (at < found.nbf) return "its key does not count yet";
      return at < found.exp ? found.key : "its key has expired";
    },
  };
}

function placeOf(service: string, url: string | undefined): string {
  return `${service}\n${url ?? ""}`;
}

function own(table: Readonly<Record<string, readonly AnswerKey[]>>, name: string) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
