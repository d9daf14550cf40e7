import { once } from "node:events";
import { request } from "node:http";
import { composeServices } from "@apollo/composition";
import { GraphQLError, parse } from "graphql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { allLeft, connect, hear, subscribeBy, subscribersOf } from "../clients.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";

const SDL = `
  type Query { hello(name: String): String fails: String }
  type Mutation { set(value: Int!): Int }
  type Subscription { told: String other: String }`;

const { supergraphSdl = "" } = composeServices([{ name: "talk", typeDefs: parse(SDL) }]);
const PROTOCOL = "graphql-transport-ws";

let talk: Feed;
let gateway: RunningGateway;

beforeAll(async () => {
  talk = await startFeed(SDL, ["told", "other"], {
    Query: {
      hello: (_root: unknown, { name }: { name?: string }) => `hello ${name}`,
      fails: () => {
        throw new GraphQLError("no", { extensions: { code: "NO" } });
      },
    },
    Mutation: { set: (_root: unknown, { value }: { value: number }) => value },
  });
  gateway = await start();
});
afterAll(async () => {
  await gateway.close();
  await talk.close();
});
beforeEach(() => {
  talk.opened.length = 0;
  gateway.log.length = 0;
});
// What is open in a test is its own.
afterEach(() => allLeft(gateway, talk));

function start(settings: Parameters<typeof startGateway>[2] = {}): Promise<RunningGateway> {
  return startGateway(supergraphSdl, [], {
    url: new Map([["talk", talk.url]]),
    bodyLimit: 2048,
    ...settings,
  });
}

interface Raw {
  readonly socket: WebSocket;
  readonly messages: Record<string, unknown>[];
  readonly say: (message: object) => void;
  /** Code and reason. */
  readonly closed: Promise<[number, string]>;
}

/** A client without a library, for what a library would not do. */
function open(url = gateway.url, options: ClientOptions = {}, protocol = PROTOCOL): Raw {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocol, options);
  const messages: Record<string, unknown>[] = [];
  socket.on("message", (data) => messages.push(JSON.parse((data as Buffer).toString()) as never));
  socket.on("error", () => undefined);
  const closed = new Promise<[number, string]>((resolve) => {
    socket.on("close", (code, reason) => resolve([code, reason.toString()]));
  });
  return { socket, messages, say: (message) => socket.send(JSON.stringify(message)), closed };
}

async function openReady(url?: string, options?: ClientOptions, payload?: object): Promise<Raw> {
  const raw = open(url, options);
  await once(raw.socket, "open");
  raw.say({ type: "connection_init", ...(payload && { payload }) });
  await expect.poll(() => raw.messages).toEqual([{ type: "connection_ack" }]);
  raw.messages.length = 0;
  return raw;
}

const subscribe = (id: string, query = "subscription { told }") => ({
  id,
  type: "subscribe",
  payload: { query },
});

describe("operations", () => {
  test("queries and mutations, with variables and names, many on one connection", async () => {
    const client = connect(gateway.url);
    const answers = [
      hear(client, "query ($n: String) { hello(name: $n) }", { n: "you" }),
      hear(client, "mutation { set(value: 3) }"),
      hear(client, "{ fails }"),
      hear(client, "{ hello }"),
    ];
    await expect.poll(() => answers.every(({ end }) => end === "complete")).toBe(true);
    await client.dispose();
    expect(answers.map((heard) => heard.answers)).toEqual([
      [{ data: { hello: "hello you" } }],
      [{ data: { set: 3 } }],
      [
        {
          data: { fails: null },
          errors: [{ message: "no", path: ["fails"], extensions: { code: "NO", service: "talk" } }],
        },
      ],
      [{ data: { hello: "hello undefined" } }],
    ]);
    expect(gateway.log).toContainEqual(
      expect.objectContaining({
        msg: "request",
        method: "WS",
        route: "/graphql",
        kind: "mutation",
        calls: 1,
      }),
    );
  });

  test("the one that is named, of several", async () => {
    const raw = await openReady();
    const query = 'query A { hello(name: "a") } query B { hello(name: "b") }';
    raw.say({ id: "1", type: "subscribe", payload: { query, operationName: "B" } });
    raw.say({ id: "2", type: "subscribe", payload: { query } });
    await expect.poll(() => raw.messages).toHaveLength(3);
    raw.socket.close();
    expect(raw.messages).toContainEqual({ id: "1", type: "next", payload: { data: { hello: "hello b" } } });
    expect(raw.messages).toContainEqual({
      id: "2",
      type: "error",
      payload: [expect.objectContaining({ extensions: { code: "OPERATION_RESOLUTION_FAILURE" } })],
    });
  });
});

describe("headers", () => {
  test.each([
    ["of the handshake", { headers: { authorization: "Bearer h" } }, {}, "Bearer h"],
    ["of connection_init", {}, { Authorization: "Bearer p" }, "Bearer p"],
    ["of connection_init under headers", {}, { headers: { authorization: "Bearer n" } }, "Bearer n"],
    [
      "of connection_init rather than of the handshake",
      { headers: { authorization: "Bearer h" } },
      { authorization: "Bearer p" },
      "Bearer p",
    ],
    ["but nothing that is no text", {}, { authorization: { is: "admin" } }, undefined],
  ])("%s", async (_name, options, payload, expected) => {
    const raw = await openReady(gateway.url, options, payload);
    raw.say(subscribe("1"));
    await expect.poll(() => talk.open.size).toBe(1);
    raw.socket.close();
    await expect.poll(() => talk.open.size).toBe(0);
    expect(talk.opened[0]?.headers.authorization).toBe(expected);
  });

  test("messages are in the language that connection_init asks for", async () => {
    const raw = await openReady(gateway.url, {}, { "Accept-Language": "vi" });
    raw.say(subscribe("1"));
    await expect.poll(() => talk.open.size).toBe(1);
    talk.kill();
    await expect
      .poll(() => raw.messages.at(-1))
      .toMatchObject({
        type: "error",
        payload: [{ message: 'Dịch vụ "talk" đã ngắt subscription.' }],
      });
    raw.socket.close();
  });

  test("a value that no header can have closes the connection", async () => {
    const raw = open();
    await once(raw.socket, "open");
    raw.say({ type: "connection_init", payload: { authorization: "a\r\nx-admin: 1" } });
    expect(await raw.closed).toEqual([4400, "Malformed header"]);
  });
});

describe("misuse", () => {
  test.each([
    ["rubbish", "no JSON", 4400],
    ["no type", '{"id":"1"}', 4400],
    ["a message of servers", '{"id":"1","type":"next","payload":{}}', 4400],
    ["to subscribe before the connection is acknowledged", JSON.stringify(subscribe("1")), 4401],
    ["a message that is too large", JSON.stringify(subscribe("1", " ".repeat(3000))), 1009],
  ])("%s closes the connection", async (_name, message, code) => {
    const raw = open();
    await once(raw.socket, "open");
    raw.socket.send(message);
    expect((await raw.closed)[0]).toBe(code);
  });

  test("an id twice closes the connection, and ends what was subscribed to", async () => {
    const raw = await openReady();
    raw.say(subscribe("1"));
    await expect.poll(() => talk.open.size).toBe(1);
    raw.say(subscribe("1", "subscription { other }"));
    expect((await raw.closed)[0]).toBe(4409);
    await expect.poll(() => talk.open.size).toBe(0);
  });

  test("an id that is given up and used again in one breath leaves nothing behind", async () => {
    const raw = await openReady();
    for (const query of ["subscription { told }", "subscription { other }", "subscription { told }"]) {
      raw.say(subscribe("1", query));
      raw.say({ id: "1", type: "complete" });
    }
    raw.say(subscribe("1"));
    await expect.poll(() => talk.opened.length).toBeGreaterThan(0);
    raw.socket.close();
    await expect.poll(() => talk.open.size).toBe(0);
    await expect.poll(() => subscribersOf(gateway)).toBe(0);
  });

  test("another protocol is refused", async () => {
    const { socket } = open(gateway.url, {}, "graphql-ws");
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toBe("Server sent no subprotocol");
  });

  test("an unknown path is not found, and Java's h2c is served as HTTP/1.1", async () => {
    const refused = open(`${gateway.origin}/elsewhere`);
    const [error] = (await once(refused.socket, "error")) as [Error];
    expect(error.message).toContain("404");
    const plain = request(gateway.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        connection: "Upgrade, HTTP2-Settings",
        upgrade: "h2c",
        "http2-settings": "AAMAAABkAAQCAAAAAAIAAAAA",
      },
    });
    plain.end('{"query":"{ hello }"}');
    const [response] = (await once(plain, "response")) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});

async function handshake(origin: string): Promise<number | undefined> {
  const { socket } = open(gateway.url, { origin });
  const outcome = await new Promise<number | undefined>((resolve) => {
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
  });
  socket.close();
  return outcome;
}

describe("pages", () => {
  test("of the same origin are served, those of others refused", async () => {
    expect(await handshake(gateway.origin)).toBe(101);
    expect(await handshake("http://evil.example")).toBe(403);
    expect(await handshake("null")).toBe(403);
  });
});

describe("limits", () => {
  test("of one connection: what is too much is refused, the others go on", async () => {
    const strict = await start({ maxSubscriptionsPerConnection: 2 });
    const client = connect(strict.url);
    const [first, second, third] = ["told", "other", "told"].map((field) =>
      hear(client, `subscription { ${field} }`),
    );
    await expect
      .poll(() => third?.end)
      .toMatchObject([
        { message: expect.stringContaining(" 2 "), extensions: { code: "SUBSCRIPTION_LIMIT" } },
      ]);
    await expect.poll(() => talk.open.size).toBe(2);
    first?.leave();
    await expect.poll(() => talk.open.size).toBe(1);
    const again = hear(client, "subscription { told }");
    await expect.poll(() => talk.open.size).toBe(2);
    expect([second?.end, again.end]).toEqual([undefined, undefined]);
    await client.dispose();
    await strict.close();
  });

  test("of all clients, and of connections", async () => {
    const strict = await start({ maxSubscriptions: 1 });
    const first = subscribeBy.sse(strict.url, "subscription { told }");
    await expect.poll(() => talk.open.size).toBe(1);
    const second = await openReady(strict.url);
    second.say(subscribe("1"));
    await expect
      .poll(() => second.messages)
      .toMatchObject([{ type: "error", payload: [{ extensions: { code: "SUBSCRIPTION_LIMIT" } }] }]);
    const [error] = (await once(open(strict.url).socket, "error")) as [Error];
    expect(error.message).toContain("503");
    first.leave();
    await strict.close();
  });

  test("a client that answers no ping is gone", async () => {
    const nervous = await start({ heartbeat: 500 });
    const raw = await openReady(nervous.url, { autoPong: false });
    raw.say(subscribe("1"));
    // It may have ended before anybody looks.
    await expect.poll(() => talk.opened).toHaveLength(1);
    expect((await raw.closed)[0]).toBe(1006);
    await expect.poll(() => talk.open.size).toBe(0);
    await nervous.close();
  });

  test("a client that does not read is dropped and told so, and holds up nobody", async () => {
    const slow = await openReady();
    slow.say(subscribe("1"));
    const quick = subscribeBy.websocket(gateway.url, "subscription { told }");
    await expect.poll(() => subscribersOf(gateway)).toBe(2);
    await expect.poll(() => talk.open.size).toBe(1);
    slow.socket.pause();
    const long = "x".repeat(500_000);
    for (let sent = 0; sent < 60; sent += 1) {
      talk.emit("told", `${sent} ${long}`);
      await expect.poll(() => quick.answers, { interval: 1 }).toHaveLength(sent + 1);
    }
    await expect.poll(() => subscribersOf(gateway)).toBe(2);
    slow.socket.resume();
    await expect
      .poll(() => slow.messages.at(-1))
      .toMatchObject({
        id: "1",
        type: "error",
        payload: [{ extensions: { code: "SUBSCRIPTION_OVERFLOW" } }],
      });
    expect(slow.messages.length).toBeLessThan(60);
    await expect.poll(() => subscribersOf(gateway)).toBe(1);
    talk.emit("told", "last");
    await expect.poll(() => quick.answers.at(-1)).toEqual({ data: { told: "last" } });
    slow.socket.close();
    quick.leave();
  });
});

describe("a stop of the gateway", () => {
  test("closes connections in good order, without completing subscriptions", async () => {
    const stopped = await start();
    const raw = await openReady(stopped.url);
    raw.say(subscribe("1"));
    await expect.poll(() => talk.open.size).toBe(1);
    await stopped.close();
    expect(await raw.closed).toEqual([1001, "Going away"]);
    expect(raw.messages).toEqual([]);
    await expect.poll(() => talk.open.size).toBe(0);
  });

  test("waits no longer than a moment for a client that does not answer", async () => {
    const stopped = await start();
    const raw = await openReady(stopped.url);
    raw.socket.pause();
    await stopped.close();
    await expect(fetch(stopped.url)).rejects.toThrow("fetch failed");
    raw.socket.terminate();
  });
});

test("the stock engine serves none, and says so", async () => {
  const stock = await start({ engine: "apollo" });
  const [error] = (await once(open(stock.url).socket, "error")) as [Error];
  expect(error.message).toContain("400");
  const { errors } = await stock.ask("subscription { told }");
  expect(errors).toMatchObject([{ extensions: { code: "SUBSCRIPTION_UNSUPPORTED" } }]);
  await stock.close();
});
