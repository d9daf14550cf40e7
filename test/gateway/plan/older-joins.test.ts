import { readFileSync } from "node:fs";
import { Supergraph } from "@apollo/federation-internals";
import { expect, test } from "vitest";
import { plannableGraph } from "../../../gateway/plan/older-joins.ts";

function plannable(version: string) {
  const sdl = readFileSync(new URL(`../joins/${version}.graphql`, import.meta.url), "utf8");
  return { given: sdl, made: plannableGraph(sdl, Supergraph.build(sdl, { supportedFeatures: null })) };
}

test.each(["v0.1", "v0.2"])("%s: every type and every member of a union says where it is", (version) => {
  const { sdl } = plannable(version).made;
  expect(sdl).toContain('@join__unionMember(graph: REVIEWS, member: "User")');
  expect(sdl).toMatch(
    /type Product\s+@join__type\(graph: PRODUCTS, key: "upc"\)\s+@join__type\(graph: REVIEWS, key: "upc"/,
  );
  expect(sdl).toMatch(/type Name\s+@join__type\(graph: ACCOUNTS\)\s+@join__type\(graph: REVIEWS\)/);
});

test.each(["v0.1", "v0.2"])("%s: names, addresses and requirements stay", (version) => {
  const { sdl } = plannable(version).made;
  expect(sdl).toContain('REVIEWS @join__graph(name: "reviews", url: "http://reviews.example/graphql")');
  expect(sdl).toMatch(/greeting: String @join__field\(graph: REVIEWS, requires: "name \{ first last \}"\)/);
});

test.each(["v0.3", "v0.4", "v0.5"])("%s is taken as it is", (version) => {
  const { given, made } = plannable(version);
  expect(made.sdl).toBe(given);
});
