/**
 * The planner: which subgraphs answer an operation, in what order. It is Hive's, native, run off the main thread, so
 * that planning never holds requests up; gateway/README.md tells how it was chosen. What it finds no plan for is planned
 * in pieces (cuts.ts). Apollo's takes its place for supergraphs with @fromContext, which Hive's plans as if the
 * arguments were not there.
 */
import type { Supergraph } from "@apollo/federation-internals";
import type { FetchNodePathSegment, PlanNode } from "@graphql-hive/router-query-planner";
import { type GraphQLSchema, isInterfaceType } from "graphql";
import { createApolloPlanner } from "./apollo.ts";
import { type Cutter, planInPieces } from "./cuts.ts";
import { withEntityRoot } from "./entity-root.ts";
import { createHivePlanner } from "./hive.ts";
import { isObjectSomewhere, joinFieldArguments } from "./join.ts";
import { withoutFragments } from "./pieces.ts";
import { createSettling } from "./requirements.ts";

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

/** Of a fetch: variables whose values stand in the tree above each entity (`@fromContext`). */
export interface Contextual {
  readonly contextRewrites?: readonly ContextRewrite[];
}

export interface ContextRewrite {
  readonly variable: string;
  /** How many objects above the entity the path begins. */
  readonly up: number;
  readonly path: readonly FetchNodePathSegment[];
}

/** @throws Error when the SDL is not a supergraph. */
export function createPlanner(supergraphSdl: string, graph: Supergraph, full: GraphQLSchema): Planner {
  if (joinFieldArguments(full, "contextArguments").length > 0) return createApolloPlanner(graph, full);
  const hive = createHivePlanner(supergraphSdl);
  const hasInterfaceObjects = Object.values(full.getTypeMap()).some(
    (type) => isInterfaceType(type) && isObjectSomewhere(type),
  );
  let cutter: Cutter | undefined;
  const planCut = (operation: string, share: number) => {
    cutter ??= createCutter(supergraphSdl, full);
    return planInPieces(withoutFragments(operation), cutter, share);
  };
  const settle = createSettling(full);
  return {
    thresholds: hive.thresholds,
    async plan(operation, share) {
      const plan = hasInterfaceObjects
        ? await planCut(operation, share)
        : await hive.plan(operation, share).catch(() => planCut(operation, share));
      return plan && (settle?.(plan) ?? plan);
    },
  };
}

/** Made when it is first needed. */
function createCutter(supergraphSdl: string, schema: GraphQLSchema): Cutter {
  const { sdl, entities } = withEntityRoot(supergraphSdl);
  return { schema, entities, planner: createHivePlanner(sdl) };
}
