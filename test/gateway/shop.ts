/**
 * A small graph for the tests: `orders` is one server; `stock` and `notes` are partitioned over the stores.
 */
import { composeServices } from "@apollo/composition";
import { GraphQLError, parse } from "graphql";
import { startSubgraph, type TestServer } from "./servers.ts";

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://example.com/partition/v1.0", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!) on OBJECT | FIELD_DEFINITION`;

export const SDL = {
  orders: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { order(id: ID!): Order secret(token: String): String fails: String }
    type Mutation { touch(id: ID!): Order }
    type Order @key(fields: "id") { id: ID! title: String shelves: [Shelf!]! }
    type Shelf @key(fields: "store code") { store: ID! code: ID! }`,
  stock: `${LINK}
    type Query {
      shelf(store: ID!, code: ID!): Shelf @partition(by: "store")
      nearest(store: ID! = "N1"): Shelf @partition(by: "store")
      stores: [ID!]
    }
    type Mutation { fill(store: ID!, code: ID!, count: Int!): Shelf @partition(by: "store") }
    type Shelf @key(fields: "store code") @partition(by: "store") {
      store: ID! code: ID! count: Int refused: String
    }`,
  notes: `${LINK}
    type Shelf @key(fields: "store code") @partition(by: "store") { store: ID! code: ID! note: String }`,
} as const;

export function composeShop(
  urls: Partial<Record<keyof typeof SDL, string>> = {},
  extra: Record<string, string> = {},
): string {
  const services = Object.entries({ ...SDL, ...extra }).map(([name, sdl]) => ({
    name,
    url: urls[name as keyof typeof SDL] ?? "",
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${errors?.join("; ")}`);
  return supergraphSdl;
}

export interface Shelf {
  readonly store: string;
  readonly code: string;
}

/** @param shelves of the one order there is */
export function startOrders(shelves: readonly Shelf[]): Promise<TestServer> {
  const order = { id: "1", title: "First", shelves };
  return startSubgraph(SDL.orders, {
    Query: {
      order: () => order,
      secret: (_root: unknown, { token }: { token: string }) => token.length.toString(),
      fails: () => {
        throw new GraphQLError("no such thing", {
          extensions: { code: "NO_SUCH_THING", stacktrace: ["inside"], tip: 1 },
        });
      },
    },
    Mutation: { touch: () => order },
  });
}

/** A member of `stock`: holds the counts of one store, or of several. */
export function startStock(
  counts: Record<string, number>,
  stores: readonly string[] = [],
): Promise<TestServer> {
  const shelf = ({ store, code }: Shelf) =>
    counts[`${store}/${code}`] === undefined ? null : { store, code, count: counts[`${store}/${code}`] };
  return startSubgraph(SDL.stock, {
    Query: {
      shelf: (_root: unknown, key: Shelf) => shelf(key),
      nearest: (_root: unknown, { store }: Shelf) => ({ store, code: "nearest", count: 0 }),
      stores: () => stores,
    },
    Mutation: {
      fill: (_root: unknown, { store, code, count }: Shelf & { count: number }) => {
        counts[`${store}/${code}`] = count;
        return { store, code, count };
      },
    },
    Shelf: {
      __resolveReference: shelf,
      refused: ({ code }: Shelf) => {
        throw new Error(`${code} is refused`);
      },
    },
  });
}

/** A server of `notes`. */
export function startNotes(): Promise<TestServer> {
  return startSubgraph(SDL.notes, {
    Shelf: {
      __resolveReference: ({ store, code }: Shelf) => ({ store, code, note: `note ${store}/${code}` }),
    },
  });
}
