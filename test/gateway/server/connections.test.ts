import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { GatewaySettings } from "../../../gateway/gateway.ts";
import { readTls } from "../../../process/tls-files.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startOrders } from "../shop.ts";
import { CERTIFICATE, KEY } from "../transport/certificate.ts";

let directory: string;
let orders: TestServer;
const gateways: RunningGateway[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "connections-"));
  orders = await startOrders([]);
  await writeFile(join(directory, "certificate.pem"), CERTIFICATE);
  await writeFile(join(directory, "key.pem"), KEY);
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await orders.close();
  await rm(directory, { recursive: true });
});

async function start(settings: Partial<GatewaySettings>): Promise<RunningGateway> {
  const { url } = orders;
  const gateway = await startGateway(composeShop({ orders: url, stock: url, notes: url }), [], settings);
  gateways.push(gateway);
  return gateway;
}

/** What is answered to something sent as it is, until the connection ends. */
async function answerTo(origin: string, ...parts: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (data: Buffer) => {
    answer += data.toString();
  });
  for (const part of parts) socket.write(part);
  await once(socket, "close");
  return answer;
}

const HEAD = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

test("TLS, also for WebSockets", async () => {
  const { origin } = await start({
    tlsCertFile: join(directory, "certificate.pem"),
    tlsKeyFile: join(directory, "key.pem"),
  });
  const url = origin.replace("http:", "https:");
  const sent = httpsRequest(`${url}/graphql`, {
    ca: CERTIFICATE,
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  sent.end(JSON.stringify({ query: "{ order(id: 1) { id } }" }));
  const [response] = (await once(sent, "response")) as [AsyncIterable<Buffer>];
  let text = "";
  for await (const chunk of response) text += chunk.toString();
  expect(JSON.parse(text)).toEqual({ data: { order: { id: "1" } } });
  const socket = new WebSocket(`${url.replace("https", "wss")}/graphql`, "graphql-transport-ws", {
    ca: CERTIFICATE,
  });
  await once(socket, "open");
  socket.terminate();
  // Without TLS nothing is told.
  expect(await answerTo(origin, "GET / HTTP/1.1\r\nhost: x\r\n\r\n")).not.toContain("HTTP/1.1 2");
});

test.each([
  ["no key", "certificate.pem", undefined, "--tls-key-file"],
  ["no such file", "nothing.pem", "key.pem", "nothing.pem"],
  ["the key of something else", "key.pem", "certificate.pem", "TLS cannot be spoken"],
])("does not start with %s", async (_name, cert, key, message) => {
  await expect(readTls(join(directory, cert), key && join(directory, key))).rejects.toThrow(message);
});

test.each([
  ["a body that does not end", [`${HEAD}content-length: 100\r\n\r\n`, '{"query"']],
  ["chunks that do not end", [`${HEAD}transfer-encoding: chunked\r\n\r\n`, "1\r\n{\r\n"]],
  ["headers that do not end", [HEAD]],
  ["nothing after the first line", ["POST /graphql HTTP/1.1\r\n"]],
])("%s: 408 after a while, and the connection is closed", async (_name, parts) => {
  const { origin } = await start({ requestTimeout: 400 });
  const answer = await answerTo(origin, ...parts);
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"code":"REQUEST_TOO_SLOW"');
});

test("headers beyond all measure", async () => {
  const { origin } = await start({});
  const answer = await answerTo(origin, `GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
  expect(answer).toContain('"code":"HEADERS_TOO_LARGE"');
});

test.each(["gzip", "br", "deflate", "GZIP, identity"])("a body in %s is refused", async (encoding) => {
  const { url } = await start({});
  const bomb = gzipSync(JSON.stringify({ query: "{ order(id: 1) { id } }", x: "0".repeat(10_000_000) }));
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": encoding },
    body: bomb,
  });
  expect([response.status, response.headers.get("accept-encoding")]).toEqual([415, "identity"]);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "ENCODING_UNSUPPORTED" } }] });
});
