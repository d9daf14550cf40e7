import { buildASTSchema, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { readLinks } from "../../../gateway/plan/links.ts";
import { composeSubgraphs } from "../../../gateway/registry/compose.ts";
import type { StatedGrant } from "../../../gateway/trust/grant.ts";
import { readGrants } from "../../../gateway/trust/grants.ts";
import { readGrantsFile } from "../../../gateway/trust/grants-file.ts";
import { link } from "../execute/graphs/graph.ts";

/** As authors write it: nobody says whose it is. */
const HEAD = `${link("@key @external @requires @shareable @composeDirective")}
  extend schema @link(url: "https://example.com/grant/v1.0", import: ["@grant"]) @composeDirective(name: "@grant")
  directive @grant(to: [String!]!, for: [String!]) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION\n`;

function composed(subgraphs: Record<string, string>): string {
  const { supergraph, faults } = composeSubgraphs(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, file: name, url: "http://x", sdl: HEAD + sdl })),
  );
  if (faults) throw new Error(JSON.stringify(faults));
  return supergraph;
}

function granting(
  sdl: Record<string, string> | string,
  stated: readonly StatedGrant[] = [],
  purposes: string[] = [],
) {
  const document = parse(typeof sdl === "string" ? sdl : composed(sdl));
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  return readGrants(document, readLinks(document), schema, stated, purposes);
}

const TWO = {
  a: `extend schema @grant(to: ["role:reader"])
      type Query { item: Item }
      type Item @key(fields: "id") @grant(to: ["role:clerk"]) { id: ID! name: String secret: Int @grant(to: ["client:x"]) @grant(to: ["client:y"], for: ["audit"]) }`,
  b: `type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! price: Int }`,
};

describe("what holds for a field", () => {
  test("the nearest of field, type and whole, of its provider only", () => {
    const { grantsOf } = granting(TWO);
    expect(grantsOf("a", "Item.secret")).toEqual([
      { to: ["client:x"] },
      { to: ["client:y"], for: ["audit"] },
    ]);
    expect(grantsOf("a", "Item.name")).toEqual([{ to: ["role:clerk"] }]);
    expect(grantsOf("a", "Query.item")).toEqual([{ to: ["role:reader"] }]);
    expect(grantsOf("b", "Item.price")).toEqual([{ to: ["anyone"] }]);
    expect(grantsOf("c", "Item.price")).toEqual([]);
  });

  test("beside the SDL more is added, and nothing taken away, or said of what the SDL says nearer", () => {
    const { grantsOf } = granting(TWO, [
      { service: "a", at: "Item", to: ["client:z"] },
      { service: "a", at: "*", to: ["client:all"] },
      { service: "a", at: "Item.secret", to: ["client:s"] },
    ]);
    expect(grantsOf("a", "Item.name")).toEqual([{ to: ["role:clerk"] }, { to: ["client:z"] }]);
    expect(grantsOf("a", "Item.secret").map(({ to }) => to)).toEqual([
      ["client:x"],
      ["client:y"],
      ["client:s"],
    ]);
    expect(grantsOf("a", "Query.item")).toEqual([{ to: ["role:reader"] }, { to: ["client:all"] }]);
  });

  test("a member's grants are its own, but for what all grant", () => {
    const { grantsOf } = granting(TWO, [
      { service: "b", at: "Item.price", member: "north", to: ["client:n"] },
      { service: "b", at: "Item.price", to: ["client:all"] },
    ]);
    const to = (member?: string) => grantsOf("b", "Item.price", member).flatMap((grant) => grant.to);
    expect(to()).toEqual(["anyone", "client:n", "client:all"]);
    expect(to("north")).toEqual(["anyone", "client:n", "client:all"]);
    expect(to("south")).toEqual(["anyone", "client:all"]);
  });

  test("each subgraph that may be asked for it must grant it", () => {
    const { requirementsOf } = granting({
      a: `type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String @shareable }`,
      b: `type Query { items: [Item] } type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! name: String @shareable }`,
    });
    expect(requirementsOf("Item.name")).toEqual([
      { kind: "granted", provider: "a", grants: [{ to: [] }] },
      { kind: "granted", provider: "b", grants: [{ to: ["anyone"] }] },
    ]);
  });
});

describe("whose a grant is", () => {
  test("is said by composition, whatever its author writes", () => {
    const head = HEAD.replace("for: [String!])", "for: [String!], by: String)");
    const { supergraph = "" } = composeSubgraphs([
      {
        name: "a",
        file: "a",
        url: "http://x",
        sdl: `${HEAD} type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String }`,
      },
      {
        name: "b",
        file: "b",
        url: "http://x",
        sdl: `${head} type Item @key(fields: "id") @grant(to: ["anyone"], by: "a") { id: ID! price: Int }`,
      },
    ]);
    expect(supergraph).toContain('@grant(to: ["anyone"], by: "b")');
    expect(granting(supergraph).grantsOf("a", "Item.name")).toEqual([]);
  });

  test("is clear without, where one subgraph only is asked; elsewhere the graph is refused", () => {
    const sdl = composed(TWO);
    const anonymous = sdl.replaceAll(', by: "a"', "").replaceAll(', by: "b"', "");
    expect(() => granting(anonymous)).toThrow(/@grant needs by/);
    const ofField = anonymous
      .replace(/type Item[^{]*\{/s, (head) => head.replaceAll(/\s+@grant\([^)]*\)/g, ""))
      .replace(/^\s+@grant\([^)]*\)\n/m, "");
    expect(granting(ofField).grantsOf("a", "Item.secret")).toHaveLength(2);
  });

  test.each([
    ['@grant(to: ["citizen"], by: "a")', "must be anyone"],
    ['@grant(to: [], by: "a")', "must name at least one"],
    ['@grant(to: ["anyone"], for: ["no code"], by: "a")', "must be the code of a purpose"],
  ])("%s is refused with the graph", (directive, reason) => {
    const sdl = composed(TWO).replace('@grant(to: ["role:clerk"], by: "a")', directive);
    expect(() => granting(sdl)).toThrow(reason);
  });
});

const NEEDING = (grant: string) => ({
  a: `type Query @grant(to: ["anyone"]) { item: Item }
      type Item @key(fields: "id") { id: ID! size: Int ${grant} }`,
  b: `type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! size: Int @external weight: Int @requires(fields: "size") }`,
  c: `type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! weight: Int @external cost: Int @requires(fields: "weight") }`,
});

describe("what a subgraph needs of another", () => {
  test("without a grant is refused to everybody, and told", () => {
    const { requirementsOf, hints } = granting(NEEDING('@grant(to: ["role:reader"])'));
    const lacking = { kind: "granted", provider: "a", reader: "b", grants: [{ to: ["role:reader"] }] };
    expect(requirementsOf("Item.weight")).toContainEqual(lacking);
    // Whoever needs what needs it, too.
    expect(requirementsOf("Item.cost")).toContainEqual(lacking);
    expect(hints).toEqual([
      'Item.weight of "b" is refused to everybody: its @requires reads Item.size, which "a" does not grant to service:b',
    ]);
  });

  test("with a grant for purposes is there for these", () => {
    const { requirementsOf, hints } = granting(
      NEEDING('@grant(to: ["service:b"], for: ["audit"])'),
      [],
      ["care"],
    );
    expect(requirementsOf("Item.weight")).toContainEqual({
      kind: "purpose",
      provider: "a",
      reader: "b",
      grants: [{ to: ["service:b"], for: ["audit"] }],
    });
    expect(hints).toEqual(['a grant is for "audit", which is no purpose of the list']);
  });
});

test("what several give, and one of them grants to nobody, is told", () => {
  const { hints } = granting({
    a: `type Query @grant(to: ["anyone"]) { item: Item } type Item @key(fields: "id") @grant(to: ["anyone"]) { id: ID! name: String @shareable }`,
    b: `type Query { items: [Item] @grant(to: ["anyone"]) } type Item @key(fields: "id") { id: ID! name: String @shareable }`,
  });
  expect(hints).toEqual([
    'Item.id is refused to everybody: "b" gives it too, and grants it to nobody',
    'Item.name is refused to everybody: "b" gives it too, and grants it to nobody',
  ]);
});

test("a grant beside the SDL of what its service does not give is told", () => {
  const { hints } = granting(TWO, [
    { service: "b", at: "Item.secret", to: ["anyone"] },
    { service: "b", at: "Item.price", to: ["anyone"] },
    { service: "c", at: "*", to: ["anyone"] },
  ]);
  expect(hints).toEqual([
    'a grant of "b" is about Item.secret, which it does not give',
    'a grant of "c" is about *, which it does not give',
  ]);
});

test("faults of a grants file are told all at once", () => {
  const grants = [
    { service: "a", at: "Item.", to: ["anyone"] },
    { service: "a", at: "*", to: ["role:"] },
    { at: "*", to: ["anyone"], until: 1 },
  ];
  expect(() => readGrantsFile(JSON.stringify({ grants }), "grants.json")).toThrow(
    /grants\.json: (?=.*grants\[?\.?0\]?\.at: must be \*)(?=.*must be anyone)(?=.*service)(?=.*until)/s,
  );
  expect(readGrantsFile('{ "grants": [] }', "grants.json").grants).toEqual([]);
});
