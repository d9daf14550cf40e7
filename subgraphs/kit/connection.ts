/**
 * Relay connections by keyset: a cursor names the last row seen by its sort key, so pages stay stable while rows come
 * and go. Source: GraphQL Cursor Connections Specification.
 */
import { AgencyError } from "./errors.ts";

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** A page to read: at most `limit` rows after the row whose sort key is `after`. */
export interface Page {
  readonly limit: number;
  readonly after: readonly string[] | undefined;
}

export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

/**
 * Checks a page's arguments; `key` is the form of each column that the list is sorted by, as `encodeCursor` gets it.
 * @throws AgencyError INVALID_INPUT (first outside 1–100), INVALID_CURSOR
 */
export function readPage(args: PageArguments, key: readonly RegExp[]): Page {
  const limit = args.first ?? DEFAULT_SIZE;
  if (limit < 1 || limit > LARGEST_SIZE)
    throw new AgencyError("INVALID_INPUT", {
      field: "first",
      value: String(limit),
      allowed: `1 to ${LARGEST_SIZE}`,
    });
  return { limit, after: args.after == null ? undefined : decodeCursor(args.after, key) };
}

/** Builds a connection from up to `limit + 1` rows in order: the one too many only tells that more follow. */
export function toConnection<T>(
  rows: readonly T[],
  limit: number,
  sortKey: (row: T) => readonly string[],
): Connection<T> {
  const nodes = rows.slice(0, limit);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(sortKey(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > limit,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

function decodeCursor(cursor: string, forms: readonly RegExp[]): readonly string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (isKey(key, forms)) return key;
  } catch {
    // Not JSON: answered below like any other cursor that this list never gave out.
  }
  throw new AgencyError("INVALID_CURSOR", {
    field: "after",
    value: cursor.slice(0, 60),
    allowed: "a cursor or endCursor of the same list",
  });
}

function isKey(key: unknown, forms: readonly RegExp[]): key is string[] {
  return (
    Array.isArray(key) &&
    key.length === forms.length &&
    forms.every((form, index) => typeof key[index] === "string" && form.test(key[index]))
  );
}
