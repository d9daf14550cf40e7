/**
 * A request's `Authorization` (RFC 6750): who asks, or why nobody is answered.
 */
import type { IncomingHttpHeaders } from "node:http";
import { StartError } from "../../process/lifecycle.ts";
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

/** @param path that is asked */
export type Authenticate = (headers: IncomingHttpHeaders, path: string) => Promise<Authenticated>;

/** Without a trust file nobody is known; what the header says is for the subgraphs. */
export const EVERYBODY_ANONYMOUS: Authenticate = async () => ({ caller: ANONYMOUS });

/**
 * @param variants path by name of the variant
 * @throws StartError when the development issuer's key cannot be read, or a variant is not served.
 */
export async function createAuthenticate(
  settings: TrustSettings,
  variants: ReadonlyMap<string, string>,
  log: Logger,
): Promise<Authenticate> {
  const verify = await createVerifier(settings);
  const isOpen = openPaths(settings, variants);
  return async ({ authorization }, path) => {
    if (authorization === undefined) return isOpen(path) ? { caller: ANONYMOUS } : refused("UNAUTHENTICATED");
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (token === undefined) return refused("UNAUTHENTICATED", "a token is sent as Authorization: Bearer");
    const { caller, reason, unavailable } = await verify(token);
    if (caller !== undefined) return { caller };
    if (unavailable === undefined) return refused("UNAUTHENTICATED", reason);
    log.error({ err: unavailable }, "a token cannot be verified");
    return refused("ISSUER_UNREACHABLE");
  };
}

/** Where nobody needs a token. */
function openPaths(
  { anonymous }: TrustSettings,
  variants: ReadonlyMap<string, string>,
): (path: string) => boolean {
  if (typeof anonymous === "boolean") return () => anonymous;
  const paths = new Set<string>();
  for (const name of anonymous) {
    const path = variants.get(name);
    if (path === undefined)
      throw new StartError(
        `the trust file's anonymous names "${name}", which is not a variant that is served.`,
        `Serve it with --variant ${name}, or leave it out.`,
      );
    paths.add(path);
  }
  return (path) => paths.has(path);
}

/** The header `WWW-Authenticate` of an answer with status 401 (RFC 6750, section 3). */
export function challenge({ reason }: Pick<Refusal, "reason">): string {
  if (reason === undefined) return 'Bearer realm="graph"';
  return `Bearer realm="graph", error="invalid_token", error_description="${reason.replace(/["\\]/g, "'")}"`;
}

function refused(code: Refusal["code"], reason?: string): Authenticated {
  return { refusal: { code, reason } };
}
