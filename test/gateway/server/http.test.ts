import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startRaw, type TestServer } from "../servers.ts";
import { composeShop, startNotes, startOrders } from "../shop.ts";
import { startGateway, type RunningGateway } from "../running.ts";

let gateway: RunningGateway;
let orders: TestServer;
let notes: TestServer;

beforeAll(async () => {
  orders = await startOrders([]);
  notes = await startNotes();
  gateway = await startGateway(composeShop({ orders: orders.url, notes: notes.url, stock: notes.url }));
});
afterAll(async () => {
  await gateway.close();
  await orders.close();
  await notes.close();
});
beforeEach(() => {
  orders.asked.length = 0;
  gateway.log.length = 0;
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });

describe("health", () => {
  test("live", async () => {
    const response = await fetch(`${gateway.origin}/health/live`);
    expect([response.status, await response.json()]).toEqual([200, { status: "live" }]);
  });

  test("ready, with what is loaded", async () => {
    const response = await fetch(`${gateway.origin}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        status: "ready",
        loadedAt: expect.any(String),
        subgraphs: ["notes", "orders", "stock"],
        members: 0,
        subscriptions: 0,
      },
    ]);
  });
});

describe("the request id", () => {
  test("is made, given back and sent to the subgraph", async () => {
    const { headers } = await gateway.ask("{ order(id: 1) { id } }");
    const id = headers.get("x-request-id");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(orders.asked[0]?.headers["x-request-id"]).toBe(id);
  });

  test("is taken from the client when it is sane", async () => {
    const { headers } = await gateway.ask("{ order(id: 1) { id } }", {}, { "x-request-id": "trace.7:a" });
    expect(headers.get("x-request-id")).toBe("trace.7:a");
    expect(orders.asked[0]?.headers["x-request-id"]).toBe("trace.7:a");
  });

  test.each(["x".repeat(129), "a b", '"}{"', ""])("is replaced when it is not: %j", async (id) => {
    const { headers } = await gateway.ask("{ order(id: 1) { id } }", {}, { "x-request-id": id });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("comes with refusals too", async () => {
    expect((await post("{")).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const nowhere = await fetch(`${gateway.origin}/nowhere`, { headers: { "x-request-id": "abc" } });
    expect(nowhere.headers.get("x-request-id")).toBe("abc");
  });
});

describe("refusals, in the reader's language", () => {
  const vietnamese = { "accept-language": "vi" };
  test.each([
    ["not JSON", 400, "BODY_MALFORMED", () => post("{")],
    ["no body", 400, "BODY_MALFORMED", () => post("")],
    ["too large", 413, "BODY_TOO_LARGE", () => post(JSON.stringify({ query: "x".repeat(70_000) }))],
    [
      "not application/json",
      415,
      "MEDIA_TYPE_UNSUPPORTED",
      () => post("<q/>", { "content-type": "text/xml" }),
    ],
    ["nowhere", 404, "NOT_FOUND", () => fetch(`${gateway.origin}/nowhere`)],
    ["no sandbox", 404, "NOT_FOUND", () => fetch(`${gateway.origin}/`, { headers: { accept: "text/html" } })],
  ])("%s: %i %s", async (_name, status, code, send) => {
    const response = await send();
    expect(response.status).toBe(status);
    const body = (await response.json()) as { errors: unknown[] };
    expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code } }] });
  });

  test("what `__proto__` says is not taken for what the request says", async () => {
    const hidden = await post('{"__proto__":{"query":"{ order(id: 1) { id } }"}}');
    expect([hidden.status, orders.asked]).toEqual([400, []]);
    const query = "query ($id: ID!) { order(id: $id) { id } }";
    const variables = await post(`{"query":"${query}","variables":{"__proto__":{"id":"1"}}}`);
    expect([variables.status, orders.asked]).toEqual([400, []]);
  });

  test("Vietnamese", async () => {
    const body = (await (await post("{", vietnamese)).json()) as { errors: { message: string }[] };
    expect(body.errors[0]?.message).toBe("Nội dung yêu cầu không phải JSON.");
  });

  test("a form of another site cannot ask (cross-site request forgery)", async () => {
    const response = await post('{"query":"mutation { touch(id: 1) { id } }"}', {
      "content-type": "text/plain",
    });
    expect(response.status).toBe(400);
    const get = await fetch(`${gateway.url}?query={order(id:1){id}}`);
    expect(get.status).toBe(400);
    expect(orders.asked).toEqual([]);
  });

  test("a subscription", async () => {
    const { status, errors } = await gateway.ask("subscription { x }");
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }]);
  });
});

describe("the log", () => {
  test("one line for a request, without its variables, its literals or its token", async () => {
    const token = "a-secret-of-the-client";
    await gateway.ask(
      'query Look($token: String) { secret(token: $token) again: secret(token: "literal-secret") }',
      { token },
      { authorization: `Bearer ${token}`, "x-request-id": "logged" },
    );
    await expect.poll(() => gateway.log).toHaveLength(1);
    expect(gateway.log[0]).toMatchObject({
      requestId: "logged",
      method: "POST",
      route: "/graphql",
      operation: "Look",
      kind: "query",
      status: 200,
      ms: expect.any(Number),
      calls: 1,
    });
    expect(orders.asked[0]?.variables).toEqual({ token });
    expect(JSON.stringify(gateway.log)).not.toContain("secret");
  });

  test("names the services that failed, and the codes of the errors", async () => {
    const broken = await startRaw((_query, reply) => reply.writeHead(500).end());
    const other = await startGateway(composeShop({ orders: broken.url, notes: notes.url, stock: notes.url }));
    await other.ask("query Broken { order(id: 1) { id } }");
    const line = () => other.log.find(({ msg }) => msg === "request");
    await expect.poll(line).toMatchObject({
      operation: "Broken",
      status: 200,
      calls: 1,
      failed: ["orders"],
      errors: ["SUBGRAPH_HTTP_ERROR"],
    });
    await other.close();
    await broken.close();
  });

  test("keeps the beginning of a long name only", async () => {
    await gateway.ask(`query ${"L".repeat(50_000)} { __typename }`);
    const names = () => gateway.log.map(({ operation }) => operation);
    await expect.poll(names).toContain("L".repeat(100));
    expect(JSON.stringify(gateway.log).length).toBeLessThan(50_000);
  });

  test("names no operation that the document does not have", async () => {
    await fetch(gateway.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ order(id: 1) { id } }", operationName: "anything the client wrote" }),
    });
    await expect.poll(() => gateway.log).toHaveLength(1);
    expect(JSON.stringify(gateway.log)).not.toContain("anything");
  });
});

test("a stop lets requests under way end, answers no others, and waits for no idle connection", async () => {
  const held: (() => void)[] = [];
  const slow = await startRaw((_query, reply) => {
    held.push(() => reply.end('{"data":{"order":{"id":"held"}}}'));
  });
  const other = await startGateway(composeShop({ orders: slow.url, notes: notes.url, stock: notes.url }));
  const agent = new Agent({ keepAlive: true });
  const idle = await call(other.origin, "GET", "/health/ready", agent);
  expect(idle.status).toBe(200);

  const underWay = call(other.origin, "POST", "/graphql", agent, '{"query":"{ order(id: 1) { id } }"}');
  await expect.poll(() => held).toHaveLength(1);
  const stopped = other.stop();
  held[0]?.();
  const { status, body, connection } = await underWay;
  expect([status, JSON.parse(body)]).toEqual([200, { data: { order: { id: "held" } } }]);
  expect(connection).toBe("close");
  await stopped;
  await expect(call(other.origin, "GET", "/health/live", agent)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
  agent.destroy();
  await other.close();
  await slow.close();
});

async function call(origin: string, method: string, path: string, agent: Agent, body?: string) {
  const sent = httpRequest(`${origin}${path}`, {
    method,
    agent,
    headers: { "content-type": "application/json" },
  });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, body: text, connection: response.headers.connection };
}
