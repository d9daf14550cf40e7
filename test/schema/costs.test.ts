/**
 * What the sample's documented queries are estimated to cost: what they ask for, and not what a list of which nothing is
 * said would have.
 */
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { createNativeEngine, type NativeEngine } from "../../gateway/execute/engine.ts";
import { SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";

let engine: NativeEngine;
beforeAll(async () => {
  engine = await createNativeEngine(await readFile(`${SCHEMA_DIRECTORY}/supergraph.graphql`, "utf8"));
});

async function costOf(text: string, variables: Record<string, unknown> = {}): Promise<number> {
  const { operation, errors } = engine.open(text, undefined);
  if (operation === undefined) throw new Error(errors.join());
  const { cost, unsliced } = engine.costing.estimate(operation, variables);
  expect(unsliced).toEqual([]);
  return cost;
}

const example = async (name: string) => {
  const variables = await readFile(`${SCHEMA_DIRECTORY}/examples/${name}.variables.json`, "utf8").catch(
    () => "{}",
  );
  const text = await readFile(`${SCHEMA_DIRECTORY}/examples/${name}.graphql`, "utf8");
  return costOf(text, JSON.parse(variables) as Record<string, unknown>);
};

test.each([
  ["01-combined-status", 70],
  ["02-one-dossier", 23],
  ["03-overdue-list", 342],
  ["04-citizen-across-agencies", 64],
  ["05-procedures-search", 86],
])("example %s costs %i", async (name, cost) => {
  expect(await example(name)).toBe(cost);
});

test.each([
  ['{ trackDossier(code: "H56.14-240823-0001") { state dueAt } }', 20],
  ["{ agencies { code name } }", 25],
  ["{ dossiers(first: 3) { nodes { code applicant { name } } } }", 7],
  // As many as a page has by itself.
  ["{ dossiers { nodes { code } pageInfo { hasNextPage } } }", 22],
  ["query ($n: Int) { dossiers(first: $n) { nodes { code legs { order } } } }", 1 + 50 * (1 + 3), { n: 50 }],
])("%s costs %i", async (text, cost, variables: Record<string, unknown> = {}) => {
  expect(await costOf(text, variables)).toBe(cost);
});
