/**
 * Values that are masked: for whom, in whatever form they are asked for, and that subgraphs still have them whole.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { buildSchema, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNativeEngine } from "../../../gateway/execute/engine.ts";
import { readTrust } from "../../../gateway/trust/settings.ts";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { readMasks } from "../../../gateway/trust/masks.ts";
import { unmasked } from "../../../gateway/trust/unguarded.ts";
import { subscribeBy } from "../clients.ts";
import { openNative } from "../execute/engines.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { startIssuer, type TestIssuer } from "./tokens.ts";

const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@composeDirective", "@requiresScopes"])
  @link(url: "https://example.com/masked/v1.0", import: ["@masked"])
  @composeDirective(name: "@masked")
directive @masked(keep: Int! = 0, unless: [[String!]!]! = []) on FIELD_DEFINITION`;

const PEOPLE = `${HEAD}
  type Query { me: Person any: Being beings: [Being!] found: [Found] person(number: ID!): Person }
  type Mutation { rename: Person }
  type Subscription { changed: Person }
  interface Being { id: ID name: String @masked(keep: 2, unless: [["name"], ["all", "names"]]) }
  union Found = Person | Cat
  type Person implements Being @key(fields: "id") @key(fields: "number") {
    id: ID
    name: String
    number: ID! @masked(keep: 3, unless: [["number"]])
    secret: String @masked
    aliases: [String!] @masked(keep: 1, unless: [["name"]])
    grid: [[ID]!] @masked(keep: 1, unless: [["name"]])
    friend: Person
  }
  type Cat implements Being { id: ID name: String @masked(keep: 1) }`;
const BANK = `${HEAD}
  type Person @key(fields: "id") {
    id: ID number: ID! @external
    card(style: String): String @requires(fields: "number") @masked(keep: 5, unless: [["number"]])
    digits: Int @requires(fields: "number")
  }`;

const ANN: Record<string, unknown> = {
  __typename: "Person",
  id: "p1",
  name: 'Ann "Nguyễn"',
  number: "001088000001",
  secret: "S3CRET",
  aliases: ["Annie", "Nan", "A"],
  grid: [[1234567890, null, "zz"], []],
};
const TOM = { __typename: "Cat", id: "c1", name: "Tom the cat" };
ANN["friend"] = ANN;

let login: TestIssuer;
let people: Feed;
let bank: TestServer;
let gateway: RunningGateway;
let supergraph: string;
let directory: string;

beforeAll(async () => {
  login = await startIssuer();
  people = await startFeed(PEOPLE, ["changed"], {
    Query: {
      me: () => ANN,
      any: () => ANN,
      beings: () => [ANN, TOM],
      found: () => [ANN, TOM],
      person: () => ANN,
    },
    Mutation: { rename: () => ANN },
    Person: { __resolveReference: () => ANN },
  });
  bank = await startSubgraph(BANK, {
    Person: {
      __resolveReference: (given: object) => given,
      card: ({ number }: { number: string }) => `CARD-${number}`,
      digits: ({ number }: { number: string }) => number.length,
    },
  });
  const composed = composeServices([
    { name: "people", url: people.url, typeDefs: parse(PEOPLE) },
    { name: "bank", url: bank.url, typeDefs: parse(BANK) },
  ]);
  if (composed.errors !== undefined) throw new Error(composed.errors.join());
  supergraph = composed.supergraphSdl;
  directory = await mkdtemp(join(tmpdir(), "masks-"));
  const trust = join(directory, "trust.json");
  await writeFile(trust, JSON.stringify({ issuers: [{ issuer: login.issuer, audience: "graph" }] }));
  gateway = await startGateway(supergraph, [], { trust });
});
afterAll(async () => {
  await gateway.close();
  await people.close();
  await bank.close();
  await login.close();
  await rm(directory, { recursive: true });
});

async function said(query: string, scope?: string): Promise<unknown> {
  const headers = scope === undefined ? {} : { authorization: `Bearer ${await login.token({ scope })}` };
  const { data, errors } = await gateway.ask(query, {}, headers);
  expect(errors).toEqual([]);
  return data;
}

describe("who sees what", () => {
  test.each([
    [undefined, { name: "An***", number: "001***", secret: "***" }],
    ["name", { name: 'Ann "Nguyễn"', number: "001***", secret: "***" }],
    ["number", { name: "An***", number: "001088000001", secret: "***" }],
    ["all", { name: "An***", number: "001***", secret: "***" }],
    ["all names", { name: 'Ann "Nguyễn"', number: "001***", secret: "***" }],
    ["name number", { name: 'Ann "Nguyễn"', number: "001088000001", secret: "***" }],
  ])("with the scopes %s", async (scope, expected) => {
    expect(await said("{ me { name number secret } }", scope)).toEqual({ me: expected });
  });

  test("lists, lists of lists, numbers as ids, and nulls", async () => {
    expect(await said("{ me { aliases grid } }")).toEqual({
      me: { aliases: ["A***", "N***", "***"], grid: [["1***", null, "z***"], []] },
    });
    expect(await said("{ me { aliases grid } }", "name")).toEqual({
      me: { aliases: ["Annie", "Nan", "A"], grid: [["1234567890", null, "zz"], []] },
    });
  });

  test("whoever may and whoever may not ask the same at once", async () => {
    const replies = await Promise.all(
      [1, 2, 3].flatMap(() => [said("{ me { number } }", "number"), said("{ me { number } }")]),
    );
    expect(replies).toEqual(
      [1, 2, 3].flatMap(() => [{ me: { number: "001088000001" } }, { me: { number: "001***" } }]),
    );
  });
});

describe("no way around", () => {
  test("an alias, also one of another field's name", async () => {
    expect(await said("{ me { a: number id: number number: id __typename } }")).toEqual({
      me: { a: "001***", id: "001***", number: "p1", __typename: "Person" },
    });
  });

  test("fragments, with conditions, within each other", async () => {
    const query = `query ($yes: Boolean = true) { me { ...A ... @include(if: $yes) { ... on Being { n: name } } } }
      fragment A on Person { ...B friend { ...B } } fragment B on Person { number secret }`;
    const masked = { number: "001***", secret: "***" };
    expect(await said(query)).toEqual({ me: { ...masked, friend: masked, n: "An***" } });
  });

  test("an interface and a union: what the interface says counts for all its types, the least is kept", async () => {
    expect(await said("{ any { name } beings { name } found { ... on Being { name } } }")).toEqual({
      any: { name: "An***" },
      beings: [{ name: "An***" }, { name: "T***" }],
      found: [{ name: "An***" }, { name: "T***" }],
    });
    expect(await said("{ beings { ... on Cat { name } ... on Person { name } } }", "name")).toEqual({
      beings: [{ name: 'Ann "Nguyễn"' }, { name: "T***" }],
    });
  });

  test("a field that needs the value of another service has it whole, and is masked itself", async () => {
    bank.asked.length = 0;
    expect(await said('{ me { number card digits other: card(style: "plain") } }')).toEqual({
      me: { number: "001***", card: "CARD-***", digits: 12, other: "CARD-***" },
    });
    expect(JSON.stringify(bank.asked)).toContain("001088000001");
    expect(await said("{ me { card } }", "number")).toEqual({ me: { card: "CARD-001088000001" } });
  });

  test("a mutation, and a look-up by what is masked", async () => {
    expect(await said("mutation { rename { name number } }")).toEqual({
      rename: { name: "An***", number: "001***" },
    });
    expect(await said('{ person(number: "001088000001") { number } }')).toEqual({
      person: { number: "001***" },
    });
  });

  test("what is deferred", async () => {
    const engine = await openNative(supergraph);
    const parts = await engine.inParts(
      "v0.2",
      "{ me { id ... @defer { name card friend { number ... @defer { secret aliases } } } } }",
    );
    const text = JSON.stringify(parts);
    expect(parts.length).toBeGreaterThan(1);
    for (const masked of ["An***", "CARD-***", "001***", '"***"', "A***"]) expect(text).toContain(masked);
    expect(text).not.toMatch(/Ann|1088|S3C/);
    await engine.close();
  });

  test.each(["websocket", "sse"] as const)("events by %s", async (way) => {
    const heard = subscribeBy[way](gateway.url, "subscription { changed { name number card } }");
    await expect.poll(() => people.open.size).toBe(1);
    people.emit("changed", ANN);
    await expect.poll(() => heard.answers.length).toBe(1);
    expect(heard.answers[0]).toMatchObject({
      data: { changed: { name: "An***", number: "001***", card: "CARD-***" } },
    });
    heard.leave();
    await expect.poll(() => people.open.size).toBe(0);
  });
});

describe("settings", () => {
  const ALL: Caller = { ...ANONYMOUS, isAuthenticated: true, scopes: new Set(["name", "number"]) };
  const asked = "{ me { name number secret } }";

  test("a variant may mask for everybody", async () => {
    const variant = await openNative(supergraph, {}, { masksForEverybody: true });
    const { data } = await variant.native(asked, {}, 0, ALL);
    expect(JSON.parse(data ?? "")).toEqual({ me: { name: "An***", number: "001***", secret: "***" } });
    await variant.close();
    expect(
      readTrust(JSON.stringify({ development: { keyFile: "k" }, masked: ["public"] }), "f").masked,
    ).toEqual(["public"]);
  });

  test("a variant that is not served is a fault", async () => {
    const trust = join(directory, "public.json");
    const issuers = [{ issuer: login.issuer, audience: "graph" }];
    await writeFile(trust, JSON.stringify({ issuers, masked: ["public"] }));
    await expect(startGateway(supergraph, [], { trust })).rejects.toThrow(
      'names "public", which is not a variant that is served',
    );
  });

  test("where everybody may read everything, only what nobody sees is masked", async () => {
    const open = await openNative(supergraph, {}, { enforced: false });
    const { data } = await open.native(asked, {}, 0, ANONYMOUS);
    expect(JSON.parse(data ?? "")).toEqual({
      me: { name: 'Ann "Nguyễn"', number: "001088000001", secret: "***" },
    });
    await open.close();
  });

  test("the stock engine, which does not mask, is refused such a graph", () => {
    expect(() => unmasked(supergraph)).toThrow("the stock engine masks nothing");
    expect(unmasked("type Query { a: Int }")).toBe("type Query { a: Int }");
  });
});

function read(field: string) {
  const sdl = `directive @masked(keep: Int, unless: [[String]]) on FIELD_DEFINITION
    type Query { ${field} } type Thing { id: ID }`;
  return readMasks(parse(sdl), buildSchema(sdl));
}

describe("faults", () => {
  test.each([
    ["a: Int @masked(keep: 1)", "Query.a: @masked is for String and ID, not for Int"],
    ["a: [Thing] @masked(keep: 1)", "Query.a: @masked is for String and ID, not for Thing"],
    ["a: ID @masked(keep: -1)", "Query.a: @masked needs keep: a whole number, 0 or more"],
    ['a: ID @masked(unless: ["x"])', "Query.a: @masked needs unless: lists of scopes"],
  ])("%s", (field, message) => {
    expect(() => read(field)).toThrow(message);
  });

  test("nobody serves such a graph", async () => {
    const faulty = supergraph.replace(/(secret: String[^\n]*@masked)/, "$1(keep: -2)");
    expect(faulty).not.toBe(supergraph);
    await expect(createNativeEngine(faulty)).rejects.toThrow("Person.secret: @masked needs keep");
  });
});
