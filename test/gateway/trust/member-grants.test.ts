/**
 * Members of a partitioned subgraph grant their own rows: one that does not is not asked, and costs its rows only.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StatedGrant } from "../../../gateway/trust/grant.ts";
import { openDatabase } from "../../../process/database.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { link } from "../execute/graphs/graph.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { BOOKS_SDL } from "../transport/books.ts";
import { startIssuer, type TestIssuer } from "./tokens.ts";

const INDEX = `${link("@key @external @requires")}
  type Query { list: [Book!]! first: Book }
  type Book @key(fields: "shelf id") { shelf: ID! id: ID! title: String @external long: String @requires(fields: "title") }`;
const SHELF_SDL = `${BOOKS_SDL}
  type Subscription { lent(shelf: ID!): Book @partition(by: "shelf") }`;
const LIST = ["M1", "M2", "M3"].map((shelf) => ({ shelf, id: `${shelf}-1` }));

const anyone = { to: ["anyone"] };
const GRANTS: readonly StatedGrant[] = [
  { service: "index", at: "Query.list", ...anyone },
  { service: "index", at: "Book", ...anyone },
  // No member answers for it.
  { service: "index", member: "M1", at: "Query.first", ...anyone },
  ...["Query", "Subscription", "BookConnection", "BookEdge", "PageInfo", "Book.shelf", "Book.id"].map(
    (at) => ({
      service: "books",
      at,
      ...anyone,
    }),
  ),
  { service: "books", member: "M1", at: "Book.title", to: ["anyone", "service:index"] },
  { service: "books", member: "M2", at: "Book.title", to: ["role:reader"], for: ["audit"] },
  { service: "books", member: "M3", at: "Book.title", to: ["service:index"] },
];

let login: TestIssuer;
const members = new Map<string, TestServer>();
let index: TestServer;
let gateway: RunningGateway;
let directory: string;
const databaseUrl = freshDatabaseUrl();

beforeAll(async () => {
  login = await startIssuer();
  for (const { shelf } of LIST) members.set(shelf, await startShelf(shelf));
  index = await startSubgraph(INDEX, {
    Query: { list: () => LIST, first: () => LIST[0] },
    Book: {
      __resolveReference: (book: object) => book,
      long: ({ title }: { title: string }) => `${title}, the long one`,
    },
  });
  const { supergraphSdl = "", errors } = composeServices([
    { name: "books", url: "", typeDefs: parse(SHELF_SDL) },
    { name: "index", url: index.url, typeDefs: parse(INDEX) },
  ]);
  if (errors !== undefined) throw new Error(errors.join());
  directory = await mkdtemp(join(tmpdir(), "member-grants-"));
  await writeFile(join(directory, "grants.json"), JSON.stringify({ grants: GRANTS }));
  const trust = join(directory, "trust.json");
  const issuers = [{ issuer: login.issuer, audience: "graph" }];
  await writeFile(trust, JSON.stringify({ issuers, purposes: { audit: "Act 1" }, grants: "grants.json" }));
  const record = join(directory, "record.json");
  await writeFile(record, JSON.stringify({ database: databaseUrl, keyFile: "record.key" }));
  gateway = await startGateway(
    supergraphSdl,
    [...members].map(([key, { url }]) => ({ key, url, subgraphs: ["books"] })),
    { trust, record },
  );
});
afterAll(async () => {
  await gateway?.close();
  for (const member of members.values()) await member.close();
  await index?.close();
  await login?.close();
  await dropDatabase(databaseUrl);
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  forget();
});

function startShelf(shelf: string): Promise<TestServer> {
  const book = { shelf, id: `${shelf}-1`, title: `of ${shelf}` };
  const edges = [{ cursor: book.id, rank: 1, node: book }];
  const page = { edges, nodes: [book], pageInfo: { hasNextPage: false }, totalCount: 1 };
  return startSubgraph(SHELF_SDL, {
    Query: { all: () => [book], books: () => page, book: () => book },
    Book: { __resolveReference: () => book },
  });
}

function forget(): void {
  for (const { asked } of members.values()) asked.length = 0;
}

const asReader = async (purpose: string) => ({
  authorization: `Bearer ${await login.token({ roles: ["reader"] })}`,
  "x-purpose": purpose,
});

async function said(query: string, headers: Record<string, string> = {}) {
  const { data, errors } = await gateway.ask(query, {}, headers);
  return {
    data,
    refused: errors.map(({ extensions: { code, member, missing } }) => [code, member, missing].join(" ")),
    asked: [...members].filter(([, { asked }]) => asked.length > 0).map(([key]) => key),
  };
}

test("entities: each member decides on its own", async () => {
  expect(await said("{ list { id title } }")).toEqual({
    data: {
      list: [
        { id: "M1-1", title: "of M1" },
        { id: "M2-1", title: null },
        { id: "M3-1", title: null },
      ],
    },
    refused: ["NOT_GRANTED M2 consumer", "NOT_GRANTED M3 consumer"],
    asked: ["M1"],
  });
  forget();
  expect(await said("{ list { id title } }", await asReader("audit"))).toMatchObject({
    data: { list: [{ title: "of M1" }, { title: "of M2" }, { title: null }] },
    refused: ["NOT_GRANTED M3 consumer"],
    asked: ["M1", "M2"],
  });
});

test("the error tells where, who, and in the reader's language", async () => {
  const { errors } = await gateway.ask("{ list { title } }", {}, { "accept-language": "vi" });
  expect(errors).toMatchObject([
    {
      message: 'Thành viên M2 của dịch vụ "books" chưa cho phép bạn đọc dữ liệu này.',
      path: ["list", 1],
      extensions: { service: "books", member: "M2" },
    },
    { path: ["list", 2], extensions: { member: "M3" } },
  ]);
});

test("lists and pages of several: the others' rows", async () => {
  const shelves = '(shelves: ["M1", "M2", "M3"])';
  expect(await said(`{ all${shelves} { id title } }`, await asReader("audit"))).toEqual({
    data: {
      all: [
        { id: "M1-1", title: "of M1" },
        { id: "M2-1", title: "of M2" },
      ],
    },
    refused: ["NOT_GRANTED M3 consumer"],
    asked: ["M1", "M2"],
  });
  forget();
  expect(await said(`{ books${shelves} { nodes { title } } }`)).toEqual({
    data: { books: { nodes: [{ title: "of M1" }] } },
    refused: ["NOT_GRANTED M2 consumer", "NOT_GRANTED M3 consumer"],
    asked: ["M1"],
  });
  forget();
  const { asked, refused } = await said(`{ books${shelves} { nodes { id } } }`);
  expect([asked, refused]).toEqual([["M1", "M2", "M3"], []]);
});

test("one that its argument names", async () => {
  expect(await said('{ book(shelf: "M3", id: "M3-1") { title } }')).toEqual({
    data: { book: null },
    refused: ["NOT_GRANTED M3 consumer"],
    asked: [],
  });
});

test("what another subgraph requires is granted to that, and not to whoever asks for it", async () => {
  const { data, refused, asked } = await said("{ list { long } }");
  expect(data).toMatchObject({
    list: [{ long: "of M1, the long one" }, { long: null }, { long: "of M3, the long one" }],
  });
  expect([refused[0], asked]).toEqual(["NOT_GRANTED M2 consumer", ["M1", "M3"]]);
  // Whoever asks for both needs both.
  forget();
  const both = await said("{ list { title long } }");
  expect([both.data, both.asked]).toMatchObject([
    { list: [{ title: "of M1" }, { title: null }, { title: null }] },
    ["M1"],
  ]);
});

test("a member grants nothing of what it does not answer for", async () => {
  expect(await said("{ first { id } }")).toMatchObject({
    data: { first: null },
    refused: ["NOT_GRANTED  consumer"],
  });
});

test("the refusal is recorded", async () => {
  const { errors } = await gateway.ask('{ book(shelf: "M3", id: "M3-1") { title } }');
  expect(errors).toHaveLength(1);
  expect(await lastEntry()).toMatchObject({ refused: ["Book.title"], reads: [], answers: [] });
});

test("a subscription is not opened at one that does not grant it, and that is recorded", async () => {
  const query = 'subscription Lent { lent(shelf: "M3") { title } }';
  const answered = await fetch(gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query }),
  });
  expect(await answered.text()).toContain('"code":"NOT_GRANTED"');
  expect(members.get("M3")?.asked).toEqual([]);
  await expect
    .poll(lastEntry)
    .toMatchObject({ operation: { name: "Lent", kind: "subscription" }, refused: ["Book.title"], reads: [] });
});

async function lastEntry(): Promise<object> {
  const database = openDatabase(databaseUrl, 1);
  const [entry] = await database.query<{ body: string }>("select body from entry order by seq desc limit 1");
  await database.close();
  return JSON.parse(entry?.body ?? "null") as object;
}
