/**
 * Keys that tests sign answers with.
 */
import { generateKeyPairSync } from "node:crypto";
import type { AnswerKey } from "../../gateway/answer-keys.ts";
import type { SignatureKey } from "../../process/http-signature.ts";

export interface TestKey {
  /** The public half. */
  readonly jwk: AnswerKey;
  readonly privateJwk: AnswerKey & { readonly d: string };
  readonly signing: SignatureKey;
}

export function makeAnswerKey(kid: string): TestKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { x = "", d = "" } = privateKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", x, kid } as const;
  return {
    jwk,
    privateJwk: { ...jwk, d } as TestKey["privateJwk"],
    signing: { keyId: kid, key: privateKey },
  };
}
