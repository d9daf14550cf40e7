import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startRaw, type TestServer } from "./servers.ts";
import { composeShop, startNotes, startOrders } from "./shop.ts";
import { BARE_ENVIRONMENT } from "../setup/environment.ts";

let directory: string;
let orders: TestServer;
let notes: TestServer;
let agents: Agent[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "workers-"));
  orders = await startOrders([]);
  notes = await startNotes();
});
afterEach(() => {
  for (const agent of agents) agent.destroy();
  agents = [];
});
afterAll(async () => {
  await orders.close();
  await notes.close();
  await rm(directory, { recursive: true });
});

interface Line {
  readonly msg: string;
  readonly pid: number;
  readonly requestId?: string;
}

async function supergraph(name: string, ordersUrl = orders.url): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, composeShop({ orders: ordersUrl, notes: notes.url, stock: notes.url }));
  return path;
}

/** A gateway of two workers, or whatever the parameters say, with the lines of its log. */
function start(...parameters: readonly string[]) {
  const child = spawn(process.execPath, ["gateway/main.ts", "--port=0", "--workers=2", ...parameters], {
    env: BARE_ENVIRONMENT,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const log = () =>
    stderr
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Line);
  return { child, stderr: () => stderr, log, ended: once(child, "close") };
}

async function started(...parameters: readonly string[]) {
  const program = start(...parameters);
  const [message] = (await Promise.race([
    once(program.child, "message"),
    program.ended.then(() => {
      throw new Error(`it ended: ${program.stderr()}`);
    }),
  ])) as [{ url: string }];
  return { ...program, url: message.url };
}

type Started = Awaited<ReturnType<typeof started>>;

/** One kept-alive connection. Rejects when the connection breaks. */
function connection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

async function ask({ url }: Started, agent: Agent, id = "x"): Promise<unknown> {
  const sent = httpRequest(url, {
    method: "POST",
    agent,
    headers: { "content-type": "application/json", "x-request-id": id },
  });
  sent.end('{"query":"{ order(id: 1) { id } }"}');
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return (JSON.parse(text) as { data: unknown }).data;
}

/** Opens a connection for each question. */
async function askUntilRefused({ url }: Started): Promise<void> {
  for (let code: string | undefined; code !== "ECONNREFUSED"; ) {
    const sent = httpRequest(new URL("/health/live", url), { agent: false });
    sent.end();
    code = await once(sent, "response").then(
      ([response]) => void (response as IncomingMessage).resume(),
      (error: NodeJS.ErrnoException) => error.code,
    );
  }
}

const ANSWER = { order: { id: "1" } };

/** Opens connections until there are some to each worker, and tells by the log which is whose. */
async function connections(gateway: Started, count: number): Promise<Map<number, Agent[]>> {
  const opened = Array.from({ length: count }, connection);
  const run = `run${performance.now()}`;
  for (const [index, agent] of opened.entries())
    expect(await ask(gateway, agent, `${run}-${index}`)).toEqual(ANSWER);
  const lines = () => gateway.log().filter(({ requestId }) => requestId?.startsWith(`${run}-`));
  await expect.poll(lines).toHaveLength(count);
  const byWorker = new Map<number, Agent[]>();
  for (const { pid, requestId = "" } of lines()) {
    const agent = opened[Number(requestId.split("-")[1])];
    if (agent !== undefined) byWorker.set(pid, [...(byWorker.get(pid) ?? []), agent]);
  }
  return byWorker;
}

test("a worker killed under load: no request to the other fails, and another takes its place; none outlives the primary", async () => {
  const gateway = await started(`--supergraph=${await supergraph("killed.graphql")}`);
  const byWorker = await connections(gateway, 8);
  const [[victim], [survivor, surviving]] = [...byWorker] as [[number, Agent[]], [number, Agent[]]];

  let answered = 0;
  const enough = new AbortController();
  const load = surviving.map(async (agent) => {
    while (!enough.signal.aborted) {
      expect(await ask(gateway, agent)).toEqual(ANSWER);
      answered += 1;
    }
  });
  await expect.poll(() => answered).toBeGreaterThan(10);
  process.kill(victim, "SIGKILL");
  const replaced = () => gateway.log().find(({ msg }) => msg === "a new worker listens");
  await expect.poll(replaced, { timeout: 20_000 }).toBeDefined();
  const before = answered;
  await expect.poll(() => answered).toBeGreaterThan(before);
  enough.abort();
  await Promise.all(load);

  const afterwards = [...(await connections(gateway, 8)).keys()];
  expect(afterwards).toHaveLength(2);
  expect(afterwards).toContain(survivor);
  expect(afterwards).not.toContain(victim);

  gateway.child.kill("SIGKILL");
  await expect.poll(() => afterwards.filter(isAlive)).toEqual([]);
});

test("all load a changed supergraph; SIGTERM lets all of them end what is under way", async () => {
  const held: (() => void)[] = [];
  const slow = await startRaw((_query, reply) => {
    held.push(() => reply.end('{"data":{"order":{"id":"held"}}}'));
  });
  const gateway = await started(
    `--supergraph=${await supergraph("reloaded.graphql")}`,
    // What is held back must not fail before it is let go, however busy the machine.
    "--subgraph-deadline=30000",
  );
  const byWorker = await connections(gateway, 4);
  expect(byWorker.size).toBe(2);
  await supergraph("reloaded.graphql", slow.url);
  const reloads = () => gateway.log().filter(({ msg }) => msg === "graph reloaded");
  await expect.poll(reloads).toHaveLength(2);
  expect(new Set(reloads().map(({ pid }) => pid))).toEqual(new Set(byWorker.keys()));

  const underWay = [...byWorker.values()].map(([agent]) => ask(gateway, agent as Agent));
  await expect.poll(() => held).toHaveLength(2);
  gateway.child.kill("SIGTERM");
  // Each asks without a pause: a connection is served, broken off or refused, whenever it comes, and never left waiting.
  await Promise.all(Array.from({ length: 16 }, () => askUntilRefused(gateway)));
  for (const answer of held) answer();
  expect(await Promise.all(underWay)).toEqual([{ order: { id: "held" } }, { order: { id: "held" } }]);
  expect(await gateway.ended).toEqual([0, null]);
  await slow.close();
});

test("all of a group told at once to stop, as by Ctrl-C, refuse and end no less", async () => {
  const gateway = await started(`--supergraph=${await supergraph("group.graphql")}`);
  const workers = [...(await connections(gateway, 4)).keys()];
  const asking = Promise.all(Array.from({ length: 16 }, () => askUntilRefused(gateway)));
  for (const pid of [...workers, gateway.child.pid as number]) process.kill(pid, "SIGTERM");
  await asking;
  expect(await gateway.ended).toEqual([0, null]);
  expect(workers.filter(isAlive)).toEqual([]);
});

test("a fault at the start is told once", async () => {
  const program = start("--supergraph=nowhere.graphql");
  const [code] = await program.ended;
  expect([code, program.stderr().split("no such file").length - 1]).toEqual([1, 1]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
