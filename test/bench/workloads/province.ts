/**
 * The workload on the sample province: c, the combined status of dossiers from every agency's live cases.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "../graph.ts";
import { Child } from "../run/child.ts";
import type { Operation } from "./operations.ts";
import type { Workload } from "./workload.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const DOSSIERS = 2_000;
const CONNECTIONS = 20;
/** Filling an empty province takes a while on a busy machine. */
const READY_WITHIN_MS = 180_000;
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
  ];
  const child = new Child({ command, place: "rest", pinning });
  const until = performance.now() + READY_WITHIN_MS;
  while (!/^ready$/m.test(child.output)) {
    if (child.ended) throw new Error(`the province did not start: ${child.output.trim()}`);
    if (performance.now() > until) {
      await child.stop();
      throw new Error(`the province is not ready after ${READY_WITHIN_MS / 1000} s: ${child.output.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const graph: Graph = {
    directory,
    supergraph: join(directory, "supergraph.graphql"),
    members: join(ROOT, "schema", "members.json"),
    services: [],
  };
  return { child, graph };
}

/** @param ask sends an operation to a gateway over the graph, and gives the answer's data */
export async function statusWorkload(
  graph: Graph,
  ask: (operation: Operation) => Promise<unknown>,
): Promise<Workload> {
  const listed = (await ask({
    query: `{ dossiers(first: ${CODES}) { nodes { code } } }`,
    variables: {},
  })) as { dossiers: { nodes: readonly { code: string }[] } };
  const one = listed.dossiers.nodes.map(({ code }) => ({
    query: `query Status($code: ID!) { dossier(code: $code) { ...Status } } ${STATUS}`,
    variables: { code },
  }));
  const fifty = {
    query: `query List { dossiers(first: 50) { nodes { ...Status } } } ${STATUS}`,
    variables: {},
  };
  return {
    title: "c",
    graph,
    phases: [
      {
        id: "c1",
        title: `combined status of 1 dossier, ${CONNECTIONS} connections`,
        operations: one,
        connections: CONNECTIONS,
      },
      {
        id: "c50",
        title: `combined status of 50 dossiers, ${CONNECTIONS} connections`,
        operations: [fifty],
        connections: CONNECTIONS,
      },
    ],
  };
}
