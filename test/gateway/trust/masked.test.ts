/**
 * Random operations of random callers: masked is what a table written by hand says, and everything else is as it would be
 * without masks.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/trust/masked.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, nat, subarray } from "fast-check";
import { execute, parse } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskText } from "../../../process/mask.ts";
import { type NativeOnly, openNative } from "../execute/engines.ts";
import type { TestGraph } from "../execute/graphs/graph.ts";
import type { Thing } from "../execute/model.ts";
import { operationFrom } from "../execute/operations.ts";
import { serveGraph, type ServedGraph } from "../execute/subgraphs.ts";
import { callerWith } from "./guarded.ts";

const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 100);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@composeDirective"])
  @link(url: "https://example.com/masked/v1.0", import: ["@masked"])
  @composeDirective(name: "@masked")
directive @masked(keep: Int!, unless: [[String!]!]! = []) on FIELD_DEFINITION`;

const MASKED: TestGraph = {
  name: "masked",
  subgraphs: {
    people: `${HEAD}
      type Query { me: Person person(id: ID!): Person! people: [Person!]! things: [Thing] found: [Found!] }
      type Mutation { rename(id: ID!): Person! }
      interface Thing { id: ID! name: String! @masked(keep: 3, unless: [["label"]]) label: String }
      union Found = Person | Book
      type Person implements Thing @key(fields: "id") {
        id: ID! name: String! label: String @masked(keep: 0)
        number: String! @masked(keep: 2, unless: [["person", "number"], ["admin"]])
        names: [String!] @masked(keep: 1, unless: [["label"]])
        friend: Person friends: [Person!] reads: [Book!]
      }
      type Book implements Thing @key(fields: "id") {
        id: ID! name: String! @masked(keep: 1, unless: [["admin"]]) label: String author: Person
      }`,
    shop: `${HEAD}
      type Query { books: [Book] }
      type Person @key(fields: "id") {
        id: ID! number: String! @external
        card: String @requires(fields: "number") @masked(keep: 4, unless: [["number"]])
        bought: [Book!]
      }
      type Book @key(fields: "id") { id: ID! price: Float buyers: [Person!] }`,
  },
};

const RIGHTS = ["label", "person", "number", "admin"] as const;

type Kept = (held: ReadonlySet<string>) => number | undefined;

/** What is kept of each field's texts. */
const KEPT: Readonly<Record<string, Kept>> = {
  "Person.name": (held) => (held.has("label") ? undefined : 3),
  "Person.label": () => 0,
  "Person.number": (held) =>
    held.has("admin") || (held.has("person") && held.has("number")) ? undefined : 2,
  "Person.names": (held) => (held.has("label") ? undefined : 1),
  "Person.card": (held) => (held.has("number") ? undefined : 4),
  "Book.name": (held) => (held.has("admin") ? (held.has("label") ? undefined : 3) : 1),
};

let served: ServedGraph;
let engine: NativeOnly;
beforeAll(async () => {
  served = await serveGraph(MASKED);
  engine = await openNative(served.sdl);
});
afterAll(async () => {
  await engine?.close();
  await served?.close();
});

function masked(value: unknown, kept: number | undefined): unknown {
  if (kept === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, kept));
  return typeof value === "string" ? maskText(value, kept) : value;
}

/** graphql-js, as if the graph were one service. */
function expectedData(
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
  seed: number,
  held: ReadonlySet<string>,
): unknown {
  const { model } = served;
  const { data } = execute({
    schema: engine.schema,
    document: parse(query),
    variableValues,
    typeResolver: (value) => (value as Thing).type,
    fieldResolver: (source, args, _context, { fieldName, parentType }) => {
      const thing = (source ?? { type: parentType.name, number: 0 }) as Thing;
      const required = model.require(seed, thing, fieldName);
      const value = model.read(seed, thing, fieldName, args as object, required);
      return masked(value, KEPT[`${parentType.name}.${fieldName}`]?.(held));
    },
  }) as { readonly data: unknown };
  return data;
}

test(
  `${RUNS} random operations of random callers`,
  async () => {
    let seen = 0;
    const property = asyncProperty(
      array(nat(5_039), { maxLength: 200, size: "max" }),
      nat(1_000),
      subarray([...RIGHTS]),
      async (decisions, seed, rights) => {
        const { query, variables } = operationFrom(engine.schema, decisions);
        const { data } = await engine.native(query, variables, seed, callerWith(...rights));
        if (data?.includes("***")) seen += 1;
        const expected = JSON.stringify(expectedData(query, variables, seed, new Set(rights)));
        expect({ query, variables, rights, data }).toEqual({ query, variables, rights, data: expected });
      },
    );
    await assert(property, { numRuns: RUNS, seed: SEED });
    expect(seen).toBeGreaterThan(RUNS / 10);
  },
  10_000 + RUNS * 500,
);
