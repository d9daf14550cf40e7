import { type DocumentNode, type GraphQLSchema, Kind, execute, parse, print } from "graphql";
import { describe, expect, test } from "vitest";
import { departmentRows } from "../../../subgraphs/departments/row-rules.ts";
import { contractRows } from "../../../subgraphs/kit/agency/row-rules.ts";
import { buildServedSchema, mergeSdl, readSdl } from "../../../subgraphs/kit/sdl.ts";
import { policeRows } from "../../../subgraphs/police/row-rules.ts";
import { insuranceRows } from "../../../subgraphs/social-insurance/row-rules.ts";
import { taxRows } from "../../../subgraphs/tax/row-rules.ts";

const CONTRACT = parse(`
  schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    @link(url: "https://lienthong.dev/partition/v1.0", import: ["@partition"]) { query: Query mutation: Mutation }
  directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
  "From the contract."
  type Query { one(code: ID!): Thing }
  type Mutation { change: Thing }
  type Thing @key(fields: "code") @partition(by: "code") { code: ID! name: String }
  enum Colour { RED }
`);
const OWN = parse(`
  schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://lienthong.dev/partition/v1.0", import: ["@partition"])
    @composeDirective(name: "@partition") { query: Query }
  directive @partition(by: String!) on OBJECT | FIELD_DEFINITION
  "From the own part."
  type Query { two: Int }
  type Thing @key(fields: "code") @partition(by: "code") { code: ID! colour: Colour extra: Extra }
  enum Colour { BLUE }
  type Extra { text: String }
`);

function definition(document: DocumentNode, name: string): string {
  const found = document.definitions.find((node) =>
    name === "schema" ? node.kind === Kind.SCHEMA_DEFINITION : "name" in node && node.name?.value === name,
  );
  return found === undefined ? "nothing" : print(found);
}

async function ask(schema: GraphQLSchema, query: string): Promise<unknown> {
  return JSON.parse(JSON.stringify(await execute({ schema, document: parse(query) })));
}

describe("the merged SDL", () => {
  const merged = mergeSdl([CONTRACT, OWN]);

  test("has the fields and values of both parts, each once", () => {
    expect(definition(merged, "Query")).toBe(
      '"From the contract."\ntype Query {\n  one(code: ID!): Thing\n  two: Int\n}',
    );
    expect(definition(merged, "Thing")).toBe(
      'type Thing @key(fields: "code") @partition(by: "code") {\n  code: ID!\n  name: String\n  colour: Colour\n  extra: Extra\n}',
    );
    expect(definition(merged, "Colour")).toBe("enum Colour {\n  RED\n  BLUE\n}");
    expect(definition(merged, "Extra")).toContain("text: String");
  });

  test("links one specification once, with the imports of both parts", () => {
    const schema = definition(merged, "schema");
    expect(schema.match(/@link\(/g)).toHaveLength(2);
    expect(schema).toContain(
      '@link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective"])',
    );
    expect(schema).toContain('@composeDirective(name: "@partition")');
    expect(schema).toMatch(/query: Query\s+mutation: Mutation/);
  });

  test("links the latest version of it, whichever part has it", () => {
    const later = parse(print(OWN).replace("partition/v1.0", "partition/v1.10"));
    for (const parts of [
      [CONTRACT, later],
      [later, CONTRACT],
    ]) {
      const schema = definition(mergeSdl(parts), "schema");
      expect(schema.match(/@link\(/g)).toHaveLength(2);
      expect(schema).toContain('@link(url: "https://lienthong.dev/partition/v1.10", import: ["@partition"])');
    }
  });

  test("defines a directive once", () => {
    expect(print(merged).match(/directive @partition/g)).toHaveLength(1);
  });

  test("of one part alone is that part", () => {
    expect(print(mergeSdl([CONTRACT]))).toBe(print(CONTRACT));
  });

  test("keeps two names of one kind, and one name of two kinds, apart", () => {
    const other = parse("scalar Thing2 input Colour2 { a: Int }");
    expect(mergeSdl([CONTRACT, other]).definitions).toHaveLength(CONTRACT.definitions.length + 2);
    const clash = mergeSdl([parse("type A { a: Int }"), parse("input A { b: Int }")]);
    expect(clash.definitions.map((node) => node.kind)).toEqual([
      "ObjectTypeDefinition",
      "InputObjectTypeDefinition",
    ]);
  });
});

describe("the served schema", () => {
  const schema = buildServedSchema([
    {
      typeDefs: CONTRACT,
      rows: { types: { Thing: "public" }, fields: { "Mutation.change": "public" } },
      resolvers: {
        Query: { one: (_: unknown, { code }: { code: string }) => ({ code }) },
        Thing: {
          __resolveReference: ({ code }: { code: string }) => {
            if (code === "BROKEN") throw new Error("broken reference");
            return code === "NONE" ? null : { code };
          },
          name: ({ code }: { code: string }) => `name of ${code}`,
        },
      },
    },
    {
      typeDefs: OWN,
      rows: { types: { Extra: "within" }, fields: { "Query.two": "public" } },
      resolvers: {
        Query: { two: () => 2 },
        Thing: { colour: () => "BLUE", extra: () => ({ text: "more" }) },
      },
    },
  ]);

  test("answers the fields of both parts on one object", async () => {
    expect(await ask(schema, '{ two one(code: "A") { code name colour extra { text } } }')).toEqual({
      data: { two: 2, one: { code: "A", name: "name of A", colour: "BLUE", extra: { text: "more" } } },
    });
  });

  test("answers references in order, and one that throws costs itself alone", async () => {
    const representations = ["A", "BROKEN", "NONE", "B"].map(
      (code) => `{ __typename: "Thing", code: "${code}" }`,
    );
    const answer = await ask(
      schema,
      `{ _entities(representations: [${representations.join(", ")}]) { ... on Thing { code name colour } } }`,
    );
    expect(answer).toMatchObject({
      data: {
        _entities: [
          { code: "A", name: "name of A", colour: "BLUE" },
          null,
          null,
          { code: "B", name: "name of B", colour: "BLUE" },
        ],
      },
      errors: [{ message: "broken reference", path: ["_entities", 1] }],
    });
  });
});

test.each([
  ["tax", taxRows],
  ["social-insurance", insuranceRows],
  ["police", policeRows],
  ["departments", departmentRows],
] as const)("the contract and the part of %s make one schema", (part, rows) => {
  const schema = buildServedSchema([
    { typeDefs: readSdl("agency"), resolvers: {}, rows: contractRows },
    { typeDefs: readSdl(part), resolvers: {}, rows },
  ]);
  const fields = Object.keys((schema.getType("AgencyCase") as { getFields(): object } & object).getFields());
  expect(fields).toEqual(expect.arrayContaining(["agencyCode", "dossierCode", "state", "events"]));
  expect(fields.length).toBeGreaterThan(16);
});
