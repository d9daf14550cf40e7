import { expect, test } from "vitest";
import { composeSubgraphs } from "../../../gateway/registry/compose.ts";

const sdl = (fields: string) => `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://example.com/partition/v1.1", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!, order: String) on OBJECT | FIELD_DEFINITION
type Item @key(fields: "shop code") @partition(by: "shop") { shop: ID! code: ID! }
type Query { item(shop: ID!, code: ID!): Item @partition(by: "shop") }
type Mutation {
  ${fields}
}`;

const compose = (fields: string) =>
  composeSubgraphs([{ name: "items", file: "items.graphql", url: "", sdl: sdl(fields) }]);

test("a partition that no gateway could serve is a fault, with its place and what to change", () => {
  const { faults } = compose('move(shops: [ID!]!): Item @partition(by: "shops")');
  expect(faults).toEqual([
    {
      code: "PARTITION_INVALID",
      message: 'Mutation.move: "shops" is a list: a mutation goes to exactly one member',
      subgraph: "items",
      places: [{ subgraph: "items", file: "items.graphql", line: 9, column: 3 }],
      remedy: {
        en: expect.stringContaining("docs/partition.md"),
        vi: expect.stringContaining("docs/partition.md"),
      },
    },
  ]);
});

test("one that it could is none", () => {
  const { supergraph, faults } = compose('move(shop: ID!): Item @partition(by: "shop")');
  expect(faults).toBeUndefined();
  expect(supergraph).toContain('@partition(by: "shop")');
});

test("what is no grant is a fault, before a gateway could stumble over it", () => {
  const { faults } = composeSubgraphs([
    {
      name: "items",
      file: "items.graphql",
      url: "http://items.example/",
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
        @link(url: "https://example.com/grant/v1.0", import: ["@grant"]) @composeDirective(name: "@grant")
directive @grant(to: [String!]!, for: [String!]) repeatable on OBJECT | FIELD_DEFINITION
type Query {
  item: Int @grant(to: ["clerks"])
}`,
    },
  ]);
  expect(faults).toMatchObject([
    {
      code: "GRANT_INVALID",
      message: expect.stringContaining("@grant: to.0 must be anyone"),
      subgraph: "items",
      places: [{ file: "items.graphql", line: 5 }],
      remedy: { en: expect.stringContaining("docs/trust.md") },
    },
  ]);
});
