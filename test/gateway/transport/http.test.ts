import type { RequestListener, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { checkEntities } from "../../../gateway/transport/response.ts";
import { deadUrl, startRaw, type TestServer } from "../servers.ts";
import { newContext, request } from "./asking.ts";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

async function serve(listener: RequestListener): Promise<TestServer> {
  const server = await startRaw(listener);
  ended.push(() => server.close());
  return server;
}

function transport(limits: Partial<Parameters<typeof createHttpTransport>[0]> = {}): HttpTransport {
  const http = createHttpTransport({
    deadline: 5000,
    maxResponseSize: 10_000,
    shareQueries: true,
    ...limits,
  });
  ended.push(http.close);
  return http;
}

async function askServer(
  listener: RequestListener,
  limits?: Partial<Parameters<typeof createHttpTransport>[0]>,
) {
  const { url } = await serve(listener);
  return transport(limits).ask(request({ query: "{ a }", url }));
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

describe("an answer", () => {
  test("is passed on with its data and errors", async () => {
    const response = await askServer((_request, reply) => {
      json(reply, { data: { a: 1 }, errors: [{ message: "b", path: ["b", 0], extensions: { code: "C" } }] });
    });
    expect(response).toEqual({
      status: 200,
      data: { a: 1 },
      plain: true,
      errors: [{ message: "b", path: ["b", 0], extensions: { code: "C" } }],
    });
  });

  test("a refusal with status 400 and GraphQL errors is an answer", async () => {
    const response = await askServer((_request, reply) => {
      json(reply, { errors: [{ message: "no field x" }] }, 400);
    });
    expect(response.failure).toBeUndefined();
    expect(response.errors).toEqual([{ message: "no field x", path: undefined, extensions: {} }]);
  });

  test("errors of any shape are made safe", async () => {
    const errors = [null, "x", { message: 5, path: [{}], extensions: [1] }];
    const response = await askServer((_request, reply) => {
      json(reply, { data: null, errors });
    });
    expect(response.errors).toEqual(errors.map(() => ({ message: "", path: undefined, extensions: {} })));
  });
});

describe("a call that fails is a value with a stable code", () => {
  const cases: [string, string, RequestListener][] = [
    ["HTML", "SUBGRAPH_MALFORMED_RESPONSE", (_q, reply) => reply.end("<html>")],
    ["an empty body", "SUBGRAPH_MALFORMED_RESPONSE", (_q, reply) => reply.end()],
    ["a list", "SUBGRAPH_MALFORMED_RESPONSE", (_q, reply) => json(reply, [])],
    ["no data and no errors", "SUBGRAPH_MALFORMED_RESPONSE", (_q, reply) => json(reply, { data: null })],
    ["data of the wrong type", "SUBGRAPH_MALFORMED_RESPONSE", (_q, reply) => json(reply, { data: "x" })],
    [
      "errors of the wrong type",
      "SUBGRAPH_MALFORMED_RESPONSE",
      (_q, reply) => json(reply, { data: {}, errors: {} }),
    ],
    ["status 500", "SUBGRAPH_HTTP_ERROR", (_q, reply) => json(reply, { errors: [{ message: "x" }] }, 500)],
    ["status 503 without body", "SUBGRAPH_HTTP_ERROR", (_q, reply) => reply.writeHead(503).end()],
    ["status 404 with HTML", "SUBGRAPH_HTTP_ERROR", (_q, reply) => reply.writeHead(404).end("<html>")],
    ["a 4xx that claims data", "SUBGRAPH_HTTP_ERROR", (_q, reply) => json(reply, { data: { a: 1 } }, 403)],
    [
      "a body cut short",
      "SUBGRAPH_MALFORMED_RESPONSE",
      (_q, reply) => {
        reply.writeHead(200, { "content-length": "1000" }).write('{"data":');
        setImmediate(() => reply.destroy());
      },
    ],
    ["a reset connection", "SUBGRAPH_UNREACHABLE", (query) => query.socket.resetAndDestroy()],
    ["what is not HTTP", "SUBGRAPH_MALFORMED_RESPONSE", (query) => query.socket.end("nonsense\r\n\r\n")],
    [
      "headers without end",
      "SUBGRAPH_MALFORMED_RESPONSE",
      (query) => query.socket.end(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(100_000)}`),
    ],
    [
      "a body too large",
      "SUBGRAPH_RESPONSE_TOO_LARGE",
      (_q, reply) => json(reply, { data: "x".repeat(20_000) }),
    ],
    [
      "a body too large, of unknown length",
      "SUBGRAPH_RESPONSE_TOO_LARGE",
      (_q, reply) => {
        const more = () => {
          while (!reply.destroyed && reply.write("x".repeat(1000)));
          reply.once("drain", more);
        };
        more();
      },
    ],
  ];
  test.each(cases)("%s: %s", async (_name, code, listener) => {
    const response = await askServer(listener);
    expect(response.failure?.code).toBe(code);
    expect(response.data).toBeUndefined();
  });

  test("nobody listens", async () => {
    const response = await transport().ask(request({ query: "{ a }", url: await deadUrl() }));
    expect(response.failure?.code).toBe("SUBGRAPH_UNREACHABLE");
  });

  test("no URL", async () => {
    const response = await transport().ask(request({ query: "{ a }" }));
    expect(response.failure?.code).toBe("SUBGRAPH_UNREACHABLE");
  });

  test("a redirect is not followed", async () => {
    const target = await serve((_request, reply) => json(reply, { data: { a: "elsewhere" } }));
    const response = await askServer((_request, reply) => {
      reply.writeHead(307, { location: target.url }).end();
    });
    expect(response.failure).toMatchObject({ code: "SUBGRAPH_HTTP_ERROR", status: 307 });
    expect(target.asked).toEqual([]);
  });
});

describe("the deadline", () => {
  test("covers a server that says nothing", async () => {
    const response = await askServer(() => {}, { deadline: 50 });
    expect(response.failure).toMatchObject({ code: "SUBGRAPH_TIMEOUT", limit: 50 });
  });

  test("covers a body that never ends", async () => {
    const response = await askServer((_request, reply) => void reply.writeHead(200).write('{"data":'), {
      deadline: 50,
    });
    expect(response.failure?.code).toBe("SUBGRAPH_TIMEOUT");
  });
});

test("connections are kept alive, and credentials, language and id go along", async () => {
  const sockets = new Set<unknown>();
  const server = await serve((query, reply) => {
    sockets.add(query.socket);
    json(reply, { data: { a: 1 } });
  });
  const http = transport();
  const context = newContext({ "accept-language": "vi", authorization: "Bearer t", cookie: "c=1" });
  for (let call = 0; call < 20; call++)
    await http.ask(request({ query: "query Q { a }", operationName: "Q", url: server.url, context }));
  // The pool may open a second one while the first is being handed back.
  expect(sockets.size).toBeLessThanOrEqual(2);
  expect(server.asked[0]).toMatchObject({
    query: "query Q { a }",
    operationName: "Q",
    headers: { "accept-language": "vi", authorization: "Bearer t", "x-request-id": "test" },
  });
  expect(server.asked[0]?.headers.cookie).toBeUndefined();
});

describe("entities", () => {
  test.each([
    ["too few", { _entities: [null] }],
    ["too many", { _entities: [null, null, null] }],
    ["none", {}],
    ["null without a reason", { _entities: null }],
    ["not objects", { _entities: [1, "x"] }],
  ])("an answer with %s is malformed", async (_name, data) => {
    const { url } = await serve((_request, reply) => json(reply, { data }));
    const response = await checkEntities(transport().ask)(
      request({ query: "{ a }", variables: { representations: [{}, {}] }, url }),
    );
    expect(response.failure?.code).toBe("SUBGRAPH_MALFORMED_RESPONSE");
  });

  test("null with a reason is an answer without data", async () => {
    const { url } = await serve((_request, reply) =>
      json(reply, { data: { _entities: null }, errors: [{ message: "why" }] }),
    );
    const response = await checkEntities(transport().ask)(
      request({ query: "{ a }", variables: { representations: [{}] }, url }),
    );
    expect(response).toMatchObject({ data: { _entities: null }, errors: [{ message: "why" }] });
    expect(response.failure).toBeUndefined();
  });
});

const query = (headers: Record<string, string> = {}, kind = "query") => {
  const context = newContext(headers);
  context.operation = { name: undefined, kind };
  return request({ query: "{ a }", context });
};

/** A server that holds every answer back until it is told. */
async function startHolding() {
  const held: (() => void)[] = [];
  const server = await serve((_request, reply) => {
    held.push(() => json(reply, { data: { a: held.length } }));
  });
  const arrived = (count: number) => expect.poll(() => held.length).toBe(count);
  return { server, held, arrived };
}

describe("a query that is under way", () => {
  test("is asked once for all who ask it in the same words, and each gets an answer of its own", async () => {
    const { server, held, arrived } = await startHolding();
    const { ask } = transport();
    const answers = [0, 1, 2].map(() => ask({ ...query(), url: server.url }));
    await arrived(1);
    held[0]?.();
    const [first, second] = await Promise.all(answers);
    expect(first?.data).toEqual({ a: 1 });
    expect(second?.data).toEqual(first?.data);
    expect(second?.data).not.toBe(first?.data);
    expect(server.asked).toHaveLength(1);
  });

  test("is asked for each reader, and again once it has been answered", async () => {
    const { server, held, arrived } = await startHolding();
    const { ask } = transport();
    const both = ["a", "b"].map((token) => ask({ ...query({ authorization: token }), url: server.url }));
    await arrived(2);
    for (const answer of held) answer();
    await Promise.all(both);
    const again = ask({ ...query({ authorization: "a" }), url: server.url });
    await arrived(3);
    held[2]?.();
    await again;
    expect(server.asked.filter(({ headers }) => headers.authorization === "a")).toHaveLength(2);
    expect(server.asked).toHaveLength(3);
  });

  test("mutations are never shared, and no later query joins one asked before a mutation ended", async () => {
    const { server, held, arrived } = await startHolding();
    const { ask } = transport();
    const before = ask({ ...query(), url: server.url });
    await arrived(1);
    const changes = [0, 1].map(() => ask({ ...query({}, "mutation"), url: server.url }));
    await arrived(3);
    held[1]?.();
    await changes[0];
    const after = ask({ ...query(), url: server.url });
    await arrived(4);
    for (const index of [0, 2, 3]) held[index]?.();
    await Promise.all([before, after, ...changes]);
    expect(server.asked).toHaveLength(4);
  });
});
