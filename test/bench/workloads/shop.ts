/**
 * The workloads on the shop: a, b, d and f.
 */
import type { Graph } from "../graph.ts";
import { DEEP, distinctOperations, SMALL } from "./operations.ts";
import type { Workload } from "./workload.ts";

const CONNECTIONS = 50;
/** A client that waits for each answer: what is left is the time that one request takes. */
const ONE = 1;
const COLD_OPERATIONS = 1_000;
const COLD_WARM_UP = 300;
const COLD_CONNECTIONS = 10;

export function deepWorkload(graph: Graph): Workload {
  const title = "deep query over 5 levels of entities, 50 connections";
  return { title: "a", graph, phases: [{ id: "a", title, operations: [DEEP], connections: CONNECTIONS }] };
}

export function authorizedWorkload(graph: Graph): Workload {
  const title = "the same, every request with an Authorization header of its own";
  const phase = { id: "b", title, operations: [DEEP], connections: CONNECTIONS, authorize: true };
  return { title: "b", graph, phases: [phase] };
}

export function smallWorkload(graph: Graph): Workload {
  const direct = graph.services.find(({ name }) => name === "accounts")?.url ?? "";
  const small = { operations: [SMALL], direct };
  return {
    title: "d",
    graph,
    phases: [
      { ...small, id: "d", title: "small query to one subgraph, 50 connections", connections: CONNECTIONS },
      {
        ...small,
        id: "d-auth",
        title: "the same, every request with an Authorization header of its own",
        connections: CONNECTIONS,
        authorize: true,
      },
      { ...small, id: "d1", title: "the small query over 1 connection: added latency", connections: ONE },
    ],
  };
}

export function coldWorkload(graph: Graph): Workload {
  const operations = distinctOperations(COLD_OPERATIONS, 1);
  const warmUp = distinctOperations(COLD_WARM_UP, 2, operations);
  const title = `cold: ${COLD_OPERATIONS} distinct operations, each seen once, ${COLD_CONNECTIONS} connections`;
  const phase = { id: "f", title, operations, warmUp, once: true, connections: COLD_CONNECTIONS };
  return { title: "f", graph, phases: [phase] };
}
