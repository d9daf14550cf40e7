/**
 * What proves to a subgraph that a request is its gateway's, unchanged, for it, and of now: an identity token
 * (identity-token.ts), and an HTTP message signature (RFC 9421) over it, the method, the path and the body's digest.
 * docs/signing.md has the whole of it, for whoever verifies it.
 */
import { randomUUID } from "node:crypto";
import type { JSONWebKeySet } from "jose";
import { contentDigest } from "../../process/content-digest.ts";
import { component } from "../../process/http-components.ts";
import { type SignatureKey, signMessage } from "../../process/http-signature.ts";
import type { Logger } from "../../process/log.ts";
import type { HeadersFor, Outgoing } from "../transport/headers.ts";
import type { SubgraphRequest } from "../transport/transport.ts";
import { watchFile } from "../../process/watch.ts";
import { type IdentityTokens, identityTokens, type IdentityWish } from "./identity-token.ts";
import { privateKeyOf, publicSigningKeys, readSigningKeys, type SigningKeys } from "./signing-keys.ts";

export interface SigningSettings {
  /** The gateway's, as subgraphs read it in tokens. */
  readonly name: string;
  readonly keyFile: string;
}

export interface Signer {
  readonly headersFor: HeadersFor;
  /** Of the keys that sign, signed, or are to sign. */
  publicKeys(): JSONWebKeySet;
  close(): void;
}

/** Label of the gateway's signature among others of a request. */
export const GATEWAY_SIGNATURE = "gateway";
export const IDENTITY_HEADER = "gateway-identity";

const METHOD_AND_PATH = ['"@method"', '"@path"'].map(component);
const QUERY = component('"@query"');
const DIGEST = component('"content-digest"');
const IDENTITY = component(`"${IDENTITY_HEADER}"`);

/** With the keys of the file as it is at any time. @throws StartError when it is missing or faulty. */
export async function createSigner({ name, keyFile }: SigningSettings, log: Logger): Promise<Signer> {
  let signing = signingBy(name, await readSigningKeys(keyFile));
  const follow = async (): Promise<void> => {
    try {
      signing = signingBy(name, await readSigningKeys(keyFile));
      log.info({ keyId: signing.key.keyId }, "signing keys loaded anew");
    } catch (error) {
      log.error({ err: error }, "signing keys are faulty; those of before stay");
    }
  };
  const unwatch = watchFile(keyFile, () => void follow());
  return {
    headersFor({ context, service, member }, outgoing) {
      const { authorization: _own, ...forwarded } = context.forwarded;
      const { caller, purpose } = context;
      const wish = { caller, purpose, audience: audienceOf({ service, member }) };
      return { ...forwarded, ...signedHeaders(signing, wish, outgoing, Math.floor(Date.now() / 1000)) };
    },
    publicKeys: () => publicSigningKeys(signing.keys),
    close: unwatch,
  };
}

/** What signs at one time. */
export interface Signing {
  readonly keys: SigningKeys;
  readonly key: SignatureKey;
  readonly tokens: IdentityTokens;
}

export function signingBy(name: string, keys: SigningKeys): Signing {
  const [first] = keys;
  const key = privateKeyOf(first);
  return { keys, key: { keyId: first.kid, key }, tokens: identityTokens(name, first.kid, key) };
}

/** @param now seconds since 1970 */
export function signedHeaders(
  { key, tokens }: Signing,
  wish: IdentityWish,
  { method, target, body }: Outgoing,
  now: number,
  nonce: string = randomUUID(),
): Record<string, string> {
  const headers = {
    ...(body !== undefined && { "content-digest": contentDigest(body) }),
    [IDENTITY_HEADER]: tokens(wish, now),
  };
  const components = [
    ...METHOD_AND_PATH,
    ...(target.includes("?") ? [QUERY] : []),
    ...(body === undefined ? [] : [DIGEST]),
    IDENTITY,
  ];
  const signature = signMessage(
    { method, target, headers },
    { label: GATEWAY_SIGNATURE, components, created: now, nonce },
    key,
  );
  return { ...headers, ...signature };
}

function audienceOf({ service, member }: Pick<SubgraphRequest, "service" | "member">): string {
  return member === undefined ? service : `${service}/${member.key}`;
}
