import { composeServices } from "@apollo/composition";
import { OperationTypeNode, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { partitionFaults, readSupergraph } from "../../gateway/supergraph.ts";

const TYPES = `
  type Rows { edges: [Row!]! nodes: [Item] pageInfo: Info! totalCount: Int }
  type Row { cursor: ID! rank: Int node: Item tags: [Int] near(km: Int): Int }
  type Item @key(fields: "id") { id: ID! name: String }
  type Info { hasNextPage: Boolean! endCursor: ID }`;

function compose(fields: string, types = TYPES, root = "Query"): string {
  const { supergraphSdl, errors } = composeServices([
    {
      name: "items",
      typeDefs: parse(`extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
        @link(url: "https://example.com/partition/v1.1", import: ["@partition"])
        @composeDirective(name: "@partition")
        directive @partition(by: String!, order: String) on OBJECT | FIELD_DEFINITION
        ${root === "Query" ? "" : "type Query { item: Item }"}
        type ${root} { ${fields} } ${types}`),
    },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors?.join("; "));
  return supergraphSdl;
}

test("a list argument tells how answers become one", () => {
  const { partitionedFields } = readSupergraph(
    compose(`
      one(at: ID!): Item @partition(by: "at")
      list(at: [ID!] = ["x"]): [Item!]! @partition(by: "at")
      page(at: [ID]!, first: Int = 5, after: ID): Rows! @partition(by: "at", order: "rank desc, node.id")`),
    "x.graphql",
  );
  expect([...(partitionedFields.get(OperationTypeNode.QUERY) ?? [])]).toEqual([
    ["one", { argument: "at", fallback: undefined }],
    ["list", { argument: "at", fallback: ["x"], merge: { kind: "list", keysType: "[ID!]" } }],
    [
      "page",
      {
        argument: "at",
        fallback: undefined,
        merge: {
          kind: "page",
          keysType: "[ID]!",
          order: [
            { path: ["rank"], descending: true, nullsFirst: true },
            { path: ["node", "id"], descending: false, nullsFirst: false },
          ],
          firstType: "Int",
          firstDefault: 5,
          afterType: "ID",
          connectionType: "Rows",
          pageInfoType: "Info",
        },
      },
    ],
  ]);
});

const page = (order: string, args = "at: [ID!], first: Int = 5, after: ID", type = "Rows") =>
  `page(${args}): ${type} @partition(by: "at", order: "${order}")`;

describe("refused when the graph is loaded, with the field's name", () => {
  test.each([
    [
      "an argument that is not there",
      'a(at: ID): Item @partition(by: "on")',
      '@partition(by: "on") names an argument',
    ],
    [
      "several members for one object",
      'a(at: [ID!]): Item @partition(by: "at")',
      "the field must be a list, or a connection",
    ],
    [
      "an order of one member",
      'a(at: ID): Rows @partition(by: "at", order: "rank")',
      "order needs several members",
    ],
    ["an order of a plain list", 'a(at: [ID!]): [Item] @partition(by: "at", order: "id")', "first and after"],
    ["no after", page("rank", "at: [ID!], first: Int = 5"), "first and after"],
    ["a page without a size", page("rank", "at: [ID!], first: Int, after: ID"), "first needs a default"],
    ["no connection", page("rank", undefined, "Item"), "edges with a cursor, and pageInfo"],
    ["an order that cannot be read", page("rank up"), '"rank up" is not FIELD'],
    ["an order by what is not there", page("rank, node.size"), 'no value at "node.size"'],
    ["an order by an object", page("node"), 'no value at "node"'],
    ["an order by a list", page("tags"), 'no value at "tags"'],
    ["an order by a field with arguments", page("near"), 'no value at "near"'],
    ["an order within a value", page("rank.id"), 'no value at "rank.id"'],
  ])("%s", (_name, field, message) => {
    const sdl = compose(field);
    const [fault] = partitionFaults(sdl);
    expect(fault?.message).toContain(message);
    expect(() => readSupergraph(sdl, "x.graphql")).toThrow(
      `x.graphql: ${fault?.coordinate}: ${fault?.message}`,
    );
  });

  test.each([
    [
      "a field that nothing can merge",
      TYPES.replace("totalCount", "averageRank"),
      'members\' "averageRank" become one',
    ],
    ["a page's place that nothing can merge", TYPES.replace("endCursor", "lastPage"), 'pageInfo "lastPage"'],
    [
      "a page that does not tell whether more follow",
      TYPES.replace("hasNextPage: Boolean!", "startCursor: ID"),
      "hasNextPage",
    ],
  ])("%s", (_name, types, message) => {
    expect(partitionFaults(compose(page("rank"), types))).toEqual([
      { coordinate: "Query.page", message: expect.stringContaining(message) },
    ]);
  });

  test("a mutation of several members, and every fault at once", () => {
    const sdl = compose(
      'a(at: [ID!]): Item @partition(by: "at") b(at: [ID!]): [Item] @partition(by: "at")',
      TYPES,
      "Mutation",
    );
    expect(partitionFaults(sdl)).toEqual(
      ["a", "b"].map((name) => ({
        coordinate: `Mutation.${name}`,
        message: '"at" is a list: a mutation goes to exactly one member',
      })),
    );
  });
});

test("a subscription of several members needs no order, and takes none", () => {
  const ordered = compose('a(at: [ID!]): Item @partition(by: "at", order: "id")', TYPES, "Subscription");
  expect(partitionFaults(ordered)).toMatchObject([{ coordinate: "Subscription.a" }]);
  expect(partitionFaults(compose('a(at: [ID!]): Item @partition(by: "at")', TYPES, "Subscription"))).toEqual(
    [],
  );
});
