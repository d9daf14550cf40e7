/**
 * A partitioned subgraph for the tests of lists and connections over members: any number of members, each with books of its
 * own, served by one real HTTP server, a path for each.
 */
import { composeServices } from "@apollo/composition";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type DocumentNode, executeSync, parse, validate } from "graphql";
import { type Asked, startRaw, type TestServer } from "../servers.ts";

export const BOOKS_SDL = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://example.com/partition/v1.1", import: ["@partition"])
  @composeDirective(name: "@partition")
directive @partition(by: String!, order: String) on OBJECT | FIELD_DEFINITION
type Query {
  books(shelves: [ID!], like: String, first: Int = 10, after: String, last: Int, before: String): BookConnection
    @partition(by: "shelves", order: "rank desc nulls last, node.title")
  others(shelves: [ID!], first: Int!, after: String): BookConnection! @partition(by: "shelves", order: "node.title desc")
  titles(shelves: [ID!], like: String): [String] @partition(by: "shelves")
  all(shelves: [ID!]! = ["M0"]): [Book!]! @partition(by: "shelves")
  book(shelf: ID!, id: ID!): Book @partition(by: "shelf")
}
type BookConnection { edges: [BookEdge!]! nodes: [Book!]! pageInfo: PageInfo! totalCount: Int! }
type BookEdge { cursor: String! rank: Int node: Book! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean startCursor: String endCursor: String }
type Book @key(fields: "shelf id") @partition(by: "shelf") { shelf: ID! id: ID! title: String torn: String }`;

/** What `reviews` says of a book, so that pages lead on to another subgraph. */
export const REVIEWS_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { reviewers: [String!] }
  type Book @key(fields: "shelf id") { shelf: ID! id: ID! stars: Int }`;

export interface Book {
  readonly id: string;
  readonly title: string | null;
  readonly rank: number | null;
}

/** How a member misbehaves. */
export type Trouble = "breaks" | "hangs" | "refuses" | "gives nothing" | "gives less" | "lies";

export interface AskedMember extends Asked {
  readonly key: string;
}

export interface Books {
  readonly server: TestServer;
  /** Rows by member's key, in the list's order. */
  readonly shelves: Map<string, readonly Book[]>;
  readonly troubles: Map<string, Trouble>;
  /** Every request, in order. */
  readonly asked: AskedMember[];
  /** Entries of a members file for some keys. */
  members(keys?: readonly string[]): { key: string; url: string; subgraphs: string[] }[];
  close(): Promise<void>;
}

interface PageArguments {
  readonly shelves?: readonly string[];
  readonly like?: string;
  readonly first: number;
  readonly after?: string;
}

export async function startBooks(): Promise<Books> {
  const shelves = new Map<string, readonly Book[]>();
  const troubles = new Map<string, Trouble>();
  const asked: AskedMember[] = [];
  // Hundreds of members are asked the same.
  const documents = new Map<string, DocumentNode>();
  const validated = new Set<DocumentNode>();
  const schema = buildSubgraphSchema({ typeDefs: parse(BOOKS_SDL), resolvers: RESOLVERS as never });
  const server = await startRaw((request, response) => {
    const key = decodeURIComponent((request.url ?? "").split("/")[1] ?? "");
    const question = server.asked.at(-1) as Asked;
    asked.push({ key, ...question });
    const trouble = troubles.get(key);
    if (trouble === "breaks") request.socket.destroy();
    if (trouble === "breaks" || trouble === "hangs") return;
    const contextValue: Shelf = { key, books: shelves.get(key) ?? [], trouble };
    const document = documents.get(question.query) ?? parse(question.query);
    documents.set(question.query, document);
    const errors = validated.has(document) ? [] : validate(schema, document);
    if (errors.length === 0) validated.add(document);
    const answer =
      errors.length > 0
        ? { errors }
        : executeSync({ schema, document, variableValues: question.variables, contextValue });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  return {
    server,
    shelves,
    troubles,
    asked,
    members: (keys = [...shelves.keys()]) =>
      keys.map((key) => ({
        key,
        url: server.url.replace("/graphql", `/${encodeURIComponent(key)}/graphql`),
        subgraphs: ["books"],
      })),
    close: () => server.close(),
  };
}

export function composeBooks(reviewsUrl = ""): string {
  const { supergraphSdl, errors } = composeServices([
    { name: "books", typeDefs: parse(BOOKS_SDL) },
    { name: "reviews", url: reviewsUrl, typeDefs: parse(REVIEWS_SDL) },
  ]);
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${errors?.join("; ")}`);
  return supergraphSdl;
}

/** Greatest rank first, then by title; nulls last. Written apart from what it is to check. */
export function inOrder(books: readonly Book[]): Book[] {
  return books.toSorted((a, b) => {
    if (a.rank !== b.rank) return (b.rank ?? -Infinity) - (a.rank ?? -Infinity);
    if (a.title === b.title) return 0;
    if (a.title === null || b.title === null) return a.title === null ? 1 : -1;
    return a.title < b.title ? -1 : 1;
  });
}

interface Shelf {
  readonly key: string;
  readonly books: readonly Book[];
  readonly trouble: Trouble | undefined;
}

const RESOLVERS = {
  Query: {
    books: (_root: unknown, page: PageArguments, shelf: Shelf) => pageOf(shelf.books, page, shelf),
    others: (_root: unknown, page: PageArguments, shelf: Shelf) =>
      pageOf(
        shelf.books.toSorted((a, b) => ((a.title ?? "") < (b.title ?? "") ? 1 : -1)),
        page,
        shelf,
      ),
    titles(_root: unknown, { shelves, like = "" }: PageArguments, shelf: Shelf) {
      refuseOthers(shelves, shelf);
      if (shelf.trouble === "gives nothing") return null;
      return shelf.books.map(({ title }) => {
        if (title === "torn") return new Error("a title is torn");
        return title === null ? null : like + title;
      });
    },
    all(_root: unknown, { shelves }: PageArguments, shelf: Shelf) {
      refuseOthers(shelves, shelf);
      return shelf.books.map((book) => ({ shelf: shelf.key, ...book }));
    },
  },
  Book: {
    torn: ({ id }: Book) => {
      throw new Error(`book ${id} is torn`);
    },
  },
};

function pageOf(books: readonly Book[], { shelves, like, first, after }: PageArguments, shelf: Shelf) {
  refuseOthers(shelves, shelf);
  if (shelf.trouble === "gives nothing") return null;
  if (shelf.trouble === "lies")
    return { edges: [], nodes: [], pageInfo: { hasNextPage: true }, totalCount: 0 };
  const found = books.filter(({ title }) => like === undefined || title?.includes(like));
  const start = after === undefined ? 0 : found.findIndex(({ id }) => `at ${id}` === after) + 1;
  if (after !== undefined && start === 0) throw new Error(`no such cursor: ${after}`);
  const size = shelf.trouble === "gives less" ? Math.min(first, 2) : first;
  const nodes = found.slice(start, start + size).map((book) => ({ shelf: shelf.key, ...book }));
  return {
    edges: nodes.map((node) => ({ cursor: `at ${node.id}`, rank: node.rank, node })),
    nodes,
    pageInfo: { hasNextPage: start + size < found.length },
    totalCount: found.length,
  };
}

/** A member answers for itself alone. */
function refuseOthers(shelves: readonly string[] | undefined, { key, trouble }: Shelf): void {
  const strange = shelves?.find((one) => one !== key);
  if (strange !== undefined) throw new Error(`${strange} is not ${key}`);
  if (trouble === "refuses") throw new Error("not today");
}
