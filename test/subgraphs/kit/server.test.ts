import { connect } from "node:net";
import { parse } from "graphql";
import { pino } from "pino";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AgencyError, messageOf } from "../../../subgraphs/kit/errors.ts";
import { DateTime } from "../../../subgraphs/kit/scalars.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../../../subgraphs/kit/server.ts";
import { type Answer, post } from "../../setup/agency.ts";

const SCHEMA = buildServedSchema([
  {
    typeDefs: parse(`
      scalar DateTime
      type Query { hello(at: DateTime): String refused: String broken: String language: String rows: [Row!]! }
      type Row { number: Int! odd: String parts: [Row!]! }
    `),
    rows: {
      types: { Row: "public" },
      fields: {
        "Query.hello": "public",
        "Query.refused": "public",
        "Query.broken": "public",
        "Query.language": "public",
      },
    },
    resolvers: {
      DateTime,
      Query: {
        hello: () => "xin chào",
        refused: () => {
          throw new AgencyError("UNKNOWN_OFFICER", { officer: "CB01" });
        },
        broken: () => Promise.reject(new Error("password of the database is 1234")),
        language: (_: unknown, __: unknown, { language }: { language: string }) => language,
        rows: () => [{ number: 0 }, { number: 1 }, { number: 2 }],
      },
      Row: {
        odd: ({ number }: { number: number }) => {
          if (number % 2 === 1) throw new AgencyError("UNKNOWN_OFFICER", { officer: String(number) });
          return "even";
        },
        parts: ({ number }: { number: number }) => [{ number: number + 1 }, { number: number + 2 }],
      },
    },
  },
]);

let server: SubgraphServer;
let isReady = true;
let logged: {
  level: number;
  reqId?: string;
  err?: { message: string; stack: string };
  msg: string;
  path?: unknown;
}[] = [];

beforeAll(async () => {
  server = await serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/graphql",
    schema: SCHEMA,
    access: { authorization: false } as const,
    log: pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) }),
    context: () => ({}),
    ready: () => (isReady ? Promise.resolve() : Promise.reject(new Error("database gone"))),
  });
  return () => server.close();
});
beforeEach(() => {
  logged = [];
  isReady = true;
});

const ask = (query: unknown, headers?: Record<string, string>): Promise<Answer<Record<string, unknown>>> =>
  post(`${server.url}/graphql`, typeof query === "string" ? { query } : query, headers);

const send = (body: string): Promise<Answer<unknown>> => post(`${server.url}/graphql`, body);

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path);
  return { status: response.status, body: await response.json() };
}

describe("an answer", () => {
  test("is JSON with what was asked", async () => {
    expect(await ask("{ hello }")).toEqual({ status: 200, data: { hello: "xin chào" }, errors: undefined });
  });

  test("goes to the right operation with its variables", async () => {
    const query = "query One { hello } query Two($at: DateTime) { hi: hello(at: $at) }";
    const variables = { at: "2026-03-02T08:00:00+07:00" };
    // The third of each would be answered by what was compiled for the other.
    for (let time = 1; time <= 3; time++) {
      expect((await ask({ query, operationName: "Two", variables })).data).toEqual({ hi: "xin chào" });
      expect((await ask({ query, operationName: "One" })).data).toEqual({ hello: "xin chào" });
      expect((await ask({ query })).status).toBe(400);
      expect((await ask({ query, operationName: "Three" })).status).toBe(400);
    }
  });

  test("is the same whether variables, name and extensions are null or left out", async () => {
    const nulls = { variables: null, operationName: null, extensions: null };
    expect((await ask({ query: "{ hello }", ...nulls })).data).toEqual({ hello: "xin chào" });
  });

  test("comes by GET too", async () => {
    const query = encodeURIComponent("query One { hello } query Two($at: DateTime) { hi: hello(at: $at) }");
    const variables = encodeURIComponent('{"at":"2026-03-02T08:00:00+07:00"}');
    expect(await get(`/graphql?query=${query}&operationName=Two&variables=${variables}`)).toEqual({
      status: 200,
      body: { data: { hi: "xin chào" } },
    });
  });

  test("with an expected failure keeps the rest, and says it in the reader's language", async () => {
    const english = await ask("{ hello refused }", { "accept-language": "en" });
    expect(english).toEqual({
      status: 200,
      data: { hello: "xin chào", refused: null },
      errors: [
        {
          message: "there is no officer CB01 at this agency",
          locations: [{ line: 1, column: 9 }],
          path: ["refused"],
          extensions: { code: "UNKNOWN_OFFICER", officer: "CB01" },
        },
      ],
    });
    const vietnamese = await ask("{ refused language }", { "accept-language": "vi-VN, en;q=0.5" });
    expect(vietnamese.errors?.[0]?.message).toBe("cơ quan không có cán bộ CB01");
    expect(vietnamese.data["language"]).toBe("vi");
    expect(logged).toEqual([]);
  });

  test("hides a fault of the system, which the log has under the request's id", async () => {
    const answer = await ask("{ hello broken }", { "x-request-id": "request-42" });
    expect(answer).toMatchObject({
      status: 200,
      data: { hello: "xin chào", broken: null },
      errors: [{ message: messageOf("INTERNAL_ERROR", {}, "en"), extensions: { code: "INTERNAL_ERROR" } }],
    });
    expect(JSON.stringify(answer)).not.toContain("1234");
    expect(logged).toMatchObject([
      {
        level: 50,
        reqId: "request-42",
        path: ["broken"],
        err: { message: "password of the database is 1234" },
      },
    ]);
    expect(logged[0]?.err?.stack).toContain("server.test.ts");
  });

  test("writes list indexes in paths as numbers, the first time and when the query is compiled", async () => {
    for (let time = 1; time <= 3; time++) {
      const { errors } = await ask("{ rows { odd parts { odd } } }");
      expect(errors?.map(({ path }) => path?.join("."))).toHaveLength(4);
      expect(errors?.map(({ path }) => path)).toEqual(
        expect.arrayContaining([
          ["rows", 1, "odd"],
          ["rows", 0, "parts", 0, "odd"],
          ["rows", 1, "parts", 1, "odd"],
          ["rows", 2, "parts", 0, "odd"],
        ]),
      );
    }
  });
});

describe("a request that cannot be executed", () => {
  test.each<[string, unknown, string | RegExp]>([
    ["asks for what is not there", "{ nothing }", 'Cannot query field "nothing" on type "Query".'],
    ["is no GraphQL", "{ hello", /Syntax Error/],
    ["leaves the query out", { variables: {} }, /query/i],
    ["has a number for a query", { query: 1 }, /query/],
    ["has JSON for a query", { query: "42" }, /Syntax Error/],
    ["has a syntax tree for a query", { query: '{"kind":"Document"}' }, /Syntax Error/],
    ["has a text for variables", { query: "{ hello }", variables: "at" }, /variables/],
    ["has a number for the operation's name", { query: "{ hello }", operationName: 1 }, /operationName/],
    ["is a list", [{ query: "{ hello }" }], /object/],
    [
      "gives a variable another form",
      { query: "query ($at: DateTime) { hello(at: $at) }", variables: { at: "soon" } },
      /at/,
    ],
  ])("because it %s is the caller's fault", async (_, body, message) => {
    for (let time = 1; time <= 2; time++) {
      const { status, data, errors } = await ask(body);
      expect(status).toBe(400);
      expect(data).toBeFalsy();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.message).toMatch(message);
      expect(errors?.[0]?.extensions.code).toMatch(
        /^(GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|INVALID_INPUT|BAD_USER_INPUT)$/,
      );
    }
    expect(logged).toEqual([]);
  });

  test("is told of every fault", async () => {
    const { errors } = await ask("{ nothing hello(when: 1) }");
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining('"nothing"'),
      expect.stringContaining('"when"'),
    ]);
  });

  test("because it is no JSON gets GraphQL's form of an error", async () => {
    const { status, errors } = await send('{"query": ');
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }]);
    expect(logged).toEqual([]);
  });

  test.each([
    ["two operations and no name", `query=${encodeURIComponent("query A { hello } query B { hello }")}`],
    ["no query", ""],
    ["no document", "query=42"],
    ["variables that are not JSON", `query=${encodeURIComponent("{ hello }")}&variables=%7B`],
    ["two queries", "query=%7Bhello%7D&query=%7Bhello%7D"],
  ])("because a GET has %s is the caller's fault", async (_, parameters) => {
    expect(await get(`/graphql?${parameters}`)).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }] },
    });
    expect(logged).toEqual([]);
  });

  test("because it is too large is refused with 413", async () => {
    const { status, errors } = await send(
      JSON.stringify({ query: "{ hello }", variables: { x: "x".repeat(9_000_000) } }),
    );
    expect(status).toBe(413);
    expect(errors).toMatchObject([{ extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }]);
  });
});

describe("health", () => {
  test("live as long as it answers, ready as long as it can work", async () => {
    expect(await get("/health/live")).toEqual({ status: 200, body: { status: "live" } });
    expect(await get("/health/ready")).toEqual({ status: 200, body: { status: "ready" } });
    isReady = false;
    expect(await get("/health/ready")).toEqual({ status: 503, body: { status: "not ready" } });
    expect(await get("/health/live")).toEqual({ status: 200, body: { status: "live" } });
    expect(logged).toMatchObject([{ level: 40, error: "Error: database gone" }]);
  });
});

test("a taken port is said in one line", async () => {
  const options = {
    host: "127.0.0.1",
    path: "/graphql",
    schema: SCHEMA,
    access: { authorization: false } as const,
    context: () => ({}),
    ready: () => Promise.resolve(),
  };
  const second = serveSubgraph({ ...options, port: server.port, log: pino({ level: "silent" }) });
  await expect(second).rejects.toThrow(`port ${server.port} is taken`);
});

test("closing waits for nobody who only holds a connection", async () => {
  const options = {
    host: "127.0.0.1",
    path: "/graphql",
    schema: SCHEMA,
    access: { authorization: false } as const,
    context: () => ({}),
    ready: () => Promise.resolve(),
  };
  const other = await serveSubgraph({ ...options, port: 0, log: pino({ level: "silent" }) });
  await post(`${other.url}/graphql`, { query: "{ hello }" });
  const idle = connect(other.port, "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  const closed = new Promise((resolve) => idle.once("close", resolve));
  idle.on("error", () => {});
  await other.close();
  idle.destroy();
  await closed;
  await expect(fetch(`${other.url}/health/live`)).rejects.toThrow("fetch failed");
});
