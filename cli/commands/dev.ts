import { fileURLToPath } from "node:url";
import { z } from "zod";
import { RegistryRefusal } from "../../gateway/registry/client.ts";
import { watchFile } from "../../process/watch.ts";
import { onStop, StartError } from "../../process/lifecycle.ts";
import { wholeNumber } from "../../process/options.ts";
import { Child } from "../../province/child.ts";
import { freePort, isFree } from "../../process/ports.ts";
import { defineCommand, type Surroundings } from "../command.ts";
import { openPrivateGraph, type PrivateGraph } from "../private-graph.ts";
import { PROJECT_FILE } from "../project.ts";
import { faultLines } from "../refusal.ts";
import { openRegistry, registryOptions } from "../registry.ts";

const GATEWAY = fileURLToPath(new URL("../../gateway/main.ts", import.meta.url));
const HOST = "127.0.0.1";
/** Of the graph around: the agency's own files are watched. */
const POLL_MS = 2_000;
const STOP_GRACE_MS = 8_000;

export const dev = defineCommand({
  options: {
    port: {
      schema: wholeNumber(0, 65_535).default(4000),
      placeholder: "N",
      help: "Port of the private gateway, 0 for any free one; 4000 by default.",
    },
    url: {
      schema: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
      placeholder: "URL",
      help: "Where the agency answers on this machine; by default as lienthong.json says.",
    },
    data: {
      schema: z.string().default(".data/dev"),
      placeholder: "DIR",
      help: "Where the composed graph and the gateway's log are kept. Default .data/dev.",
    },
    ...registryOptions,
  },
  examples: ["lienthong dev", "lienthong dev --port 4200"],
  async run({ port: wanted, url, data: directory, ...access }, { tell }) {
    const port = wanted === 0 ? await freePort() : wanted;
    if (!(await isFree(port, HOST)))
      throw new StartError(`port ${port} is taken`, "Choose another with --port N.");
    const graph = await openPrivateGraph({ registry: openRegistry(access), directory, url });
    onStop(graph.close);
    const { project, faults } = await graph.compose();
    if (faults.length > 0)
      return {
        ok: false,
        data: { faults },
        lines: ["the graph does not compose:", ...faultLines(faults).map((line) => `  ${line}`)],
      };
    await startGateway(graph, port, directory, tell);
    const origin = `http://localhost:${port}`;
    tell(
      "ready",
      { url: `${origin}/graphql`, sandbox: `${origin}/`, agency: project.agency, agencyUrl: project.url },
      `the graph with agency ${project.agency} at ${project.url}:\n  ${origin}/graphql, sandbox at ${origin}/`,
    );
    const files = [PROJECT_FILE, ...(project.subgraph === undefined ? [] : [project.subgraph.sdl])];
    follow(graph, files, tell);
    return undefined;
  },
});

async function startGateway(
  { supergraphFile, membersFile }: PrivateGraph,
  port: number,
  logDirectory: string,
  tell: Surroundings["tell"],
): Promise<void> {
  const gateway = new Child(
    {
      name: "gateway",
      command: [
        GATEWAY,
        `--host=${HOST}`,
        `--port=${port}`,
        `--supergraph=${supergraphFile}`,
        `--members=${membersFile}`,
        // On this machine, for its own developer.
        "--no-authorization",
      ],
      env: process.env,
    },
    { logDirectory, tell: (line) => tell("gateway", { line }, line) },
  );
  onStop(() => gateway.stop(AbortSignal.timeout(STOP_GRACE_MS)));
  await gateway.start();
}

/** Composes anew when the agency's files change, or the graph around. */
function follow(graph: PrivateGraph, files: readonly string[], tell: Surroundings["tell"]): void {
  const compose = async (why: string): Promise<void> => {
    const { faults, isNew } = await graph.compose();
    // A change of a file may be told more than once.
    if (!isNew) return;
    if (faults.length === 0) return tell("composed", { why }, `composed anew: ${why}`);
    const lines = ["the graph does not compose, the last good one stays:", ...faultLines(faults)];
    tell("faults", { why, faults }, lines.join("\n  "));
  };
  let last = Promise.resolve();
  // One after another; what goes wrong is told once, until something else happens.
  let told = "";
  const inTurn = (work: () => Promise<void>): void => {
    const attempt = async (): Promise<void> => {
      try {
        await work();
        told = "";
      } catch (error) {
        if (!(error instanceof StartError) && !(error instanceof RegistryRefusal)) throw error;
        if (error.message !== told) tell("fault", { message: error.message }, error.message);
        told = error.message;
      }
    };
    last = last.then(attempt);
  };
  for (const file of files) onStop(watchFile(file, () => inTurn(() => compose(`${file} changed`))));
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      if (await graph.refresh()) await compose("the graph around has changed");
    } finally {
      timer = setTimeout(() => inTurn(look), POLL_MS);
    }
  };
  timer = setTimeout(() => inTurn(look), POLL_MS);
  onStop(() => clearTimeout(timer));
}
