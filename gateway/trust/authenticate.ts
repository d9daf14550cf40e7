/**
 * A request's `Authorization` (RFC 6750): who asks, or why nobody is answered.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Logger } from "../../process/log.ts";
import type { GatewayErrorCode } from "../errors.ts";
import { ANONYMOUS, type Caller } from "./caller.ts";
import { createVerifier } from "./issuers.ts";
import type { TrustSettings } from "./settings.ts";

export type Authenticated =
  | { readonly caller: Caller; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly caller?: undefined };

export interface Refusal {
  readonly code: Extract<GatewayErrorCode, "UNAUTHENTICATED" | "ISSUER_UNREACHABLE">;
  /** In words that need no translation; undefined where nothing was shown. */
  readonly reason?: string | undefined;
}

export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Authenticated>;

/** Without a trust file nobody is known; what the header says is for the subgraphs. */
export const EVERYBODY_ANONYMOUS: Authenticate = async () => ({ caller: ANONYMOUS });

/** @throws StartError when the development issuer's key cannot be read. */
export async function createAuthenticate(settings: TrustSettings, log: Logger): Promise<Authenticate> {
  const verify = await createVerifier(settings);
  return async ({ authorization }) => {
    if (authorization === undefined)
      return settings.anonymous ? { caller: ANONYMOUS } : refused("UNAUTHENTICATED");
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (token === undefined) return refused("UNAUTHENTICATED", "a token is sent as Authorization: Bearer");
    const { caller, reason, unavailable } = await verify(token);
    if (caller !== undefined) return { caller };
    if (unavailable === undefined) return refused("UNAUTHENTICATED", reason);
    log.error({ err: unavailable }, "a token cannot be verified");
    return refused("ISSUER_UNREACHABLE");
  };
}

/** The header `WWW-Authenticate` of an answer with status 401 (RFC 6750, section 3). */
export function challenge({ reason }: Pick<Refusal, "reason">): string {
  if (reason === undefined) return 'Bearer realm="graph"';
  return `Bearer realm="graph", error="invalid_token", error_description="${reason.replace(/["\\]/g, "'")}"`;
}

function refused(code: Refusal["code"], reason?: string): Authenticated {
  return { refusal: { code, reason } };
}
