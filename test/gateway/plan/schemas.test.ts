/**
 * The schemas are those that Apollo's library, which composes, reads out of the same supergraph.
 */
import { readFileSync } from "node:fs";
import { Supergraph } from "@apollo/federation-internals";
import { introspectionFromSchema, lexicographicSortSchema, parse, printSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { buildSchemas } from "../../../gateway/plan/schemas.ts";
import { CONTEXTS } from "../execute/graphs/contexts.ts";
import { INPUTS } from "../execute/graphs/inputs.ts";
import { INTERFACES } from "../execute/graphs/interfaces.ts";
import { KEYS } from "../execute/graphs/keys.ts";
import { MESH } from "../execute/graphs/mesh.ts";
import { SHARED } from "../execute/graphs/shared.ts";
import { UNIONS } from "../execute/graphs/unions.ts";
import { composeAt } from "../execute/subgraphs.ts";
import { composeShop } from "../shop.ts";

const LINK = "https://specs.apollo.dev/federation/v2.9";
/** Everything that may be hidden, a name that is imported as another, and directives of one's own. */
const HIDDEN = {
  name: "hidden",
  subgraphs: {
    one: String.raw`
      extend schema @link(url: "${LINK}", import: ["@key", "@tag", "@shareable", "@composeDirective",
        { name: "@inaccessible", as: "@secret" }, "@cost", "@listSize", "@authenticated"])
        @link(url: "https://example.org/own/v1.0", import: ["@audited"]) @composeDirective(name: "@audited")
      "Who looked." directive @audited(why: String = "because: [law]") on FIELD_DEFINITION | OBJECT
      directive @client(flag: Boolean! = true) on FIELD
      "The root."
      type Query {
        "A thing: \"quoted\"."
        thing(id: ID!, hint: String = "x" @secret, order: Order = ASC, filter: Filter): Thing @audited @cost(weight: 3)
        all: [Either!]! @listSize(assumedSize: 5)
        hidden: Hidden @secret
        old: Int @deprecated(reason: "since: [2024]") @authenticated
      }
      interface Node @secret { id: ID! }
      interface Named { name(short: Boolean = false): String! secret: Int @secret }
      """A thing with \""" in it: [ = """
      type Thing implements Node & Named @key(fields: "id") @audited {
        id: ID! name(short: Boolean = false): String! @tag(name: "a") secret: Int @secret at: When
      }
      type Hidden @secret { id: ID! }
      type Shown { id: ID }
      union Either = Thing | Hidden | Shown
      enum Order { ASC DESC RANDOM @secret }
      input Filter { text: String = "a" inner: [Inner!] = [{ x: "[" }] secret: Int @secret }
      input Inner { x: String }
      scalar When @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339")
    `,
    two: `extend schema @link(url: "${LINK}", import: ["@key"])
      type Mutation { touch(id: ID!): Thing } type Subscription { touched: Thing }
      type Thing @key(fields: "id") { id: ID! more: Int }`,
  },
};

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const SUPERGRAPHS: Readonly<Record<string, string>> = {
  "the province": read("../../../schema/supergraph.graphql"),
  shop: composeShop(),
  ...Object.fromEntries(
    ["v0.3", "v0.4", "v0.5"].map((version) => [version, read(`../joins/${version}.graphql`)]),
  ),
  ...Object.fromEntries(
    [CONTEXTS, INPUTS, INTERFACES, KEYS, MESH, SHARED, UNIONS, HIDDEN].map((graph) => [
      graph.name,
      composeAt(graph, () => "http://127.0.0.1:1/"),
    ]),
  ),
};

const schemasOf = (sdl: string) => buildSchemas(sdl, parse(sdl, { noLocation: true }));

describe.each(Object.entries(SUPERGRAPHS))("%s", (_name, sdl) => {
  const composed = Supergraph.build(sdl, { supportedFeatures: null });

  test("clients see the same, directives that they may give too", async () => {
    const { api } = await schemasOf(sdl);
    const wanted = composed.apiSchema().toGraphQLJSSchema({ includeDefer: true });
    expect(printSchema(lexicographicSortSchema(api))).toBe(printSchema(lexicographicSortSchema(wanted)));
    expect(introspectionFromSchema(lexicographicSortSchema(api))).toEqual(
      introspectionFromSchema(lexicographicSortSchema(wanted)),
    );
  });

  test("everything is the same", async () => {
    const { full } = await schemasOf(sdl);
    const wanted = composed.schema.toGraphQLJSSchema();
    expect(printSchema(lexicographicSortSchema(full))).toBe(printSchema(lexicographicSortSchema(wanted)));
  });
});

test.each([
  ["two types of one name", (sdl: string) => `${sdl}\ntype Shelf { x: Int }\ntype Shelf { y: Int }`, "Shelf"],
  ["a directive that is not known", (sdl: string) => `${sdl}\ntype X @lost { x: Int }`, "@lost"],
  [
    "an interface that is not implemented",
    (sdl: string) => `${sdl}\ninterface I { x: Int }\ntype X implements I { y: Int }`,
    "X",
  ],
  ["a join of tomorrow", (sdl: string) => sdl.replace(/join\/v0\.\d/, "join/v9.0"), "join"],
  ["no link", (sdl: string) => sdl.replace(/@link\(url: "[^)]*\)/g, ""), "core"],
])("%s: refused, and told why", async (_name, spoil, told) => {
  await expect(schemasOf(spoil(composeShop()))).rejects.toThrow(told);
});

test("what only hidden types say is refused where the rest refers to it", async () => {
  const sdl = SUPERGRAPHS["hidden"]?.replace("type Shown", "type Shown @secret") ?? "";
  expect(sdl).toContain("Shown @secret");
  const shown = sdl.replace("union Either", "type Refers @join__type(graph: ONE) { to: Shown } union Either");
  await expect(schemasOf(shown)).rejects.toThrow("Shown");
});
