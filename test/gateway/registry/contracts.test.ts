import { Supergraph } from "@apollo/federation-internals";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeSubgraphs } from "../../../gateway/registry/compose.ts";
import { applyFilter, type VariantFilter } from "../../../gateway/registry/contracts.ts";
import { startGateway } from "../running.ts";
import { startSubgraph } from "../servers.ts";
import { refusalOf, type RunningRegistry, startRegistry } from "./running.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])`;

function shown(types: string, filter: Partial<VariantFilter>): string[] {
  const { supergraph, faults } = composeSubgraphs([
    { name: "a", file: "a", url: "http://a/", sdl: LINK + types },
  ]);
  if (faults) throw new Error(faults[0]?.message);
  const varied = applyFilter(supergraph, {
    name: "v",
    include: [],
    exclude: [],
    hideUnreachable: true,
    ...filter,
  });
  if (varied.faults) throw new Error(varied.faults.join("; "));
  const schema = Supergraph.build(varied.supergraph, { supportedFeatures: null })
    .apiSchema()
    .toGraphQLJSSchema();
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith("__") && !["String", "Boolean", "Int", "ID"].includes(name))
    .flatMap((type) => {
      if ("getFields" in type) return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
      return "getValues" in type ? type.getValues().map(({ name }) => `${type.name}.${name}`) : [type.name];
    })
    .toSorted();
}

describe("include", () => {
  test("shows what is tagged, and nothing else", () => {
    const types = `type Query { a: A @tag(name: "public") b: String }
      type A { x: Int @tag(name: "public") y: Int @tag(name: "other") z: Int }`;
    expect(shown(types, { include: ["public"] })).toEqual(["A.x", "Query.a"]);
    expect(shown(types, { include: ["public", "other"] })).toEqual(["A.x", "A.y", "Query.a"]);
  });

  test("a tag on a type counts for its fields; exclude is stronger", () => {
    const types = `type Query { a: A @tag(name: "public") }
      type A @tag(name: "public") { x: Int y: Int @tag(name: "secret") }`;
    expect(shown(types, { include: ["public"], exclude: ["secret"] })).toEqual(["A.x", "Query.a"]);
  });

  test("inputs, enums and arguments stay while something leads to them, the others go", () => {
    const types = `type Query { a(in: In, by: Kind): Kind @tag(name: "public") b(in: Other): String }
      input In { x: Int } input Other { y: Int } enum Kind { P Q @tag(name: "secret") }`;
    expect(shown(types, { include: ["public"], exclude: ["secret"] })).toEqual(["In.x", "Kind.P", "Query.a"]);
  });

  test("a field that is shown and returns what is not is a fault", () => {
    const types = 'type Query { a: A @tag(name: "public") } type A { x: Int }';
    expect(() => shown(types, { include: ["public"] })).toThrow(
      '"A" is @inaccessible but is referenced by "Query.a"',
    );
  });
});

describe("exclude", () => {
  test("shows everything but what is tagged", () => {
    const types = `type Query { a: A b: B @tag(name: "internal") u: U }
      type A { x: Int y: Int @tag(name: "internal") } type B @tag(name: "internal") { z: Int }
      union U = A | B  interface I { x: Int }  type C implements I { x: Int }`;
    expect(shown(types, { exclude: ["internal"] })).toEqual(["A.x", "Query.a", "Query.u", "U"]);
    expect(shown(types, { exclude: ["internal"], hideUnreachable: false })).toEqual([
      "A.x",
      "C.x",
      "I.x",
      "Query.a",
      "Query.u",
      "U",
    ]);
  });
});

describe("a variant", () => {
  const SDL = `${LINK} type Query { open: Thing @tag(name: "public") closed: Thing }
    type Thing @key(fields: "id") { id: ID! @tag(name: "public") secret: String }`;
  const MORE = `${LINK} type Thing @key(fields: "id") { id: ID! @tag(name: "public") rating: Int @tag(name: "public") cost: Int }`;
  let registry: RunningRegistry;
  let things: Awaited<ReturnType<typeof startSubgraph>>;
  let ratings: typeof things;
  beforeAll(async () => {
    registry = await startRegistry();
    const thing = { id: "1", secret: "s" };
    things = await startSubgraph(SDL, { Query: { open: () => thing, closed: () => thing } });
    ratings = await startSubgraph(MORE, { Thing: { rating: () => 5, cost: () => 9 } });
    await registry.operator.publish({
      subgraphs: [
        { name: "things", url: things.url, sdl: SDL },
        { name: "ratings", url: ratings.url, sdl: MORE },
      ],
    });
    await registry.operator.setVariant("public", { include: ["public"] });
  });
  afterAll(async () => {
    for (const each of [registry, things, ratings]) await each.close();
  });

  test("is served at its own path, over the same engine, and follows the graph", async () => {
    const { key } = await registry.operator.issueKey({ owner: "g", role: "gateway" });
    const gateway = await startGateway("", [], {
      supergraph: undefined,
      registry: { url: registry.url, key, cacheFile: undefined },
      variant: new Map([["public", "/public/graphql"]]),
    });
    const ask = async (path: string, query: string) =>
      (
        await fetch(gateway.origin + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ query }),
        })
      ).json() as Promise<{ data?: object; errors?: { message: string }[] }>;
    expect(await ask("/public/graphql", "{ open { id rating } }")).toEqual({
      data: { open: { id: "1", rating: 5 } },
    });
    expect(await ask("/graphql", "{ closed { secret cost } }")).toEqual({
      data: { closed: { secret: "s", cost: 9 } },
    });
    for (const query of ["{ closed { id } }", "{ open { secret } }", "{ open { cost } }"])
      expect((await ask("/public/graphql", query)).errors?.[0]?.message).toMatch(/^Cannot query field/);
    expect(
      JSON.stringify(await ask("/public/graphql", "{ __schema { types { name fields { name } } } }")),
    ).not.toMatch(/secret|cost|closed/);
    await registry.operator.setVariant("public", { exclude: ["none"] });
    await expect
      .poll(async () => (await ask("/public/graphql", "{ closed { id } }")).data)
      .toEqual({ closed: { id: "1" } });
    await registry.operator.setVariant("public", { include: ["public"] });
    await expect.poll(async () => (await ask("/public/graphql", "{ closed { id } }")).data).toBeUndefined();
    await gateway.close();
    const used = await registry.database.query<{ variant: string }>(
      "select distinct variant from operation_usage order by 1",
    );
    expect(used.map(({ variant }) => variant)).toEqual(["", "public"]);
  });

  test("that would not be whole refuses the publication, and says so", async () => {
    const sdl = MORE.replace("cost: Int", 'hidden: Hidden @tag(name: "public") } type Hidden { x: Int');
    const refused = await refusalOf(
      registry.operator.publish({ subgraphs: [{ name: "ratings", url: ratings.url, sdl }] }),
    );
    expect(refused.code).toBe("COMPOSITION_FAILED");
    expect(refused.extensions["faults"]).toMatchObject([
      {
        code: "VARIANT_INVALID",
        message: expect.stringContaining('variant "public"'),
        remedy: { en: expect.any(String) },
      },
    ]);
  });

  test("whose clients would break is guarded like the whole graph", async () => {
    const sdl = MORE.replace('rating: Int @tag(name: "public")', "rating: Int");
    const check = await registry.operator.check({ subgraphs: [{ name: "ratings", url: ratings.url, sdl }] });
    expect(check).toMatchObject({
      ok: false,
      broken: [{ variant: "public", clients: [{ client: "unknown" }] }],
    });
    expect((await refusalOf(registry.operator.dropVariant("public"))).code).toBe("BREAKING_CHANGE");
  });

  test("that the registry does not have keeps a gateway from starting", async () => {
    const { key } = await registry.operator.issueKey({ owner: "g", role: "gateway" });
    const start = startGateway("", [], {
      supergraph: undefined,
      registry: { url: registry.url, key, cacheFile: undefined },
      variant: new Map([["hidden", "/hidden"]]),
    });
    await expect(start).rejects.toThrow('has no variant "hidden" (public).');
  });
});
