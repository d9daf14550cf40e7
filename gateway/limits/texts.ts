/**
 * The text of what a client asks for, which may have sent a name for it only: the id of an operation it was built with,
 * or the hash of one that it sent before (automatic persisted queries,
 * https://www.apollographql.com/docs/apollo-server/performance/apq).
 */
import { createHash } from "node:crypto";
import type { GatewayErrorCode } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { Refusal } from "./refusal.ts";

/** What a request says of its operation. */
export interface Asked {
  readonly query?: string | undefined;
  /** As GraphQL over HTTP names it (`documentId`), and as Relay does (`doc_id`). */
  readonly documentId?: string | undefined;
  readonly extensions?: unknown;
}

export interface Texts {
  readonly textOf: (asked: Asked) => string | Refusal;
}

export interface TextOptions {
  /** Of the moment; undefined where there is no manifest. */
  readonly manifest: () => Manifest | undefined;
  /** Whether nothing is executed that is not in the manifest. */
  readonly safelist: boolean;
  /** Whether clients may register what they send by its hash. */
  readonly automatic: boolean;
}

/** Characters of all texts that are registered by hash. */
const MOST_REGISTERED = 5 * 2 ** 20;
const HASH = /^[0-9a-f]{64}$/;

export function createTexts({ manifest, safelist, automatic }: TextOptions): Texts {
  const registered = createRegistered(MOST_REGISTERED);

  return {
    textOf({ query, documentId, extensions }) {
      const listed = manifest();
      const hash = hashOf(extensions);
      const id = documentId ?? hash;
      const known = id === undefined ? undefined : (listed?.byId.get(id) ?? listed?.byId.get(bare(id)));
      if (known !== undefined) return known;
      if (safelist) {
        if (query !== undefined && listed?.texts.has(query.trim()) === true) return query;
        return refused(query === undefined ? "PERSISTED_QUERY_NOT_FOUND" : "OPERATION_NOT_LISTED");
      }
      if (hash === undefined)
        return query ?? refused(id === undefined ? "REQUEST_MALFORMED" : "PERSISTED_QUERY_NOT_FOUND");
      if (!automatic) return query ?? refused("PERSISTED_QUERY_NOT_SUPPORTED");
      if (query === undefined) return registered.get(hash) ?? refused("PERSISTED_QUERY_NOT_FOUND");
      if (createHash("sha256").update(query).digest("hex") !== hash)
        return refused("PERSISTED_QUERY_MISMATCH");
      registered.set(hash, query);
      return query;
    },
  };
}

function refused(code: GatewayErrorCode): Refusal {
  return new Refusal(code, {});
}

/** `sha256:…` in GraphQL over HTTP, where manifests have the hash alone. */
function bare(id: string): string {
  return id.replace(/^sha256:/, "");
}

function hashOf(extensions: unknown): string | undefined {
  const named = own(own(extensions, "persistedQuery"), "sha256Hash");
  return typeof named === "string" && HASH.test(named.toLowerCase()) ? named.toLowerCase() : undefined;
}

function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Texts by hash, no more than so many characters of them: what is unused for longest goes first. */
function createRegistered(most: number) {
  const texts = new Map<string, string>();
  let size = 0;
  return {
    get(hash: string): string | undefined {
      const text = texts.get(hash);
      if (text !== undefined) {
        texts.delete(hash);
        texts.set(hash, text);
      }
      return text;
    },
    set(hash: string, text: string): void {
      if (texts.has(hash)) return;
      texts.set(hash, text);
      size += text.length;
      for (const [oldest, old] of texts) {
        if (size <= most) return;
        texts.delete(oldest);
        size -= old.length;
      }
    },
  };
}
