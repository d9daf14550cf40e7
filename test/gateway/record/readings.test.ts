/**
 * Random operations on a graph with personal data: what is recorded is what a plain reference reads, and whoever asks
 * gets the same answer as without a record.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/record/readings.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, nat } from "fast-check";
import { executeSync, parse } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reading } from "../../../gateway/record/readings.ts";
import { type NativeOnly, openNative } from "../execute/engines.ts";
import type { TestGraph } from "../execute/graphs/graph.ts";
import type { Thing } from "../execute/model.ts";
import { operationFrom } from "../execute/operations.ts";
import { type ServedGraph, serveGraph } from "../execute/subgraphs.ts";

const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 150);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@external", "@requires", "@interfaceObject"])
  @link(url: "https://example.com/personalData/v1.0", import: ["@personalData"])
  @composeDirective(name: "@personalData")
directive @personalData(subject: String!) on OBJECT | FIELD_DEFINITION`;

/** Names of fields are those that operations give as aliases, too. */
const GRAPH: TestGraph = {
  name: "personal",
  subgraphs: {
    people: `${HEAD}
      type Query { me: Person person(id: ID!): Person! people: [Person!]! named: [Named] found: [Found!] home: Home }
      type Mutation { rename(id: ID!): Person! }
      interface Named { name: String @personalData(subject: "code") first: Named }
      union Found = Person | Home | Pet
      type Person implements Named @key(fields: "id") {
        id: ID!
        code: ID!
        name: String
        first: Named
        mail: String @personalData(subject: "code")
        friends: [Person!]!
        home: Home
      }
      type Pet implements Named @key(fields: "id") { id: ID! code: ID name: String first: Named owner: Person }
      type Home @key(fields: "id") { id: ID! code: String @personalData(subject: "owner.code") owner: Person! }`,
    shop: `${HEAD}
      type Query { last: Person }
      type Person @key(fields: "id") { id: ID! mail: String @external card: String @requires(fields: "mail") debts: [Debt!] }
      type Debt @personalData(subject: "id") { id: ID! amount: Int of: Person }
      type Pet @key(fields: "id") { id: ID! price: Int @personalData(subject: "id") }`,
  },
};

/** The same once more, as a table: the field that names the subject, by way of objects. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  "Person.name": ["code"],
  "Person.mail": ["code"],
  "Pet.name": ["code"],
  "Pet.price": ["id"],
  "Home.code": ["owner", "code"],
  "Debt.id": ["id"],
  "Debt.amount": ["id"],
  "Debt.of": ["id"],
};

/** How the model tells that a value fails. */
const SUBJECT_FAILED = /^\w+\.(?:id|code|owner)#/;

let served: ServedGraph;
let plain: NativeOnly;
let recording: NativeOnly;
let recorded: Reading[] = [];

beforeAll(async () => {
  served = await serveGraph(GRAPH);
  plain = await openNative(served.sdl);
  const recorder = {
    requiresPurpose: false,
    record: async (
      _context: unknown,
      _operation: unknown,
      { readings }: { readings: readonly Reading[] },
    ) => {
      recorded.push(...readings);
      return true;
    },
    close: async () => undefined,
  };
  recording = await openNative(served.sdl, {}, { recorder });
});
afterAll(async () => {
  await plain?.close();
  await recording?.close();
  await served?.close();
});

/** `Type.field subject`, of every field that graphql-js reads. */
function reference(query: string, variableValues: object, seed: number) {
  const { model } = served;
  const read = (thing: Thing, field: string, args: object = {}): unknown =>
    model.read(seed, thing, field, args, model.require(seed, thing, field));
  const found = new Set<string>();
  const { errors } = executeSync({
    schema: plain.schema,
    document: parse(query),
    variableValues: variableValues as Record<string, unknown>,
    typeResolver: (value) => (value as Thing).type,
    fieldResolver: (source, args, _context, { fieldName, parentType }) => {
      const thing = (source ?? { type: parentType.name, number: 0 }) as Thing;
      const path = SUBJECTS[`${thing.type}.${fieldName}`];
      if (path !== undefined) {
        const subject = path.reduce(
          (at: unknown, name) => (at == null ? at : read(at as Thing, name)),
          thing,
        );
        found.add(`${thing.type}.${fieldName} ${typeof subject === "string" ? subject : ""}`);
      }
      return read(thing, fieldName, args as object);
    },
  });
  return { found, isWhole: errors === undefined };
}

test(
  `${RUNS} random operations`,
  async () => {
    let compared = 0;
    const property = asyncProperty(
      array(nat(5_039), { maxLength: 200, size: "max" }),
      nat(1_000),
      async (decisions, seed) => {
        const { query, variables } = operationFrom(plain.schema, decisions);
        recorded = [];
        const expected = await plain.native(query, variables, seed);
        const answer = await recording.native(query, variables, seed);
        // What names the subject may fail by itself, which its own service then tells.
        if (answer.errors.some(({ message }) => SUBJECT_FAILED.test(message))) return;
        expect({ query, variables, answer }).toEqual({ query, variables, answer: expected });
        const told = recorded.flatMap(({ fields, subjects }) =>
          (subjects.length === 0 ? [""] : subjects).flatMap((subject) =>
            fields.map((field) => `${field} ${subject}`),
          ),
        );
        const { found, isWhole } = reference(query, variables, seed);
        // Where a null goes up, graphql-js leaves out what stood beside it.
        if (!isWhole || expected.errors.length > 0) return;
        compared += found.size;
        expect({ query, variables, told: told.toSorted() }).toEqual({
          query,
          variables,
          told: [...found].toSorted(),
        });
      },
    );
    await assert(property, { numRuns: RUNS, seed: SEED });
    expect(compared).toBeGreaterThan(RUNS / 2);
  },
  10_000 + RUNS * 500,
);
