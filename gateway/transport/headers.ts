/**
 * The headers of a request to a subgraph beside those that say what its body is.
 */
import type { SubgraphRequest } from "./transport.ts";

/** What is sent. */
export interface Outgoing {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Undefined where there is none. */
  readonly body: string | Uint8Array | undefined;
}

export type HeadersFor = (request: SubgraphRequest, outgoing: Outgoing) => Readonly<Record<string, string>>;

/** Those of the client that are passed on, and nothing that says who sends them. */
export const FORWARDED: HeadersFor = ({ context }) => context.forwarded;
