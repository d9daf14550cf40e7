/**
 * Where several fields require one field with different arguments (`@requires(fields: "price(in: USD)")`), Hive's
 * planner (0.0.38) fetches it once for each, under names of its own, but does not always hand the right one on. What is
 * required is known from the supergraph, and what was fetched under which name from the plan itself.
 */
import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  FlattenNodePathSegment,
  RequiresSelection,
} from "@graphql-hive/router-query-planner";
import {
  type FieldNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type SelectionNode,
  type VariableNode,
  visit,
} from "graphql";
import { argumentsText, requiredFields } from "./join.ts";
import { responseKey, selectionSet, withoutFragments } from "./pieces.ts";
import type { PlanNode } from "./planner.ts";

/** What is required, by `subgraph Type.field`. */
type Required = ReadonlyMap<string, readonly SelectionNode[]>;
/** Response keys from the root, without lists and types. */
type Place = readonly string[];
/** Under which response keys a field was fetched, by its place, name and arguments. */
type Fetched = ReadonlyMap<string, ReadonlySet<string>>;
/** A field that a step fetches. */
interface Found {
  readonly place: Place;
  readonly field: FieldNode;
}

/** Undefined where nothing is required with different arguments; otherwise sets a plan's requirements right. */
export function createSettling(schema: GraphQLSchema): ((plan: PlanNode) => PlanNode) | undefined {
  const required = requiredFields(schema);
  const texts = new Map<string, Set<string>>();
  for (const selections of required.values())
    for (const { field } of fieldsIn(selections, []))
      texts.set(field.name.value, (texts.get(field.name.value) ?? new Set()).add(argumentsText(field)));
  if (![...texts.values()].some(({ size }) => size > 1)) return undefined;
  return (plan) => settle(plan, required, new Map()).node;
}

interface Settled {
  readonly node: PlanNode;
  readonly found: readonly Found[];
}

function settle(node: PlanNode, required: Required, fetched: Fetched): Settled {
  switch (node.kind) {
    case "Sequence": {
      let known = fetched;
      const parts: Settled[] = [];
      for (const part of node.nodes) {
        const settled = settle(part, required, known);
        known = withFound(known, settled.found);
        parts.push(settled);
      }
      return together("Sequence", parts);
    }
    case "Parallel":
      return together(
        "Parallel",
        node.nodes.map((part) => settle(part, required, fetched)),
      );
    case "Fetch":
      return { node, found: fieldsIn(withoutFragments(node.operation).selectionSet.selections, []) };
    case "Flatten":
      return node.node.kind === "Fetch"
        ? settleFetch(node.path, node.node, required, fetched)
        : { node, found: [] };
    case "BatchFetch":
      return settleBatch(node, required, fetched);
    default:
      return { node, found: [] };
  }
}

function together(kind: "Sequence" | "Parallel", parts: readonly Settled[]): Settled {
  return {
    node: { kind, nodes: parts.map(({ node }) => node) },
    found: parts.flatMap(({ found }) => found),
  };
}

function settleFetch(
  path: FlattenNodePathSegment[],
  fetch: FetchNode,
  required: Required,
  fetched: Fetched,
): Settled {
  const asked = askedOf(fetch.serviceName, fetch.operation, "_entities", required);
  const place = placeOf(path);
  const requires = (fetch.requires ?? []).map((each) => read(each, asked.wanted, place, fetched));
  const node: PlanNode = { kind: "Flatten", path, node: { ...fetch, requires } };
  return { node, found: fieldsIn(asked.selections, place) };
}

/** Where one list of entities comes from places that have the required field under different names, it is divided. */
function settleBatch(node: BatchFetchNode, required: Required, fetched: Fetched): Settled {
  let { operation } = node;
  const found: Found[] = [];
  const aliases = node.entityBatch.aliases.flatMap((alias) => {
    const asked = askedOf(node.serviceName, node.operation, alias.alias, required);
    const parts = new Map<string, EntityBatchAlias>();
    for (const path of alias.paths) {
      const place = placeOf(path);
      found.push(...fieldsIn(asked.selections, place));
      const requires = alias.requires.map((each) => read(each, asked.wanted, place, fetched));
      const known = parts.get(JSON.stringify(requires));
      if (known !== undefined) known.paths.push(path);
      else parts.set(JSON.stringify(requires), { ...alias, requires, paths: [path] });
    }
    return [...parts.values()].map((part, number) => {
      if (number === 0) return part;
      const own = {
        alias: `${part.alias}_${number}`,
        representationsVariableName: `${part.representationsVariableName}_${number}`,
      };
      operation = withList(operation, part, own);
      return { ...part, ...own };
    });
  });
  return { node: { ...node, operation, entityBatch: { aliases } }, found };
}

/** The operation with one more list of entities, of which the same is asked. */
function withList(
  operation: string,
  like: Pick<EntityBatchAlias, "alias" | "representationsVariableName">,
  own: Pick<EntityBatchAlias, "alias" | "representationsVariableName">,
): string {
  const renamed = (node: FieldNode): FieldNode =>
    visit(
      { ...node, alias: { kind: Kind.NAME, value: own.alias } },
      {
        Variable: ({ name }) =>
          name.value === like.representationsVariableName
            ? variable(own.representationsVariableName)
            : undefined,
      },
    );
  const document = visit(parse(operation, { noLocation: true }), {
    OperationDefinition: (definition) => ({
      ...definition,
      variableDefinitions: (definition.variableDefinitions ?? []).flatMap((each) =>
        each.variable.name.value === like.representationsVariableName
          ? [each, { ...each, variable: variable(own.representationsVariableName) }]
          : [each],
      ),
      selectionSet: selectionSet(
        definition.selectionSet.selections.flatMap((selection) =>
          selection.kind === Kind.FIELD && responseKey(selection) === like.alias
            ? [selection, renamed(selection)]
            : [selection],
        ),
      ),
    }),
  });
  return print(document);
}

function variable(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } };
}

/** What one list of entities is asked, and what of it is required. */
function askedOf(service: string, operation: string, responseName: string, required: Required) {
  const list = withoutFragments(operation).selectionSet.selections.find(
    (selection) => selection.kind === Kind.FIELD && responseKey(selection) === responseName,
  );
  const selections = list?.kind === Kind.FIELD ? (list.selectionSet?.selections ?? []) : [];
  const wanted = selections.flatMap((selection) => {
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    const type = selection.typeCondition?.name.value ?? "";
    return selection.selectionSet.selections.flatMap((field) =>
      field.kind === Kind.FIELD ? (required.get(`${service} ${type}.${field.name.value}`) ?? []) : [],
    );
  });
  return { selections, wanted };
}

/** The requirement, read from where the field with the arguments wanted was fetched. */
function read(
  selection: RequiresSelection,
  wanted: readonly SelectionNode[],
  place: Place,
  fetched: Fetched,
): RequiresSelection {
  if (selection.kind === "FragmentSpread") return selection;
  if (selection.kind === "InlineFragment")
    return {
      ...selection,
      selections: selection.selections.map((each) => read(each, wanted, place, fetched)),
    };
  const told = selection.alias ?? selection.name;
  const field = fieldsIn(wanted, [], 1).find(({ field: { name } }) => name.value === told)?.field;
  if (field === undefined) return selection;
  const keys = fetched.get(placeKey(place, field));
  const [name = selection.name] = keys === undefined || keys.has(selection.name) ? [] : keys;
  const below = field.selectionSet?.selections ?? [];
  return {
    kind: "Field",
    name,
    ...(name !== told && { alias: told }),
    ...(selection.selections && {
      selections: selection.selections.map((each) => read(each, below, [...place, name], fetched)),
    }),
  };
}

function withFound(fetched: Fetched, found: readonly Found[]): Fetched {
  const all = new Map(fetched);
  for (const { place, field } of found) {
    const key = placeKey(place, field);
    all.set(key, new Set(all.get(key)).add(responseKey(field)));
  }
  return all;
}

/** The fields of a selection and below, out of their fragments. */
export function fieldsIn(
  selections: readonly SelectionNode[],
  place: Place,
  depth = Number.POSITIVE_INFINITY,
): readonly Found[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return fieldsIn(selection.selectionSet.selections, place, depth);
    const below = depth > 1 ? (selection.selectionSet?.selections ?? []) : [];
    return [{ place, field: selection }, ...fieldsIn(below, [...place, responseKey(selection)], depth - 1)];
  });
}

export function placeOf(path: readonly FlattenNodePathSegment[]): Place {
  return path.flatMap((segment) => (segment !== "@" && "Field" in segment ? [segment.Field] : []));
}

function placeKey(place: Place, field: FieldNode): string {
  return `${place.join(".")} ${field.name.value}(${argumentsText(field)})`;
}
