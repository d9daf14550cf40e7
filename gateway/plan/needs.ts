/**
 * Which fetches of a plan are needed for some of its fields. An answer's first part waits for no fetch that only a later
 * part needs.
 */
import type {
  FlattenNodePathSegment,
  InputRewrite,
  RequiresSelection,
} from "@graphql-hive/router-query-planner";
import { type FieldNode, Kind, type SelectionNode } from "graphql";
import { argumentsText } from "./join.ts";
import { parallel, responseKey, sequence, withoutFragments } from "./pieces.ts";
import type { Contextual, PlanNode } from "./planner.ts";
import { fieldsIn, placeOf } from "./requirements.ts";

/** Names a field of the tree by its response keys from the root, whatever the types and list indexes between. */
export type FieldPlace = string;

/** What a fetch does to the tree. */
export interface FetchFacts {
  /** The fetch, with its path where it has one. */
  readonly node: PlanNode;
  /** What it asks for there: field and arguments. */
  readonly gives: ReadonlyMap<FieldPlace, ReadonlySet<string>>;
  readonly takes: ReadonlySet<FieldPlace>;
  /** Whether what it takes is not all known: then all of its plan is taken for needed. */
  readonly isOpaque: boolean;
}

export function fieldPlace(place: readonly string[], key: string): FieldPlace {
  return [...place, key].join(".");
}

/**
 * Places of what a selection ends in: leaves, and objects of which nothing is asked but whether they are there. An
 * object that two services know parts of is needed only from those whose parts are.
 */
export function endsOf(
  selections: readonly SelectionNode[],
  at: readonly FlattenNodePathSegment[],
): readonly FieldPlace[] {
  const fields = fieldsIn(selections, placeOf(at));
  const above = new Set(fields.map(({ place }) => place.join(".")));
  return fields
    .map(({ place, field }) => fieldPlace(place, responseKey(field)))
    .filter((place) => !above.has(place));
}

/** The fetches of a plan, those that run first before those that wait for them. */
export function factsOf(node: PlanNode): readonly FetchFacts[] {
  switch (node.kind) {
    case "Sequence":
    case "Parallel":
      return node.nodes.flatMap(factsOf);
    case "Fetch":
      return [factsOfList(node, node.operation, undefined, [[]], [], node.outputRewrites ?? [])];
    case "Flatten": {
      if (node.node.kind !== "Fetch") throw new Error(`a plan flattens into ${node.node.kind}`);
      const { operation, requires = [], outputRewrites } = node.node;
      const facts = factsOfList(node, operation, "_entities", [node.path], requires, outputRewrites ?? []);
      return [{ ...facts, isOpaque: (node.node as Contextual).contextRewrites !== undefined }];
    }
    case "BatchFetch": {
      const lists = node.entityBatch.aliases.map(({ alias, paths, requires, outputRewrites }) =>
        factsOfList(node, node.operation, alias, paths, requires, outputRewrites ?? []),
      );
      const gives = new Map<FieldPlace, Set<string>>();
      for (const list of lists)
        for (const [place, given] of list.gives)
          gives.set(place, new Set([...(gives.get(place) ?? []), ...given]));
      const takes = new Set(lists.flatMap((list) => [...list.takes]));
      return [{ node, gives, takes, isOpaque: false }];
    }
    default:
      throw new Error(`a plan has a node of kind ${node.kind}, which its operation did not ask for`);
  }
}

/** The fetches that give something wanted, and those that give what these take. */
export function neededFor(wanted: Iterable<FieldPlace>, facts: readonly FetchFacts[]): ReadonlySet<PlanNode> {
  if (facts.some(({ isOpaque }) => isOpaque)) return new Set(facts.map(({ node }) => node));
  const needed = new Set<PlanNode>();
  const places = new Set(wanted);
  for (const { node, gives, takes } of facts.toReversed()) {
    if (![...gives.keys()].some((place) => places.has(place))) continue;
    needed.add(node);
    for (const place of takes) places.add(place);
  }
  return needed;
}

/** The plan with these of its fetches. */
export function withOnly(kept: ReadonlySet<PlanNode>, node: PlanNode): PlanNode | undefined {
  if (node.kind !== "Sequence" && node.kind !== "Parallel") return kept.has(node) ? node : undefined;
  const nodes = node.nodes.flatMap((part) => withOnly(kept, part) ?? []);
  return node.kind === "Sequence" ? sequence(nodes) : parallel(nodes);
}

/** Whether two fetches give different things under one name at one place. */
export function collide(one: FetchFacts, other: FetchFacts): boolean {
  return [...one.gives].some(([place, given]) => {
    const also = other.gives.get(place);
    return also !== undefined && (given.size !== also.size || [...given].some((what) => !also.has(what)));
  });
}

function factsOfList(
  node: PlanNode,
  operation: string,
  responseName: string | undefined,
  paths: readonly (readonly FlattenNodePathSegment[])[],
  requires: readonly RequiresSelection[],
  rewrites: readonly InputRewrite[],
): FetchFacts {
  const asked = withoutFragments(operation).selectionSet.selections;
  const list = asked.find(
    (selection) => selection.kind === Kind.FIELD && responseKey(selection) === responseName,
  );
  const selections =
    responseName === undefined
      ? asked
      : list?.kind === Kind.FIELD
        ? (list.selectionSet?.selections ?? [])
        : [];
  const gives = new Map<FieldPlace, Set<string>>();
  const takes = new Set<FieldPlace>();
  for (const path of paths) {
    const at = placeOf(path);
    const found = fieldsIn(selections, at);
    for (const { place, field } of found) give(gives, fieldPlace(place, responseKey(field)), field);
    for (const rewrite of rewrites) {
      if (!("KeyRenamer" in rewrite)) continue;
      const keys = rewrite.KeyRenamer.path.flatMap((segment) => ("Key" in segment ? [segment.Key] : []));
      const renamed = found.find(
        ({ place, field }) => fieldPlace(place, responseKey(field)) === [...at, ...keys].join("."),
      );
      if (renamed !== undefined)
        give(gives, fieldPlace(renamed.place, rewrite.KeyRenamer.renameKeyTo), renamed.field);
    }
    addTaken(requires, at, takes);
  }
  return { node, gives, takes, isOpaque: false };
}

function give(gives: Map<FieldPlace, Set<string>>, place: FieldPlace, field: FieldNode): void {
  const what = `${field.name.value}(${argumentsText(field)})`;
  gives.set(place, (gives.get(place) ?? new Set()).add(what));
}

function addTaken(
  requires: readonly RequiresSelection[],
  at: readonly string[],
  taken: Set<FieldPlace>,
): void {
  for (const selection of requires) {
    if (selection.kind === "FragmentSpread") continue;
    const below = selection.selections ?? [];
    if (selection.kind === "InlineFragment") addTaken(below, at, taken);
    else {
      taken.add(fieldPlace(at, selection.name));
      addTaken(below, [...at, selection.name], taken);
    }
  }
}
