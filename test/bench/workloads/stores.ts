/**
 * The workload on the partition: e. Cost is to follow the members a query touches, not those that are registered.
 */
import type { Graph } from "../graph.ts";
import type { Operation } from "./operations.ts";
import type { Workload } from "./workload.ts";

export const REGISTERED = { many: 200, few: 2 } as const;

/** Few enough that the connections to 200 servers stay below what one process may open. */
const CONNECTIONS_TO_ALL = 4;
const CONNECTIONS_TO_FEW = 50;

/** @param many all members registered; `few`: the first two */
export function partitionWorkloads(many: Graph, few: Graph): readonly Workload[] {
  const twoOf = (registered: number) => ({
    id: `e2/${registered}`,
    title: `2 of ${registered} registered members touched, ${CONNECTIONS_TO_FEW} connections`,
    operations: [touching(2)],
    connections: CONNECTIONS_TO_FEW,
  });
  const all = {
    id: "e-all",
    title: `all ${REGISTERED.many} members touched, ${CONNECTIONS_TO_ALL} connections`,
    operations: [touching(REGISTERED.many)],
    connections: CONNECTIONS_TO_ALL,
  };
  return [
    { title: `e, ${REGISTERED.few} members`, graph: few, phases: [twoOf(REGISTERED.few)] },
    { title: `e, ${REGISTERED.many} members`, graph: many, phases: [twoOf(REGISTERED.many), all] },
  ];
}

function touching(members: number): Operation {
  return {
    query: "query Stores($first: Int!) { stores(first: $first) { code name shelves { code count } } }",
    variables: { first: members },
  };
}
