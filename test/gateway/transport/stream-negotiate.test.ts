/**
 * Services that do not do as the protocols say. Each stands on a real socket.
 */
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { connectStreams, type StreamConnections } from "../../../gateway/transport/stream-negotiate.ts";
import type { StreamEvent } from "../../../gateway/transport/stream.ts";
import type { SubgraphResponse } from "../../../gateway/transport/transport.ts";
import { freePort } from "../../../process/ports.ts";
import { startFeed } from "../feeds.ts";
import { deadUrl } from "../servers.ts";
import { request } from "./asking.ts";

const LIMITS = { deadline: 20_000, maxEventSize: 1_000, heartbeat: 60_000 };
/** Where the deadline itself is tried. */
const SOON = { deadline: 300 };
/** What is told of a failure, the code at least. */
type Failing = { readonly code: string; readonly [detail: string]: unknown };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Heard {
  readonly events: SubgraphResponse[];
  end: SubgraphResponse | "complete" | undefined;
  readonly leave: () => void;
}

function connect(limits: Partial<typeof LIMITS> = {}): StreamConnections {
  const connections = connectStreams({ ...LIMITS, ...limits });
  closing.push(connections.close);
  return connections;
}

function subscribe(url: string | undefined, { open }: StreamConnections = connect()): Heard {
  const events: SubgraphResponse[] = [];
  const heard: Heard = {
    events,
    end: undefined,
    leave: open(request({ query: "subscription { told }", url }), {
      event: (event: StreamEvent) => void events.push(event.read()),
      end: (reason) => {
        if (heard.end !== undefined) throw new Error("ended twice");
        heard.end = reason ?? "complete";
      },
    }),
  };
  return heard;
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

/** Answers a POST, and refuses to upgrade. */
function serveHttp(answer: (response: ServerResponse) => void): Promise<string> {
  return listen(
    createHttpServer((asked, response) => {
      asked.resume();
      if (asked.method === "POST") answer(response);
      else response.writeHead(426).end();
    }),
  );
}

/** Refuses SSE, and speaks over the WebSocket as it is told. */
async function serveSocket(
  speak: (socket: WebSocket, say: (message: unknown) => void) => void,
  protocol: string | false = "graphql-transport-ws",
): Promise<string> {
  const server = createHttpServer((_asked, response) => response.writeHead(406).end());
  const sockets = new WebSocketServer({ server, handleProtocols: () => protocol });
  sockets.on("connection", (socket) => {
    socket.on("error", () => undefined);
    speak(socket, (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)));
  });
  return listen(server);
}

const EVENTS = { "content-type": "text/event-stream" };

describe("by SSE", () => {
  test.each<[string, (response: ServerResponse) => unknown, Failing]>([
    ["nothing at all", () => undefined, { code: "SUBGRAPH_TIMEOUT", limit: 300 }],
    ["a refusal without an end", (r) => r.writeHead(400).write("{"), { code: "SUBGRAPH_TIMEOUT" }],
    [
      "a redirect",
      (r) => r.writeHead(302, { location: "/" }).end(),
      { code: "SUBSCRIPTION_REFUSED", status: 302 },
    ],
    ["JSON", (r) => r.end('{"data":{"told":1}}'), { code: "SUBSCRIPTION_REFUSED" }],
    [
      "a refusal that is too large",
      (r) => r.writeHead(400).end("x".repeat(2_000)),
      { code: "SUBGRAPH_RESPONSE_TOO_LARGE", limit: 1_000 },
    ],
    ["an end without completing", (r) => r.writeHead(200, EVENTS).end(), { code: "SUBSCRIPTION_LOST" }],
    [
      "an event that is no JSON",
      (r) => r.writeHead(200, EVENTS).write("event: next\ndata: {\n\n"),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "an event that is no answer",
      (r) => r.writeHead(200, EVENTS).write("event: next\ndata: []\n\n"),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "an event that is too large",
      (r) => r.writeHead(200, EVENTS).write(`event: next\ndata: ${"x".repeat(2_000)}`),
      { code: "SUBGRAPH_RESPONSE_TOO_LARGE" },
    ],
    [
      "a connection that breaks",
      (r) => r.writeHead(200, EVENTS).write(":\n\n", () => r.destroy()),
      { code: "SUBSCRIPTION_LOST" },
    ],
    ["a connection that breaks at once", (r) => r.destroy(), { code: "SUBGRAPH_UNREACHABLE" }],
  ])("%s", async (_name, answer, failure) => {
    const connections = connect(failure.code === "SUBGRAPH_TIMEOUT" ? SOON : {});
    const heard = subscribe(await serveHttp((response) => void answer(response)), connections);
    await expect.poll(() => heard.end).toMatchObject({ failure });
    expect(heard.events).toEqual([]);
  });

  test("no HTTP", async () => {
    const url = await listen(createServer((socket) => socket.end("SSH-2.0-nothing\r\n")));
    const heard = subscribe(url);
    await expect.poll(() => heard.end).toMatchObject({ failure: { code: "SUBGRAPH_MALFORMED_RESPONSE" } });
  });

  test("nobody there, and no URL", async () => {
    for (const url of [await deadUrl(), undefined]) {
      const heard = subscribe(url);
      await expect.poll(() => heard.end).toMatchObject({ failure: { code: "SUBGRAPH_UNREACHABLE" } });
    }
  });

  test("a refusal in words of GraphQL is told, whatever the WebSocket says", async () => {
    const url = await serveHttp((response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end('{"errors":[{"message":"not you","extensions":{"code":"FORBIDDEN"}}]}');
    });
    const heard = subscribe(url);
    await expect
      .poll(() => heard.end)
      .toMatchObject({ errors: [{ message: "not you", extensions: { code: "FORBIDDEN" } }] });
  });

  test("comments, unknown events, line ends of every kind, and bytes that come singly", async () => {
    const text =
      ': hi\r\rid: 7\r\nevent: next\r\ndata: {"data":\r\ndata: {"told":"ế"}}\r\n\r\nevent: ping\ndata: 1\n\ndata: {"data":{"told":2}}\n\nevent: complete\ndata:\n\n';
    const url = await serveHttp((response) => {
      response.writeHead(200, EVENTS);
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
    });
    const heard = subscribe(url);
    await expect.poll(() => heard.end).toBe("complete");
    expect(heard.events).toMatchObject([{ data: { told: "ế" } }, { data: { told: 2 } }]);
  });

  test("what comes after the end is not heard", async () => {
    const url = await serveHttp((response) => {
      response.writeHead(200, EVENTS).write('event: complete\ndata:\n\nevent: next\ndata: {"data":{}}\n\n');
    });
    const heard = subscribe(url);
    await expect.poll(() => heard.end).toBe("complete");
    expect(heard.events).toEqual([]);
  });

  test("who leaves before there is an answer is gone", async () => {
    let came = false;
    let gone = false;
    const url = await serveHttp((response) => {
      came = true;
      response.on("close", () => {
        gone = true;
      });
    });
    const heard = subscribe(url, connect());
    await expect.poll(() => came).toBe(true);
    heard.leave();
    await expect.poll(() => gone).toBe(true);
    expect(heard.end).toBeUndefined();
  });
});

/** Acknowledges the connection, and goes on when it is subscribed to. */
function ack(socket: WebSocket, then: () => void): void {
  socket.on("message", (data) => {
    const { type } = JSON.parse(textOf(data)) as { type: string };
    if (type === "connection_init") socket.send('{"type":"connection_ack"}');
    if (type === "subscribe") then();
  });
}

function textOf(data: RawData): string {
  return (data as Buffer).toString("utf8");
}

describe("by WebSocket", () => {
  test.each<[string, Parameters<typeof serveSocket>[0], Failing]>([
    ["no acknowledgement, ever", () => undefined, { code: "SUBGRAPH_TIMEOUT", limit: 300 }],
    [
      "an event before the acknowledgement",
      (_socket, say) => say({ id: "1", type: "next", payload: { data: {} } }),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "closed before the acknowledgement",
      (socket) => socket.close(4403, "Forbidden"),
      { code: "SUBSCRIPTION_REFUSED" },
    ],
    ["rubbish", (socket, say) => ack(socket, () => say("{")), { code: "SUBGRAPH_MALFORMED_RESPONSE" }],
    [
      "bytes",
      (socket) => ack(socket, () => socket.send(Buffer.of(0xff, 0xfe))),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "an event of nobody's",
      (socket, say) => ack(socket, () => say({ id: "2", type: "next", payload: { data: {} } })),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "an event that is no answer",
      (socket, say) => ack(socket, () => say({ id: "1", type: "next", payload: {} })),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "acknowledged twice",
      (socket, say) => ack(socket, () => say({ type: "connection_ack" })),
      { code: "SUBGRAPH_MALFORMED_RESPONSE" },
    ],
    [
      "an event that is too large",
      (socket, say) => ack(socket, () => say("x".repeat(2_000))),
      { code: "SUBGRAPH_RESPONSE_TOO_LARGE", limit: 1_000 },
    ],
    [
      "closed in good order, without completing",
      (socket) => ack(socket, () => socket.close(1000)),
      { code: "SUBSCRIPTION_LOST" },
    ],
    [
      "a connection that breaks",
      (socket) => ack(socket, () => socket.terminate()),
      { code: "SUBSCRIPTION_LOST" },
    ],
  ])("%s", async (_name, speak, failure) => {
    const connections = connect(failure.code === "SUBGRAPH_TIMEOUT" ? SOON : {});
    const heard = subscribe(await serveSocket(speak), connections);
    await expect.poll(() => heard.end).toMatchObject({ failure });
    expect(heard.events).toEqual([]);
  });

  test.each(["graphql-ws", false] as const)("another protocol: %s", async (protocol) => {
    const heard = subscribe(await serveSocket(() => undefined, protocol));
    await expect.poll(() => heard.end).toMatchObject({ failure: { code: "SUBSCRIPTION_REFUSED" } });
  });

  test("its errors are told; pings are answered", async () => {
    let ponged = false;
    const url = await serveSocket((socket, say) => {
      ack(socket, () => say({ type: "ping", payload: { at: 1 } }));
      socket.on("message", (data) => {
        if (!textOf(data).includes('"pong"')) return;
        ponged = true;
        say({ type: "pong" });
        say({ id: "1", type: "error", payload: [{ message: "no", extensions: { code: "NO" } }] });
      });
    });
    const heard = subscribe(url);
    await expect
      .poll(() => heard.end)
      .toMatchObject({ errors: [{ message: "no", extensions: { code: "NO" } }] });
    expect(ponged).toBe(true);
  });

  test("a service that falls silent is given up", async () => {
    const url = await serveSocket((socket) => {
      ack(socket, () => {
        // Nothing is read any more, so no ping is answered.
        socket.pause();
      });
    });
    const heard = subscribe(url, connect({ heartbeat: 50 }));
    await expect.poll(() => heard.end).toMatchObject({ failure: { code: "SUBSCRIPTION_LOST" } });
  });

  test("who leaves says so", async () => {
    const said: string[] = [];
    let closed: number | undefined;
    const url = await serveSocket((socket) => {
      ack(socket, () => undefined);
      socket.on("message", (data) => said.push((JSON.parse(textOf(data)) as { type: string }).type));
      socket.on("close", (code) => {
        closed = code;
      });
    });
    const heard = subscribe(url);
    await expect.poll(() => said).toContain("subscribe");
    heard.leave();
    heard.leave();
    await expect.poll(() => closed).toBe(1000);
    expect(said).toEqual(["connection_init", "subscribe", "complete"]);
    expect(heard.end).toBeUndefined();
  });
});

describe("which protocol", () => {
  test.each(["sse", "websocket"] as const)("%s is found out, and remembered", async (protocol) => {
    const feed = await startFeed("type Query { a: ID } type Subscription { told: ID }", ["told"], {}, [
      protocol,
    ]);
    closing.push(feed.close);
    let refused = 0;
    feed.server.on("request", (_asked, response) =>
      response.on("finish", () => {
        if (response.statusCode !== 200) refused += 1;
      }),
    );
    const connections = connect();
    const first = subscribe(feed.url, connections);
    await expect.poll(() => feed.open.size).toBe(1);
    const second = subscribe(feed.url, connections);
    await expect.poll(() => feed.open.size).toBe(2);
    expect(feed.opened.map((one) => one.protocol)).toEqual([protocol, protocol]);
    expect(refused).toBe(protocol === "sse" ? 0 : 1);
    first.leave();
    second.leave();
    await expect.poll(() => feed.open.size).toBe(0);
  });

  test("of a service that has changed its mind", async () => {
    const SDL = "type Query { a: ID } type Subscription { told: ID }";
    const port = await freePort();
    const before = await startFeed(SDL, ["told"], {}, ["websocket"], port);
    const connections = connect();
    const first = subscribe(before.url, connections);
    await expect.poll(() => before.open.size).toBe(1);
    await before.close();
    await expect.poll(() => first.end).toMatchObject({ failure: { code: "SUBSCRIPTION_LOST" } });
    const after = await startFeed(SDL, ["told"], {}, ["sse"], port);
    closing.push(after.close);
    const second = subscribe(after.url, connections);
    await expect.poll(() => after.open.size).toBe(1);
    second.leave();
  });
});
