import { readdirSync, readFileSync } from "node:fs";
import { parse, print, visit } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { link } from "./execute/graphs/graph.ts";
import { type RunningGateway, startGateway } from "./running.ts";
import { startSubgraph, type TestServer } from "./servers.ts";

/** Supergraphs in the style of their time, written for these tests, of the same three subgraphs. */
const DIRECTORY = new URL("joins/", import.meta.url);
const VERSIONS = readdirSync(DIRECTORY).map((file) => file.replace(/\.graphql$/, ""));

interface Key {
  readonly id: string;
  readonly upc: string;
}

const product = (upc: string) => ({ __typename: "Product", upc });
const user = (id: string) => ({ __typename: "User", id });
const REVIEWS = [
  {
    id: "r1",
    body: "fine",
    rating: "GOOD",
    author: { ...user("u1"), email: "an@example" },
    product: product("cup"),
  },
  {
    id: "r2",
    body: "poor",
    rating: "BAD",
    author: { ...user("u1"), email: "an@example" },
    product: product("pot"),
  },
];

/** What the subgraphs are served with: all that any of the supergraphs knows of. */
const SUBGRAPHS: Readonly<Record<string, readonly [string, Record<string, unknown>]>> = {
  accounts: [
    `${link("@key")}
    type Query { me: User someone: Named }
    interface Named @key(fields: "id") { id: ID! }
    type User implements Named @key(fields: "id") @key(fields: "email") { id: ID! email: String! name: Name }
    type Name { first: String last: String }`,
    {
      Query: { me: () => user("u1"), someone: () => user("u1") },
      Named: { __resolveType: () => "User" },
      User: {
        __resolveReference: () => user("u1"),
        email: () => "an@example",
        name: () => ({ first: "An", last: "Le" }),
      },
    },
  ],
  products: [
    `${link("@key @interfaceObject")}
    type Query { products(first: Int = 2): [Product!]! }
    type Product @key(fields: "upc") { upc: String! title: String price: Int weight: Int }
    type Named @key(fields: "id") @interfaceObject { id: ID! note: String }`,
    {
      Query: {
        products: (_root: unknown, { first }: { first: number }) =>
          ["cup", "pot"].slice(0, first).map(product),
      },
      Product: {
        __resolveReference: ({ upc }: Key) => product(upc),
        title: ({ upc }: Key) => `a ${upc}`,
        price: () => 10,
        weight: () => 3,
      },
      Named: { note: ({ id }: Key) => `note of ${id}` },
    },
  ],
  reviews: [
    `${link("@key @external @requires @provides @shareable")}
    type Query { favourites: [Favourite!]! }
    type Mutation { review(upc: String!, body: String = "good"): Review }
    union Favourite = Product | User
    enum Rating { GOOD BAD }
    type Review @key(fields: "id") {
      id: ID! body: String rating: Rating author: User @provides(fields: "email") product: Product
    }
    type Product @key(fields: "upc") {
      upc: String! title: String price: Int @external weight: Int @external
      reviews: [Review!]! estimate(zip: String = "1"): String @requires(fields: "price weight")
    }
    type User @key(fields: "id") {
      id: ID! email: String! @external name: Name @external language: String notes: [Note!] reviews: [Review]
      greeting: String @requires(fields: "name { first last }")
    }
    type Name { first: String @external last: String @external }
    type Note @key(fields: "id") { id: ID! text(in: String): String }`,
    {
      Query: { favourites: () => [product("pot"), user("u1")] },
      Mutation: {
        review: (_root: unknown, { upc, body }: Key & { body: string }) => ({
          ...REVIEWS[0],
          body,
          product: product(upc),
        }),
      },
      Favourite: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
      Product: {
        title: ({ upc }: Key) => `a ${upc}`,
        reviews: ({ upc }: Key) => REVIEWS.filter((review) => review.product.upc === upc),
        estimate: ({ price, weight }: { price: number; weight: number }, { zip }: { zip: string }) =>
          `${price * weight} to ${zip}`,
      },
      User: {
        language: () => "vi",
        notes: () => [{ id: "n1" }],
        reviews: () => REVIEWS,
        greeting: ({ name }: { name: { first: string; last: string } }) => `${name.last} ${name.first}`,
      },
      Note: { text: ({ id }: Key, args: { in?: string }) => `${id} in ${args.in ?? "nothing"}` },
    },
  ],
};

const QUERY = `{
  me {
    id name { first } greeting
    reviews { body rating author { email } product { title estimate(zip: "7") reviews { id author { name { last } } } } }
  }
  favourites { __typename ... on Product { title } ... on User { name { first } } }
  someone { __typename id ... on User { email } }
  products(first: 1) { upc reviews { body } }
}`;
const reviewOf = (id: string) => [{ id, author: { name: { last: "Le" } } }];
const ANSWER = {
  me: {
    id: "u1",
    name: { first: "An" },
    greeting: "Le An",
    reviews: [
      {
        body: "fine",
        rating: "GOOD",
        author: { email: "an@example" },
        product: { title: "a cup", estimate: "30 to 7", reviews: reviewOf("r1") },
      },
      {
        body: "poor",
        rating: "BAD",
        author: { email: "an@example" },
        product: { title: "a pot", estimate: "30 to 7", reviews: reviewOf("r2") },
      },
    ],
  },
  favourites: [
    { __typename: "Product", title: "a pot" },
    { __typename: "User", name: { first: "An" } },
  ],
  someone: { __typename: "User", id: "u1", email: "an@example" },
  products: [{ upc: "cup", reviews: [{ body: "fine" }] }],
};

const servers = new Map<string, TestServer>();
beforeAll(async () => {
  for (const [name, [sdl, resolvers]] of Object.entries(SUBGRAPHS))
    servers.set(name, await startSubgraph(sdl, resolvers));
});
afterAll(async () => {
  for (const server of servers.values()) await server.close();
});

function supergraph(version: string): string {
  const text = readFileSync(new URL(`${version}.graphql`, DIRECTORY), "utf8");
  return text.replaceAll(
    /http:\/\/(\w+)\.example\/graphql/g,
    (_url, name: string) => servers.get(name)?.url ?? "",
  );
}

/** Without arguments from above, which only the own engine accepts. */
function withoutContext(sdl: string): string {
  const document = visit(parse(sdl), {
    Directive: (node) =>
      node.name.value === "context" || print(node).includes("specs.apollo.dev/context/") ? null : undefined,
    Argument: ({ name }) => (name.value === "contextArguments" ? null : undefined),
  });
  return print(document);
}

describe.each(VERSIONS)("join %s", (version) => {
  describe.each(["native", "apollo"] as const)("engine %s", (engine) => {
    let gateway: RunningGateway;
    beforeAll(async () => {
      const sdl = supergraph(version);
      gateway = await startGateway(engine === "apollo" ? withoutContext(sdl) : sdl, [], { engine });
    });
    afterAll(() => gateway?.close());

    test("entities over several subgraphs, @requires, @provides, unions, interfaces", async () => {
      const { data, errors } = await gateway.ask(QUERY);
      expect(errors).toEqual([]);
      expect(data).toEqual(ANSWER);
    });

    test("mutations", async () => {
      const { data, errors } = await gateway.ask(
        'mutation { review(upc: "cup") { body product { title } } }',
      );
      expect(errors).toEqual([]);
      expect(data).toEqual({ review: { body: "good", product: { title: "a cup" } } });
    });

    test("what is @inaccessible is hidden, and required all the same", async () => {
      const { status } = await gateway.ask("{ products { weight } }");
      expect(status).toBe(400);
    });
  });
});

describe("what came with a version", () => {
  test("v0.1 with core v0.1, whose features have no purpose", async () => {
    const sdl = supergraph("v0.1")
      .replace("core/v0.2", "core/v0.1")
      .replaceAll(/, for: (EXECUTION|SECURITY)\)/g, ")");
    expect(await ask(sdl, "{ me { greeting } }")).toEqual({ me: { greeting: "Le An" } });
  });

  test("v0.3: @interfaceObject", async () => {
    expect(await ask(supergraph("v0.3"), "{ someone { note __typename } me { note } }")).toEqual({
      someone: { note: "note of u1", __typename: "User" },
      me: { note: "note of u1" },
    });
  });

  test("v0.5: @fromContext", async () => {
    const answer = await ask(supergraph("v0.5"), "{ me { notes { text } } }");
    expect(answer).toEqual({ me: { notes: [{ text: "n1 in vi" }] } });
  });
});

async function ask(sdl: string, query: string): Promise<unknown> {
  const gateway = await startGateway(sdl);
  const { data, errors } = await gateway.ask(query);
  await gateway.close();
  expect(errors).toEqual([]);
  return data;
}
