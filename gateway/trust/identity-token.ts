/**
 * The token in which the gateway tells a subgraph who asks: a JSON Web Token (RFC 7519) of its own, made once for
 * each caller, purpose and audience, and used for half its life.
 */
import { type KeyObject, sign } from "node:crypto";
import { createLru, type Lru } from "../transport/lru.ts";
import type { Caller } from "./caller.ts";

export const IDENTITY_TYPE = "gateway-identity+jwt";
/** Seconds that a token counts for. */
export const IDENTITY_LIFETIME = 60;

export interface IdentityWish {
  readonly caller: Caller;
  readonly purpose: string | undefined;
  /** Name of the service, and of the member where it is partitioned: `stock`, `stock/N1`. */
  readonly audience: string;
}

/** @param now seconds since 1970 */
export type IdentityTokens = (wish: IdentityWish, now: number) => string;

interface Kept {
  token: string;
  /** Seconds since 1970. */
  until: number;
}

/** Of one caller. What a caller says it asks for is its own choice of words, so that there may be many. */
const KEPT = 500;
const LONGEST_KEY = 200;

/** @param issuer the gateway's name */
export function identityTokens(issuer: string, keyId: string, key: KeyObject): IdentityTokens {
  const header = encoded({ alg: "EdDSA", typ: IDENTITY_TYPE, kid: keyId });
  const kept = new WeakMap<Caller, Lru<Kept>>();

  const make = ({ caller, purpose, audience }: IdentityWish, now: number): string => {
    const { subject, client, organisation, roles, scopes } = caller;
    const claims = {
      iss: issuer,
      aud: audience,
      iat: now,
      exp: now + IDENTITY_LIFETIME,
      ...(caller.isAuthenticated && { sub: subject, client, organisation }),
      roles: [...roles],
      scopes: [...scopes],
      purpose,
    };
    const text = `${header}.${encoded(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
  };

  return (wish, now) => {
    let tokens = kept.get(wish.caller);
    if (tokens === undefined) kept.set(wish.caller, (tokens = createLru<Kept>(KEPT, LONGEST_KEY)));
    const known = tokens.get(`${wish.audience}\n${wish.purpose ?? ""}`, () => ({ token: "", until: 0 }));
    if (now >= known.until) {
      known.token = make(wish, now);
      known.until = now + IDENTITY_LIFETIME / 2;
    }
    return known.token;
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
