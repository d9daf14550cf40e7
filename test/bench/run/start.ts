/**
 * A gateway, started on its core and ready to answer.
 */
import { freePort } from "../../../process/ports.ts";
import type { Gateway } from "../gateways.ts";
import type { Graph } from "../graph.ts";
import type { Operation } from "../workloads/operations.ts";
import { Child } from "./child.ts";

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

export interface RunningGateway {
  readonly url: string;
  readonly child: Child;
}

/** @throws Error with the gateway's own words when it ends, or does not answer within a minute. */
export async function startGateway(
  gateway: Gateway,
  graph: Graph,
  { pinning, profiles }: { readonly pinning: boolean; readonly profiles?: string | undefined },
): Promise<RunningGateway> {
  const port = await freePort();
  const { command, env = {} } = await gateway.prepare(graph, port);
  const profiling = profiles !== undefined && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` };
  const child = new Child({
    command,
    env: { ...env, ...profiling },
    place: "gateway",
    pinning,
    cwd: graph.directory,
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  const until = performance.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    const words = child.output.trim();
    if (child.ended) throw new Error(`it ended at the start: ${words}`);
    if (performance.now() > until) {
      await child.stop();
      throw new Error(`it does not answer after ${READY_WITHIN_MS / 1000} s: ${words}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return { url, child };
}

async function answers(url: string): Promise<boolean> {
  const text = await askText(url, { query: "{ __typename }", variables: {} }).catch(() => "");
  return text.includes('"Query"');
}

/** The answer to one operation, as it came. */
export async function askText(url: string, { query, variables }: Operation): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}
