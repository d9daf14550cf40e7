/**
 * A partitioned graph: `directory` lists the stores, and each store is a member of `stock` with a server of its own.
 */
import type { Entry, Subgraph } from "./answer.ts";

const DIRECTORY_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { stores(first: Int!): [Store!]! }
  type Store @key(fields: "code") { code: ID! }`;

const STOCK_SDL = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://example.com/partition/v1.0", import: ["@partition"])
    @composeDirective(name: "@partition")
  directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
  type Store @key(fields: "code") @partition(by: "code") { code: ID! name: String! shelves: [Shelf!]! }
  type Shelf { code: ID! count: Int! }`;

const SHELVES = 5;

export function codeOf(store: number): string {
  return `S${store}`;
}

export function createDirectory(stores: number): Subgraph {
  const all: readonly Entry[] = Array.from({ length: stores }, (_, store) => ({
    __typename: "Store",
    code: codeOf(store),
  }));
  return {
    sdl: DIRECTORY_SDL,
    query: { stores: ({ first }: { first: number }) => all.slice(0, first) },
    entity: ({ code }) => all.find((store) => store["code"] === code) ?? null,
  };
}

/** One member: knows its own store, and no other. */
export function createStock(store: number): Subgraph {
  const code = codeOf(store);
  const shelves = Array.from({ length: SHELVES }, (_, shelf) => ({
    __typename: "Shelf",
    code: `${code}/${shelf}`,
    count: (store * 7 + shelf * 3) % 50,
  }));
  const entry: Entry = { __typename: "Store", code, name: `Store ${store}`, shelves };
  return { sdl: STOCK_SDL, query: {}, entity: (asked) => (asked["code"] === code ? entry : null) };
}
