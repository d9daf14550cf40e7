/**
 * The planner: which subgraphs answer an operation, in what order. It is Hive's, native, run off the main thread, so
 * that planning never holds requests up; gateway/README.md tells how it was chosen. What it finds no plan for is planned
 * in pieces (cuts.ts). Apollo's takes its place for operations that ask for fields with @fromContext, which Hive's plans
 * as if the arguments were not there.
 */
import type { FetchNodePathSegment, PlanNode } from "@graphql-hive/router-query-planner";
import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionNode,
} from "graphql";
import { giveWay } from "../turns.ts";
import { type Cutter, planInPieces } from "./cuts.ts";
import { entityField, withEntityRoot } from "./entity-root.ts";
import { createHivePlanner } from "./hive.ts";
import { createNarrowing } from "./narrowing.ts";
import { asksForAny, contextualFields, isObjectSomewhere } from "./join.ts";
import { beginning, type Begun, ofFields, withoutFragments, withSelections } from "./pieces.ts";
import { createSettling } from "./requirements.ts";
import type { Schemas } from "./schemas.ts";
import { createShaping } from "./shapes.ts";

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

/** For operations that are answered in parts, which are planned each by itself. */
export interface GraphPlanner extends Planner {
  /**
   * Plans what is asked of an entity, from its keys on; undefined where planning cannot begin there.
   * @param selections of an object type, in the tree's names
   * @param operation where they come from
   */
  planEntity(
    type: string,
    selections: readonly SelectionNode[],
    operation: OperationDefinitionNode,
    share: number,
  ): Promise<Begun | undefined>;
  /** Sets the requirements of several plans right that run one after another on one tree. */
  settle(plans: readonly PlanNode[]): readonly PlanNode[];
  /** Last of all: a plan that is to be run, with calls that no subgraph refuses. */
  finish(plan: PlanNode): PlanNode;
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
export async function createPlanner({ sdl, document, full }: Schemas): Promise<GraphPlanner> {
  const contextual = contextualFields(full);
  const apollo = contextual.size > 0 ? await apolloPlanner(sdl, full) : undefined;
  const hive = createHivePlanner(sdl);
  await giveWay();
  const hasInterfaceObjects = Object.values(full.getTypeMap()).some(
    (type) => isInterfaceType(type) && isObjectSomewhere(type),
  );
  let made: Promise<Cutter> | undefined;
  const cutter = () => (made ??= createCutter(document, full));
  const planCut = async (operation: string, share: number) =>
    planInPieces(withoutFragments(operation), await cutter(), share);
  const settle = createSettling(full);
  const shape = createShaping(full);
  const narrow = createNarrowing(full);
  return {
    thresholds: hive.thresholds,
    async plan(asked, share) {
      if (apollo !== undefined && asksForAny(parse(asked), contextual)) return apollo.plan(asked, share);
      const operation = narrow === undefined ? asked : print(narrow(parse(asked, { noLocation: true })));
      const plan = hasInterfaceObjects
        ? await planCut(operation, share)
        : await hive.plan(operation, share).catch(() => planCut(operation, share));
      return plan && (settle?.(plan) ?? plan);
    },
    async planEntity(type, selections, operation, share) {
      // Arguments that come from above the entity: its plan cannot begin with its keys.
      if (selections.some((selection) => asksForAny(selection, contextual))) return undefined;
      const cut = await cutter();
      if (!cut.entities.has(type)) return undefined;
      try {
        const fields = narrow === undefined ? selections : narrowSelections(narrow, type, selections);
        const asked = withSelections(operation, [ofFields(entityField(type), fields)]);
        return beginning(await planInPieces({ ...asked, operation: OperationTypeNode.QUERY }, cut, share));
      } catch {
        // The planner finds its way from above, if at all.
        return undefined;
      }
    },
    settle(plans) {
      const settled = settle?.({ kind: "Sequence", nodes: [...plans] });
      return settled?.kind === "Sequence" ? settled.nodes : plans;
    },
    finish: (plan) => shape?.(plan) ?? plan,
  };
}

/** Loaded where it is needed: with its packages it would take as much memory as all the rest of a gateway at rest. */
async function apolloPlanner(sdl: string, full: GraphQLSchema): Promise<Planner> {
  const { createApolloPlanner } = await import("./apollo.ts");
  return createApolloPlanner(sdl, full);
}

function narrowSelections(
  narrow: (document: DocumentNode) => DocumentNode,
  type: string,
  selections: readonly SelectionNode[],
): readonly SelectionNode[] {
  const fragment = parse(`fragment Asked on ${type} { ${selections.map((each) => print(each)).join(" ")} }`);
  const [definition] = parse(print(narrow(fragment)), { noLocation: true }).definitions;
  if (definition?.kind !== Kind.FRAGMENT_DEFINITION) throw new Error("a fragment is not one any more");
  return definition.selectionSet.selections;
}

/** Made when it is first needed. */
async function createCutter(document: DocumentNode, schema: GraphQLSchema): Promise<Cutter> {
  const { sdl, entities } = withEntityRoot(document);
  await giveWay();
  return { schema, entities, planner: createHivePlanner(sdl) };
}
