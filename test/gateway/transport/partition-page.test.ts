import fc from "fast-check";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { routeSubgraphs } from "../../../gateway/transport/route.ts";
import { rememberFailures } from "../../../gateway/transport/since.ts";
import type { SubgraphError, Transport } from "../../../gateway/transport/transport.ts";
import { directoryOf, newContext, request as requestOf } from "./asking.ts";
import { type Book, type Books, composeBooks, inOrder, startBooks } from "./books.ts";

const request: typeof requestOf = (fields) => requestOf({ service: "books", ...fields });

let http: HttpTransport;
let books: Books;
const supergraph = readSupergraph(composeBooks("http://127.0.0.1:1/"), "supergraph.graphql");

beforeAll(async () => {
  http = createHttpTransport({ deadline: 2000, maxResponseSize: 1_000_000, shareQueries: true });
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

/** @param members keys; all that have a shelf, when left out */
function route(members: readonly object[] = books.members()): Transport {
  const ask = rememberFailures(http.ask, pino({ level: "silent" }));
  return routeSubgraphs(ask, supergraph, directoryOf(members), new Map());
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { shelf: string; id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

const PAGE = `query ($s: [ID!], $l: String, $n: Int, $a: String) {
  books(shelves: $s, like: $l, first: $n, after: $a) {
    edges { cursor node { shelf id } } pageInfo { hasNextPage endCursor } totalCount
  }
}`;

async function askPage(
  transport: Transport,
  variables: Record<string, unknown>,
): Promise<{ page: Page; errors: readonly SubgraphError[] }> {
  const { data, errors = [] } = await transport(request({ query: PAGE, variables }));
  return { page: data?.["books"] as Page, errors };
}

const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id);

/** All pages, one after another. */
async function readAll(transport: Transport, size: number, variables = {}): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  for (;;) {
    const { page } = await askPage(transport, { ...variables, n: size, a: after });
    ids.push(...idsOf(page));
    if (!page.pageInfo.hasNextPage) return ids;
    after = page.pageInfo.endCursor ?? undefined;
  }
}

/** Shelves M0, M1, … with ids that tell where they stand. */
function put(...lists: readonly (readonly Omit<Book, "id">[])[]): void {
  for (const [place, list] of lists.entries())
    books.shelves.set(`M${place}`, inOrder(list.map((book, at) => ({ id: `M${place}/${at}`, ...book }))));
}

const ranked = (...ranks: number[]) => ranks.map((rank) => ({ rank, title: "a" }));

/** In one list, by a plain stable sort. */
function merged(keys: readonly string[] = [...books.shelves.keys()]): string[] {
  return inOrder(keys.flatMap((key) => books.shelves.get(key) ?? [])).map(({ id }) => id);
}

test("pages put together are the plain sort of all rows, and nobody is asked for more than the specification says", async () => {
  const book = fc.record({
    rank: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 5 }),
    title: fc.option(fc.constantFrom("a", "b", "ć", "\uff5e"), { freq: 5 }),
  });
  const lists = fc.array(fc.array(book, { maxLength: 12 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(lists, fc.integer({ min: 1, max: 15 }), async (given, size) => {
      books.shelves.clear();
      put(...given);
      const transport = route();
      const share = Math.min(size, Math.ceil((2 * size) / given.length) + 1);
      const ids: string[] = [];
      for (let after: string | undefined; ; ) {
        books.asked.length = 0;
        const { page, errors } = await askPage(transport, { n: size, a: after });
        expect(errors).toEqual([]);
        expect(page.totalCount).toBe(given.flat().length);
        ids.push(...idsOf(page));
        for (const [, calls] of Map.groupBy(books.asked, ({ key }) => key)) {
          const firsts = calls.map(({ variables }) => Number(variables["_p_first"]));
          expect(firsts.length).toBeLessThanOrEqual(2);
          expect(firsts[0]).toBe(share);
          expect(firsts.reduce((sum, first) => sum + first, 0)).toBeLessThanOrEqual(size);
        }
        if (!page.pageInfo.hasNextPage) break;
        expect(page.edges).toHaveLength(size);
        after = page.pageInfo.endCursor ?? undefined;
      }
      expect(ids).toEqual(merged());
    }),
    { numRuns: 60 },
  );
});

test("a second time only those are asked whose rows have all found a place, for what the page may still take", async () => {
  put(ranked(9, 8, 7, 6, 5, 4), ranked(3, 2, 1), ranked(3, 2, 1), ranked(0));
  const { page } = await askPage(route(), { n: 6 });
  expect(idsOf(page)).toEqual(["M0/0", "M0/1", "M0/2", "M0/3", "M0/4", "M0/5"]);
  expect(page.pageInfo.hasNextPage).toBe(true);
  expect(
    books.asked.map(({ key, variables }) => [key, variables["_p_first"], variables["_p_after"]]),
  ).toEqual(
    expect.arrayContaining([
      ["M0", 4, undefined],
      ["M1", 4, undefined],
      ["M2", 4, undefined],
      ["M3", 4, undefined],
      ["M0", 2, "at M0/3"],
    ]),
  );
  expect(books.asked).toHaveLength(5);
  // How many a member has is asked once.
  expect(books.asked.at(-1)?.query).not.toContain("totalCount");
});

describe("whom it asks", () => {
  test("those named, in their order where rows are equal; each with its own keys only", async () => {
    put(ranked(1), ranked(1), ranked(1));
    const { page, errors } = await askPage(route(), { s: ["M2", "M0"] });
    expect(errors).toEqual([]);
    expect(idsOf(page)).toEqual(["M2/0", "M0/0"]);
    expect(books.asked.map(({ key, variables }) => [key, variables["_p_shelves"]])).toEqual([
      ["M2", ["M2"]],
      ["M0", ["M0"]],
    ]);
  });

  test("all, where the argument is null or left out; nobody, where it is empty", async () => {
    put(ranked(1), ranked(2));
    expect(idsOf((await askPage(route(), { s: null })).page)).toEqual(["M1/0", "M0/0"]);
    expect(books.asked.every(({ variables }) => !Object.hasOwn(variables, "_p_shelves"))).toBe(true);
    books.asked.length = 0;
    const { page } = await askPage(route(), { s: [] });
    expect(page).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 });
    expect(books.asked).toEqual([]);
  });

  test("a key that nobody has is an error, and the others answer", async () => {
    put(ranked(1));
    const { page, errors } = await askPage(route(), { s: ["M9", "M0"] });
    expect(idsOf(page)).toEqual(["M0/0"]);
    expect(errors).toMatchObject([
      { path: ["books"], extensions: { code: "PARTITION_MEMBER_UNKNOWN", member: "M9" } },
    ]);
    expect((await askPage(route(), { s: ["M9"] })).page).toBeNull();
  });

  test("several members of one server are one, and a member without a part has nothing to add", async () => {
    put(ranked(2, 1));
    const [member] = books.members();
    const transport = route([
      { ...member, aliases: ["north"] },
      { ...member, key: "twin" },
      { ...member, key: "away", subgraphs: [] },
    ]);
    expect(await readAll(transport, 1)).toEqual(["M0/0", "M0/1"]);
    const { page, errors } = await askPage(transport, { s: ["away"] });
    expect([page.edges, errors]).toEqual([[], []]);
  });
});

describe("the cursor", () => {
  test("of any edge goes on behind it", async () => {
    put(ranked(9, 7, 5, 3), ranked(8, 6, 4), []);
    const transport = route();
    const { page } = await askPage(transport, { n: 7 });
    for (const [index, { cursor }] of page.edges.entries())
      expect(await askPage(transport, { n: 7, a: cursor }).then((next) => idsOf(next.page))).toEqual(
        merged().slice(index + 1),
      );
  });

  test("goes on although a member is gone, another has come, and the order of all is another", async () => {
    put(ranked(9, 6), ranked(8, 5), ranked(7, 4));
    const { page } = await askPage(route(), { n: 3 });
    expect(idsOf(page)).toEqual(["M0/0", "M1/0", "M2/0"]);
    books.shelves.set("new", [{ id: "new/0", rank: 10, title: "a" }]);
    const next = await askPage(route(books.members(["new", "M2", "M0"])), { a: page.pageInfo.endCursor });
    expect(idsOf(next.page)).toEqual(["new/0", "M0/1", "M2/1"]);
  });

  test("of 100 members is short", async () => {
    put(...Array.from({ length: 100 }, () => ranked(2, 1)));
    const { page } = await askPage(route(), { n: 100 });
    expect(page.pageInfo.endCursor?.length).toBeLessThan(1500);
    expect(
      await askPage(route(), { n: 100, a: page.pageInfo.endCursor }).then((next) => idsOf(next.page)),
    ).toEqual(merged().slice(100));
  });

  test.each([
    ["cut", (cursor: string) => cursor.slice(0, -2)],
    [
      "changed",
      (cursor: string) => `${cursor.slice(0, 12)}${cursor[12] === "A" ? "B" : "A"}${cursor.slice(13)}`,
    ],
    ["with something behind", (cursor: string) => `${cursor}AAAA`],
    ["spelled otherwise", (cursor: string) => `${cursor}=`],
    ["empty", () => ""],
    ["of no list", () => "x"],
    ["a member's own", () => "at M0/0"],
  ])("%s: refused, nobody is asked", async (_name, change) => {
    put(ranked(2, 1));
    const { page } = await askPage(route(), { n: 1 });
    books.asked.length = 0;
    const { page: next, errors } = await askPage(route(), { a: change(page.pageInfo.endCursor ?? "") });
    expect(next).toBeNull();
    expect(errors).toEqual([
      {
        message: 'The cursor in "after" is not one of "books".',
        path: ["books"],
        extensions: { code: "PARTITION_CURSOR_INVALID", service: "books" },
      },
    ]);
    expect(books.asked).toEqual([]);
  });

  test("of another list is refused", async () => {
    put(ranked(2, 1));
    const { page } = await askPage(route(), { n: 1 });
    const { errors } = await route()(
      request({
        query: "query ($a: String) { others(first: 1, after: $a) { totalCount } }",
        variables: { a: page.pageInfo.endCursor },
      }),
    );
    expect(errors).toMatchObject([{ extensions: { code: "PARTITION_CURSOR_INVALID" } }]);
  });
});

test.each([["first: 0"], ["first: -1"], ["first: 101"], ["last: 5"], ['before: "x"']])(
  "%s is refused, nobody is asked",
  async (given) => {
    put(ranked(1));
    const { data, errors } = await route()(request({ query: `{ books(${given}) { totalCount } }` }));
    expect(data).toEqual({ books: null });
    expect(errors).toMatchObject([
      { path: ["books"], extensions: { code: "PARTITION_PAGE_INVALID", service: "books" } },
    ]);
    expect(books.asked).toEqual([]);
  },
);

describe("a member that fails", () => {
  test.each([
    ["breaks", "SUBGRAPH_UNREACHABLE"],
    ["hangs", "SUBGRAPH_TIMEOUT"],
    ["refuses", "SUBGRAPH_ERROR"],
    ["lies", "SUBGRAPH_MALFORMED_RESPONSE"],
  ] as const)("that %s: its own rows are missing, and one error names it", async (trouble, code) => {
    put(ranked(9, 3), ranked(8, 2), ranked(7, 1));
    books.troubles.set("M1", trouble);
    const { page, errors } = await askPage(route(), { n: 3 });
    expect(idsOf(page)).toEqual(["M0/0", "M2/0", "M0/1"]);
    expect(page.totalCount).toBe(4);
    expect(errors).toMatchObject([{ path: ["books"], extensions: { code, service: "books", member: "M1" } }]);
    expect(errors).toHaveLength(1);
  });

  test("while paging: the others' rows are neither repeated nor lost, and its own come when it is back", async () => {
    put(ranked(9, 6, 3), ranked(8, 5, 2), ranked(7, 4, 1));
    const transport = route();
    const ids: string[] = [];
    let after: string | null = null;
    for (const trouble of [undefined, "breaks", "breaks", undefined] as const) {
      if (trouble === undefined) books.troubles.delete("M1");
      else books.troubles.set("M1", trouble);
      const { page, errors } = await askPage(transport, { n: 2, a: after });
      expect(errors).toHaveLength(trouble === undefined ? 0 : 1);
      ids.push(...idsOf(page));
      after = page.pageInfo.endCursor;
    }
    expect(ids).toEqual(["M0/0", "M1/0", "M2/0", "M0/1", "M2/1", "M0/2", "M1/1", "M1/2"]);
  });

  test("whoever fails when: every row comes once in the end, those of members that never failed in order", async () => {
    const lists = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 }), {
      minLength: 2,
      maxLength: 4,
    });
    const fails = fc.array(fc.array(fc.nat({ max: 4 }), { maxLength: 2 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lists, fails, fc.integer({ min: 1, max: 5 }), async (given, failing, size) => {
        books.shelves.clear();
        put(...given.map((ranks) => ranked(...ranks)));
        const transport = route();
        const [ids, failed]: [string[], Set<string>] = [[], new Set()];
        let after: string | null = null;
        for (let turn = 0; ; turn += 1) {
          books.troubles.clear();
          for (const place of failing[turn] ?? []) {
            books.troubles.set(`M${place}`, "refuses");
            failed.add(`M${place}`);
          }
          const { page } = await askPage(transport, { n: size, a: after });
          // Where all failed there is no page, and the reader stays where it was.
          if (page === null) continue;
          ids.push(...idsOf(page));
          after = page.pageInfo.endCursor ?? after;
          if (!page.pageInfo.hasNextPage && turn >= failing.length) break;
        }
        books.troubles.clear();
        expect(ids.toSorted()).toEqual(merged().toSorted());
        const sound = [...books.shelves.keys()].filter((key) => !failed.has(key));
        expect(ids.filter((id) => sound.some((key) => id.startsWith(`${key}/`)))).toEqual(merged(sound));
      }),
      { numRuns: 40 },
    );
  });

  test("in the second round: the rows it gave stay, and it is asked on in the next page", async () => {
    put(ranked(9, 8, 7, 6), ranked(1, 1, 1));
    // With three more members, who have no rows, the first share is three of four rows.
    const members = books.members(["M0", "M1", "E0", "E1", "E2"]);
    let calls = 0;
    const breaking: Transport = async (part) => {
      if (part.member?.key === "M0") calls += 1;
      if (calls === 2) books.troubles.set("M0", "breaks");
      return http.ask(part);
    };
    const { page, errors } = await askPage(
      routeSubgraphs(breaking, supergraph, directoryOf(members), new Map()),
      { n: 4 },
    );
    expect(idsOf(page)).toEqual(["M0/0", "M0/1", "M0/2", "M1/0"]);
    expect(errors).toMatchObject([{ extensions: { code: "SUBGRAPH_UNREACHABLE", member: "M0" } }]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    books.troubles.clear();
    const next = await askPage(route(members), { n: 4, a: page.pageInfo.endCursor });
    expect(idsOf(next.page)).toEqual(["M0/3", "M1/1", "M1/2"]);
  });

  test("all of them: null, and an error for each", async () => {
    put(ranked(1), ranked(1));
    for (const key of books.shelves.keys()) books.troubles.set(key, "refuses");
    const { page, errors } = await askPage(route(), {});
    expect(page).toBeNull();
    expect(errors.map(({ extensions }) => extensions["member"])).toEqual(["M0", "M1"]);
  });

  test("that reports several errors and no page is told by one", async () => {
    put(ranked(1));
    const { errors } = await route()(
      request({ query: "{ books { wrong totalCount nodes { wrong } edges { wrong } } }" }),
    );
    expect(errors).toMatchObject([{ path: ["books"], extensions: { member: "M0" } }]);
    expect(errors).toHaveLength(1);
  });

  test("that gives null has no rows; that gives less than it was asked for loses nothing", async () => {
    put(ranked(9, 8, 7, 6, 5, 4), ranked(3), ranked(10, 2));
    books.troubles.set("M1", "gives nothing").set("M0", "gives less");
    expect(await readAll(route(), 10)).toEqual([
      "M2/0",
      "M0/0",
      "M0/1",
      "M0/2",
      "M0/3",
      "M0/4",
      "M0/5",
      "M2/1",
    ]);
  });

  test("of 200, one dead and one that hangs: the others' rows come within the deadline", async () => {
    put(...Array.from({ length: 200 }, (_, place) => ranked(place)));
    books.troubles.set("M199", "hangs").set("M7", "breaks");
    const context = newContext();
    const { data, errors = [] } = await route()(request({ query: PAGE, variables: { n: 20 }, context }));
    expect(idsOf(data?.["books"] as Page)).toEqual(
      Array.from({ length: 20 }, (_, place) => `M${198 - place}/0`),
    );
    expect(errors.map(({ extensions }) => [extensions["code"], extensions["member"]])).toEqual([
      ["SUBGRAPH_UNREACHABLE", "M7"],
      ["SUBGRAPH_TIMEOUT", "M199"],
    ]);
  });
});

const ask = async (query: string, variables: Record<string, unknown> = {}) =>
  route()(request({ query, variables }));

describe("what a client selects", () => {
  test("under aliases, in fragments, twice, by conditions and by variables", async () => {
    put([{ rank: 2, title: "x" }], [{ rank: 1, title: "xy" }], [{ rank: 3, title: "z" }]);
    const { data, errors, plain } = await ask(
      `query Q($yes: Boolean!, $no: Boolean! = false, $like: String = "x", $n: Int) {
        found: books(like: $like, first: $n) {
          __typename
          rows: edges { at: cursor ...Edge }
          rows: edges { rank }
          edges @include(if: $no) { torn: node { torn } }
          ... on BookConnection @include(if: $yes) { nodes { title } count: totalCount @skip(if: $no) }
          ... @skip(if: $yes) { nodes { torn } }
          pageInfo { __typename more: hasNextPage ...Info }
        }
      }
      fragment Edge on BookEdge { node { ...Title } }
      fragment Title on Book { title }
      fragment Info on PageInfo { startCursor endCursor hasPreviousPage }`,
      { yes: true },
    );
    expect(errors).toBeUndefined();
    expect(plain).toBe(true);
    expect(data).toEqual({
      found: {
        __typename: "BookConnection",
        rows: [
          { at: expect.any(String), rank: 2, node: { title: "x" } },
          { at: expect.any(String), rank: 1, node: { title: "xy" } },
        ],
        nodes: [{ title: "x" }, { title: "xy" }],
        count: 2,
        pageInfo: {
          __typename: "PageInfo",
          more: false,
          startCursor: expect.any(String),
          endCursor: expect.any(String),
          hasPreviousPage: false,
        },
      },
    });
  });

  test("and what the merge needs beside is not shown", async () => {
    put([{ rank: 2, title: "x" }]);
    expect((await ask("{ books { nodes { id } } }")).data).toEqual({ books: { nodes: [{ id: "M0/0" }] } });
    expect(books.asked[0]?.query).toContain("_p_rows: edges");
  });

  test("private names give way to the client's", async () => {
    put([{ rank: 2, title: "x" }]);
    const { data } = await ask("{ books { _p_rows: nodes { _pp_info: id } } }");
    expect(data).toEqual({ books: { _p_rows: [{ _pp_info: "M0/0" }] } });
    expect(books.asked[0]?.query).toContain("_ppp_rows: edges");
  });

  test("only how many there are: no row is asked for", async () => {
    put(ranked(1, 2, 3), ranked(4));
    expect((await ask("{ books { totalCount __typename } }")).data).toEqual({
      books: { totalCount: 4, __typename: "BookConnection" },
    });
    expect(books.asked.every(({ query }) => !query.includes("edges"))).toBe(true);
  });

  test("only what it is called: nobody is asked", async () => {
    put(ranked(1));
    expect((await ask("{ books { kind: __typename } }")).data).toEqual({ books: { kind: "BookConnection" } });
    expect(books.asked).toEqual([]);
  });

  test("two lists at once, beside a field of one member and one written in two places", async () => {
    put([{ rank: 1, title: "a" }], [{ rank: 2, title: "b" }]);
    const { data, errors } = await ask(`{
      books { nodes { id } } ...Again
      others(first: 5) { nodes { title } }
      titles
    } fragment Again on Query { books { totalCount } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      books: { nodes: [{ id: "M1/0" }, { id: "M0/0" }], totalCount: 2 },
      others: { nodes: [{ title: "b" }, { title: "a" }] },
      titles: ["a", "b"],
    });
  });

  test("an error within a row stands at the row's place in the page; of other rows there is none", async () => {
    put(ranked(9, 1), ranked(8, 7));
    const { data, errors } = await ask("{ books(first: 3) { edges { node { id torn } } } }");
    expect(data).toMatchObject({ books: { edges: [{ node: { torn: null } }, {}, {}] } });
    expect(errors?.map(({ message, path }) => [message, path]).toSorted()).toEqual([
      ["book M0/0 is torn", ["books", "edges", 0, "node", "torn"]],
      ["book M1/0 is torn", ["books", "edges", 1, "node", "torn"]],
      ["book M1/1 is torn", ["books", "edges", 2, "node", "torn"]],
    ]);
  });
});
