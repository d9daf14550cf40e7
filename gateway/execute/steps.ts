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
  RequiresSelection,
} from "@graphql-hive/router-query-planner";

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
}

/** Entities asked for under one response key. */
export interface EntityBatch {
  readonly responseKey: string;
  readonly variable: string;
  /** Where the entities stand in the tree. */
  readonly paths: readonly Path[];
  readonly requires: readonly RequiresSelection[];
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

/** @throws Error when the plan has a node that this engine does not run. */
export function compileSteps(node: PlanNode): Step {
  switch (node.kind) {
    case "Sequence":
      return { kind: "sequence", steps: node.nodes.map(compileSteps) };
    case "Parallel":
      return { kind: "parallel", steps: node.nodes.map(compileSteps) };
    case "Fetch":
      return rootFetch(node);
    case "BatchFetch":
      return {
        kind: "fetch",
        service: node.serviceName,
        query: node.operation,
        operationName: node.operationName,
        variables: node.variableUsages ?? [],
        entities: node.entityBatch.aliases.map(compileBatch),
        rewrites: [],
      };
    case "Flatten":
      if (node.node.kind !== "Fetch") throw new Error(`a plan flattens into ${node.node.kind}`);
      return entityFetch(node.node, compilePath(node.path));
    default:
      throw new Error(`a plan has a node of kind ${node.kind}, which its operation did not ask for`);
  }
}

function rootFetch(node: FetchNode): Step {
  return {
    kind: "fetch",
    service: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    variables: node.variableUsages ?? [],
    entities: [],
    rewrites: (node.outputRewrites ?? []).map(compileRewrite),
  };
}

function entityFetch(node: FetchNode, path: Path): Step {
  return {
    kind: "fetch",
    service: node.serviceName,
    query: node.operation,
    operationName: node.operationName,
    variables: (node.variableUsages ?? []).filter((name) => name !== "representations"),
    entities: [
      {
        responseKey: "_entities",
        variable: "representations",
        paths: [path],
        requires: node.requires ?? [],
        inputRewrites: (node.inputRewrites ?? []).map(compileRewrite),
        rewrites: (node.outputRewrites ?? []).map(compileRewrite),
      },
    ],
    rewrites: [],
  };
}

function compileBatch(alias: EntityBatchAlias): EntityBatch {
  return {
    responseKey: alias.alias,
    variable: alias.representationsVariableName,
    paths: alias.paths.map(compilePath),
    requires: alias.requires,
    inputRewrites: (alias.inputRewrites ?? []).map(compileRewrite),
    rewrites: (alias.outputRewrites ?? []).map(compileRewrite),
  };
}

function compilePath(path: readonly FlattenNodePathSegment[]): Path {
  return path.map((segment) => {
    if (segment === "@") return { kind: "list" };
    if ("Field" in segment) return { kind: "field", key: segment.Field };
    return { kind: "types", types: new Set(segment.TypeCondition) };
  });
}

function compileRewrite(rewrite: InputRewrite): Rewrite {
  if ("KeyRenamer" in rewrite)
    return {
      path: compileRewritePath(rewrite.KeyRenamer.path),
      rename: rewrite.KeyRenamer.renameKeyTo,
      value: undefined,
    };
  const setter = "ValueSetter" in rewrite ? rewrite.ValueSetter : rewrite;
  return { path: compileRewritePath(setter.path), rename: undefined, value: setter.setValueTo };
}

function compileRewritePath(path: readonly FetchNodePathSegment[]): Rewrite["path"] {
  return path.map((segment) =>
    "Key" in segment ? { key: segment.Key } : { types: new Set(segment.TypenameEquals) },
  );
}
