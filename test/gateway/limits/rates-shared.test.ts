import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { composeShop, startOrders } from "../shop.ts";
import { BARE_ENVIRONMENT } from "../../setup/environment.ts";

test("workers spend one allowance together", async () => {
  const directory = await mkdtemp(join(tmpdir(), "rates-"));
  const orders = await startOrders([]);
  const { url } = orders;
  const file = join(directory, "supergraph.graphql");
  await writeFile(file, composeShop({ orders: url, stock: url, notes: url }));
  const parameters = ["--port=0", "--workers=2", `--supergraph=${file}`, "--rate-address=10/86400"];
  const child = spawn(process.execPath, ["gateway/main.ts", ...parameters], {
    env: BARE_ENVIRONMENT,
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  const ended = once(child, "close");
  const [{ url: gateway }] = (await once(child, "message")) as [{ url: string }];

  /** On a connection of its own, so that the workers take turns. */
  async function ask(): Promise<number | undefined> {
    const agent = new Agent();
    const sent = request(gateway, {
      method: "POST",
      agent,
      headers: { "content-type": "application/json" },
    });
    sent.end(JSON.stringify({ query: "{ order(id: 1) { id } }" }));
    const [response] = (await once(sent, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
    response.resume();
    await once(response, "end");
    agent.destroy();
    return response.statusCode;
  }

  const statuses: (number | undefined)[] = [];
  for (let count = 0; count < 40; count += 1) statuses.push(await ask());
  child.kill("SIGTERM");
  await ended;
  await orders.close();
  await rm(directory, { recursive: true });
  const granted = statuses.filter((status) => status === 200).length;
  expect(granted).toBeGreaterThanOrEqual(10);
  // Each by itself would have granted 10.
  expect(granted).toBeLessThan(20);
  expect(statuses.at(-1)).toBe(429);
});
