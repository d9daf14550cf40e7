/**
 * Tokens that nobody should believe, each made from what an attacker may have: the public key, a token that counted
 * once, keys of the attacker's own.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { DevelopmentKey } from "../../gateway/trust/development.ts";
import { encoded } from "../gateway/trust/tokens.ts";

export interface Known {
  /** The issuer's, public: an attacker uses `x` and `kid` of it only. */
  readonly key: DevelopmentKey;
  /** One that counts. */
  readonly token: string;
  /** The private half of the issuer's key, for what only the issuer itself may get wrong. */
  readonly issuer: KeyObject;
  /** Where an attacker's keys are. */
  readonly elsewhere: string;
}

const HEADER = { alg: "EdDSA", typ: "at+jwt" };
/** Order of the group of Ed25519 (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
const BYTES = 32;

/** By name; each value may stand in `Authorization` as it is. */
export function forgeries(known: Known): Readonly<Record<string, string>> {
  const { key, token, issuer, elsewhere } = known;
  const [head = "", payload = "", signature = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  const header = { ...HEADER, kid: key.kid };
  const own = generateKeyPairSync("ed25519");
  const ownJwk = own.publicKey.export({ format: "jwk" });
  const { kty, crv, x } = key;
  const publicKey = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  const now = Math.floor(Date.now() / 1000);
  const more = { ...claims, roles: ["clerk", "king"] };

  const shared = (secret: string | Buffer, alg = "HS256") => {
    const text = `${encoded({ ...header, alg })}.${encoded(more)}`;
    return `Bearer ${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const unsigned = (alg: unknown) => `Bearer ${encoded({ ...header, alg })}.${encoded(more)}.`;
  /** By the issuer itself. */
  const issued = (changed: object, said: object = header) => by(issuer, said, { ...claims, ...changed });
  const without = (name: string) => issued({ [name]: undefined });

  return {
    "no algorithm": unsigned("none"),
    "no algorithm, in capitals": unsigned("NONE"),
    "no algorithm, in mixed letters": unsigned("nOnE"),
    "an algorithm that is null": unsigned(null),
    "an algorithm that is a list": unsigned(["EdDSA"]),
    "an empty signature": `Bearer ${head}.${payload}.`,
    "no signature at all": `Bearer ${head}.${payload}`,
    "a signature of zeros": `Bearer ${head}.${payload}.${Buffer.alloc(2 * BYTES).toString("base64url")}`,
    "the same signature written otherwise": `Bearer ${head}.${payload}.${malleable(signature)}`,
    "a signature cut short": `Bearer ${token.slice(0, -4)}`,
    "other claims under the signature": `Bearer ${head}.${encoded(more)}.${signature}`,
    "another header over the signature": `Bearer ${encoded({ ...header, extra: 1 })}.${payload}.${signature}`,
    "the public key as a secret, in PEM": shared(pem),
    "the public key as a secret, as it stands in the set": shared(x),
    "the public key as a secret, in bytes": shared(Buffer.from(x, "base64url")),
    "the public key as a secret, called EdDSA": shared(pem, "EdDSA"),
    "a secret that is empty": shared(""),
    "a key of the attacker's": by(own.privateKey, header, more),
    "a key that the token brings along": by(own.privateKey, { ...header, jwk: ownJwk }, more),
    "a key at an address in the token": by(own.privateKey, { ...header, jku: elsewhere }, more),
    "a certificate at an address in the token": by(own.privateKey, { ...header, x5u: elsewhere }, more),
    "a certificate in the token": by(own.privateKey, { ...header, x5c: [ownJwk.x] }, more),
    "a key that is a path": by(own.privateKey, { ...HEADER, kid: "../../../../dev/null" }, more),
    "a key that is a statement": by(own.privateKey, { ...HEADER, kid: "' UNION SELECT 'k' --" }, more),
    "a key that is an object": by(own.privateKey, { ...HEADER, kid: { __proto__: "x" } }, more),
    "a key called __proto__": by(own.privateKey, { ...HEADER, kid: "__proto__" }, more),
    "something critical that nobody knows": issued({}, { ...header, crit: ["mercy"], mercy: 1 }),
    "a payload that is not encoded": issued({}, { ...header, b64: false, crit: ["b64"] }),
    "another kind of token": issued({}, { ...header, typ: "logout+jwt" }),
    "the gateway's own kind of token": issued({}, { ...header, typ: "gateway-identity+jwt" }),
    "an end that has been": issued({ exp: now - 3600 }),
    "an end that is a text": issued({ exp: "never" }),
    "no end": without("exp"),
    "a beginning to come": issued({ nbf: now + 3600 }),
    "another issuer": issued({ iss: "https://login.example" }),
    "an issuer that only looks the same": issued({ iss: "urn:dеvelopment" }),
    "an issuer with a space": issued({ iss: "urn:development " }),
    "no issuer": without("iss"),
    "issuers in a list": issued({ iss: ["urn:development"] }),
    "another audience": issued({ aud: "other" }),
    "an audience that begins the same": issued({ aud: "graph.example" }),
    "no audience": without("aud"),
    "no subject": without("sub"),
    "a subject that is a list": issued({ sub: ["somebody", "else"] }),
    "claims that are a list": by(issuer, header, "[]"),
    "claims that are null": by(issuer, header, "null"),
    "claims that are no JSON": by(issuer, header, "{"),
    "claims that are deep": by(issuer, header, `{"sub":${"[".repeat(2000)}${"]".repeat(2000)}}`),
    "two tokens in one": `Bearer ${token}.${token}`,
    "two tokens beside each other": `Bearer ${token} ${token}`,
    "two tokens in a list": `Bearer ${token}, Bearer ${token}`,
    "an encrypted token": `Bearer ${encoded({ alg: "dir", enc: "A256GCM" })}..${payload}.${payload}.${payload}`,
    "a token in JSON": `Bearer ${JSON.stringify({ protected: head, payload, signature })}`,
    "nothing after the scheme": "Bearer ",
    "dots alone": "Bearer ...",
    "another scheme": `Basic ${Buffer.from("clerk:clerk").toString("base64")}`,
    "no scheme": token,
    "a scheme of the attacker's": `GNAP ${token}`,
    "a long one": `Bearer ${"a".repeat(6000)}.${"b".repeat(6000)}.c`,
    "a line of the log": 'Bearer {"level":60,"msg":"forged"}',
  };
}

/** A token by that key, whatever it says. */
function by(key: KeyObject, header: object, claims: object | string): string {
  const payload = typeof claims === "string" ? Buffer.from(claims).toString("base64url") : encoded(claims);
  const text = `${encoded(header)}.${payload}`;
  return `Bearer ${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

/** S + L verifies where S is not looked at (RFC 8032, section 5.1.7). */
function malleable(signature: string): string {
  const bytes = Buffer.from(signature, "base64url");
  let value = 0n;
  for (let at = 2 * BYTES - 1; at >= BYTES; at -= 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  value += ORDER;
  for (let at = BYTES; at < 2 * BYTES; at += 1) {
    bytes[at] = Number(value & 0xffn);
    value >>= 8n;
  }
  return bytes.toString("base64url");
}
