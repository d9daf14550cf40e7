import { expect, test } from "vitest";
import { CONTRACT, differences } from "../../conformance/contract.ts";

const OWN = `
  extend type AgencyCase { licence: Licence }
  type Licence { number: ID! }
  extend input CaseFilter { licence: ID }
  extend type Query { licence(number: ID!): Licence }
`;

test("the contract itself, with and without an own part, differs in nothing", () => {
  expect(differences(CONTRACT)).toEqual([]);
  expect(differences(CONTRACT + OWN)).toEqual([]);
});

test.each<[string, (sdl: string) => string, string | RegExp]>([
  [
    "a field less",
    (sdl) => sdl.replace("isOverdue: Boolean!", "late: Boolean!"),
    "AgencyCase.isOverdue is missing",
  ],
  [
    "another type",
    (sdl) => sdl.replace("isOverdue: Boolean!", "isOverdue: Boolean"),
    /AgencyCase\.isOverdue is Boolean/,
  ],
  ["a value less", (sdl) => sdl.replace(/\n {2}SUSPENDED/, "\n  PAUSED"), "CaseState.SUSPENDED is missing"],
  ["a value more", (sdl) => `${sdl} extend enum CaseState { LOST }`, "CaseState.LOST is not in the contract"],
  [
    "another default",
    (sdl) => sdl.replace("first: Int = 20", "first: Int = 50"),
    "the default of Query.procedures(first:) is 50, the contract has 20",
  ],
  [
    "no default",
    (sdl) => sdl.replace("first: Int = 20", "first: Int"),
    /\(first:\) is absent, the contract has 20/,
  ],
  ["no key", (sdl) => sdl.replace('@key(fields: "code") @partition', "@partition"), /Agency has no @key/],
  [
    "an argument that must be given",
    (sdl) => sdl.replace("nextOfficerCode: ID", "signature: ID! nextOfficerCode: ID"),
    /finishStep\.signature is required/,
  ],
  ["no GraphQL", () => "type {", /not GraphQL/],
])("%s is a difference", (_, change, difference) => {
  const changed = change(CONTRACT);
  expect(changed).not.toBe(CONTRACT);
  expect(differences(changed).join("\n")).toMatch(difference);
});
