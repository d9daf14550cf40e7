/**
 * Apollo's planner, which plans what Hive's cannot. Its plans become Hive's in form, so that there is one way to run
 * them. It plans on the main thread and takes milliseconds to tens of them: only for what needs it.
 */
import { operationFromDocument, Supergraph } from "@apollo/federation-internals";
import {
  type PlanNode as ApolloNode,
  QueryPlanner,
  type QueryPlanSelectionNode,
  type FetchNode as ApolloFetch,
} from "@apollo/query-planner";
import type {
  FetchNode,
  FetchNodePathSegment,
  FetchRewrite,
  FlattenNodePathSegment,
  RequiresSelection,
} from "@graphql-hive/router-query-planner";
import { type GraphQLSchema, Kind, parse } from "graphql";
import { joinFieldArguments } from "./join.ts";
import type { Contextual, Planner, PlanNode } from "./planner.ts";

const FRAGMENT = "... on ";
/** Label of a progressive override, `percent(25)`. */
const PERCENTAGE = /^percent\((\d+(?:\.\d+)?)\)$/;

/** @param full the supergraph's schema with all its fields */
export function createApolloPlanner(supergraphSdl: string, full: GraphQLSchema): Planner {
  // No list of supported features: what a supergraph asks for beyond them (security directives, own ones) concerns
  // other parts of the gateway, not its plans.
  const graph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const planner = new QueryPlanner(graph);
  const api = graph.apiSchema();
  const labels = overrideLabels(full);
  return {
    thresholds: [...labels.values()].toSorted((a, b) => a - b),
    async plan(text, share) {
      const overrideConditions = new Map([...labels].map(([label, percent]) => [label, share < percent]));
      const operation = operationFromDocument(api, parse(text), { validate: false });
      const { node } = planner.buildQueryPlan(operation, { overrideConditions });
      if (node === undefined) return undefined;
      if (node.kind !== "Subscription") return convert(node);
      const first = convert(node.primary);
      return node.rest === undefined ? first : { kind: "Sequence", nodes: [first, convert(node.rest)] };
    },
  };
}

function convert(node: ApolloNode): PlanNode {
  switch (node.kind) {
    case "Sequence":
      return { kind: "Sequence", nodes: node.nodes.map(convert) };
    case "Parallel":
      return { kind: "Parallel", nodes: node.nodes.map(convert) };
    case "Flatten":
      return { kind: "Flatten", path: convertPath(node.path), node: convert(node.node) };
    case "Fetch":
      return convertFetch(node);
    default:
      throw new Error(`a plan has a node of kind ${node.kind}, which its operation did not ask for`);
  }
}

function convertFetch(node: ApolloFetch): FetchNode & Contextual {
  return {
    kind: "Fetch",
    serviceName: node.serviceName,
    operation: node.operation,
    operationKind: node.operationKind,
    ...(node.operationName !== undefined && { operationName: node.operationName }),
    variableUsages: node.variableUsages ?? [],
    ...(node.requires && { requires: node.requires.flatMap(convertRequired) }),
    inputRewrites: (node.inputRewrites ?? []).map(convertRewrite),
    outputRewrites: (node.outputRewrites ?? []).map(convertRewrite),
    ...(node.contextRewrites && {
      contextRewrites: node.contextRewrites.map(({ path, renameKeyTo }) => ({
        variable: renameKeyTo,
        up: path.filter((part) => part === "..").length,
        path: convertRewritePath(path.filter((part) => part !== "..")),
      })),
    }),
  };
}

/** Hive writes one `@` for a list of lists, Apollo one for each level. */
function convertPath(path: readonly (string | number)[]): FlattenNodePathSegment[] {
  return path
    .filter((part, index) => part !== "@" || path[index - 1] !== "@")
    .map((part) => (part === "@" ? part : { Field: String(part) }));
}

/** Apollo's planner fetches a required field under the name that the subgraph is told, Hive's not always. */
function convertRequired(selection: QueryPlanSelectionNode): RequiresSelection[] {
  const selections = selection.selections?.flatMap(convertRequired) ?? [];
  if (selection.kind === "Field")
    return [
      {
        kind: "Field",
        name: selection.alias ?? selection.name,
        ...(selections.length > 0 && { selections }),
      },
    ];
  if (selection.typeCondition === undefined) return selections;
  return [{ kind: "InlineFragment", typeCondition: selection.typeCondition, selections }];
}

function convertRewrite(rewrite: NonNullable<ApolloFetch["inputRewrites"]>[number]): FetchRewrite {
  const path = convertRewritePath(rewrite.path);
  return rewrite.kind === "ValueSetter"
    ? { ValueSetter: { path, setValueTo: String(rewrite.setValueTo) } }
    : { KeyRenamer: { path, renameKeyTo: rewrite.renameKeyTo } };
}

function convertRewritePath(path: readonly string[]): FetchNodePathSegment[] {
  return path.map((part) => {
    return part.startsWith(FRAGMENT) ? { TypenameEquals: [part.slice(FRAGMENT.length)] } : { Key: part };
  });
}

/** Percentages of the progressive overrides, by label (`overrideLabel` of join__field). */
function overrideLabels(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  for (const argument of joinFieldArguments(schema, "overrideLabel")) {
    if (argument.kind !== Kind.STRING) continue;
    const percent = PERCENTAGE.exec(argument.value)?.[1];
    if (percent !== undefined) labels.set(argument.value, Number(percent));
  }
  return labels;
}
