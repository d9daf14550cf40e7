import { once } from "node:events";
import { Kind, parse, type ValueNode, visit } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { DEFAULT_LIMITS, type Limits } from "../../../gateway/limits/limits.ts";
import { excesses } from "../../../gateway/limits/operation.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startNotes, startOrders } from "../shop.ts";

const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  maxTokens: 100,
  maxDepth: 3,
  maxFields: 12,
  maxRootFields: 4,
  maxAliases: 2,
  maxDirectives: 3,
  maxValueDepth: 2,
};

let gateway: RunningGateway;
let orders: TestServer;
let notes: TestServer;

beforeAll(async () => {
  orders = await startOrders([]);
  notes = await startNotes();
  gateway = await startGateway(composeShop({ orders: orders.url, notes: notes.url, stock: notes.url }), [], {
    limits: LIMITS,
  });
});
afterAll(async () => {
  await gateway.close();
  await orders.close();
  await notes.close();
});

const fields = (count: number) => "fails ".repeat(count);
const REFUSED: readonly [string, string, string, number | undefined, number][] = [
  ["TOO_MANY_TOKENS", "maxTokens", `{ ${fields(101)} }`, undefined, 100],
  ["OPERATION_TOO_DEEP", "maxDepth", "{ order(id: 1) { shelves { order { id } } } }", 4, 3],
  [
    "OPERATION_TOO_DEEP",
    "maxDepth",
    "{ ...A } fragment A on Query { order(id: 1) { ...B } } fragment B on Order { shelves { ...C } } fragment C on Shelf { a { b } }",
    4,
    3,
  ],
  ["TOO_MANY_ROOT_FIELDS", "maxRootFields", `{ ${fields(5)} }`, 5, 4],
  ["TOO_MANY_ROOT_FIELDS", "maxRootFields", `{ ...F ...F } fragment F on Query { ${fields(3)} }`, 6, 4],
  ["TOO_MANY_FIELDS", "maxFields", "{ order(id: 1) { id id id id id id id id id id id id } }", 13, 12],
  ["TOO_MANY_ALIASES", "maxAliases", "{ a: fails b: fails c: fails }", 3, 2],
  ["TOO_MANY_DIRECTIVES", "maxDirectives", "{ fails @a @a @a @a }", 4, 3],
  ["VALUE_TOO_DEEP", "maxValueDepth", "{ order(id: [[[1]]]) { id } }", 3, 2],
];

describe("a document that is too large", () => {
  test.each(REFUSED)("%s, by %s: %s", async (code, limit, query, asked, allowed) => {
    orders.asked.length = 0;
    const { status, data, errors } = await gateway.ask(query);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors).toEqual([
      {
        message: expect.stringContaining(String(allowed)),
        extensions: { code, limit, allowed, ...(asked !== undefined && { asked }) },
      },
    ]);
    expect(orders.asked).toEqual([]);
  });

  test("is told of every limit that it passes, in the reader's language", async () => {
    const query = `{ a: fails b: fails c: fails d: fails e: fails @x @x @x @x }`;
    const { errors } = await gateway.ask(query, {}, { "accept-language": "vi" });
    expect(errors.map(({ message }) => message)).toEqual([
      "Thao tác có 5 trường gốc; được phép 4.",
      "Truy vấn có 5 bí danh sau khi khai triển các fragment; được phép 2.",
      "Truy vấn có 4 chỉ thị sau khi khai triển các fragment; được phép 3.",
    ]);
    // Kept with the document, and told to the next reader in another language.
    const again = await gateway.ask(query);
    expect(again.errors[0]?.message).toBe("The operation has 5 root fields; 4 are allowed.");
  });

  test("what is just within is answered", async () => {
    const { status } = await gateway.ask(`query Q { a: fails b: fails order(id: 1) { id } fails }`);
    expect(status).toBe(200);
  });

  test("over a WebSocket too", async () => {
    const socket = new WebSocket(gateway.url.replace("http", "ws"), "graphql-transport-ws");
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    const query = "{ a: fails b: fails c: fails }";
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
    const [data] = (await once(socket, "message")) as [Buffer];
    socket.terminate();
    expect(JSON.parse(data.toString())).toMatchObject({
      type: "error",
      payload: [{ extensions: { code: "TOO_MANY_ALIASES", asked: 3, allowed: 2 } }],
    });
  });

  test("as events too", async () => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ query: "{ a: fails b: fails c: fails }" }),
    });
    expect(await response.text()).toContain('"code":"TOO_MANY_ALIASES"');
  });
});

describe("values of variables", () => {
  const query = "query ($token: String) { secret(token: $token) }";

  test("that are nested too deeply are refused before they are looked into", async () => {
    const { status, errors } = await gateway.ask(query, { token: [[["x"]]] });
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { extensions: { code: "VALUE_TOO_DEEP", limit: "maxValueDepth", allowed: 2 } },
    ]);
  });

  test("also where they are deeper than a stack", async () => {
    const depth = 15_000;
    const body = `{"query":${JSON.stringify(query)},"variables":{"token":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "VALUE_TOO_DEEP" } }] });
  });

  test("within the limit are coerced as ever", async () => {
    const { errors } = await gateway.ask(query, { token: [["x"]] });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  });
});

test("a document nested deeper than the parser's stack is refused like any other", async () => {
  const other = await startGateway(
    composeShop({ orders: orders.url, notes: notes.url, stock: notes.url }),
    [],
    {
      limits: { ...LIMITS, maxTokens: 1_000_000 },
    },
  );
  const { status, errors } = await other.ask(`{ a(x: ${"[".repeat(30_000)} `);
  await other.close();
  expect(status).toBe(400);
  expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_PARSE_FAILED" } }]);
});

test("a document deeper than any stack, which its parser could just read, is refused", () => {
  let value: ValueNode = { kind: Kind.INT, value: "1" };
  for (let level = 0; level < 100_000; level += 1) value = { kind: Kind.LIST, values: [value] };
  const document = parse("{ a(b: 1) }");
  const deep = visit(document, { IntValue: { leave: () => value } });
  expect(excesses(deep)).toMatchObject([{ code: "OPERATION_TOO_DEEP" }]);
});
