import { EventEmitter, on } from "node:events";
import { parse } from "graphql";
import { createClient } from "graphql-sse";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgencyError } from "../../../subgraphs/kit/errors.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { serveSubgraph, type SubgraphServer } from "../../../subgraphs/kit/server.ts";
import { type Heard, subscribeBy } from "../../gateway/clients.ts";

const typeDefs = parse(`
  type Query { hello: String }
  type Mutation { set: String }
  type Subscription { told(code: ID): Told }
  type Told { value: String context: Int fails: String breaks: String }
`);

const emitter = new EventEmitter();
let contexts = 0;
let open = 0;
let server: SubgraphServer;
let url: string;

/** Not a generator: one that waits would not hear that nobody listens any more. */
function source(): AsyncIterableIterator<unknown> {
  const told = on(emitter, "told");
  let over = false;
  open += 1;
  const iterator: AsyncIterableIterator<unknown> = {
    async next() {
      const { done, value } = (await told.next()) as IteratorResult<[unknown]>;
      if (done || value[0] === null) return iterator.return!();
      if (!(value[0] instanceof Error)) return { done: false, value: value[0] };
      await iterator.return!();
      throw value[0];
    },
    async return() {
      if (!over) open -= 1;
      over = true;
      await told.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

function serve(): Promise<SubgraphServer> {
  return serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/graphql",
    access: { authorization: false },
    log: pino({ level: "silent" }),
    ready: async () => undefined,
    context: () => ({ number: (contexts += 1) }),
    schema: buildServedSchema([
      {
        typeDefs,
        rows: { types: { Told: "public" }, fields: { "Query.hello": "public", "Mutation.set": "public" } },
        resolvers: {
          Query: { hello: () => "hello" },
          Subscription: {
            told: {
              subscribe: (_root: unknown, { code }: { code?: string }) => {
                if (code !== undefined) throw new AgencyError("UNKNOWN_DOSSIER", { dossier: code });
                return source();
              },
              resolve: (value: unknown) => value,
            },
          },
          Told: {
            context: (_root: unknown, _arguments: unknown, { number }: { number: number }) => number,
            fails: () => {
              throw new AgencyError("UNKNOWN_DOSSIER", { dossier: "H56.14-260101-0001" });
            },
            breaks: () => {
              throw new Error("secret");
            },
          },
        },
      },
    ]),
  });
}

beforeAll(async () => {
  server = await serve();
  url = `${server.url}/graphql`;
});
afterAll(() => server.close());

function subscribe(query: string, headers: Record<string, string> = {}): Heard {
  return subscribeBy.sse(url, query, {}, headers);
}

test("every event is an answer, with a context of its own, until the source ends", async () => {
  const heard = subscribe("subscription { told { value context } }");
  await expect.poll(() => open).toBe(1);
  const before = contexts;
  emitter.emit("told", { value: "one" });
  await expect.poll(() => heard.answers).toHaveLength(1);
  emitter.emit("told", { value: "line\nbreak" });
  emitter.emit("told", null);
  await expect.poll(() => heard.end).toBe("complete");
  expect(heard.answers).toEqual([
    { data: { told: { value: "one", context: before + 1 } } },
    { data: { told: { value: "line\nbreak", context: before + 2 } } },
  ]);
  expect(open).toBe(0);
});

test("errors are an agency's, in the reader's language", async () => {
  const heard = subscribe("subscription { told { fails breaks } }", { "accept-language": "vi" });
  await expect.poll(() => open).toBe(1);
  emitter.emit("told", {});
  await expect.poll(() => heard.answers).toHaveLength(1);
  heard.leave();
  await expect.poll(() => open).toBe(0);
  expect(heard.answers[0]).toMatchObject({
    data: { told: { fails: null, breaks: null } },
    errors: [
      { message: "không có hồ sơ H56.14-260101-0001", extensions: { code: "UNKNOWN_DOSSIER" } },
      { extensions: { code: "INTERNAL_ERROR" } },
    ],
  });
  expect(JSON.stringify(heard.answers)).not.toContain("secret");
});

test.each([
  ["a refusal", 'subscription { told(code: "x") { value } }', { code: "UNKNOWN_DOSSIER" }],
  ["an unknown field", "subscription { nothing }", { code: "GRAPHQL_VALIDATION_FAILED" }],
  ["a syntax error", "subscription {", { code: "GRAPHQL_VALIDATION_FAILED" }],
])("%s is the only answer", async (_name, query, extensions) => {
  const heard = subscribe(query);
  await expect.poll(() => heard.end).toBe("complete");
  expect(heard.answers).toMatchObject([{ errors: [{ extensions }] }]);
  expect(heard.answers[0]).not.toHaveProperty("data");
});

test("a source that fails ends the stream without completing it", async () => {
  const heard = subscribe("subscription { told { value } }");
  await expect.poll(() => open).toBe(1);
  emitter.emit("told", new Error("lost"));
  await expect.poll(() => heard.end).toBe("cut");
  expect(heard.answers).toEqual([]);
});

test("graphql-sse's client understands it", async () => {
  const client = createClient({ url, retryAttempts: 0 });
  const answers: unknown[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: "subscription { told { value } }" },
      { next: (answer) => answers.push(answer), error: reject, complete: resolve },
    );
  });
  await expect.poll(() => open).toBe(1);
  emitter.emit("told", { value: "one" });
  emitter.emit("told", null);
  await ended;
  client.dispose();
  expect(answers).toEqual([{ data: { told: { value: "one" } } }]);
});

test("queries go on to Mercurius", async () => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"query":"{ hello }"}',
  });
  expect(await response.json()).toEqual({ data: { hello: "hello" } });
});

test("a stop of the server ends its streams", async () => {
  const other = await serve();
  const heard = subscribeBy.sse(`${other.url}/graphql`, "subscription { told { value } }");
  await expect.poll(() => open).toBe(1);
  await other.close();
  await expect.poll(() => heard.end).toBe("cut");
  await expect.poll(() => open).toBe(0);
});
