import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { createClient } from "graphql-sse";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { allLeft, type Got, subscribeBy, subscribersOf } from "../clients.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";

const SDL = `
  type Query { hello: String }
  type Mutation { set(value: Int!): Int }
  type Subscription { told(since: Int): String }`;

const { supergraphSdl = "" } = composeServices([{ name: "talk", typeDefs: parse(SDL) }]);

let talk: Feed;
let gateway: RunningGateway;

beforeAll(async () => {
  talk = await startFeed(SDL, ["told"], { Query: { hello: () => "hello" }, Mutation: { set: () => 3 } });
  gateway = await start();
});
afterAll(async () => {
  await gateway.close();
  await talk.close();
});
// What is open in a test is its own.
afterEach(() => allLeft(gateway, talk));

function start(settings: Parameters<typeof startGateway>[2] = {}): Promise<RunningGateway> {
  return startGateway(supergraphSdl, [], { url: new Map([["talk", talk.url]]), ...settings });
}

function post(query: string, headers: Record<string, string>): Promise<Response> {
  return fetch(gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
}

async function receive(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ sent: ClientRequest; response: IncomingMessage; text: () => string }> {
  const sent = get(`${gateway.url}${path}`, { headers: { accept: "text/event-stream", ...headers } });
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  response.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  response.on("error", () => undefined);
  return { sent, response, text: () => text };
}

const GET = `?query=${encodeURIComponent("subscription ($n: Int) { told(since: $n) }")}&variables=${encodeURIComponent('{"n":2}')}`;

describe("by GET", () => {
  test("a subscription, for who shows that no foreign page sent it", async () => {
    const { sent, response, text } = await receive(GET, { "apollo-require-preflight": "1" });
    expect(response.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-request-id": expect.any(String),
    });
    await expect.poll(() => talk.open.size).toBe(1);
    talk.emit("told", "line\nbreak");
    talk.complete("told");
    await once(response, "end");
    sent.destroy();
    expect(text()).toBe(
      ':\n\nevent: next\ndata: {"data":{"told":"line\\nbreak"}}\n\nevent: complete\ndata:\n\n',
    );
    expect(talk.opened.at(-1)?.arguments).toEqual({ since: 2 });
  });

  test("also for EventSource of the same origin, and for nobody else", async () => {
    const same = await receive(GET, { "sec-fetch-site": "same-origin" });
    expect(same.response.statusCode).toBe(200);
    same.sent.destroy();
    const foreign = await receive(GET, { "sec-fetch-site": "cross-site" });
    expect(foreign.response.statusCode).toBe(400);
    await once(foreign.response, "end");
    expect(foreign.text()).toContain("PREFLIGHT_MISSING");
  });

  test("no mutations", async () => {
    const { response, text } = await receive(`?query=${encodeURIComponent("mutation { set(value: 1) }")}`, {
      "apollo-require-preflight": "1",
    });
    await once(response, "end");
    expect(text()).toContain("METHOD_NOT_ALLOWED");
  });
});

describe("what the client accepts", () => {
  test.each([
    ["a query as events, for who reads nothing else", "{ hello }", "text/event-stream", "text/event-stream"],
    [
      "a query as JSON, for who reads that too",
      "{ hello }",
      "text/event-stream, application/json",
      "application/json",
    ],
    ["a mutation as events", "mutation { set(value: 1) }", "Text/Event-Stream", "text/event-stream"],
  ])("%s", async (_name, query, accept, type) => {
    const response = await post(query, { accept });
    expect(response.headers.get("content-type")).toContain(type);
    expect(await response.text()).toContain('"data":{');
  });

  test("a subscription as events, for who reads these among others", async () => {
    const response = await post("subscription { told }", {
      accept: "application/json, text/event-stream;q=0.5",
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    await response.body?.cancel();
  });

  test("plain JSON: refused, and told how to ask", async () => {
    const response = await post("subscription { told }", { accept: "application/json" });
    expect(response.status).toBe(406);
    const { errors } = (await response.json()) as Got;
    expect(errors).toEqual([
      {
        message: expect.stringContaining("Accept: text/event-stream"),
        extensions: { code: "SUBSCRIPTION_NEEDS_STREAM" },
      },
    ]);
  });
});

test("graphql-sse's client understands it", async () => {
  const client = createClient({ url: gateway.url, retryAttempts: 0 });
  const answers: unknown[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: "subscription { told }" },
      { next: (answer) => answers.push(answer), error: reject, complete: resolve },
    );
  });
  await expect.poll(() => talk.open.size).toBe(1);
  talk.emit("told", "one");
  talk.complete("told");
  await ended;
  client.dispose();
  expect(answers).toEqual([{ data: { told: "one" } }]);
});

test("a quiet connection carries a sign of life", async () => {
  const other = await start({ heartbeat: 100 });
  const response = await fetch(other.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: '{"query":"subscription { told }"}',
  });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (text.length > 8) break;
  }
  expect(text).toMatch(/^(:\n\n){3,}$/);
  await expect.poll(() => talk.open.size).toBe(0);
  await other.close();
});

test("a client that does not read is dropped, and holds up nobody", async () => {
  const other = await start({ heartbeat: 500 });
  const slow = get(`${other.url}?query=${encodeURIComponent("subscription { told }")}`, {
    headers: { accept: "text/event-stream", "apollo-require-preflight": "1" },
  });
  const [response] = (await once(slow, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  const closed = new Promise<boolean>((resolve) => {
    response.on("close", () => resolve(response.complete));
  });
  const quick = subscribeBy.websocket(other.url, "subscription { told }");
  await expect.poll(() => talk.open.size).toBe(1);
  await expect.poll(() => subscribersOf(other)).toBe(2);
  const long = "x".repeat(500_000);
  for (let sent = 0; sent < 60; sent += 1) {
    talk.emit("told", long);
    await expect.poll(() => quick.answers, { interval: 1 }).toHaveLength(sent + 1);
  }
  await expect.poll(() => subscribersOf(other)).toBe(1);
  response.resume();
  expect(await closed).toBe(false);
  quick.leave();
  await other.close();
});

test("a stop of the gateway ends the stream without completing it", async () => {
  const other = await start();
  const heard = subscribeBy.sse(other.url, "subscription { told }");
  await expect.poll(() => talk.open.size).toBe(1);
  await other.close();
  await expect.poll(() => heard.end).toBe("cut");
  expect(heard.answers).toEqual([]);
  await expect.poll(() => talk.open.size).toBe(0);
});
