/**
 * The planner: which subgraphs answer an operation, in what order. It is Hive's, native, run off the main thread, so
 * that planning never holds requests up; gateway/README.md tells how it was chosen.
 */
import { QueryPlanner, type PlanNode } from "@graphql-hive/router-query-planner";
import { parse, print, visit } from "graphql";

export type { PlanNode };

export interface Planner {
  /**
   * Plans a valid operation without @skip and @include, introspection left out.
   * @param share where the request stands among all, 0 to 100, for `@override(label: "percent(n)")`
   */
  plan(operation: string, share: number): Promise<PlanNode | undefined>;
  /** The percentages at which a progressive override turns; ascending. */
  readonly thresholds: readonly number[];
}

/** @throws Error when the SDL is not a supergraph. */
export function createPlanner(supergraphSdl: string): Planner {
  const planner = new QueryPlanner(withoutDescriptions(supergraphSdl));
  const none = new Set<string>();
  return {
    thresholds: planner.overridePercentages.toSorted((a, b) => a - b),
    async plan(operation, share) {
      const plan = await planner.planAsync(operation, null, none, share);
      return plan.node ?? undefined;
    },
  };
}

/** They do not matter to a plan, and the planner's parser refuses one on the schema definition. */
function withoutDescriptions(sdl: string): string {
  const document = visit(parse(sdl, { noLocation: true }), {
    enter: (node) =>
      "description" in node && node.description ? { ...node, description: undefined } : undefined,
  });
  return print(document);
}
