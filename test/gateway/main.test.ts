import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRaw, type TestServer } from "./servers.ts";
import { composeShop, startNotes, startOrders, startStock } from "./shop.ts";
import { ask } from "./running.ts";
import { BARE_ENVIRONMENT } from "../setup/environment.ts";

let directory: string;
let supergraphFile: string;
let orders: TestServer;
let stock: TestServer;
let notes: TestServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gateway-"));
  orders = await startOrders([{ store: "N1", code: "a" }]);
  stock = await startStock({ "N1/a": 5 });
  notes = await startNotes();
  supergraphFile = await file(
    "supergraph.graphql",
    composeShop({ orders: orders.url, stock: stock.url, notes: notes.url }),
  );
});
afterAll(async () => {
  for (const server of [orders, stock, notes]) await server.close();
  await rm(directory, { recursive: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

interface Program {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  /** Exit code and signal. */
  readonly ended: Promise<unknown[]>;
}

/** The gateway as a process of its own under plain Node, as a user starts it. */
function start(parameters: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, ["gateway/main.ts", ...parameters], {
    env: { ...BARE_ENVIRONMENT, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return { child, stderr: () => stderr, ended: once(child, "close") };
}

async function ready(program: Program): Promise<string> {
  const [message] = (await Promise.race([
    once(program.child, "message"),
    program.ended.then(() => {
      throw new Error(`it ended: ${program.stderr()}`);
    }),
  ])) as [{ ready: boolean; url: string; port: number }];
  expect(message).toMatchObject({ ready: true, port: expect.any(Number) });
  return message.url;
}

describe("a start", () => {
  test("on any supergraph: serves, logs where, and ends cleanly at SIGTERM", async () => {
    const program = start(["--supergraph", supergraphFile, "--port", "0"]);
    const url = await ready(program);
    const { data } = await ask(url, "{ order(id: 1) { id shelves { store count note } } }");
    expect(data).toEqual({
      order: { id: "1", shelves: [{ store: "N1", count: 5, note: "note N1/a" }] },
    });
    expect((await fetch(new URL("/agencies/now.json", url))).status).toBe(200);
    expect(program.stderr()).toContain(`"url":"${url}"`);
    expect(program.stderr()).not.toMatch(/warning|deprecat/i);
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("by the environment, with members and other URLs, and the pages off", async () => {
    const members = [{ key: "N1", base: "stock", path: "/graphql", subgraphs: ["stock"] }];
    const program = start(["--no-sandbox", "--no-overview"], {
      SUPERGRAPH: await file("elsewhere.graphql", composeShop({ orders: "http://127.0.0.1:1/" })),
      MEMBERS: await file("members.json", JSON.stringify({ members })),
      SUBGRAPH_URLS: `orders=${orders.url},stock=${stock.url},notes=${notes.url}`,
      PORT: "0",
    });
    const url = await ready(program);
    const { data, extensions } = await ask(
      url,
      "{ order(id: 1) { shelves { count } } }",
      {},
      { "x-trace-calls": "1" },
    );
    expect(data).toEqual({ order: { shelves: [{ count: 5 }] } });
    expect(extensions).toMatchObject({ calls: [{ service: "orders" }, { service: "stock", member: "N1" }] });
    expect((await fetch(new URL("/", url), { headers: { accept: "text/html" } })).status).toBe(404);
    expect((await fetch(new URL("/agencies/now.json", url))).status).toBe(404);
    program.child.kill("SIGINT");
    expect(await program.ended).toEqual([0, null]);
  });
});

test("SIGTERM lets a request under way end, also when its connection is kept alive", async () => {
  const held: (() => void)[] = [];
  const slow = await startRaw((_query, reply) => {
    held.push(() => reply.end('{"data":{"order":{"id":"held"}}}'));
  });
  const program = start(["--supergraph", supergraphFile, "--port", "0", "--url", `orders=${slow.url}`]);
  const url = await ready(program);
  const underWay = ask(url, "{ order(id: 1) { id } }");
  await expect.poll(() => held).toHaveLength(1);
  program.child.kill("SIGTERM");
  await expect.poll(() => fetch(url).catch(() => "refused")).toBe("refused");
  held[0]?.();
  expect((await underWay).data).toEqual({ order: { id: "held" } });
  expect(await program.ended).toEqual([0, null]);
  await slow.close();
});

test("it ends when the program that started it is gone", async () => {
  const program = start(["--supergraph", supergraphFile, "--port", "0"]);
  await ready(program);
  program.child.disconnect();
  // Not "close", which Node does not emit once the channel was closed from this side.
  expect(await once(program.child, "exit")).toEqual([0, null]);
});

async function faultOf(parameters: readonly string[]): Promise<string> {
  const program = start(parameters);
  const [code] = await program.ended;
  expect(code).toBe(1);
  const fault = program.stderr();
  expect(fault).not.toMatch(/^\s+at /m);
  return fault.slice(fault.indexOf("error: "));
}

describe("a fault at the start: one clear line with how to mend it, exit code 1, no stack trace", () => {
  test("options, all at once", async () => {
    const fault = await faultOf([
      "--port",
      "x",
      "--url",
      "orders",
      "--deadline",
      "3",
      "--body-limit=-1",
      "--overview-path=/health/x",
    ]);
    expect(fault).toContain("unknown option --deadline");
    expect(fault).toContain("--port: must be a whole number from 0 to 65535");
    expect(fault).toContain('--url: "orders" is not NAME=URL with an http or https URL');
    expect(fault).toMatch(/--body-limit: must be a whole number/);
    expect(fault).toContain("--overview-path: must be a path of its own, such as /agencies");
    expect(fault).toContain("--supergraph): is required");
    expect(fault).toContain("See gateway --help.");
  });

  test("a taken port", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    expect(await faultOf(["--supergraph", supergraphFile, "--port", String(port)])).toBe(
      `error: port ${port} on 127.0.0.1 is taken.\n  Stop what listens there, or choose another --port.\n`,
    );
    taken.close();
  });

  const broken: [string, () => Promise<string[]>, RegExp][] = [
    [
      "a missing supergraph",
      async () => ["nowhere.graphql"],
      /^error: cannot read nowhere\.graphql: no such file\.\n  Give /,
    ],
    ["a directory", async () => [directory], /^error: cannot read .*\n  Give /],
    [
      "a broken supergraph",
      async () => [await file("broken.graphql", "type {")],
      /^error: .*broken\.graphql:1:6: Syntax/,
    ],
    [
      "what is no supergraph",
      async () => [await file("plain.graphql", "type Query { a: Int }")],
      /is not a composed supergraph/,
    ],
    [
      "a subgraph without URL",
      async () => [await file("bare.graphql", composeShop({}))],
      /^error: subgraph "\w+" has no URL.*\n  Give one with --url /,
    ],
    [
      "a URL for no subgraph",
      async () => [supergraphFile, "--url", "ordres=http://x/"],
      /no subgraph "ordres"\.\n  Its subgraphs are: notes, orders, stock\./,
    ],
    [
      "HTTP/2 to no subgraph",
      async () => [supergraphFile, "--h2c", "ordres"],
      /no subgraph "ordres"\.\n  Its subgraphs are: notes, orders, stock\./,
    ],
    [
      "a missing members file",
      async () => [supergraphFile, "--members", "nowhere.json"],
      /^error: cannot read nowhere\.json: no such file/,
    ],
    [
      "a bad members file",
      async () => [
        supergraphFile,
        "--members",
        await file("bad.json", '{"members":[{"key":"a"},{"key":"a","url":"x","subgraphs":["stock"]}]}'),
      ],
      /bad\.json: members\[0\]\.subgraphs: .*\n  members\[1\]\.url: must be an http or https URL/,
    ],
  ];
  test.each(broken)("%s", async (_name, parameters, expected) => {
    expect(await faultOf(["--port", "0", "--supergraph", ...(await parameters())])).toMatch(expected);
  });
});

test("--help tells every option", async () => {
  const program = start(["--help"]);
  let stdout = "";
  program.child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  expect(await program.ended).toEqual([0, null]);
  for (const flag of [
    "supergraph",
    "members",
    "url",
    "port",
    "host",
    "subgraph-deadline",
    "max-response-size",
    "body-limit",
    "dedupe-requests",
    "workers",
    "h2c",
    "sandbox",
    "overview",
    "overview-path",
    "examples",
  ])
    expect(stdout).toContain(`--${flag}`);
});
