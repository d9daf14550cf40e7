/**
 * The gateway's own keys, by which subgraphs know it: private ones in one file (RFC 7517, RFC 8037), of which the first
 * signs. The public halves of all are published, so that a key is known before it signs, and for a while after.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { calculateJwkThumbprint, type JSONWebKeySet, type JWK } from "jose";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";

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
  const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const key = { kty, crv, x, d } as JWK;
  return keySchema.parse({ ...key, kid: await calculateJwkThumbprint(key) });
}

/** Makes the file with a first key where there is none yet. Returns whether it did. */
export async function ensureSigningKeys(file: string): Promise<boolean> {
  const draft = await writeDraft(file, [await newSigningKey()]);
  // Whole or not at all: somebody else may make it at the same moment.
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await unlink(draft);
  }
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
  await rename(await writeDraft(file, keys), file);
}

export function privateKeyOf({ kid: _name, ...key }: SigningKey): KeyObject {
  return createPrivateKey({ key, format: "jwk" });
}

/** What subgraphs verify with. */
export function publicSigningKeys(keys: SigningKeys): JSONWebKeySet {
  return { keys: keys.map(({ d: _private, ...key }) => ({ ...key, alg: "EdDSA", use: "sig" })) };
}

/** Only the user who runs this may read it. */
async function writeDraft(file: string, keys: SigningKeys): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${keys[0].kid}.draft`;
  await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  return draft;
}
