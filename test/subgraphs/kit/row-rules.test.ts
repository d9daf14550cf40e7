import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { StartError } from "../../../process/lifecycle.ts";
import { mergeRules, type RowRules } from "../../../subgraphs/kit/row-rules.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { case: Case cases: CasePage count: Int any: Any }
  type Mutation { change: Payload }
  type Payload { case: Case }
  type CasePage { nodes: [Case] info: Info }
  type Info { more: Boolean }
  type Case @key(fields: "code") { code: ID! steps: [Step] }
  type Step { name: String }
  union Any = Case | Step
`;

const whole = () => true;

const RULES = {
  types: {
    Case: whole,
    Step: whole,
    CasePage: "container",
    Payload: "container",
    Info: "container",
  },
  fields: { "Mutation.change": [{ roles: ["writer"] }], "Query.count": "public" },
} as const satisfies RowRules;

function faultsOf(rows: RowRules, sdl = SDL): string[] {
  try {
    buildServedSchema([{ typeDefs: parse(sdl), resolvers: {}, rows }]);
    return [];
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message
      .split("\n")
      .slice(1, -1)
      .map((line) => line.trim());
  }
}

const without = <T extends object>(all: T, name: keyof T) =>
  Object.fromEntries(Object.entries(all).filter(([each]) => each !== name)) as never;

describe("a program does not start", () => {
  test("unless everything is declared", () => {
    expect(faultsOf(RULES)).toEqual([]);
  });

  test.each(Object.keys(RULES.types) as (keyof typeof RULES.types)[])("without a rule for %s", (type) => {
    expect(faultsOf({ ...RULES, types: without(RULES.types, type) })).toEqual([
      `the type ${type} has no rule`,
    ]);
  });

  test.each(Object.keys(RULES.fields) as (keyof typeof RULES.fields)[])("without a rule for %s", (field) => {
    expect(faultsOf({ ...RULES, fields: without(RULES.fields, field) })).toEqual([
      `the field ${field} has no rule`,
    ]);
  });

  test("and says everything that is missing at once", () => {
    expect(faultsOf({ types: {} })).toHaveLength(7);
  });

  test("with a rule for what there is not: it may be misspelt", () => {
    const types = { ...RULES.types, Cases: "public", Query: "public", Any: "public" } as const;
    const fields = { ...RULES.fields, "Query.cases": "public", "Mutation.chnage": "public" } as const;
    expect(faultsOf({ types, fields })).toEqual([
      "there is no object type Cases",
      "there is no object type Query",
      "there is no object type Any",
      "Query.cases takes no rule",
      "Mutation.chnage takes no rule",
    ]);
  });

  test("with a view of fields that there are not", () => {
    const Case = { rule: whole, views: { little: { fields: ["code", "state"] } } };
    expect(faultsOf({ ...RULES, types: { ...RULES.types, Case } })).toEqual([
      "the view little of Case has an unknown field state",
    ]);
  });

  test("where an entity has no rule of its own", () => {
    for (const Case of ["within", "container"] as const)
      expect(faultsOf({ ...RULES, types: { ...RULES.types, Case } })).toContain(
        "Case is an entity, which anybody can ask for by its key: it needs a rule of its own",
      );
  });

  test("where what belongs to something can be had without it", () => {
    expect(faultsOf({ ...RULES, types: { ...RULES.types, Step: "within" } })).toEqual([
      "Query.any gives Step, which is declared within: it needs a rule of its own",
    ]);
    expect(faultsOf({ ...RULES, types: { ...RULES.types, Info: "within" } })).toEqual([
      "CasePage.info gives Info, which is declared within: it needs a rule of its own",
    ]);
    expect(faultsOf({ ...RULES, types: { ...RULES.types, Payload: "within" } })).toEqual([
      "Mutation.change gives Payload, which is declared within: it needs a rule of its own",
    ]);
  });

  test("without rules for the fields of a subscription that tells plain values", () => {
    const sdl = "type Query { one: Thing } type Thing { name: String } type Subscription { ticks: Int }";
    const rows: RowRules = { types: { Thing: "public" } };
    expect(faultsOf(rows, sdl)).toEqual(["the field Subscription.ticks has no rule"]);
    expect(faultsOf({ ...rows, fields: { "Subscription.ticks": "public" } }, sdl)).toEqual([]);
  });
});

describe("the rules of several parts", () => {
  test("are one set; what both say in the same words is said once", () => {
    const merged = mergeRules([
      { types: { A: "public", Page: "container" }, fields: { "Query.a": "public" } },
      { types: { B: whole, Page: "container" } },
    ]);
    expect(merged).toEqual({
      types: { A: "public", Page: "container", B: whole },
      fields: { "Query.a": "public" },
    });
  });

  test("may not contradict each other: no part opens what another has closed", () => {
    expect(() => mergeRules([{ types: { A: whole } }, { types: { A: "public" } }])).toThrow(
      "A is declared by two parts, not in the same way",
    );
    expect(() => mergeRules([{ types: { A: whole } }, { types: { A: () => true } }])).toThrow(StartError);
  });
});
