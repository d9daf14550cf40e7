import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { missingFrom } from "../../../gateway/registry/member-contract.ts";

const CONTRACT = `
  schema { query: Root }
  type Root { thing(store: ID!): Thing }
  interface Named { name: String! }
  type Thing implements Named @key(fields: "store code") { store: ID! code: ID! name: String! at(day: Day!): Int }
  input Day { date: String! zone: String }
  enum State { OPEN CLOSED }
  union Any = Thing | Other
  type Other { id: ID! }
  scalar Money`;
const WHOLE = CONTRACT.replace("schema { query: Root }", "").replace("type Root", "type Query");

test("the contract itself is whole, whatever its roots are called, and more may stand beside it", () => {
  expect(missingFrom(CONTRACT, WHOLE)).toEqual([]);
  const more = `${WHOLE} extend type Query { own: Int _service: String! } type Own { a: Int } extend enum State { LOST }`;
  expect(missingFrom(CONTRACT, more)).toEqual([]);
});

test("a type may be given in pieces", () => {
  const pieces = WHOLE.replace("name: String! at(day: Day!): Int }", "}").replace("implements Named ", "");
  expect(
    missingFrom(
      CONTRACT,
      `${pieces} extend type Thing implements Named { name: String! at(day: Day!): Int }`,
    ),
  ).toEqual([]);
});

test.each([
  ["a type", "type Other { id: ID! }", "", "Other is missing"],
  ["a field", "code: ID! name", "name", "Thing.code is missing"],
  [
    "a field's type",
    "at(day: Day!): Int",
    "at(day: Day!): String",
    "Thing.at is String, the contract has Int",
  ],
  [
    "a field's nullability",
    "name: String! at",
    "name: String at",
    "Thing.name is String, the contract has String!",
  ],
  ["an argument", "(day: Day!)", "", "Thing.at.day is missing"],
  [
    "an argument more that must be given",
    "(day: Day!)",
    "(day: Day!, more: Int!)",
    "Thing.at.more is required, and the contract does not have it",
  ],
  ["a field of an input", "zone: String", "", "Day.zone is missing"],
  ["a value", "OPEN CLOSED", "OPEN", "State.CLOSED is missing"],
  ["a member of a union", "Thing | Other", "Thing", "Any.Other is missing"],
  ["an interface", "implements Named", "", "Thing does not implement Named"],
  ["a key", '@key(fields: "store code")', "", 'Thing has no @key(fields: "store code")'],
  ["a kind of type", "scalar Money", "enum Money { VND }", "Money is Enum, the contract has Scalar"],
])("%s that is missing or otherwise is named", (_name, from, to, fault) => {
  expect(WHOLE).toContain(from);
  expect(missingFrom(CONTRACT, WHOLE.replace(from, to))).toEqual([fault]);
});

test("an argument more that may be left out, and the spacing of a key, change nothing", () => {
  const member = WHOLE.replace("(day: Day!)", "(day: Day!, more: Int! = 1, other: Int)").replace(
    "store code",
    " store,  code ",
  );
  expect(missingFrom(CONTRACT, member)).toEqual([]);
});

test("what is not GraphQL is said to be none", () => {
  expect(missingFrom(CONTRACT, "<html>")).toEqual([expect.stringMatching(/^not GraphQL: Syntax Error/)]);
});

test("a real contract is whole against itself", async () => {
  const sdl = await readFile(new URL("../../../schema/agency.graphql", import.meta.url), "utf8");
  expect(missingFrom(sdl, sdl)).toEqual([]);
});
