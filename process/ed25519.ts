/**
 * New Ed25519 keys.
 */
import { generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";

/** Both halves, as a JSON Web Key (RFC 8037). */
export interface KeyPair {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** 32 bytes each, base64url. */
  readonly x: string;
  readonly d: string;
}

export function newKeyPair(): KeyPair {
  const { x = "", d = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x, d };
}

/** With its thumbprint for a name (RFC 7638): one that can be typed, for a command takes what begins with "-" for an option. */
export async function newNamedKeyPair(): Promise<KeyPair & { readonly kid: string }> {
  for (;;) {
    const key = newKeyPair();
    const kid = await calculateJwkThumbprint(key);
    if (!kid.startsWith("-")) return { ...key, kid };
  }
}
