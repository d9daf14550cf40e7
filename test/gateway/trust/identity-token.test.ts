import { createPublicKey, verify } from "node:crypto";
import { decodeJwt } from "jose";
import { beforeAll, expect, test } from "vitest";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { type IdentityTokens, identityTokens } from "../../../gateway/trust/identity-token.ts";
import { newSigningKey, privateKeyOf } from "../../../gateway/trust/signing-keys.ts";

const CALLER: Caller = { ...ANONYMOUS, isAuthenticated: true, subject: "s-1" };
const WISH = { caller: CALLER, purpose: "support", audience: "stock" };
const NOW = 1_000;

let tokens: IdentityTokens;
let key: ReturnType<typeof privateKeyOf>;
beforeAll(async () => {
  key = privateKeyOf(await newSigningKey());
  tokens = identityTokens("north", "k", key);
});

test("a token is used again for half its life", () => {
  const first = tokens(WISH, NOW);
  expect(tokens(WISH, NOW + 29)).toBe(first);
  const next = tokens(WISH, NOW + 30);
  expect(decodeJwt(next)).toMatchObject({ iat: NOW + 30, exp: NOW + 90 });
  expect(tokens(WISH, NOW + 59)).toBe(next);
});

test.each([
  ["purpose", { ...WISH, purpose: undefined }],
  ["audience", { ...WISH, audience: "stock/N1" }],
  ["caller", { ...WISH, caller: { ...CALLER } }],
])("another %s has another token", (_what, wish) => {
  const one = tokens(WISH, NOW + 1_000);
  const other = tokens(wish, NOW + 1_010);
  expect(other).not.toBe(one);
  expect(tokens(WISH, NOW + 1_010)).toBe(one);
});

test("many purposes of one caller are not all kept, and long ones not at all", () => {
  const first = tokens({ ...WISH, purpose: "p" }, NOW);
  for (let each = 0; each < 600; each++) tokens({ ...WISH, purpose: `p${each}` }, NOW);
  expect(tokens({ ...WISH, purpose: "p" }, NOW + 1)).not.toBe(first);
  const long = { ...WISH, purpose: "p".repeat(300) };
  expect(decodeJwt(tokens(long, NOW))["purpose"]).toBe(long.purpose);
  expect(decodeJwt(tokens(long, NOW + 1)).iat).toBe(NOW + 1);
});

test("it is signed by the key", () => {
  const [header, claims, signature] = tokens(WISH, NOW).split(".");
  const signed = Buffer.from(`${header}.${claims}`);
  expect(verify(null, signed, createPublicKey(key), Buffer.from(signature!, "base64url"))).toBe(true);
});
