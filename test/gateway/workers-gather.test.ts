import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Overview } from "../../gateway/overview/told.ts";
import { gatherFromWorkers } from "../../gateway/workers-gather.ts";
import { composeShop, startOrders } from "./shop.ts";
import { BARE_ENVIRONMENT } from "../setup/environment.ts";

interface Line {
  readonly pid: number;
  readonly requestId?: string;
}

test("without workers, what the process itself knows is all", async () => {
  expect(await gatherFromWorkers(() => "it")()).toEqual({ asked: 1, told: ["it"] });
});

test("figures are of all workers, whichever is asked; one that does not answer is missed", {
  timeout: 60_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "gather-"));
  const orders = await startOrders([]);
  const supergraph = join(directory, "supergraph.graphql");
  await writeFile(supergraph, composeShop({ orders: orders.url, notes: orders.url, stock: orders.url }));
  const child = spawn(
    process.execPath,
    ["gateway/main.ts", "--port=0", "--workers=2", `--supergraph=${supergraph}`, "--no-sandbox"],
    { env: BARE_ENVIRONMENT, stdio: ["ignore", "ignore", "pipe", "ipc"] },
  );
  const ended = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    await orders.close();
    await rm(directory, { recursive: true });
  });
  let written = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    written += chunk.toString();
  });
  const lines = (): Line[] =>
    written
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Line);
  const [{ url }] = (await once(child, "message")) as [{ url: string }];

  // The primary hands connections out in turn: of eight, some are each worker's.
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  onTestFinished(() => agents.forEach((agent) => agent.destroy()));
  for (const [index, agent] of agents.entries())
    await send(url, agent, `ask-${index}`, '{"query":"{ order(id: 1) { id } }"}');
  const pids = () => [
    ...new Set(
      lines()
        .filter(({ requestId }) => requestId)
        .map(({ pid }) => pid),
    ),
  ];
  await expect.poll(pids).toHaveLength(2);

  const overview = async (agent: Agent): Promise<Overview> =>
    JSON.parse(await send(url.replace("/graphql", "/agencies/now.json"), agent, "look")) as Overview;
  for (const agent of agents) {
    // One waits half a second for the other, which may be too short on a busy machine, and says so.
    let told: Overview | undefined;
    await expect.poll(async () => (told = await overview(agent)).workers).toEqual({ asked: 2, told: 2 });
    expect(told?.services.find(({ name }) => name === "orders")?.figures).toMatchObject({
      calls: 8,
      failed: 0,
    });
  }

  const [busy, asked] = pids() as [number, number];
  const own = agents.find((_agent, index) =>
    lines().some(({ pid, requestId }) => pid === asked && requestId === `ask-${index}`),
  )!;
  process.kill(busy, "SIGSTOP");
  onTestFinished(() => void process.kill(busy, "SIGCONT"));
  await expect.poll(async () => (await overview(own)).workers).toEqual({ asked: 2, told: 1 });
});

async function send(url: string, agent: Agent, id: string, body?: string): Promise<string> {
  const headers = { "content-type": "application/json", "x-request-id": id };
  const sent = httpRequest(url, { method: body === undefined ? "GET" : "POST", agent, headers });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}
