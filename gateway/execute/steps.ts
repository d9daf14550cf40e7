/**
 * A plan made ready to run: paths, requirements and rewrites taken apart once, not on every request.
 */
import type {
  EntityBatchAlias,
  FetchNode,
  FetchNodePathSegment,
  FlattenNodePathSegment,
  InputRewrite,
  PlanNode,
} from "@graphql-hive/router-query-planner";
import type { Contextual } from "../plan/planner.ts";
import { compileRequirement, type Requirement } from "./requirement.ts";

export type Step =
  | { readonly kind: "sequence"; readonly steps: readonly Step[] }
  | { readonly kind: "parallel"; readonly steps: readonly Step[] }
  | ({ readonly kind: "fetch" } & FetchStep);

/** One call to one subgraph: root fields, or entities. */
export interface FetchStep {
  readonly service: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Variables of the client's operation that the call needs. */
  readonly variables: readonly string[];
  /** Empty for root fields. */
  readonly entities: readonly EntityBatch[];
  /** For root fields; entities have their own. */
  readonly rewrites: readonly Rewrite[];
  /** Variables whose values stand above each entity. */
  readonly contexts: readonly ContextRule[];
}

/** Where the value of a contextual argument stands (`@fromContext`). */
export interface ContextRule {
  readonly variable: string;
  /** How many objects above the entity the path begins. */
  readonly up: number;
  readonly path: Rewrite["path"];
}

/** Entities asked for under one response key. */
export interface EntityBatch {
  readonly responseKey: string;
  readonly variable: string;
  /** Where the entities stand in the tree. */
  readonly paths: readonly Path[];
  readonly requires: Requirement;
  readonly inputRewrites: readonly Rewrite[];
  readonly rewrites: readonly Rewrite[];
}

export type Path = readonly PathSegment[];
export type PathSegment =
  | { readonly kind: "field"; readonly key: string }
  | { readonly kind: "list" }
  | { readonly kind: "types"; readonly types: ReadonlySet<string> };

/** What is changed at the end of a path: a key's name, or its value. */
export interface Rewrite {
  readonly path: readonly ({ readonly key: string } | { readonly types: ReadonlySet<string> })[];
  readonly rename: string | undefined;
  readonly value: string | undefined;
}

/** The object types of a type: its own name, for an abstract type its members besides. */
export type TypesOf = (name: string) => readonly string[];

/** @throws Error when the plan has a node that this engine does not run. */
export function compileSteps(node: PlanNode, typesOf: TypesOf): Step {
  switch (node.kind) {
    case "Sequence":
      return { kind: "sequence", steps: node.nodes.map((part) => compileSteps(part, typesOf)) };
    case "Parallel":
      return { kind: "parallel", steps: node.nodes.map((part) => compileSteps(part, typesOf)) };
    case "Fetch":
      return rootFetch(node, typesOf);
    case "BatchFetch":
      return {
        kind: "fetch",
        service: node.serviceName,
        query: node.operation,
        operationName: node.operationName,
        variables: node.variableUsages ?? [],
        entities: node.entityBatch.aliases.map((alias) => compileBatch(alias, typesOf)),
        rewrites: [],
        contexts: [],
      };
    case "Flatten":
      if (node.node.kind !== "Fetch") throw new Error(`a plan flattens into ${node.node.kind}`);
      return entityFetch(node.node, compilePath(node.path, typesOf), typesOf);
    default:
      throw new Error(`a plan has a node of kind ${node.kind}, which its operation did not ask for`);
  }
}

function rootFetch(node: FetchNode, typesOf: TypesOf): Step {
  return {
    kind: "fetch",
    service: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
    entities: [],
    rewrites: (node.outputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, typesOf)),
    contexts: [],
  };
}

function entityFetch(node: FetchNode & Contextual, path: Path, typesOf: TypesOf): Step {
  const contexts = (node.contextRewrites ?? []).map(({ variable, up, path: from }) => ({
    variable,
    up,
    path: compileRewritePath(from, typesOf),
  }));
  const own = new Set(["representations", ...contexts.map(({ variable }) => variable)]);
  return {
    kind: "fetch",
    service: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    variables: (node.variableUsages ?? []).filter((name) => !own.has(name)),
    entities: [
      {
        responseKey: "_entities",
        variable: "representations",
        paths: [path],
        requires: compileRequirement(node.requires ?? [], typesOf),
        inputRewrites: (node.inputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, typesOf)),
        rewrites: (node.outputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, typesOf)),
      },
    ],
    rewrites: [],
    contexts,
  };
}

function compileBatch(alias: EntityBatchAlias, typesOf: TypesOf): EntityBatch {
  return {
    responseKey: alias.alias,
    variable: alias.representationsVariableName,
    paths: alias.paths.map((path) => compilePath(path, typesOf)),
    requires: compileRequirement(alias.requires, typesOf),
    inputRewrites: (alias.inputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, typesOf)),
    rewrites: (alias.outputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, typesOf)),
  };
}

function compilePath(path: readonly FlattenNodePathSegment[], typesOf: TypesOf): Path {
  return path.map((segment) => {
    if (segment === "@") return { kind: "list" };
    if ("Field" in segment) return { kind: "field", key: segment.Field };
    return { kind: "types", types: new Set(segment.TypeCondition.flatMap(typesOf)) };
  });
}

function compileRewrite(rewrite: InputRewrite, typesOf: TypesOf): Rewrite {
  if ("KeyRenamer" in rewrite)
    return {
      path: compileRewritePath(rewrite.KeyRenamer.path, typesOf),
      rename: rewrite.KeyRenamer.renameKeyTo,
      value: undefined,
    };
  const setter = "ValueSetter" in rewrite ? rewrite.ValueSetter : rewrite;
  return { path: compileRewritePath(setter.path, typesOf), rename: undefined, value: setter.setValueTo };
}

function compileRewritePath(path: readonly FetchNodePathSegment[], typesOf: TypesOf): Rewrite["path"] {
  return path.map((segment) =>
    "Key" in segment ? { key: segment.Key } : { types: new Set(segment.TypenameEquals.flatMap(typesOf)) },
  );
}

/** Whether a step needs what stands above its entities. */
export function readsContext(step: Step): boolean {
  return step.kind === "fetch" ? step.contexts.length > 0 : step.steps.some(readsContext);
}
