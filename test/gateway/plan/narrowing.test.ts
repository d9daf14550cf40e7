import { buildSchema, parse, print } from "graphql";
import { describe, expect, test } from "vitest";
import { createNarrowing } from "../../../gateway/plan/narrowing.ts";
import { link } from "../execute/graphs/graph.ts";
import { serveBoth } from "../execute/served.ts";

/** A book's royalty needs its pages; a song's does not. */
const both = serveBoth({
  works: {
    sdl: `${link("@key")}
      interface Work { id: ID! }
      type Query { works: [Work!]! }
      type Book implements Work @key(fields: "id") { id: ID! pages: Int }
      type Song implements Work @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        works: () => [
          { __typename: "Book", id: "1" },
          { __typename: "Song", id: "2" },
        ],
      },
      Book: { __resolveReference: ({ id }: { id: string }) => ({ id, pages: 30 }), pages: () => 30 },
    },
  },
  rights: {
    sdl: `${link("@key @external @requires")}
      interface Royal { royalty: Int }
      type Query { royal: [Royal!]! }
      type Book implements Royal @key(fields: "id") {
        id: ID! pages: Int @external royalty: Int @requires(fields: "pages")
      }
      type Song implements Royal @key(fields: "id") { id: ID! royalty: Int }`,
    resolvers: {
      Query: {
        royal: () => [
          { __typename: "Book", id: "1" },
          { __typename: "Song", id: "2" },
        ],
      },
      Book: {
        royalty: ({ pages }: { pages?: number }) => {
          if (pages === undefined) throw new Error("royalty asked without the pages");
          return pages * 2;
        },
      },
      Song: { royalty: () => 7 },
    },
  },
});

describe("a field of an interface, for which some objects require something", () => {
  test.each([
    ["at its own subgraph", "{ royal { royalty } }", { royal: [{ royalty: 60 }, { royalty: 7 }] }],
    ["aliased", "{ royal { due: royalty } }", { royal: [{ due: 60 }, { due: 7 }] }],
    [
      "beside a fragment",
      "{ royal { royalty ... on Book { pages } } }",
      { royal: [{ royalty: 60, pages: 30 }, { royalty: 7 }] },
    ],
    [
      "within another interface",
      "{ works { id ... on Royal { royalty } } }",
      {
        works: [
          { id: "1", royalty: 60 },
          { id: "2", royalty: 7 },
        ],
      },
    ],
  ])("has what it requires: %s", async (_where, query, data) => {
    expect(await both.native(query)).toEqual({ data, errors: [] });
  });
});

const SCHEMA = buildSchema(`
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__field(graph: join__Graph, requires: String) repeatable on FIELD_DEFINITION
  enum join__Graph { X @join__graph(name: "x", url: "") }
  type Query { node: Node plain: Plain }
  interface Node { id: ID due: Int next: Node }
  interface Plain { id: ID }
  type A implements Node & Plain {
    id: ID
    due: Int @join__field(graph: X, requires: "id")
    next: Node @join__field(graph: X, requires: "id")
  }
  type B implements Node { id: ID due: Int next: Node }
`);

describe("narrowing", () => {
  test("asks such a field of each type, and leaves others as they stand", () => {
    expect(narrow("{ node { id due } plain { id } }")).toBe(
      "{ node { id ... on A { due } ... on B { due } } plain { id } }",
    );
  });

  test("ends where types within types would multiply without end", () => {
    const deep = `{ node { ${"next { ".repeat(20)} id ${"}".repeat(20)} } }`;
    expect(() => narrow(deep)).toThrow("too intricate");
  });

  test("is not there where no interface asks for it", () => {
    expect(createNarrowing(buildSchema("type Query { a: Int }"))).toBeUndefined();
  });
});

function narrow(query: string): string | undefined {
  const narrowed = createNarrowing(SCHEMA)?.(parse(query));
  return narrowed && print(narrowed).replaceAll(/\s+/g, " ").trim();
}
