/**
 * What a caller may read, from the directives of a supergraph: named as they like, inherited, by several names.
 */
import { buildSchema, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { readLinks } from "../../../gateway/plan/links.ts";
import { ANONYMOUS } from "../../../gateway/trust/caller.ts";
import { follows, meets } from "../../../gateway/trust/requirement.ts";
import { readRules } from "../../../gateway/trust/rules.ts";
import { callerWith } from "./guarded.ts";

const LINKS = `extend schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/policy/v0.1", as: "rule", for: SECURITY)`;

function rulesOf(types: string, links = LINKS) {
  const document = parse(`${links} ${types}`);
  // Directives mean nothing to graphql-js here.
  const schema = buildSchema(types, { assumeValidSDL: true });
  const rules = readRules(document, readLinks(document), schema);
  const object = (name: string) => schema.getType(name) as never;
  return {
    rules,
    lacks: (caller: typeof ANONYMOUS, type: string, field: string) =>
      rules.ofField(object(type), field).some((number) => rules.unmet(caller).has(number)),
  };
}

test("a graph that asks for nothing has no rules, and judges nobody", () => {
  const { rules } = rulesOf("type Query { a: Int @deprecated }");
  expect([rules.isEmpty, rules.unmet(ANONYMOUS).size]).toEqual([true, 0]);
});

test("directives are known by the names that they are linked by", () => {
  const { lacks } = rulesOf(
    `type Query { a: Int @rule(policies: [["staff"]]) b: Int @policy(policies: [["x"]]) }`,
  );
  expect(lacks(ANONYMOUS, "Query", "a")).toBe(true);
  expect(lacks(callerWith("staff"), "Query", "a")).toBe(false);
  // Nobody linked this one: it is the graph's own, and means what its makers like.
  expect(lacks(ANONYMOUS, "Query", "b")).toBe(false);
});

test("a directive that names no lists is a fault, not a field for everybody", () => {
  expect(() => rulesOf("type Query { a: Int @requiresScopes }")).toThrow("@requiresScopes needs scopes");
  expect(() => rulesOf('type Query { a: Int @requiresScopes(scopes: ["a"]) }')).toThrow("needs scopes");
});

test("no list at all is nobody's right", () => {
  const { lacks } = rulesOf("type Query { a: Int @requiresScopes(scopes: []) }");
  expect(lacks(callerWith("a"), "Query", "a")).toBe(true);
});

test("an empty list is everybody's right", () => {
  expect(rulesOf("type Query { a: Int @requiresScopes(scopes: [[]]) }").lacks(ANONYMOUS, "Query", "a")).toBe(
    false,
  );
});

test("directives on extensions count", () => {
  expect(
    rulesOf("type Query { b: Int } extend type Query { a: Int @authenticated }").lacks(
      ANONYMOUS,
      "Query",
      "a",
    ),
  ).toBe(true);
});

describe("interfaces", () => {
  test("what one asks for beyond its types, all its types ask for", () => {
    const { lacks } = rulesOf(`
      type Query { a: A }
      interface I { f: Int @authenticated g: Int }
      type A implements I { f: Int g: Int }
      type B implements I { f: Int g: Int }`);
    expect([lacks(ANONYMOUS, "A", "f"), lacks(ANONYMOUS, "B", "f"), lacks(ANONYMOUS, "A", "g")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("what one asks for because a type does, other types do not ask for", () => {
    const { lacks } = rulesOf(`
      type Query { a: A }
      interface I { f: Int @requiresScopes(scopes: [["a", "c"], ["b", "c"]]) }
      type A implements I { f: Int @requiresScopes(scopes: [["a"], ["b"]]) }
      type B implements I { f: Int @requiresScopes(scopes: [["c"]]) }
      type C implements I { f: Int }`);
    expect(lacks(callerWith("a"), "A", "f")).toBe(false);
    expect(lacks(callerWith("a"), "B", "f")).toBe(true);
    expect(lacks(ANONYMOUS, "C", "f")).toBe(false);
  });

  test("the type of an interface counts too", () => {
    const { lacks } = rulesOf(`
      type Query { a: A b: B }
      interface I @authenticated { f: Int }
      type A implements I { f: Int }
      type B { f: Int }`);
    expect([lacks(ANONYMOUS, "Query", "a"), lacks(ANONYMOUS, "A", "f"), lacks(ANONYMOUS, "B", "f")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

const scopes = (...anyOf: string[][]) => ({ kind: "scopes", anyOf }) as const;

describe("requirements", () => {
  test("any list is enough, all of its names are needed", () => {
    const need = scopes(["a", "b"], ["c"]);
    expect(
      [callerWith("a"), callerWith("a", "b"), callerWith("c")].map((caller) => meets(caller, need)),
    ).toEqual([false, true, true]);
  });

  test("scopes are no policies, and nobody is authenticated by a scope", () => {
    expect(meets(callerWith("staff"), scopes(["staff"]))).toBe(false);
    expect(meets({ ...ANONYMOUS, scopes: new Set(["a"]) }, { kind: "authenticated" })).toBe(false);
  });

  test("one follows from others when whoever meets them meets it", () => {
    expect(follows(scopes(["a"], ["b"]), [scopes(["a"])])).toBe(true);
    expect(follows(scopes(["a"]), [scopes(["a"], ["b"])])).toBe(false);
    expect(follows(scopes(["a", "b"]), [scopes(["a"]), scopes(["b"])])).toBe(true);
    expect(follows(scopes(["a"]), [])).toBe(false);
    expect(follows({ kind: "authenticated" }, [scopes(["a"])])).toBe(false);
  });

  test("too many together are not compared, and follow from nothing", () => {
    const many = Array.from({ length: 12 }, (_, index) => scopes([`a${index}`], [`b${index}`]));
    expect(follows(scopes(["a0"], ["b0"]), many)).toBe(false);
  });
});
