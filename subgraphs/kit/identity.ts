/**
 * Who asks, as the gateway says it in a token that the subgraph has verified.
 */
export interface Identity {
  /** False for whoever showed the gateway no token of their own: then there is no subject. */
  readonly isAuthenticated: boolean;
  readonly subject?: string | undefined;
  /** The software that asks for the subject. */
  readonly client?: string | undefined;
  /** Whom the subject works for. */
  readonly organisation?: string | undefined;
  readonly roles: ReadonlySet<string>;
  /** The subject's own, and those of the roles. */
  readonly scopes: ReadonlySet<string>;
  /** What the request says it is for. */
  readonly purpose?: string | undefined;
  /** Only where the subgraph was started with --no-authorization: it answers whoever reaches it, and shows every row. */
  readonly seesEverything: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** Nobody is known: only what is public may be shown. */
export const ANONYMOUS: Identity = {
  isAuthenticated: false,
  roles: NONE,
  scopes: NONE,
  seesEverything: false,
};

/** Of every request where nothing is verified. */
export const EVERYTHING: Identity = { ...ANONYMOUS, seesEverything: true };
