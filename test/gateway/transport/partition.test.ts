/**
 * Partitions through a whole gateway, whichever engine plans and executes.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { type Books, composeBooks, REVIEWS_SDL, startBooks } from "./books.ts";

const MEMBERS = 200;

let books: Books;
let reviews: TestServer;

beforeAll(async () => {
  books = await startBooks();
  reviews = await startSubgraph(REVIEWS_SDL, {
    Book: {
      __resolveReference: ({ shelf, id }: { shelf: string; id: string }) => ({ shelf, id, stars: id.length }),
    },
  });
  for (let place = 0; place < MEMBERS; place += 1)
    books.shelves.set(`M${place}`, [
      { id: `${place}a`, rank: place, title: place % 2 === 0 ? "even" : "odd" },
      { id: `${place}b`, rank: -place, title: "last" },
    ]);
});
afterAll(async () => {
  await books.close();
  await reviews.close();
});

describe.each(["native", "apollo"] as const)("engine %s", (engine) => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startGateway(composeBooks(reviews.url), books.members(), { engine });
  });
  afterAll(() => gateway.close());

  const QUERY = `query Page($like: String, $shelves: [ID!], $after: String, $more: Boolean = false) {
    found: books(like: $like, shelves: $shelves, first: 3, after: $after) {
      edges { ...Row }
      nodes @include(if: $more) { title }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
  fragment Row on BookEdge { node { id stars } }`;

  interface Found {
    readonly edges: readonly { readonly node: object }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  }

  test("pages over 200 members, enriched from another subgraph, with one cursor", async () => {
    const { data, errors } = await gateway.ask(QUERY, { like: "odd" });
    expect(errors).toEqual([]);
    const found = data?.["found"] as Found;
    expect(found.edges).toEqual(["199a", "197a", "195a"].map((id) => ({ node: { id, stars: 4 } })));
    expect(found).toMatchObject({ pageInfo: { hasNextPage: true }, totalCount: 100 });
    const next = await gateway.ask(QUERY, { like: "odd", after: found.pageInfo.endCursor, more: true });
    expect(next.data?.["found"]).toMatchObject({
      edges: ["193a", "191a", "189a"].map((id) => ({ node: { id, stars: 4 } })),
      nodes: [{ title: "odd" }, { title: "odd" }, { title: "odd" }],
    });
  });

  test("one that hangs and one that is dead cost their own rows, each with one error; the rest comes in time", async () => {
    books.troubles.set("M199", "hangs").set("M198", "breaks");
    const { data, errors } = await gateway.ask(QUERY, { like: "e" });
    books.troubles.clear();
    expect(data?.["found"]).toMatchObject({
      edges: ["196a", "194a", "192a"].map((id) => ({ node: { id } })),
    });
    expect(new Map(errors.map(({ extensions }) => [extensions["member"], extensions["code"]]))).toEqual(
      new Map([
        ["M198", "SUBGRAPH_UNREACHABLE"],
        ["M199", "SUBGRAPH_TIMEOUT"],
      ]),
    );
    expect(errors).toHaveLength(2);
  });

  test("lists of those named stand one after another", async () => {
    const { data, errors } = await gateway.ask(
      '{ all(shelves: ["M2", "M1"]) { id stars } titles(shelves: "M3") }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      all: ["2a", "2b", "1a", "1b"].map((id) => ({ id, stars: 2 })),
      titles: ["odd", "last"],
    });
  });

  test("a cursor that is none is told in the reader's language", async () => {
    const { data, errors } = await gateway.ask(QUERY, { after: "x" }, { "accept-language": "vi" });
    expect(data).toEqual({ found: null });
    expect(errors).toMatchObject([
      {
        message: 'Con trỏ trong "after" không thuộc danh sách "books".',
        extensions: { code: "PARTITION_CURSOR_INVALID" },
      },
    ]);
  });

  test("tells which members answered and how long each took, to who asks for it", async () => {
    books.troubles.set("M1", "breaks");
    const query = 'query { books(shelves: ["M1", "M2"], first: 1) { nodes { id } } }';
    const { extensions } = await gateway.ask(query, {}, { "x-trace-members": "1" });
    books.troubles.clear();
    expect(extensions).toEqual({
      members: [
        {
          service: "books",
          member: "M1",
          answered: false,
          code: "SUBGRAPH_UNREACHABLE",
          calls: 1,
          duration: expect.any(Number),
        },
        { service: "books", member: "M2", answered: true, calls: 1, duration: expect.any(Number) },
      ],
    });
    expect((await gateway.ask(query)).extensions).toBeUndefined();
  });
});
