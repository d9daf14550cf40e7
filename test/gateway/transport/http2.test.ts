import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { newContext, request } from "./asking.ts";
import { CERTIFICATE, KEY } from "./certificate.ts";

const trusted = getCACertificates();
const ended: (() => Promise<void>)[] = [];

beforeAll(() => setDefaultCACertificates([...trusted, CERTIFICATE]));
afterAll(() => setDefaultCACertificates(trusted));
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse, query: string) => void;

interface Served {
  readonly port: number;
  /** HTTP version of each request. */
  readonly versions: string[];
  readonly sessions: () => number;
}

async function serve(server: Http2Server, listener: Listener): Promise<Served> {
  const versions: string[] = [];
  let sessions = 0;
  server.on("session", () => {
    sessions += 1;
  });
  server.on("request", (asked: Http2ServerRequest, response: Http2ServerResponse) => {
    versions.push(asked.httpVersion);
    let body = "";
    asked.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    asked.on("end", () => listener(asked, response, (JSON.parse(body) as { query: string }).query));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ended.push(async () => {
    server.close();
    await once(server, "close");
  });
  return { port: (server.address() as AddressInfo).port, versions, sessions: () => sessions };
}

const overTls = () => createSecureServer({ key: KEY, cert: CERTIFICATE, allowHTTP1: true });

/** @param deadline of milliseconds; one that a busy machine keeps too, when it is left out */
function transport(h2c: readonly string[] = [], deadline = 20_000) {
  const http = createHttpTransport({
    deadline,
    maxResponseSize: 10_000,
    shareQueries: true,
    h2c: new Set(h2c),
  });
  ended.push(http.close);
  return (url: string, query = "{ a }") => http.ask(request({ query, url, context: newContext() }));
}

const echo: Listener = (_request, response, query) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ data: { query } }));
};

describe("a subgraph that speaks HTTP/2 over TLS", () => {
  test("is asked all at once over one connection", async () => {
    const { port, versions, sessions } = await serve(overTls(), echo);
    const ask = transport();
    const queries = Array.from({ length: 50 }, (_, index) => `{ a${index} }`);
    const answers = await Promise.all(queries.map((query) => ask(`https://localhost:${port}/`, query)));
    expect(answers.map(({ data }) => data?.["query"])).toEqual(queries);
    expect([new Set(versions), sessions()]).toEqual([new Set(["2.0"]), 1]);
  });

  test.each<[string, string, Listener]>([
    ["too large", "SUBGRAPH_RESPONSE_TOO_LARGE", (_request, response) => response.end("x".repeat(20_000))],
    ["status 500", "SUBGRAPH_HTTP_ERROR", (_request, response) => response.writeHead(500).end()],
    ["not JSON", "SUBGRAPH_MALFORMED_RESPONSE", (_request, response) => response.end("<html>")],
    ["a stream reset", "SUBGRAPH_UNREACHABLE", (_request, response) => response.stream.close(8)],
    ["a connection broken", "SUBGRAPH_UNREACHABLE", ({ stream }) => stream.session?.destroy()],
    ["no answer", "SUBGRAPH_TIMEOUT", () => {}],
  ])("%s: %s, and the next call is answered", async (_name, code, listener) => {
    let isBroken = true;
    const { port } = await serve(overTls(), (...parameters) => (isBroken ? listener : echo)(...parameters));
    const ask = transport([], code === "SUBGRAPH_TIMEOUT" ? 2_000 : undefined);
    const url = `https://localhost:${port}/`;
    expect((await ask(url)).failure?.code).toBe(code);
    isBroken = false;
    expect((await ask(url)).data).toEqual({ query: "{ a }" });
  });
});

describe("HTTP/2 without TLS", () => {
  test("where the service is said to speak it", async () => {
    const { port, versions, sessions } = await serve(createServer(), echo);
    const ask = transport(["stock"]);
    const url = `http://localhost:${port}/`;
    const answers = await Promise.all([ask(url, "{ a }"), ask(url, "{ b }")]);
    expect(answers.map(({ data }) => data)).toEqual([{ query: "{ a }" }, { query: "{ b }" }]);
    expect([versions, sessions()]).toEqual([["2.0", "2.0"], 1]);
  });

  test("never elsewhere", async () => {
    const { port, versions } = await serve(createServer(), echo);
    const { failure } = await transport(["another"])(`http://localhost:${port}/`);
    expect(failure?.code).toMatch(/^SUBGRAPH_(?:UNREACHABLE|MALFORMED_RESPONSE|HTTP_ERROR)$/);
    expect(versions).toEqual([]);
  });
});
