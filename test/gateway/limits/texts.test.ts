import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { GatewaySettings } from "../../../gateway/gateway.ts";
import { createTexts } from "../../../gateway/limits/texts.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startOrders } from "../shop.ts";

const QUERY = "query Listed { order(id: 1) { title } }";
const OTHER = "{ order(id: 1) { id } }";
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const byHash = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });
const APOLLO = {
  format: "apollo-persisted-query-manifest",
  version: 1,
  operations: [{ id: hashOf(QUERY), name: "Listed", type: "query", body: QUERY }],
};

let directory: string;
let orders: TestServer;
const gateways: RunningGateway[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "texts-"));
  orders = await startOrders([]);
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await orders.close();
  await rm(directory, { recursive: true });
});

async function start(settings: Partial<GatewaySettings> = {}): Promise<RunningGateway> {
  const { url } = orders;
  const gateway = await startGateway(composeShop({ orders: url, stock: url, notes: url }), [], settings);
  gateways.push(gateway);
  return gateway;
}

async function fileOf(content: unknown): Promise<string> {
  const file = join(directory, `${hashOf(JSON.stringify(content)).slice(0, 8)}.json`);
  await writeFile(file, JSON.stringify(content));
  return file;
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { status: response.status, data: answer.data, code: answer.errors?.[0]?.extensions.code, ...answer };
}

const FIRST = { order: { title: "First" } };

describe("automatic persisted queries", () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await start();
  });

  test("not found, sent with its text, found", async () => {
    const extensions = byHash(hashOf(QUERY));
    const unknown = await post(gateway.url, { extensions }, { "accept-language": "vi" });
    // Clients look for the message, whatever the reader's language.
    expect([unknown.status, unknown.errors]).toEqual([
      200,
      [{ message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } }],
    ]);
    expect(await post(gateway.url, { query: QUERY, extensions })).toMatchObject({ status: 200, data: FIRST });
    expect(await post(gateway.url, { extensions })).toMatchObject({ status: 200, data: FIRST });
    const parameters = new URLSearchParams({ extensions: JSON.stringify(extensions) });
    const get = await fetch(`${gateway.url}?${parameters}`, { headers: { "apollo-require-preflight": "1" } });
    expect(await get.json()).toEqual({ data: FIRST });
    const events = await fetch(gateway.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ extensions }),
    });
    expect(await events.text()).toContain('data: {"data":{"order":{"title":"First"}}}');
  });

  test("over a WebSocket", async () => {
    await post(gateway.url, { query: OTHER, extensions: byHash(hashOf(OTHER)) });
    const socket = new WebSocket(gateway.url.replace("http", "ws"), "graphql-transport-ws");
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    const payload = { query: "", extensions: byHash(hashOf(OTHER)) };
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload }));
    const [data] = (await once(socket, "message")) as [Buffer];
    socket.terminate();
    expect(JSON.parse(data.toString())).toMatchObject({ payload: { data: { order: { id: "1" } } } });
  });

  test("a text under the hash of another is refused, and not kept", async () => {
    const extensions = byHash(hashOf("{ stores }"));
    const forged = await post(gateway.url, { query: QUERY, extensions });
    expect([forged.status, forged.code]).toEqual([400, "PERSISTED_QUERY_MISMATCH"]);
    expect((await post(gateway.url, { extensions })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  test("a mutation does not run by GET because its text is not there to be seen", async () => {
    const query = "mutation { touch(id: 1) { id } }";
    await post(gateway.url, { query, extensions: byHash(hashOf(query)) });
    orders.asked.length = 0;
    const parameters = new URLSearchParams({ extensions: JSON.stringify(byHash(hashOf(query))) });
    const get = await fetch(`${gateway.url}?${parameters}`, { headers: { "apollo-require-preflight": "1" } });
    expect([get.status, orders.asked]).toEqual([405, []]);
  });

  test("can be turned off", async () => {
    const { url } = await start({ automaticPersistedQueries: false });
    const extensions = byHash(hashOf(QUERY));
    expect(await post(url, { query: QUERY, extensions })).toMatchObject({ status: 200, data: FIRST });
    expect((await post(url, { extensions })).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });

  test("what is registered is bounded", () => {
    const { textOf } = createTexts({ manifest: () => undefined, safelist: false, automatic: true });
    const texts = Array.from({ length: 7 }, (_, index) => `${index}${"x".repeat(2 ** 20 - 1)}`);
    for (const query of texts) textOf({ query, extensions: byHash(hashOf(query)) });
    const kept = texts.filter((query) => textOf({ extensions: byHash(hashOf(query)) }) === query);
    expect(kept).toEqual(texts.slice(2));
  });
});

describe.each([
  ["Apollo's manifest", APOLLO, hashOf(QUERY)],
  ["Relay's map", { [hashOf(QUERY)]: QUERY }, hashOf(QUERY)],
])("%s", (_name, content, id) => {
  let listed: RunningGateway;
  let safe: RunningGateway;
  beforeAll(async () => {
    const manifest = await fileOf(content);
    listed = await start({ manifest });
    safe = await start({ manifest, safelist: true });
  });

  test.each([
    [{ extensions: byHash(id) }],
    [{ documentId: id }],
    [{ documentId: `sha256:${id}` }],
    [{ doc_id: id }],
  ])("an operation by its id: %j", async (body) => {
    expect(await post(listed.url, body)).toMatchObject({ status: 200, data: FIRST });
    expect(await post(safe.url, body)).toMatchObject({ status: 200, data: FIRST });
  });

  test("whatever else is executed without the safelist, and with it not", async () => {
    expect((await post(listed.url, { query: OTHER })).status).toBe(200);
    orders.asked.length = 0;
    const refused = await post(safe.url, { query: OTHER });
    expect([refused.status, refused.code, orders.asked]).toEqual([403, "OPERATION_NOT_LISTED", []]);
    expect(await post(safe.url, { query: ` ${QUERY}\n` })).toMatchObject({ status: 200, data: FIRST });
  });

  test.each([
    [{ query: OTHER, extensions: byHash(hashOf(OTHER)) }, "OPERATION_NOT_LISTED"],
    [{ extensions: byHash(hashOf(OTHER)) }, "PERSISTED_QUERY_NOT_FOUND"],
    [{ documentId: "constructor" }, "PERSISTED_QUERY_NOT_FOUND"],
    [{ query: `${QUERY} ${OTHER}` }, "OPERATION_NOT_LISTED"],
    [{ query: "{ __schema { types { name } } }" }, "OPERATION_NOT_LISTED"],
  ])("no way around the safelist: %j", async (body, code) => {
    expect((await post(safe.url, body)).code).toBe(code);
  });

  test("a listed id executes the listed text, whatever text is sent along", async () => {
    const body = { query: "mutation { touch(id: 1) { id } }", extensions: byHash(id) };
    expect(await post(safe.url, body)).toMatchObject({ data: FIRST });
  });
});

test("a changed manifest is taken over, a faulty one is not", async () => {
  const manifest = join(directory, "changing.json");
  await writeFile(manifest, JSON.stringify({ a: QUERY }));
  const gateway = await start({ manifest, safelist: true });
  await writeFile(manifest, "{");
  await expect.poll(() => gateway.log.some(({ msg }) => String(msg).includes("faulty"))).toBe(true);
  expect((await post(gateway.url, { documentId: "a" })).status).toBe(200);
  await writeFile(manifest, JSON.stringify({ b: OTHER }));
  await expect
    .poll(async () => (await post(gateway.url, { documentId: "b" })).data)
    .toEqual({ order: { id: "1" } });
  expect((await post(gateway.url, { documentId: "a" })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
});

test.each([
  ["{", /is no manifest/],
  ['{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}', /version/],
  ['{"a":1}', /a: /],
])("a gateway does not start with the manifest %s", async (content, message) => {
  const manifest = join(directory, "faulty.json");
  await writeFile(manifest, content);
  await expect(start({ manifest })).rejects.toThrow(message);
});

test("a safelist needs a list, and an engine that keeps it", async () => {
  await expect(start({ safelist: true })).rejects.toThrow("--manifest");
  const manifest = await fileOf(APOLLO);
  await expect(start({ safelist: true, manifest, engine: "apollo" })).rejects.toThrow("--engine apollo");
});
