import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { routeSubgraphs } from "../../../gateway/transport/route.ts";
import { directoryOf, request } from "./asking.ts";
import { type Books, composeBooks, startBooks } from "./books.ts";

let http: HttpTransport;
let books: Books;
const supergraph = readSupergraph(composeBooks("http://127.0.0.1:1/"), "supergraph.graphql");

beforeAll(async () => {
  http = createHttpTransport({ deadline: 20_000, maxResponseSize: 1_000_000, shareQueries: true });
  books = await startBooks();
});
afterAll(async () => {
  await http.close();
  await books.close();
});
afterEach(() => {
  books.shelves.clear();
  books.troubles.clear();
  books.asked.length = 0;
});

function put(...lists: readonly (readonly (string | null)[])[]): void {
  for (const [place, titles] of lists.entries())
    books.shelves.set(
      `M${place}`,
      titles.map((title, at) => ({ id: `${place}${at}`, title, rank: null })),
    );
}

function ask(query: string, variables: Record<string, unknown> = {}) {
  const directory = directoryOf([...books.members(), { key: "away", url: books.server.url, subgraphs: [] }]);
  return routeSubgraphs(
    http.ask,
    supergraph,
    directory,
    new Map(),
  )(request({ service: "books", query, variables }));
}

const askedFor = () => books.asked.map(({ key, variables }) => [key, variables["_p_shelves"]]);

describe("plain lists stand one after another", () => {
  test("those of all members, in the directory's order", async () => {
    put(["a", "b"], [], ["c"]);
    const { data, errors, plain } = await ask("query ($s: [ID!]) { titles(shelves: $s) }");
    expect([data, errors, plain]).toEqual([{ titles: ["a", "b", "c"] }, undefined, true]);
    expect(askedFor()).toEqual([
      ["M0", undefined],
      ["M1", undefined],
      ["M2", undefined],
    ]);
    expect(books.asked[0]?.query).toContain("titles(shelves: $_p_shelves)");
  });

  test.each([
    ["a literal", '{ t: titles(shelves: ["M2", "M0"], like: "x") }', {}],
    [
      "a variable",
      "query ($s: [ID!], $l: String) { t: titles(shelves: $s, like: $l) }",
      { s: ["M2", "M0"], l: "x" },
    ],
    [
      "a default",
      'query ($s: [ID!] = ["M2", "M0"]) { ...T } fragment T on Query { t: titles(shelves: $s, like: "x") }',
      {},
    ],
  ])(
    "those of members named by %s, in the order named, each with its own keys",
    async (_name, query, variables) => {
      put(["a"], ["b"], ["c"]);
      expect((await ask(query, variables)).data).toEqual({ t: ["xc", "xa"] });
      expect(askedFor()).toEqual([
        ["M2", ["M2"]],
        ["M0", ["M0"]],
      ]);
    },
  );

  test("one key without a list is a list of one, and a default of the schema counts", async () => {
    put(["a"], ["b"]);
    expect((await ask('{ titles(shelves: "M1") }')).data).toEqual({ titles: ["b"] });
    expect((await ask("{ all { shelf title } }")).data).toEqual({ all: [{ shelf: "M0", title: "a" }] });
  });

  test("of nobody: empty; of keys that nobody has: null, and an error for each", async () => {
    put(["a"]);
    expect((await ask("{ titles(shelves: []) }")).data).toEqual({ titles: [] });
    expect((await ask('{ titles(shelves: ["away"]) }')).data).toEqual({ titles: [] });
    const { data, errors } = await ask('{ titles(shelves: ["X", "away", "Y"]) }');
    expect(data).toEqual({ titles: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions["code"], extensions["member"]])).toEqual([
      [["titles"], "PARTITION_MEMBER_UNKNOWN", "X"],
      [["titles"], "PARTITION_MEMBER_UNKNOWN", "Y"],
    ]);
    expect(books.asked).toEqual([]);
  });
});

describe("a member that fails", () => {
  test("costs its own rows, and one error names it", async () => {
    put(["a"], ["b"], ["c"]);
    books.troubles.set("M0", "breaks").set("M1", "gives nothing");
    const { data, errors } = await ask("{ titles }");
    expect(data).toEqual({ titles: ["c"] });
    expect(errors).toMatchObject([
      { path: ["titles"], extensions: { code: "SUBGRAPH_UNREACHABLE", service: "books", member: "M0" } },
    ]);
    expect(errors).toHaveLength(1);
  });

  test("within its list: the error stands at the row's place in the whole", async () => {
    put(["a", "b"], ["c", "torn"]);
    const { data, errors } = await ask("{ titles }");
    expect(data).toEqual({ titles: ["a", "b", "c", null] });
    expect(errors).toMatchObject([{ path: ["titles", 3], extensions: { member: "M1" } }]);
  });

  test("all of them: null", async () => {
    put(["a"], ["b"]);
    books.troubles.set("M0", "refuses").set("M1", "breaks");
    const { data, errors } = await ask("{ titles }");
    expect(data).toEqual({ titles: null });
    expect(errors?.map(({ extensions }) => extensions["member"])).toEqual(["M0", "M1"]);
  });
});

test("a list left out by @skip or @include is nobody's", async () => {
  put(["a"]);
  const query = "query ($no: Boolean!) { titles @include(if: $no) ... @skip(if: true) { all { id } } }";
  expect((await ask(query, { no: false })).data).toEqual({});
  expect(books.asked).toEqual([]);
});
