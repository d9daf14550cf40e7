/**
 * Pieces of operations and of plans, as planning in pieces takes them apart and puts them together (cuts.ts).
 */
import type { FlattenNodePathSegment } from "@graphql-hive/router-query-planner";
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { applies } from "../execute/projection.ts";
import { ENTITY_ROOT, entityTypeOf } from "./entity-root.ts";
import type { PlanNode } from "./planner.ts";

type Path = readonly FlattenNodePathSegment[];

/** A field of a piece whose selection may be cut off. */
export interface Cut {
  readonly field: FieldNode;
  /** Response keys that lead to it. */
  readonly place: readonly string[];
  /** What stands there. */
  readonly type: GraphQLNamedType;
  /** Where, in a plan's terms. */
  readonly path: Path;
}

/** A plan for an entity, without its root. */
export interface Begun {
  /** What must be known of the entity before. */
  readonly keys: readonly SelectionNode[];
  readonly rest: readonly PlanNode[];
}

/** Characters of an operation with its fragments written out; beyond that it is not cut. */
const LONGEST = 200_000;

/** The operation of a document with its fragments written out. */
export function withoutFragments(text: string): OperationDefinitionNode {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error("a document has no operation");
  return writtenOut(operation, fragments);
}

/** @param operation without locations, as the fragments; they are copied along with the nodes otherwise */
export function writtenOut(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationDefinitionNode {
  let spreads = 0;
  const inline = <N extends OperationDefinitionNode | SelectionSetNode>(node: N): N =>
    visit<N>(node, {
      FragmentSpread({ name, directives }) {
        const fragment = fragments.get(name.value);
        spreads += 1;
        if (fragment === undefined || spreads > LONGEST / 100) throw new Error("fragments within fragments");
        return {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: fragment.typeCondition,
          ...(directives?.length && { directives }),
          // Nodes of its own for every place: cuts are told apart by their nodes.
          selectionSet: inline(structuredClone(fragment.selectionSet)),
        };
      },
    });
  return inline(operation);
}

/** The outermost fields that are to be cut. */
export function cutsIn(
  piece: OperationDefinitionNode,
  schema: GraphQLSchema,
  isCut: (cut: Cut) => boolean,
): readonly Cut[] {
  const cuts: Cut[] = [];

  function walk(set: SelectionSetNode, type: GraphQLNamedType, place: readonly string[], path: Path): void {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const name = selection.typeCondition?.name.value;
        const inside = name === undefined ? type : (schema.getType(name) ?? type);
        const isNarrowed = name !== undefined && isAbstractType(type);
        walk(selection.selectionSet, inside, place, isNarrowed ? [...path, { TypeCondition: [name] }] : path);
      } else walkField(selection, selection.selectionSet, type, place, path);
    }
  }

  function walkField(
    field: FieldNode,
    set: SelectionSetNode,
    parent: GraphQLNamedType,
    place: readonly string[],
    path: Path,
  ): void {
    const key = responseKey(field);
    const entity = entityTypeOf(field.name.value);
    const type = entity === undefined ? fieldType(parent, field) : schema.getType(entity);
    if (type === undefined) throw new Error(`a piece has an unknown field ${field.name.value}`);
    const here = [...place, key];
    const at: Path = [...path, { Field: key }, ...(hasList(type) ? (["@"] as const) : [])];
    const cut: Cut = { field, place: here, type: getNamedType(type), path: at };
    if (entity === undefined && isCut(cut)) cuts.push(cut);
    else walk(set, cut.type, here, at);
  }

  const root = schema.getRootType(piece.operation);
  if (root != null) walk(piece.selectionSet, root, [], []);
  return cuts;
}

/** Names of the object types that may stand where the type stands. */
export function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedType): readonly string[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
  return isObjectType(type) ? [type.name] : [];
}

/** The fields of a selection that an object of this type is asked for, out of their fragments. */
export function fieldsFor(
  schema: GraphQLSchema,
  name: string,
  set: SelectionSetNode | undefined,
): readonly FieldNode[] {
  const type = schema.getType(name);
  if (!isObjectType(type)) return [];
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const isAsked = applies(schema, selection.typeCondition?.name.value, type);
    return isAsked ? fieldsFor(schema, name, selection.selectionSet) : [];
  });
}

export function responseKey({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

export function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

/** The field `name` with these selections. */
export function ofFields(name: string, selections: readonly SelectionNode[]): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    selectionSet: selectionSet(selections),
  };
}

/** Selections of several object types in one: of the interface itself where it has the fields, under each type else. */
export function together(
  type: GraphQLNamedType,
  byType: ReadonlyMap<string, readonly SelectionNode[]>,
): readonly SelectionNode[] {
  if (isObjectType(type)) return [...byType.values()].flat();
  const shared = new Map<string, FieldNode>();
  const isShared = [...byType.values()].flat().every((selection) => {
    if (!isInterfaceType(type) || selection.kind !== Kind.FIELD) return false;
    const key = responseKey(selection);
    const known = shared.get(key) ?? selection;
    shared.set(key, known);
    const name = selection.name.value;
    const isOfInterface = name === "__typename" || type.getFields()[name] !== undefined;
    return isOfInterface && print(known) === print(selection);
  });
  if (isShared) return [...shared.values()];
  return [...byType].map(([name, selections]) => ({
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
    selectionSet: selectionSet(selections),
  }));
}

/** The operation with other selections, and of its variables those that these use. */
export function withSelections(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
): OperationDefinitionNode {
  const used = new Set<string>();
  const set = selectionSet(selections);
  visit(set, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  return { ...operation, variableDefinitions, selectionSet: set };
}

/** A plan for an entity taken apart. */
export function beginning(plan: PlanNode | undefined): Begun {
  if (plan?.kind === "Sequence" && plan.nodes[0] !== undefined) {
    const { keys, rest } = beginning(plan.nodes[0]);
    return { keys, rest: [...rest, ...plan.nodes.slice(1)] };
  }
  if (plan?.kind !== "Fetch" || plan.serviceName !== ENTITY_ROOT || plan.outputRewrites?.length)
    throw new Error("a plan for an entity does not begin with its keys");
  const [field] = withoutFragments(plan.operation).selectionSet.selections;
  if (field?.kind !== Kind.FIELD) throw new Error("a plan for an entity asks for no key");
  return { keys: field.selectionSet?.selections ?? [], rest: [] };
}

/** The reverse, for several plans of one entity. */
export function startingWith(root: string, begun: readonly Begun[]): PlanNode {
  const keys = ofFields(
    root,
    begun.flatMap((each) => each.keys),
  );
  const fetch: PlanNode = {
    kind: "Fetch",
    serviceName: ENTITY_ROOT,
    operation: `{${print(keys)}}`,
  };
  return { kind: "Sequence", nodes: [fetch, ...begun.flatMap(({ rest }) => rest)] };
}

/** A part of an entity's plan where the entity stands at `at`. */
export function moved(node: PlanNode, at: Path): PlanNode {
  switch (node.kind) {
    case "Sequence":
    case "Parallel":
      return { kind: node.kind, nodes: node.nodes.map((part) => moved(part, at)) };
    case "Flatten":
      return { ...node, path: [...at, ...node.path.slice(1)] };
    case "BatchFetch": {
      const aliases = node.entityBatch.aliases.map((alias) => ({
        ...alias,
        paths: alias.paths.map((path) => [...at, ...path.slice(1)]),
      }));
      return { ...node, entityBatch: { aliases } };
    }
    default:
      throw new Error(`a plan for an entity has a node of kind ${node.kind}`);
  }
}

export function parallel(nodes: readonly PlanNode[]): PlanNode | undefined {
  return nodes.length < 2 ? nodes[0] : { kind: "Parallel", nodes: [...nodes] };
}

export function sequence(nodes: readonly (PlanNode | undefined)[]): PlanNode | undefined {
  const planned = nodes.filter((node) => node !== undefined);
  return planned.length < 2 ? planned[0] : { kind: "Sequence", nodes: planned };
}

function fieldType(parent: GraphQLNamedType, { name }: FieldNode): GraphQLOutputType | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  return parent.getFields()[name.value]?.type;
}

export function hasList(type: GraphQLOutputType | GraphQLNamedType): boolean {
  if (isNonNullType(type)) return hasList(type.ofType);
  return isListType(type);
}
