import { createPrivateKey, createPublicKey } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { expect, test } from "vitest";
import { newKeyPair, newNamedKeyPair } from "../../process/ed25519.ts";

test("both halves are of one key, and no two keys are the same", () => {
  const [one, other] = [newKeyPair(), newKeyPair()];
  const half = createPublicKey(createPrivateKey({ key: { ...one }, format: "jwk" }));
  expect(half.export({ format: "jwk" })).toEqual({ kty: "OKP", crv: "Ed25519", x: one.x });
  expect(other.d).not.toBe(one.d);
});

test("a key's name is its thumbprint, and no option of a command", async () => {
  const keys = await Promise.all(Array.from({ length: 300 }, newNamedKeyPair));
  for (const key of keys) {
    expect(key.kid).toBe(await calculateJwkThumbprint(key));
    expect(key.kid).not.toMatch(/^-/);
  }
});
