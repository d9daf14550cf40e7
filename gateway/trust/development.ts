/**
 * The development issuer: a key on this machine that makes tokens for anybody. It is for trying a graph out, and cannot
 * be configured beside a real issuer (settings.ts).
 */
import { readFile } from "node:fs/promises";
import type { JSONWebKeySet, JWK } from "jose";
import { SignJWT } from "jose/jwt/sign";
import { z } from "zod";
import { newNamedKeyPair } from "../../process/ed25519.ts";
import { StartError } from "../../process/lifecycle.ts";
import { createPrivateFile } from "../../process/private-file.ts";

export const DEVELOPMENT_ISSUER = "urn:development";
export const DEVELOPMENT_AUDIENCE = "graph";

/** What a token is to say. */
export interface TokenWish {
  readonly subject: string;
  /** One role, or several. */
  readonly role: string | readonly string[];
  readonly organisation?: string | undefined;
  /** Seconds that it counts for. */
  readonly lifetime: number;
}

const keySchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
});

/** An Ed25519 key pair (RFC 8037). */
export type DevelopmentKey = z.infer<typeof keySchema>;

/** Makes the key where there is none yet; only the user who runs this may read it. */
export async function ensureDevelopmentKey(file: string): Promise<void> {
  await createPrivateFile(file, JSON.stringify(await newNamedKeyPair()));
}

/** @throws StartError when the file is missing, or holds no such key. */
export async function readDevelopmentKey(file: string): Promise<DevelopmentKey> {
  try {
    return keySchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new StartError(
      `${file} is no key of a development issuer: ${(error as Error).message}`,
      "The data directory of the sample province has one, unless it runs with --no-trust.",
      { cause: error },
    );
  }
}

/** What of the key verifies tokens. */
export function publicKeys({ d: _private, ...key }: DevelopmentKey): JSONWebKeySet {
  return { keys: [{ ...key, alg: "EdDSA", use: "sig" } satisfies JWK] };
}

export function issueToken(
  { kid, ...key }: DevelopmentKey,
  { subject, role, organisation, lifetime }: TokenWish,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    azp: "development",
    roles: [role].flat(),
    ...(organisation !== undefined && { organisation }),
  })
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(key);
}
