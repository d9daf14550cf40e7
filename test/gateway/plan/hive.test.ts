import { readFileSync } from "node:fs";
import { parse, print, visit } from "graphql";
import { expect, test } from "vitest";
import { createHivePlanner, withoutDescriptions } from "../../../gateway/plan/hive.ts";

const SUPERGRAPH = readFileSync(new URL("../../../schema/supergraph.graphql", import.meta.url), "utf8");
const EVERYWHERE = `
  "of the schema" schema @own(text: "kept 1") { query: Query }
  """
  of a "directive"
  """ directive @own("of an argument" text: String = "kept 2" "of another" lines: [String] = ["kept 3" "kept 4"]) on SCHEMA
  """with \\""" = [ : in it""" type Query @own(text: "kept 5", lines: ["kept 6", "kept 7"]) {
    # a comment with "quotes" and """more"""
    "of a field" a("of an argument" x: In = { text: "kept 8", lines: [{ text: """kept 9""" }] } "of y" y: [[Int]] = [[1]]): Int
    "" b: [String] "after a list" c: Int! "after a bang" d: Int @deprecated(reason: "kept 10") "after a parenthesis" e: Int
  }
  "of an input" input In { "of its field" text: String = "kept 11" "of the next" lines: [In] = null }
  "of an enum" enum Order { "up" ASC "down" DESC @deprecated(reason: "kept 12") "aside" ASIDE }
  "of a union" union Either = Query | Other "of the last" scalar When @specifiedBy(url: "kept 13")
`;

/** What is said of nothing, by the parser's own reading. */
const bare = (sdl: string) =>
  print(
    visit(parse(sdl, { noLocation: true }), {
      enter: (node) => ("description" in node ? { ...node, description: undefined } : undefined),
    }),
  );

test.each([
  ["everywhere", EVERYWHERE],
  ["of the province's graph", SUPERGRAPH],
])("descriptions go and values stay: %s", (_name, sdl) => {
  expect(print(parse(withoutDescriptions(sdl)))).toBe(bare(sdl));
});

test("a supergraph with a description of its schema is planned", async () => {
  expect(SUPERGRAPH).toMatch(/"""\s*schema/);
  const plan = await createHivePlanner(SUPERGRAPH).plan("{ agencies { code } }", 0);
  expect(plan?.kind).toBe("Fetch");
});
