/**
 * Hive's planner: native, quick, and off the main thread.
 */
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { parse, print, visit } from "graphql";
import type { Planner, PlanNode } from "./planner.ts";

/** @throws Error when the SDL is not a supergraph. */
export function createHivePlanner(supergraphSdl: string): Planner {
  const planner = new QueryPlanner(withoutDescriptions(supergraphSdl));
  const none = new Set<string>();
  return {
    thresholds: planner.overridePercentages.toSorted((a, b) => a - b),
    async plan(operation, share) {
      const plan = await planner.planAsync(operation, null, none, share);
      return plan.node && withPlainRoot(plan.node);
    },
  };
}

/** A subscription's plan is run like a query's, for every event: its first fetch is the one that events come by. */
function withPlainRoot(node: PlanNode): PlanNode {
  if (node.kind === "Subscription") return { ...node.primary, kind: "Fetch" };
  return node.kind === "Sequence" ? { ...node, nodes: node.nodes.map(withPlainRoot) } : node;
}

/** They do not matter to a plan, and the planner's parser refuses one on the schema definition. */
function withoutDescriptions(sdl: string): string {
  const document = visit(parse(sdl, { noLocation: true }), {
    enter: (node) =>
      "description" in node && node.description ? { ...node, description: undefined } : undefined,
  });
  return print(document);
}
