/**
 * The workload on the sample province: c, the combined status of dossiers from every agency's live cases.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import type { Graph } from "../graph.ts";
import { Child } from "../run/child.ts";
import type { Operation } from "./operations.ts";
import type { Workload } from "./workload.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const DOSSIERS = 2_000;
const CONNECTIONS = 20;
/** Filling an empty province takes a while on a busy machine. */
const READY_WITHIN_MS = 180_000;
/** Its PostgreSQL writes to disk before it ends. */
const STOP_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

const STATUS = `
  fragment Status on Dossier {
    code status statusWithout state receivedAt dueAt isOverdue
    procedure { code name }
    legs {
      order dueAt agency { code name }
      case { state dueAt finishedAt taxNotices { amount remaining } healthCard { number } residence { address } }
    }
  }`;

/** How many codes the single query goes round. */
const CODES = 20;

/** Starts a province of its own in `directory`, which must be empty. @throws Error with its words when it does not start. */
export async function startProvince(
  directory: string,
  pinning: boolean,
): Promise<{ child: Child; graph: Graph }> {
  const command = [
    process.execPath,
    join(ROOT, "province", "main.ts"),
    "--port=0",
    `--data=${directory}`,
    `--dossiers=${DOSSIERS}`,
    "--no-sandbox",
    // Gateways that know nothing of trust ask its programs, too; what trust costs is a workload of its own.
    "--no-trust",
    "--no-record",
  ];
  const child = new Child({ command, place: "rest", pinning, stopWithinMs: STOP_WITHIN_MS });
  const until = performance.now() + READY_WITHIN_MS;
  while (!/^ready$/m.test(child.output)) {
    if (child.ended) throw new Error(`the province did not start: ${child.output.trim()}`);
    if (performance.now() > until) {
      await child.stop();
      throw new Error(`the province is not ready after ${READY_WITHIN_MS / 1000} s: ${child.output.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const supergraph = join(directory, "supergraph.graphql");
  const { subgraphs } = readSupergraph(await readFile(supergraph, "utf8"), supergraph);
  const members = join(ROOT, "schema", "members.json");
  return { child, graph: { directory, supergraph, members, urls: subgraphs, services: [] } };
}

export interface StatusOperations {
  readonly one: readonly Operation[];
  readonly fifty: Operation;
}

/** @param ask sends an operation to a gateway over the province, and gives the answer's data */
export async function statusOperations(
  ask: (operation: Operation) => Promise<unknown>,
): Promise<StatusOperations> {
  const listed = (await ask({
    query: `{ dossiers(first: ${CODES}) { nodes { code } } }`,
    variables: {},
  })) as { dossiers: { nodes: readonly { code: string }[] } };
  return {
    one: listed.dossiers.nodes.map(({ code }) => ({
      query: `query Status($code: ID!) { dossier(code: $code) { ...Status } } ${STATUS}`,
      variables: { code },
    })),
    fifty: { query: `query List { dossiers(first: 50) { nodes { ...Status } } } ${STATUS}`, variables: {} },
  };
}

/** @param remembered whether the agencies' answers are remembered, so that the gateway is measured and not PostgreSQL */
export function statusWorkload(
  graph: Graph,
  { one, fifty }: StatusOperations,
  remembered: boolean,
): Workload {
  const suffix = remembered ? "" : "/live";
  const how = `${CONNECTIONS} connections, ${remembered ? "agencies' answers remembered" : "agencies with their databases"}`;
  return {
    title: `c${suffix}`,
    graph,
    phases: [
      {
        id: `c1${suffix}`,
        title: `combined status of 1 dossier, ${how}`,
        operations: one,
        connections: CONNECTIONS,
      },
      {
        id: `c50${suffix}`,
        title: `combined status of 50 dossiers, ${how}`,
        operations: [fifty],
        connections: CONNECTIONS,
      },
    ],
  };
}
