import fc from "fast-check";
import {
  buildSchema,
  executeSync,
  getNamedType,
  getNullableType,
  type GraphQLOutputType,
  isAbstractType,
  isListType,
  isObjectType,
  parse,
} from "graphql";
import { describe, expect, test } from "vitest";
import { createCosting } from "../../../gateway/limits/costing.ts";
import { createDocuments, type OpenedOperation } from "../../../gateway/plan/documents.ts";
import { plainCosts } from "./cost.ts";

const SDL = `
  schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"]) {
    query: Query mutation: Mutation
  }
  directive @link(url: String!, import: [String]) on SCHEMA
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  scalar Heavy @cost(weight: 3)
  enum Grade @cost(weight: 2) { A B }
  input Filter { name: String @cost(weight: 4) within: Filter all: [Filter!] plain: Int }
  interface Node { id: ID! peers: [Node!] @listSize(assumedSize: 2) label: String }
  type Thing implements Node @cost(weight: 5) {
    id: ID! label: String @cost(weight: 7) grade: Grade heavy: Heavy
    peers: [Node!] parts: [Part!]! owner: Thing near: [[Part]]
    matching(filter: Filter @cost(weight: 1), first: Int): [Thing] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
  }
  type Part implements Node { id: ID! label: String peers: [Node!] @cost(weight: -1) of: Thing }
  type Page { nodes: [Thing!]! edges: [Edge] total: Int }
  type Edge { node: Thing }
  type Query {
    thing(id: ID): Thing node: Node any: [Either] count: Int
    things(first: Int = 3, last: Int): Page @listSize(slicingArguments: ["first", "last"], sizedFields: ["nodes", "edges"], assumedSize: 6, requireOneSlicingArgument: false)
    exactly(first: Int, last: Int): [Thing] @listSize(slicingArguments: ["first", "last"])
  }
  type Mutation { touch(filter: Filter): Thing }
  union Either = Thing | Part
`;
const schema = buildSchema(SDL);
const DEFAULT_SIZE = 10;
const costing = createCosting(schema, parse(SDL), DEFAULT_SIZE);
const documents = createDocuments(schema);
const plain = plainCosts(schema, DEFAULT_SIZE);

function open(text: string): OpenedOperation {
  const { operation, errors } = documents.open(text, undefined);
  if (operation === undefined) throw new Error(`${text}: ${errors.join("; ")}`);
  return operation;
}

const estimate = (text: string, values: object = {}) =>
  costing.estimate(open(text), values as Record<string, unknown>).cost;

describe("an estimate", () => {
  test.each<[string, object, number]>([
    ["{ count }", {}, 0],
    ["{ node { id } }", {}, 5],
    ["mutation { touch { id } }", {}, 15],
    [
      "mutation { touch(filter: { name: 1, within: { name: 2 }, all: [{ name: 3 }, { plain: 4 }] }) { id } }".replaceAll(
        /name: \d/g,
        'name: "x"',
      ),
      {},
      27,
    ],
    ["{ thing { label grade heavy } }", {}, 5 + 7 + 2 + 3],
    ["{ thing { parts { id } } }", {}, 5 + 10],
    ["{ thing { near { id } } }", {}, 5 + 100],
    ["{ thing { peers { id } } }", {}, 5 + 2 * 5],
    // Of an interface's field, what its implementation says counts for more.
    ["{ node { ... on Part { peers { id } } } }", {}, 5],
    ["{ any { ... on Part { of { id } } ... on Thing { id } } }", {}, 10 * 6],
    ["{ things(first: 4) { nodes { id } edges { node { id } } } }", {}, 1 + 4 * 5 + 4 * (1 + 5)],
    ["{ things { nodes { id } } }", {}, 1 + 3 * 5],
    ["{ things(first: null) { nodes { id } } }", {}, 1 + 6 * 5],
    ["query ($n: Int) { things(first: $n, last: 2) { nodes { id } } }", { n: 7 }, 1 + 7 * 5],
    ["query ($n: Int = 8) { things(first: $n) { nodes { id } } }", {}, 1 + 8 * 5],
    ["query ($n: Int) { things(first: $n) { nodes { id } } }", { n: -5 }, 1],
    [
      "query ($f: Filter) { thing { matching(filter: $f, first: 2) { id } } }",
      { f: { all: [{ name: "x" }] } },
      5 + 1 + 4 + 10,
    ],
    ["query ($a: Boolean!) { thing @include(if: $a) { id } node { id } }", { a: false }, 5],
    ["query ($a: Boolean!) { thing @include(if: $a) { id } node { id } }", { a: true }, 10],
    ["{ a: thing { id } b: thing { id } thing { id } thing { label } }", {}, 3 * 5 + 7],
    ["{ __schema { types { name } } }", {}, 0],
  ])("%s with %j: %i", (text, values, cost) => {
    expect(estimate(text, values)).toBe(cost);
    expect(plain.estimate(parse(text), values as Record<string, unknown>)).toBe(cost);
  });

  test("lists in lists in lists come to the greatest number there is, and no further", () => {
    const inner = (depth: number): string =>
      depth === 0 ? "id" : `matching(first: 2000000000) { ${inner(depth - 1)} }`;
    expect(estimate(`{ thing { ${inner(25)} } }`)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ["{ exactly { id } }", ["Query.exactly"]],
    ["{ exactly(first: 1, last: 2) { id } }", ["Query.exactly"]],
    ["{ exactly(first: 1) { id } }", []],
    ["query ($n: Int) { exactly(last: $n) { id } }", []],
  ])("%s leaves open how many: %j", (text, fields) => {
    expect(costing.estimate(open(text), {}).unsliced.map(({ field }) => field)).toEqual(fields);
  });
});

test("a supergraph that says nothing of costs has the weights of types", () => {
  const bare = createCosting(schema, parse(SDL.replace(/schema @link[^{]*/, "schema ")), 2);
  expect(bare.estimate(open("{ thing { label parts { id } } }"), {}).cost).toBe(1 + 2);
});

test("the names that a supergraph imports the directives under count", () => {
  const renamed = SDL.replace('import: ["@listSize"]', 'import: ["@listSize", "@cost"]').replaceAll(
    "@cost(",
    "@price(",
  );
  const other = renamed.replace('"@cost"', '{name: "@cost", as: "@price"}');
  expect(createCosting(schema, parse(other), 10).estimate(open("{ thing { label } }"), {}).cost).toBe(12);
  expect(createCosting(schema, parse(renamed), 10).estimate(open("{ thing { label } }"), {}).cost).toBe(1);
});

/** Operations with fragments, conditions, aliases and variables. */
const size = fc.constantFrom("", "(first: 2)", "(first: $n)", "(last: $n)", "(first: $n, last: 4)");
const condition = fc.constantFrom("", "", "", " @include(if: $a)", " @skip(if: $b)");
const set = (...options: fc.Arbitrary<string>[]) =>
  fc
    .array(fc.oneof({ maxDepth: 4, depthSize: "small" }, fc.constantFrom("id", "__typename"), ...options), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) => `{ __typename ${all.join(" ")} }`);

const operations = fc.letrec<Record<"thing" | "part" | "node" | "page", string>>((tie) => {
  const field = (name: string, of: fc.Arbitrary<string>) =>
    fc.tuple(condition, of).map((parts) => name + parts.join(" "));
  return {
    thing: set(
      fc.constantFrom("label", "x: label", "grade", "heavy"),
      field("owner", tie("thing")),
      field("parts", tie("part")),
      field("peers", tie("node")),
      fc
        .tuple(fc.constantFrom("m: ", ""), condition, tie("thing"))
        .map(([alias, on, of]) => `${alias}matching(filter: $f, first: $n)${on} ${of}`),
      field("... on Node", tie("node")),
      fc.constant("...OfThing"),
    ),
    part: set(fc.constant("label"), field("of", tie("thing")), field("... on Part", tie("part"))),
    node: set(
      field("... on Thing", tie("thing")),
      field("... on Part", tie("part")),
      field("peers", tie("node")),
    ),
    page: fc.oneof(
      tie("thing").map((of) => `{ __typename nodes ${of} }`),
      tie("thing").map((of) => `{ __typename edges { __typename node ${of} } total }`),
    ),
  };
});
const roots = fc
  .array(
    fc.oneof(
      fc.tuple(condition, operations.thing).map((parts) => `thing${parts.join(" ")}`),
      operations.node.map((of) => `node ${of}`),
      fc
        .tuple(operations.thing, operations.part)
        .map(([thing, part]) => `any { __typename ... on Thing ${thing} ... on Part ${part} }`),
      fc.tuple(size, operations.page).map(([slice, of]) => `p${slice.length}: things${slice} ${of}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map(
    (
      all,
    ) => `query ($n: Int = 2, $a: Boolean = true, $b: Boolean = false, $f: Filter) { __typename count @include(if: $a) @skip(if: $b) t: thing { __typename matching(filter: $f, first: $n) { id } } ${all.join(" ")} ...OfQuery }
    fragment OfThing on Thing { id owner { label heavy __typename } }
    fragment OfQuery on Query { thing { ...OfThing __typename } }`,
  );
const values = fc.record(
  {
    n: fc.integer({ min: -1, max: 20 }),
    a: fc.boolean(),
    b: fc.boolean(),
    f: fc.constantFrom(null, { name: "x" }, { all: [{ name: "x" }, { within: { name: "y" } }] }),
  },
  { requiredKeys: [] },
);

/** A valid operation, or nothing: fields of one key may not merge. */
function openIfValid(text: string): OpenedOperation | undefined {
  return documents.open(text, undefined).operation;
}

test("estimates are those of the plain computation", () => {
  let compared = 0;
  fc.assert(
    fc.property(roots, values, values, (text, first, second) => {
      const operation = openIfValid(text);
      if (operation === undefined) return;
      compared += 1;
      for (const given of [first, second])
        expect(costing.estimate(operation, given).cost).toBe(plain.estimate(operation.document, given));
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** An answer to an operation, with lists of up to three items, some of them null. */
function answer(operation: OpenedOperation, variableValues: object, next: () => number): unknown {
  const value = (type: GraphQLOutputType): unknown => {
    const inner = getNullableType(type);
    if (inner === type && next() % 5 === 0) return null;
    if (isListType(inner)) return Array.from({ length: next() % 4 }, () => value(inner.ofType));
    const named = getNamedType(inner);
    if (isAbstractType(named)) {
      const types = schema.getPossibleTypes(named);
      return { __typename: types[next() % types.length]?.name };
    }
    if (isObjectType(named)) return { __typename: named.name };
    return named.name === "Grade" ? "A" : 1;
  };
  const { data } = executeSync({
    schema,
    document: operation.document,
    variableValues: variableValues as Record<string, unknown>,
    rootValue: {},
    fieldResolver: (_source, _arguments, _context, { returnType }) => value(returnType),
    typeResolver: (object) => (object as { readonly __typename: string }).__typename,
  });
  return data;
}

test("what an answer has cost is what the plain computation finds", () => {
  let compared = 0;
  fc.assert(
    fc.property(roots, values, fc.infiniteStream(fc.nat(1000)), (text, given, numbers) => {
      const operation = openIfValid(text);
      if (operation === undefined) return;
      const data = answer(operation, given, () => numbers.next().value);
      if (data === undefined || data === null) return;
      compared += 1;
      const answered = { data: JSON.stringify(data), errors: [], isWhole: true };
      expect(costing.measure(operation, given, answered)).toEqual({
        cost: plain.measure(operation.document, given, data),
        missed: 0,
      });
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(50);
});

test.each([
  // Without a type in the answer the costliest counts that has these fields.
  ["{ node { id } }", { node: { id: 1 } }, 5],
  ["{ node { id ... on Part { of { id } } } }", { node: { id: 1, of: null } }, 1],
  ["{ things(first: 50) { nodes { id } } }", { things: { nodes: [{ id: 1 }, { id: 2 }] } }, 1 + 2 * 5],
  ["{ things(first: 50) { nodes { id } } }", { things: null }, 0],
  ["{ thing { id } }", null, 0],
  ["mutation { touch { id } }", { touch: null }, 10],
])("%s answered with %j has cost %i", (text, data, cost) => {
  const answered = { data: JSON.stringify(data), errors: [] };
  expect(costing.measure(open(text), {}, { ...answered, isWhole: true })).toEqual({ cost, missed: 0 });
  expect(costing.measure(open(text), {}, { ...answered, isWhole: false }).cost).toBeUndefined();
});

test("what is not executed has cost nothing", () => {
  const answered = { data: undefined, errors: [], isWhole: true };
  expect(costing.measure(open("mutation { touch { id } }"), {}, answered)).toEqual({ cost: 0, missed: 0 });
});
