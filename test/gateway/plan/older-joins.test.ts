import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { buildSchemas } from "../../../gateway/plan/schemas.ts";

async function plannable(version: string) {
  const given = readFileSync(new URL(`../joins/${version}.graphql`, import.meta.url), "utf8");
  const { sdl } = await buildSchemas(given, parse(given, { noLocation: true }));
  return { given, sdl };
}

test.each(["v0.1", "v0.2"])(
  "%s: every type and every member of a union says where it is",
  async (version) => {
    const { sdl } = await plannable(version);
    expect(sdl).toContain('@join__unionMember(graph: REVIEWS, member: "User")');
    expect(sdl).toMatch(
      /type Product\s+@join__type\(graph: PRODUCTS, key: "upc"\)\s+@join__type\(graph: REVIEWS, key: "upc"/,
    );
    expect(sdl).toMatch(/type Name\s+@join__type\(graph: ACCOUNTS\)\s+@join__type\(graph: REVIEWS\)/);
  },
);

test.each(["v0.1", "v0.2"])("%s: names, addresses and requirements stay", async (version) => {
  const { sdl } = await plannable(version);
  expect(sdl).toContain('REVIEWS @join__graph(name: "reviews", url: "http://reviews.example/graphql")');
  expect(sdl).toMatch(/greeting: String @join__field\(graph: REVIEWS, requires: "name \{ first last \}"\)/);
});

test.each(["v0.3", "v0.4", "v0.5"])("%s is taken as it is", async (version) => {
  const { given, sdl } = await plannable(version);
  expect(sdl).toBe(given);
});
