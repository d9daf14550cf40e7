/**
 * Whether a request is the gateway's, for this subgraph, of now, and not sent before; and who asks. docs/signing.md has
 * the rules, for whoever builds a subgraph without the kit.
 */
import type { IncomingHttpHeaders } from "node:http";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { jwtVerify } from "jose/jwt/verify";
import { z } from "zod";
import { component } from "../../process/http-components.ts";
import { readSignature, signatureFault } from "../../process/http-signature.ts";
import { type GatewayKeys, KeysUnreachable } from "./gateway-keys.ts";
import type { Identity } from "./identity.ts";
import { rememberNonces } from "./nonces.ts";

export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export type Verdict =
  | { readonly identity: Identity; readonly fault?: undefined }
  /** For the log. `away` when the gateway's keys cannot be had. */
  | { readonly fault: string; readonly away?: boolean; readonly identity?: undefined };

export interface Verifier {
  /**
   * The body is not looked at: its digest, in the header `content-digest`, is signed.
   * @param isAudience whether an audience means what is asked
   */
  verify(request: GatewayRequest, isAudience: (audience: string) => boolean): Promise<Verdict>;
}

/** What is signed of every request; beside it the digest of what has a body, and the query of what has one. */
const ALWAYS = ['"@method"', '"@path"', '"gateway-identity"'].map(component);
const DIGEST = component('"content-digest"');
const QUERY = component('"@query"');
const WITHOUT_BODY = new Set(["GET", "HEAD"]);

/** Seconds that a signature counts for. */
const LIFETIME = 30;
/** Seconds that a token counts for, whatever it says itself. */
const TOKEN_LIFETIME = 60;
/** Seconds that clocks may be apart. */
const TOLERANCE = 30;
/** Seconds after which no nonce has to be remembered: from a clock that is ahead until the signature has expired. */
const WINDOW = LIFETIME + 2 * TOLERANCE;

const TOKENS_KEPT = 5_000;
const LONGEST_NONCE = 100;

const claimsSchema = z.object({
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  sub: z.string().optional(),
  client: z.string().optional(),
  organisation: z.string().optional(),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
  purpose: z.string().optional(),
});

/** What a verified token says. */
interface Said {
  readonly keyId: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly identity: Identity;
}

export function createVerifier(keys: GatewayKeys): Verifier {
  const nonces = rememberNonces(WINDOW);
  /** By the token: the gateway sends one many times. */
  const tokens = new Map<string, Said>();

  async function readToken(token: string, keyId: string, now: number): Promise<Said | { fault: string }> {
    const known = tokens.get(token);
    if (known !== undefined && now < known.expires + TOLERANCE) return known;
    tokens.delete(token);
    const said = await verifyToken(keys, token, keyId);
    if ("fault" in said) return said;
    tokens.set(token, said);
    if (tokens.size > TOKENS_KEPT) tokens.delete(tokens.keys().next().value ?? "");
    return said;
  }

  return {
    async verify(request, isAudience) {
      const { method, target, headers } = request;
      const signature = readSignature(headers, "gateway");
      if ("fault" in signature) return signature;
      const { keyId, nonce } = signature;
      if (nonce === undefined || nonce.length > LONGEST_NONCE)
        return { fault: "the signature has no nonce, or one that is too long" };
      const now = Math.floor(Date.now() / 1000);
      try {
        const key = await keys.find(keyId);
        if (key === undefined) return { fault: `the key "${keyId}" is none of the gateway's` };
        const components = [
          ...ALWAYS,
          ...(WITHOUT_BODY.has(method) ? [] : [DIGEST]),
          ...(target.includes("?") ? [QUERY] : []),
        ];
        const expectation = { components, key, now, lifetime: LIFETIME, tolerance: TOLERANCE };
        const fault = signatureFault({ method, target, headers }, signature, expectation);
        if (fault !== undefined) return { fault };
        const said = await readToken(String(headers["gateway-identity"]), keyId, now);
        if ("fault" in said) return said;
        // One key signs both, or a token of one gateway could stand in the request of another.
        if (said.keyId !== keyId) return { fault: "the identity token is by another key than the signature" };
        if (!isAudience(said.audience)) return { fault: `the identity token is for "${said.audience}"` };
        if (!nonces.take(nonce, performance.now() / 1000)) return { fault: "the request was sent before" };
        return { identity: said.identity };
      } catch (error) {
        if (error instanceof KeysUnreachable) return { fault: error.message, away: true };
        throw error;
      }
    },
  };
}

async function verifyToken(
  keys: GatewayKeys,
  token: string,
  signedBy: string,
): Promise<Said | { fault: string }> {
  try {
    const { kid: keyId = signedBy } = decodeProtectedHeader(token);
    const key = await keys.find(keyId);
    if (key === undefined) return { fault: `the identity token's key "${keyId}" is none of the gateway's` };
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["EdDSA"],
      typ: "gateway-identity+jwt",
      clockTolerance: TOLERANCE,
      maxTokenAge: TOKEN_LIFETIME,
      requiredClaims: ["iss", "aud", "iat", "exp"],
    });
    const { aud: audience, iat, exp, ...said } = claimsSchema.parse(payload);
    return { keyId, audience, expires: Math.min(exp, iat + TOKEN_LIFETIME), identity: identityOf(said) };
  } catch (error) {
    if (error instanceof KeysUnreachable) throw error;
    return { fault: `the identity token does not count: ${(error as Error).message}` };
  }
}

function identityOf({
  sub: subject,
  client,
  organisation,
  roles,
  scopes,
  purpose,
}: Omit<z.infer<typeof claimsSchema>, "aud" | "iat" | "exp">): Identity {
  return {
    isAuthenticated: subject !== undefined,
    ...(subject !== undefined && { subject }),
    ...(client !== undefined && { client }),
    ...(organisation !== undefined && { organisation }),
    roles: new Set(roles),
    scopes: new Set(scopes),
    ...(purpose !== undefined && { purpose }),
    seesEverything: false,
  };
}
