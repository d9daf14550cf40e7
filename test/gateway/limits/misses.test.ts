import { buildSchema, parse } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeServices } from "@apollo/composition";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { readMissCosts } from "../../../gateway/limits/misses.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";

const SDL = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@composeDirective", "@requiresScopes"])
    @link(url: "https://example.com/missCost/v1.0", import: ["@missCost"])
    @composeDirective(name: "@missCost")
  directive @missCost(weight: Int!) on FIELD_DEFINITION
  type Query {
    paper(code: ID!): Paper @missCost(weight: 50)
    papers(word: String!): [Paper!] @missCost(weight: 7)
    sealed(code: ID!): Paper @missCost(weight: 50) @requiresScopes(scopes: [["seal"]])
    plain(code: ID!): Paper
    other: Other @missCost(weight: 50)
  }
  type Paper @key(fields: "code") { code: ID! title: String! }
  type Other { a: Int }`;
const AWAY = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://example.com/missCost/v1.0", import: ["@missCost"])
    @composeDirective(name: "@missCost")
  directive @missCost(weight: Int!) on FIELD_DEFINITION
  type Query { gone: Int @missCost(weight: 50) }
  type Paper @key(fields: "code") { code: ID! size: Int! }`;

let papers: TestServer;
let gateway: RunningGateway;

beforeAll(async () => {
  const KNOWN = { code: "k", title: "T" };
  const find = (_root: unknown, { code }: { code: string }) => {
    if (code === "!") throw new Error("no such paper");
    return code === "k" ? KNOWN : null;
  };
  papers = await startSubgraph(SDL, {
    Query: {
      paper: find,
      sealed: find,
      plain: find,
      papers: (_root: unknown, { word }: { word: string }) => (word === "T" ? [KNOWN] : []),
    },
  });
  const { supergraphSdl = "", errors } = composeServices([
    { name: "papers", url: papers.url, typeDefs: parse(SDL) },
    { name: "away", url: "http://127.0.0.1:1/graphql", typeDefs: parse(AWAY) },
  ]);
  if (errors !== undefined) throw new Error(errors.join());
  gateway = await startGateway(supergraphSdl, [], {
    limits: {
      ...DEFAULT_LIMITS,
      rateAddress: { units: 10_000, seconds: 86_400 },
      trustedProxies: ["127.0.0.1"],
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await papers.close();
});

let clients = 0;

/** What a query takes in all of a client that has asked for nothing before. */
async function spent(query: string, headers: Record<string, string> = {}): Promise<number> {
  clients += 1;
  const client = { "x-forwarded-for": `198.51.100.${clients}`, ...headers };
  const first = await fetch(gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...client },
    body: JSON.stringify({ query }),
  });
  await first.text();
  const { headers: told } = await gateway.ask("{ __typename }", {}, client);
  const left = Number(/r=(\d+)/.exec(told.get("ratelimit") ?? "")?.[1]);
  return 10_000 - left - 1;
}

test.each([
  ["what is there costs what it is", '{ paper(code: "k") { title } }', 1],
  ["what is not there costs its miss beside", '{ paper(code: "x") { title } }', 51],
  ["by an alias", '{ plain: paper(code: "x") { title } }', 51],
  [
    "each by itself",
    '{ a: paper(code: "x") { title } b: paper(code: "y") { title } c: paper(code: "k") { title } }',
    101,
  ],
  ["in a fragment", '{ ...F } fragment F on Query { ... { paper(code: "x") { title } } }', 51],
  ["a list of nothing", '{ papers(word: "x") { title } }', 8],
  ["a list of something", '{ papers(word: "T") { title } }', 1],
  ["a null for which the service gives an error", '{ paper(code: "!") { title } }', 51],
  ["what nothing is said of", '{ plain(code: "x") { title } }', 1],
  ["what may not be read is no miss: nobody looked", '{ sealed(code: "x") { title } }', 1],
  ["what could not be got is none", "{ gone }", 1],
  ["which excuses nothing else", '{ gone paper(code: "x") { title } }', 51],
  ["nor what is there, and whose fields could not be got", '{ paper(code: "k") { size } }', 1],
  ["what is skipped", '{ paper(code: "x") @skip(if: true) { title } __typename }', 1],
])("%s: %s", async (_name, query, cost) => {
  expect(await spent(query)).toBe(cost);
});

test("what is deferred comes no cheaper", async () => {
  const query = '{ __typename ... @defer { paper(code: "x") { title } } }';
  expect(await spent(query, { accept: "multipart/mixed;deferSpec=20220824" })).toBe(51);
});

test.each([
  [
    "type Query { a: Int } type Paper { b: Int @missCost(weight: 1) }",
    "Paper.b: @missCost is for fields of Query",
  ],
  ["type Query { a: Int @missCost(weight: -1) }", "Query.a: @missCost needs weight: a whole number"],
  ["type Query { a: Int @missCost }", "Query.a: @missCost needs weight: a whole number"],
])("a fault: %s", (types, message) => {
  const sdl = `directive @missCost(weight: Int) on FIELD_DEFINITION ${types}`;
  expect(() => readMissCosts(parse(sdl), buildSchema(sdl))).toThrow(message);
});
