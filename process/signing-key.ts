/**
 * A private key that signs HTTP messages, in a file of its own: Ed25519 as a JWK (RFC 8037), for its owner only to read.
 */
import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { newNamedKeyPair } from "./ed25519.ts";
import type { SignatureKey } from "./http-signature.ts";
import { StartError } from "./lifecycle.ts";
import { createPrivateFile } from "./private-file.ts";
import { parseSettings, readSettingsText } from "./settings-file.ts";

const half = z.string().regex(/^[\w-]{43}$/, "must be 32 bytes in base64url");

const publicSchema = z.object({
  kty: z.literal("OKP", { error: "must be OKP" }),
  crv: z.literal("Ed25519", { error: "must be Ed25519" }),
  x: half,
  kid: z.string().regex(/^[\w.:@-]{1,100}$/, "must have letters, digits and . : @ _ -, at most 100"),
});

const privateSchema = publicSchema.extend({ d: half });

export type PublicKey = z.output<typeof publicSchema>;

const REMEDY = "lienthong answer-key create makes one.";

/** @returns its public half. @throws StartError when there is a file already */
export async function createSigningKeyFile(file: string): Promise<PublicKey> {
  const key = await newNamedKeyPair();
  if (!(await createPrivateFile(file, `${JSON.stringify(key)}\n`)))
    throw new StartError(
      `${file} is there already.`,
      "Name another file: a key that is in use is never replaced.",
    );
  return publicSchema.parse(key);
}

/** The public half of a key's file, which may hold nothing else. @throws StartError naming every fault */
export async function readPublicKey(file: string): Promise<PublicKey> {
  return parseSettings(publicSchema, await readSettingsText(file, REMEDY), file, REMEDY);
}

/** @throws StartError naming every fault */
export async function readSigningKey(file: string): Promise<SignatureKey> {
  const text = await readSettingsText(file, REMEDY);
  const { kid, ...key } = parseSettings(privateSchema, text, file, REMEDY);
  return { keyId: kid, key: createPrivateKey({ key, format: "jwk" }) };
}
