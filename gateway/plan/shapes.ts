/**
 * Calls that a subgraph would refuse. Two fields of one name, of different types of object, may stand in one selection
 * as long as both are of one shape (GraphQL section 5.3.2, SameResponseShape). In the supergraph they are; in a subgraph
 * one may be `String!` and the other `String`. Hive's planner (0.0.38) does not look at that. Here such fields get names
 * of their own in the call, and in its answer their old ones back.
 */
import type { FetchRewrite } from "@graphql-hive/router-query-planner";
import {
  type FieldNode,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from "graphql";
import { fieldTypes } from "./join.ts";
import { responseKey, withoutFragments } from "./pieces.ts";
import type { PlanNode } from "./planner.ts";

/** A selection, and the type that it is of; undefined for a list of entities. */
interface Part {
  readonly type: string | undefined;
  readonly set: SelectionSetNode;
}

/** A field that is to have another name: from the beginning of the answer, or of an entity. */
interface Renamed {
  /** Names in the call. */
  readonly place: readonly string[];
  readonly to: string;
}

/** What the planner calls the field that gives entities. */
const ENTITIES = "_entities";

/** Undefined where every field is of one type in all subgraphs; otherwise makes a plan's calls valid. */
export function createShaping(schema: GraphQLSchema): ((plan: PlanNode) => PlanNode) | undefined {
  const types = fieldTypes(schema);
  if (types.size === 0) return undefined;

  function shape(node: PlanNode): PlanNode {
    switch (node.kind) {
      case "Sequence":
      case "Parallel":
        return { ...node, nodes: node.nodes.map(shape) };
      case "Flatten":
        return { ...node, node: shape(node.node) };
      case "Fetch": {
        const { operation, renamed } = shapeOperation(node.serviceName, node.operation);
        const outputRewrites = [...rewrites(renamed.values()), ...(node.outputRewrites ?? [])];
        return renamed.size === 0 ? node : { ...node, operation, outputRewrites };
      }
      case "BatchFetch": {
        const { operation, renamed } = shapeOperation(node.serviceName, node.operation);
        const aliases = node.entityBatch.aliases.map((alias) => ({
          ...alias,
          outputRewrites: [...rewrites([renamed.get(alias.alias) ?? []]), ...(alias.outputRewrites ?? [])],
        }));
        return renamed.size === 0 ? node : { ...node, operation, entityBatch: { aliases } };
      }
      default:
        return node;
    }
  }

  /** The operation, and what is renamed in it by the list of entities; everything else stands under no name. */
  function shapeOperation(service: string, text: string) {
    const operation = withoutFragments(text);
    const renamed = new Map<string, readonly Renamed[]>();
    const names = new Map<FieldNode, string>();
    for (const { list, parts } of beginnings(operation, schema)) {
      const found = rename(service, parts, [], names);
      if (found.length > 0) renamed.set(list, found);
    }
    return { operation: renamed.size === 0 ? text : withNames(operation, names), renamed };
  }

  /** What is renamed at one place of the answer and below, that below first. */
  function rename(
    service: string,
    parts: readonly Part[],
    place: readonly string[],
    names: Map<FieldNode, string>,
  ): readonly Renamed[] {
    const renamed: Renamed[] = [];
    for (const [key, fields] of Map.groupBy(parts.flatMap(fieldsOf), ({ node }) => responseKey(node))) {
      const typed = fields.map(({ node, type }) => ({ node, type: typeOf(service, type, node.name.value) }));
      const shapes = [...new Set(typed.map(({ type }) => shapeOf(type)))];
      for (const [number, each] of shapes.entries()) {
        const same = typed.filter(({ type }) => shapeOf(type) === each);
        const name = number === 0 ? key : `${key}__alias_shape_${number}`;
        const below = same.flatMap(({ node, type }) =>
          node.selectionSet === undefined ? [] : [{ type: type && bare(type), set: node.selectionSet }],
        );
        renamed.push(...rename(service, below, [...place, name], names));
        if (number === 0) continue;
        for (const { node } of same) names.set(node, name);
        renamed.push({ place: [...place, name], to: key });
      }
    }
    return renamed;
  }

  /** As the subgraph writes it; undefined where that is not known. */
  function typeOf(service: string, parent: string | undefined, field: string): string | undefined {
    if (field === "__typename") return "String!";
    const type = parent === undefined ? undefined : schema.getType(parent);
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    return types.get(`${service} ${type.name}.${field}`) ?? type.getFields()[field]?.type.toString();
  }

  /** Objects may be of any types, as long as they are in the same lists and may be null alike. */
  function shapeOf(type: string | undefined): string {
    if (type === undefined) return "";
    return isCompositeType(schema.getType(bare(type))) ? type.replace(bare(type), "") : type;
  }

  return shape;
}

/** Where the answer's objects begin: at its root, or at every list of entities. */
function beginnings(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): readonly { readonly list: string; readonly parts: readonly Part[] }[] {
  const lists = operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value === ENTITIES && selection.selectionSet !== undefined
      ? [{ list: responseKey(selection), parts: [{ type: undefined, set: selection.selectionSet }] }]
      : [],
  );
  if (lists.length > 0 && operation.operation === OperationTypeNode.QUERY) return lists;
  const type = schema.getRootType(operation.operation)?.name;
  return [{ list: "", parts: [{ type, set: operation.selectionSet }] }];
}

/** The fields of a selection, out of its fragments, with the type that each is asked of. */
function fieldsOf({
  type,
  set,
}: Part): readonly { readonly node: FieldNode; readonly type: string | undefined }[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ node: selection, type }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    return fieldsOf({ type: selection.typeCondition?.name.value ?? type, set: selection.selectionSet });
  });
}

function withNames(operation: OperationDefinitionNode, names: ReadonlyMap<FieldNode, string>): string {
  const named = visit(operation, {
    Field(node) {
      const name = names.get(node);
      return name === undefined ? undefined : { ...node, alias: { kind: Kind.NAME, value: name } };
    },
  });
  return print(named);
}

function rewrites(renamed: Iterable<readonly Renamed[]>): FetchRewrite[] {
  return [...renamed].flat().map(({ place, to }) => ({
    KeyRenamer: { path: place.map((key) => ({ Key: key })), renameKeyTo: to },
  }));
}

/** The name of a type, without lists and exclamation marks. */
function bare(type: string): string {
  return type.replaceAll(/[[\]!]/g, "");
}
