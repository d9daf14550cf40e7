import { buildSchema, parse } from "graphql";
import { expect, test } from "vitest";
import { recordOperation } from "../../../gateway/registry/usage-document.ts";

const SCHEMA = buildSchema(`
  scalar Json
  enum Kind { A B }
  input Nested { kind: Kind inner: Nested texts: [String!] free: Json }
  interface Node { id: ID! }
  type Thing implements Node { id: ID! more(n: Int, f: Float, b: Boolean, in: Nested, free: Json): Thing }
  type Query { node(id: ID!): Node things(in: [Nested!]): [Thing!]! }`);

const recorded = (text: string, name?: string) => recordOperation(parse(text), name, SCHEMA)!;

test("no literal of whatever kind is left", () => {
  const { document } = recorded(`{
    node(id: "secret") { id ... on Thing { more(n: 42, f: 4.2, b: true,
      in: { texts: ["secret", "other"], inner: { kind: A }, free: { secret: SECRET } }, free: SECRET) { id } } } }`);
  expect(document.replaceAll(/\s+/g, " ")).toBe(
    '{ node(id: "") { id ... on Thing { more( n: 0 f: 0 b: false in: {texts: [""], inner: {kind: A}, free: {}} free: "" ) { id } } } }',
  );
});

test("neither are default values, nor aliases", () => {
  const { document } = recorded('query ($id: ID! = "secret") { secret: node(id: $id) { other: id } }');
  expect(document.replaceAll(/\s+/g, " ")).toBe('query ($id: ID! = "") { node(id: $id) { id } }');
});

test("operations that differ in values and aliases only are one", () => {
  const hashes = [
    '{ a: node(id: "1") { id } }',
    '{ b: node(id: "2") { id } }',
    '{ a: node(id: "1") { id } b: node(id: "2") { id } }',
  ].map((text) => recorded(text).hash);
  expect(new Set(hashes).size).toBe(1);
});

test("of several operations only the one that ran is recorded, with its fragments", () => {
  const text = "query One { node(id: 1) { ...F } } query Two { things { id } } fragment F on Node { id }";
  expect(recorded(text, "Two")).toMatchObject({ name: "Two", kind: "query" });
  expect(recorded(text, "Two").document).not.toContain("fragment");
  expect(recorded(text, "One").document).toContain("fragment F on Node");
});

test("what is touched: fields, arguments, fields of inputs, values of enums", () => {
  expect(recorded("{ things(in: [{ kind: A }]) { id } }").coordinates).toEqual([
    "Kind.A",
    "Nested.kind",
    "Query.things",
    "Query.things.in",
    "Thing.id",
  ]);
});

test("of a variable everything that it may hold is touched", () => {
  expect(recorded("query ($in: [Nested!]) { things(in: $in) { __typename } }").coordinates).toEqual([
    "Kind.A",
    "Kind.B",
    "Nested.free",
    "Nested.inner",
    "Nested.kind",
    "Nested.texts",
    "Query.things",
    "Query.things.in",
    "Thing.__typename",
  ]);
});
