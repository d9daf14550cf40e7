import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { composeShop } from "../shop.ts";

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
  type Query {
    books(first: Int): [Book!] @listSize(slicingArguments: ["first"])
    pages: [Book!] @listSize(assumedSize: 3)
  }
  type Mutation { write(title: String @cost(weight: 4)): Book }
  type Book @cost(weight: 2) { title: String }`;

let gateway: RunningGateway;
let books: TestServer;

const some = (count: number) => Array.from({ length: count }, (_, index) => ({ title: `T${index}` }));

beforeAll(async () => {
  books = await startSubgraph(SDL, {
    Query: {
      books: (_root: unknown, { first }: { first: number }) => some(Math.min(first, 2)),
      pages: () => some(5),
    },
    Mutation: { write: (_root: unknown, given: object) => given },
  });
  const { url } = books;
  const supergraph = composeShop({ orders: url, stock: url, notes: url }, { books: SDL });
  gateway = await startGateway(supergraph, [], {
    url: new Map([["books", url]]),
    limits: { ...DEFAULT_LIMITS, maxCost: 20 },
  });
});
afterAll(async () => {
  await gateway.close();
  await books.close();
});

const TRACED = { "x-trace-cost": "1" };
const BOOKS = "query ($n: Int) { books(first: $n) { title } }";

test("cost is told on request: estimated before, measured after", async () => {
  const { data, extensions } = await gateway.ask(BOOKS, { n: 9 }, TRACED);
  expect(data).toEqual({ books: [{ title: "T0" }, { title: "T1" }] });
  expect(extensions).toEqual({ cost: { estimated: 18, allowed: 20, actual: 4 } });
  const more = await gateway.ask("{ pages { title } }", {}, TRACED);
  expect(more.extensions).toEqual({ cost: { estimated: 6, allowed: 20, actual: 10 } });
  expect((await gateway.ask(BOOKS, { n: 9 })).extensions).toBeUndefined();
});

test("an operation that would cost too much is not executed; the values of its variables decide", async () => {
  books.asked.length = 0;
  const { status, errors, extensions } = await gateway.ask(BOOKS, { n: 11 }, TRACED);
  expect([status, books.asked]).toEqual([400, []]);
  expect(errors).toEqual([
    {
      message: "The operation would cost 22; 20 is allowed.",
      extensions: { code: "OPERATION_TOO_COSTLY", limit: "maxCost", asked: 22, allowed: 20 },
    },
  ]);
  expect(extensions).toEqual({ cost: { estimated: 22, allowed: 20 } });
  expect((await gateway.ask(BOOKS, { n: 10 })).status).toBe(200);
});

test("mutations and arguments count", async () => {
  const { extensions } = await gateway.ask('mutation { write(title: "x") { title } }', {}, TRACED);
  expect(extensions).toEqual({ cost: { estimated: 16, allowed: 20, actual: 16 } });
});

test("a list that must be told how long it is to be, and is not", async () => {
  const { status, errors } = await gateway.ask("{ books { title } }", {}, { "accept-language": "vi" });
  expect(status).toBe(400);
  expect(errors).toEqual([
    {
      message: "Query.books cần đúng một trong các tham số first.",
      extensions: { code: "SLICING_ARGUMENT_MISSING", field: "Query.books", arguments: ["first"] },
    },
  ]);
});
