/**
 * The gateway's own keys, by which subgraphs know it: private ones in one file (RFC 7517, RFC 8037), of which the first
 * signs. The public halves of all are published, so that a key is known before it signs, and for a while after.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { newNamedKeyPair } from "../../process/ed25519.ts";
import { StartError } from "../../process/lifecycle.ts";
import { createPrivateFile, replacePrivateFile } from "../../process/private-file.ts";

const keySchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
  /** Stands in signatures as it is. */
  kid: z.string().regex(/^[\w-]{1,100}$/, "must be letters, digits, - and _"),
});

const fileSchema = z.strictObject({
  keys: z
    .array(keySchema)
    .min(1, "must have at least one")
    .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, "two keys have one kid"),
});

/** An Ed25519 key pair. */
export type SigningKey = z.infer<typeof keySchema>;

/** The first signs. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];

export async function newSigningKey(): Promise<SigningKey> {
  return newNamedKeyPair();
}

/** Makes the file with a first key where there is none yet. Returns whether it did. */
export async function ensureSigningKeys(file: string): Promise<boolean> {
  return createPrivateFile(file, textOf([await newSigningKey()]));
}

/** @throws StartError when the file is missing, or holds no such keys. */
export async function readSigningKeys(file: string): Promise<SigningKeys> {
  try {
    const { keys } = fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
    for (const key of keys) privateKeyOf(key);
    return keys as [SigningKey, ...SigningKey[]];
  } catch (error) {
    throw new StartError(
      `${file} does not hold a gateway's signing keys: ${(error as Error).message}`,
      "lienthong gateway-key new makes them.",
      { cause: error },
    );
  }
}

/** In one step, so that whoever reads the file finds either set whole. */
export async function writeSigningKeys(file: string, keys: SigningKeys): Promise<void> {
  await replacePrivateFile(file, textOf(keys));
}

export function privateKeyOf({ kid: _name, ...key }: SigningKey): KeyObject {
  return createPrivateKey({ key, format: "jwk" });
}

/** What subgraphs verify with. */
export function publicSigningKeys(keys: SigningKeys): JSONWebKeySet {
  return { keys: keys.map(({ d: _private, ...key }) => ({ ...key, alg: "EdDSA", use: "sig" })) };
}

function textOf(keys: SigningKeys): string {
  return `${JSON.stringify({ keys }, null, 2)}\n`;
}
