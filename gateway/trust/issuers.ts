/**
 * Tokens verified: JSON Web Tokens (RFC 7519) of the issuers that the trust file names, after the advice of RFC 8725 and
 * RFC 9068. An issuer's keys are fetched when they are first needed, kept, and fetched again when they are old or a
 * token names one that is not among them. Nothing that a token says of where its key is counts.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTVerifyGetKey,
  type RemoteJWKSet,
} from "jose";
import { z } from "zod";
import { type Caller, isExpired } from "./caller.ts";
import { callerOf } from "./claims.ts";
import { DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, publicKeys, readDevelopmentKey } from "./development.ts";
import { type ClaimNames, type IssuerSettings, type TrustSettings, USUAL_CLAIMS } from "./settings.ts";

/** Whom a token names, or why it does not count. */
export type Verified =
  | { readonly caller: Caller; readonly reason?: undefined; readonly unavailable?: undefined }
  /** The reason is for the client, and tells nothing of the gateway. */
  | { readonly reason: string; readonly caller?: undefined; readonly unavailable?: undefined }
  /** Its issuer's keys cannot be had: for the log. */
  | { readonly unavailable: Error; readonly caller?: undefined; readonly reason?: undefined };

export type VerifyToken = (token: string) => Promise<Verified>;

interface Issuer {
  readonly audience: string[];
  readonly algorithms: string[];
  readonly claims: ClaimNames;
  readonly keys: JWTVerifyGetKey;
}

/** Characters; headers of a request are limited by the server, this bounds what is kept. */
const LONGEST_TOKEN = 8_192;
const KEPT = 10_000;
/** Milliseconds for which a token that was verified is not verified again: as long may a revoked key still count. */
const VERIFIED_FOR = 60_000;
/** Milliseconds. */
const JWKS_TIMEOUT = 5_000;
/** Milliseconds after which keys are fetched again, while those there are still count. */
const KEYS_FRESH_FOR = 600_000;
/** Milliseconds for which they count where their issuer does not answer. */
const KEYS_KEPT_FOR = 24 * 3_600_000;
/** Of the header `typ`: an access token, or one that does not say what it is. Others (logout, id with a type) are none. */
const TYPES: ReadonlySet<string | undefined> = new Set([undefined, "jwt", "at+jwt", "application/at+jwt"]);

/** @throws StartError when the development issuer's key cannot be read. */
export async function createVerifier(settings: TrustSettings): Promise<VerifyToken> {
  const issuers = new Map<string, Issuer>(settings.issuers.map((issuer) => [issuer.issuer, remote(issuer)]));
  if (settings.development !== undefined) {
    const key = await readDevelopmentKey(settings.development.keyFile);
    issuers.set(DEVELOPMENT_ISSUER, {
      audience: [DEVELOPMENT_AUDIENCE],
      algorithms: ["EdDSA"],
      claims: USUAL_CLAIMS,
      keys: createLocalJWKSet(publicKeys(key)),
    });
  }
  /** Callers of tokens that were verified lately, in the order in which they were. */
  const kept = new Map<string, { readonly until: number; readonly verified: Verified }>();

  return async (token) => {
    if (token.length > LONGEST_TOKEN) return { reason: "the token is too long" };
    const known = kept.get(token);
    let verified = known?.verified;
    if (known === undefined || Date.now() >= known.until) {
      kept.delete(token);
      verified = await verify(issuers, settings, token);
      if (verified.caller === undefined) return verified;
      kept.set(token, { until: Date.now() + VERIFIED_FOR, verified });
      if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? "");
    }
    if (verified?.caller === undefined || isExpired(verified.caller))
      return { reason: "the token has expired" };
    return verified;
  };
}

async function verify(
  issuers: ReadonlyMap<string, Issuer>,
  settings: TrustSettings,
  token: string,
): Promise<Verified> {
  let named: string | undefined;
  try {
    named = decodeJwt(token).iss;
    const { typ } = decodeProtectedHeader(token);
    if (!TYPES.has(typ?.toLowerCase())) return { reason: "the token is no access token" };
  } catch {
    return { reason: "the token is malformed" };
  }
  const issuer = named === undefined ? undefined : issuers.get(named);
  if (named === undefined || issuer === undefined) return { reason: "the token's issuer is not known" };
  try {
    const { payload } = await jwtVerify(token, issuer.keys, {
      issuer: named,
      audience: issuer.audience,
      algorithms: issuer.algorithms,
      clockTolerance: settings.clockTolerance,
      requiredClaims: ["exp"],
    });
    const caller = callerOf(payload, issuer.claims, settings);
    return caller === undefined ? { reason: "the token names no subject" } : { caller };
  } catch (error) {
    return whyNot(error as Error);
  }
}

function whyNot(error: Error): Verified {
  if (error instanceof errors.JWTExpired) return { reason: "the token has expired" };
  if (error instanceof errors.JWTClaimValidationFailed)
    return {
      reason:
        error.claim === "nbf"
          ? "the token does not count yet"
          : `the token's "${error.claim}" is not as it must be`,
    };
  if (error instanceof errors.JOSEAlgNotAllowed) return { reason: "the token's algorithm is not allowed" };
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return { reason: "the token's signature is not valid" };
  if (
    error instanceof KeysUnavailable ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid
  )
    return { unavailable: error };
  return { reason: "the token is malformed" };
}

/** An issuer's keys could not be had. */
class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

function remote({ issuer, jwks, audience, algorithms, claims }: IssuerSettings): Issuer {
  return { audience, algorithms, claims, keys: remoteKeys(issuer, jwks) };
}

/**
 * Where the keys are is found out when they are first needed, so that an issuer that is away keeps no gateway from
 * starting. Once fetched, they outlast an issuer that is away for a while.
 */
function remoteKeys(issuer: string, jwks: string | undefined): JWTVerifyGetKey {
  let found: Promise<RemoteJWKSet> | undefined;
  let fetchedAt = Date.now();
  const find = async () => {
    const url = new URL(jwks ?? (await discover(issuer)));
    return createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT, cacheMaxAge: KEYS_KEPT_FOR });
  };
  return async (header, token) => {
    try {
      found ??= find();
      const keys = await found;
      if (keys.fresh && Date.now() - fetchedAt > KEYS_FRESH_FOR) {
        fetchedAt = Date.now();
        // Nobody waits for it; when it fails, the keys there are stay.
        keys.reload().catch(() => undefined);
      }
      return await keys(header, token);
    } catch (error) {
      // Of jose's own errors the one without a kind says that the keys could not be fetched.
      if (error instanceof errors.JOSEError && error.code !== errors.JOSEError.code) throw error;
      // The next token tries again.
      found = undefined;
      throw new KeysUnavailable(`an issuer's keys cannot be had: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
}

const discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** OpenID Connect Discovery 1.0, section 4: the document must name the issuer that it was asked of. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(JWKS_TIMEOUT), redirect: "error" });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  const document = discovered.parse(await response.json());
  if (document.issuer !== issuer) throw new Error(`${url} is of the issuer ${document.issuer}`);
  return document.jwks_uri;
}
