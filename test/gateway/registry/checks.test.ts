import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { buildSchema, parse } from "graphql";
import { recordOperation } from "../../../gateway/registry/usage-document.ts";
import { addUsage } from "../../../gateway/registry/usage-sql.ts";
import type { Database } from "../../../process/database.ts";
import { refusalOf, type RunningRegistry, startRegistry } from "./running.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])`;
const TYPES = `
  type Query { book(id: ID!, format: Format): Book find(by: Search!): [Book!]! }
  type Book { id: ID! title: String pages: Int shelf(near: String): String }
  input Search { title: String year: Int }
  enum Format { PAPER AUDIO }`;
const SCHEMA = buildSchema(TYPES);

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry(undefined, 0, 7);
});
beforeEach(async () => {
  await empty(registry.database);
  await registry.operator.publish({ subgraphs: [books(TYPES)] });
});
afterAll(() => registry.close());

/** As a new registry is. */
async function empty(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    // What is published is kept: triggers refuse its removal, but not to a replica.
    await tx.query("set local session_replication_role = replica");
    await tx.query(`truncate sdl, subgraph_version, member_version, composition, history, access_key, operation,
      operation_usage, registered_operation restart identity cascade`);
  });
}

const books = (types: string) => ({ name: "books", url: "http://books.example/graphql", sdl: LINK + types });

async function ran(query: string, client = "portal", version = "1.0", daysAgo = 0): Promise<void> {
  const { hash, name, kind, document, coordinates } = recordOperation(parse(query), undefined, SCHEMA)!;
  const use = { client, clientVersion: version, variant: "", requests: 3, errors: 0 };
  await addUsage(registry.database, [{ hash, name, kind, document, coordinates, ...use }]);
  await registry.database.query("update operation_usage set day = current_date - $1::int where hash = $2", [
    daysAgo,
    hash,
  ]);
}

test("what nobody uses may go, what a client uses may not, and the check names the client", async () => {
  await ran("query Titles { book(id: 1) { title } }");
  const without = (field: string) => books(TYPES.replace(`${field}: `, `old_${field}: `));
  expect(await registry.operator.check({ subgraphs: [without("pages")] })).toMatchObject({
    ok: true,
    broken: [],
    changes: expect.arrayContaining([
      expect.objectContaining({ path: "Book.pages", level: "BREAKING", usedBy: [] }),
    ]),
  });
  const check = await registry.operator.check({
    subgraphs: [books(TYPES.replace("title: String pages", "pages"))],
  });
  expect(check).toMatchObject({
    ok: false,
    faults: [],
    broken: [
      {
        name: "Titles",
        reasons: ["Field 'title' was removed from object type 'Book'"],
        clients: [{ client: "portal", version: "1.0", requests: 3 }],
      },
    ],
  });
  expect(await registry.operator.history(1)).toMatchObject([{ action: "publish", composition: 1 }]);
});

const REMOVALS: readonly (readonly [string, string, string, string])[] = [
  ["an argument", '{ book(id: 1) { shelf(near: "x") } }', "shelf(near: String)", "shelf"],
  ["a value of an enum, given as a literal", "{ book(id: 1, format: AUDIO) { id } }", "PAPER AUDIO", "PAPER"],
  [
    "a value of an enum, which a variable may have",
    "query ($f: Format) { book(id: 1, format: $f) { id } }",
    "PAPER AUDIO",
    "PAPER",
  ],
  [
    "a field of an input, which a variable may have",
    "query ($s: Search!) { find(by: $s) { id } }",
    "year: Int",
    "",
  ],
  ["the type of a field", "{ book(id: 1) { pages } }", "pages: Int", "pages: String"],
  ["an argument's being optional", "{ book(id: 1) { id } }", "format: Format", "format: Format!"],
  ["a root field", "{ find(by: {}) { id } }", "find(by: Search!): [Book!]!", ""],
];

test.each(REMOVALS)("%s that is used may not be changed", async (_name, query, before, after) => {
  const next = books(TYPES.replace(before, after));
  expect((await registry.operator.check({ subgraphs: [next] })).ok).toBe(true);
  await ran(query);
  const refused = await refusalOf(registry.operator.publish({ subgraphs: [next] }));
  expect(refused).toMatchObject({ code: "BREAKING_CHANGE", status: 409 });
  expect(refused.message).toContain("portal");
  const [entry] = await registry.operator.history(1);
  expect(entry).toMatchObject({ outcome: "REFUSED", detail: { code: "BREAKING_CHANGE" } });
});

test.each([
  ["an argument that it leaves out", "{ book(id: 1) { shelf } }", "shelf(near: String)", "shelf"],
  [
    "a value of an enum that it does not give",
    "{ book(id: 1, format: PAPER) { id } }",
    "PAPER AUDIO",
    "PAPER",
  ],
  ["a field of an input that it leaves out", '{ find(by: { title: "x" }) { id } }', "year: Int", ""],
  ["more than it asks for", "{ book(id: 1) { id } }", "pages: Int", "pages: Int size: Int"],
])("an operation is not broken by the loss of %s", async (_name, query, before, after) => {
  await ran(query);
  await registry.operator.publish({ subgraphs: [books(TYPES.replace(before, after))] });
  expect((await registry.operator.composition("latest")).id).toBe(2);
});

test("what was used before the last N days counts no more", async () => {
  const next = { subgraphs: [books(TYPES.replace("pages: Int", ""))] };
  await ran("{ book(id: 1) { pages } }", "archive", "1", 6);
  expect((await refusalOf(registry.operator.publish(next))).code).toBe("BREAKING_CHANGE");
  await registry.database.query("update operation_usage set day = current_date - 7");
  expect((await registry.operator.publish(next)).changed).toBe(true);
});

test("what a client registered counts, whether it ran or not", async () => {
  const owner = await registry.as("library");
  await owner.registerOperations("kiosk", {
    operations: [{ document: "query Pages { book(id: 5) { pages } }" }],
  });
  const next = { subgraphs: [books(TYPES.replace("pages: Int", ""))] };
  expect(await registry.operator.check(next)).toMatchObject({
    ok: false,
    broken: [{ name: "Pages", clients: [{ client: "kiosk", version: "registered", requests: 0 }] }],
  });
  const stranger = await registry.as("stranger");
  expect((await refusalOf(stranger.registerOperations("kiosk", { operations: [] }))).code).toBe("NOT_OWNER");
  await owner.registerOperations("kiosk", { operations: [] });
  expect((await registry.operator.publish(next)).changed).toBe(true);
});

test("what a client registered counts in a variant too, where it can be executed there", async () => {
  const shown = TYPES.replace("): Book find", ') : Book @tag(name: "public") find')
    .replace("type Book {", 'type Book @tag(name: "public") {')
    .replace("enum Format {", 'enum Format @tag(name: "public") {');
  await registry.operator.publish({ subgraphs: [books(shown)] });
  await registry.operator.setVariant("public", { include: ["public"] });
  const owner = await registry.as("library");
  await owner.registerOperations("kiosk", {
    operations: [
      { document: "query Titles { book(id: 5) { title } }" },
      { document: 'query Found { find(by: { title: "x" }) { id } }' },
    ],
  });
  const hidden = shown
    .replace(' @tag(name: "public") {', " {")
    .replace("id: ID! title: String pages", 'id: ID! @tag(name: "public") title: String pages');
  expect(await registry.operator.check({ subgraphs: [books(hidden)] })).toMatchObject({
    ok: false,
    broken: [{ name: "Titles", variant: "public", clients: [{ client: "kiosk", version: "registered" }] }],
  });
  expect(
    await registry.operator.check({ subgraphs: [books(shown.replace("title: String", ""))] }),
  ).toMatchObject({ ok: false, broken: [{ name: "Titles" }] });
  expect((await registry.operator.dropVariant("public")).changed).toBe(true);
});

test("the operator may break what is used, and only the operator", async () => {
  await ran("{ book(id: 1) { pages } }");
  const next = { subgraphs: [books(TYPES.replace("pages: Int", ""))], allowBreaking: true };
  expect((await registry.operator.publish(next)).changed).toBe(true);
});

test("a check tells what does not compose, and changes nothing", async () => {
  const check = await registry.operator.check({ subgraphs: [books("type Query { book: Nothing }")] });
  expect(check).toMatchObject({ ok: false, faults: [{ places: [{ file: "books.graphql", line: 1 }] }] });
  expect(await registry.operator.history(1)).toMatchObject([{ outcome: "DONE" }]);
});
