/**
 * An issuer of tokens for the tests: an HTTP server with discovery and keys, which can be rotated, and taken away.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from "jose";

export interface TestIssuer {
  readonly issuer: string;
  readonly jwks: string;
  /** Paths asked, in order. */
  readonly asked: string[];
  /** A token of the newest key; claims that are undefined are left out. */
  token(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** Begins to sign with a new key, beside the ones there are, or in their place. */
  rotate(keep?: boolean): Promise<void>;
  /** From then on answers with this status. */
  answerWith(status: number): void;
  /** Names another issuer in its discovery document. */
  pretend(issuer: string): void;
  close(): Promise<void>;
}

/** @param algorithm of its keys */
export async function startIssuer(algorithm = "ES256"): Promise<TestIssuer> {
  const asked: string[] = [];
  let keys: { readonly privateKey: CryptoKey; readonly publicJwk: JWK }[] = [];
  let status = 200;
  let pretended: string | undefined;
  let made = 0;
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.statusCode = status;
    response.setHeader("content-type", "application/json");
    const body = request.url?.endsWith("openid-configuration")
      ? { issuer: pretended ?? origin, jwks_uri: `${origin}/keys` }
      : { keys: keys.map(({ publicJwk }) => publicJwk) };
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function rotate(keep = false): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    made += 1;
    const publicJwk = { ...(await exportJWK(publicKey)), kid: `key-${made}`, alg: algorithm, use: "sig" };
    keys = [...(keep ? keys : []), { privateKey, publicJwk }];
  }
  await rotate();

  return {
    issuer: origin,
    jwks: `${origin}/keys`,
    asked,
    rotate,
    async token(claims = {}, header = {}) {
      const key = keys.at(-1);
      if (key === undefined) throw new Error("the issuer has no key");
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: origin, aud: "graph", sub: "s-1", iat: now, exp: now + 600, ...claims };
      return new SignJWT(JSON.parse(JSON.stringify(payload)) as Record<string, unknown>)
        .setProtectedHeader({ alg: algorithm, typ: "at+jwt", kid: key.publicJwk.kid ?? "", ...header })
        .sign(key.privateKey);
    },
    answerWith: (code) => void (status = code),
    pretend: (issuer) => void (pretended = issuer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A text as it stands in a token. */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
