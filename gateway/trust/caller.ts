/**
 * Who asks, as the gateway knows it: what a verified token says, in the gateway's own terms.
 */
export interface Caller {
  /** False for whoever showed no token: then there is nothing else. */
  readonly isAuthenticated: boolean;
  readonly subject?: string | undefined;
  /** The software that asks for the subject. */
  readonly client?: string | undefined;
  /** Whom the subject works for. */
  readonly organisation?: string | undefined;
  readonly roles: ReadonlySet<string>;
  /** The token's own, and those of its roles. */
  readonly scopes: ReadonlySet<string>;
  /** Names of the policies that the token satisfies. */
  readonly policies: ReadonlySet<string>;
  /** Milliseconds since 1970 (UTC), with the tolerance for clocks; until then the token counts. */
  readonly expiresAt?: number | undefined;
}

const NONE: ReadonlySet<string> = new Set();

export const ANONYMOUS: Caller = { isAuthenticated: false, roles: NONE, scopes: NONE, policies: NONE };

export function isExpired({ expiresAt = Infinity }: Caller): boolean {
  return Date.now() >= expiresAt;
}

/** Timers cannot be set for longer (milliseconds). */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Calls once the caller's token has expired. Returns how to call that off. */
export function onExpiry(caller: Caller, expired: () => void): () => void {
  if (caller.expiresAt === undefined) return () => undefined;
  const wait = () => Math.min(Math.max((caller.expiresAt ?? 0) - Date.now(), 0), LONGEST_TIMER);
  let timer = setTimeout(check, wait());
  function check(): void {
    if (isExpired(caller)) expired();
    else timer = setTimeout(check, wait());
  }
  return () => clearTimeout(timer);
}
