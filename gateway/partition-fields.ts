/**
 * Root fields of partitioned subgraphs, as a supergraph's `@partition` describes them, made sure of: a field that could
 * not be answered is a fault now, not in somebody's request. docs/partition.md is the specification.
 */
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  OperationTypeNode,
  print,
  type TypeNode,
  valueFromASTUntyped,
} from "graphql";
import { type OrderTerm, readOrder } from "./partition-order.ts";

/** A root field whose argument names the member. */
export interface FieldPartition {
  readonly argument: string;
  /** The argument's value when it is left out. */
  readonly fallback: unknown;
  /** How the answers of several members become one; undefined where the argument names one, and for subscriptions. */
  readonly merge?: ListMerge | PageMerge;
}

/** Plain lists, one after another. */
export interface ListMerge {
  readonly kind: "list";
  /** Of the argument: `[ID!]`. */
  readonly keysType: string;
}

/** Pages of a Relay connection, merged into one. */
export interface PageMerge {
  readonly kind: "page";
  readonly keysType: string;
  readonly order: readonly OrderTerm[];
  /** Types of the arguments `first` and `after`, and the size of a page that nobody gave one. */
  readonly firstType: string;
  readonly firstDefault: number;
  readonly afterType: string;
  /** Names of types, which the client may ask for. */
  readonly connectionType: string;
  readonly pageInfoType: string;
}

export interface PartitionFault {
  /** `Query.procedures`. */
  readonly coordinate: string;
  readonly message: string;
}

const CONNECTION_FIELDS = new Set(["edges", "nodes", "pageInfo", "totalCount"]);
const PAGE_INFO_FIELDS = new Set(["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]);

/** Object types by name. */
type Types = ReadonlyMap<string, ObjectTypeDefinitionNode>;

/** The partitioned fields of a root type, and what is wrong with the others. */
export function readFieldPartitions(
  operation: OperationTypeNode,
  root: ObjectTypeDefinitionNode | undefined,
  types: Types,
): { fields: ReadonlyMap<string, FieldPartition>; faults: readonly PartitionFault[] } {
  const fields = new Map<string, FieldPartition>();
  const faults: PartitionFault[] = [];
  for (const field of root?.fields ?? []) {
    const partition = field.directives?.find(({ name }) => name.value === "partition");
    if (partition === undefined) continue;
    const read = readField(operation, field, partition, types);
    if (typeof read === "string")
      faults.push({ coordinate: `${root?.name.value}.${field.name.value}`, message: read });
    else fields.set(field.name.value, read);
  }
  return { fields, faults };
}

/** The value of a directive's argument, where it is a string. */
export function textArgument(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((candidate) => candidate.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function readField(
  operation: OperationTypeNode,
  field: FieldDefinitionNode,
  directive: ConstDirectiveNode,
  types: Types,
): FieldPartition | string {
  const by = textArgument(directive, "by") ?? "";
  const argument = argumentOf(field, by);
  if (argument === undefined) return `@partition(by: "${by}") names an argument that the field does not have`;
  const fallback = argument.defaultValue && valueFromASTUntyped(argument.defaultValue);
  const order = textArgument(directive, "order");
  const one: FieldPartition = { argument: by, fallback };
  if (!isList(argument.type))
    return order === undefined ? one : `order needs several members, and "${by}" names one`;
  // The events of several members need no merging.
  if (operation === OperationTypeNode.SUBSCRIPTION)
    return order === undefined ? one : "order is for connections, events come as they happen";
  if (operation === OperationTypeNode.MUTATION)
    return `"${by}" is a list: a mutation goes to exactly one member`;
  const keysType = print(argument.type);
  if (order === undefined)
    return isList(field.type)
      ? { ...one, merge: { kind: "list", keysType } }
      : `"${by}" names several members: the field must be a list, or a connection with order`;
  const page = readPage(field, order, types);
  return typeof page === "string" ? page : { ...one, merge: { kind: "page", keysType, ...page } };
}

function readPage(
  field: FieldDefinitionNode,
  order: string,
  types: Types,
): Omit<PageMerge, "kind" | "keysType"> | string {
  const first = argumentOf(field, "first");
  const after = argumentOf(field, "after");
  if (first === undefined || after === undefined)
    return "order needs a connection: the arguments first and after";
  const firstDefault = first.defaultValue && valueFromASTUntyped(first.defaultValue);
  if (typeof firstDefault !== "number" && first.type.kind !== Kind.NON_NULL_TYPE)
    return "first needs a default, or a type that may not be null";
  const connection = fieldsOf(field, types);
  const edge = fieldsOf(connection?.get("edges"), types);
  const pageInfo = fieldsOf(connection?.get("pageInfo"), types);
  if (connection === undefined || pageInfo === undefined || !edge?.has("cursor"))
    return "order needs a connection: edges with a cursor, and pageInfo";
  const unknown = [...connection.keys()].filter((name) => !CONNECTION_FIELDS.has(name));
  if (unknown.length > 0) return `nothing tells how members' "${unknown.join('", "')}" become one`;
  const strange = [...pageInfo.keys()].filter((name) => !PAGE_INFO_FIELDS.has(name));
  if (strange.length > 0) return `nothing tells how members' pageInfo "${strange.join('", "')}" become one`;
  if (!pageInfo.has("hasNextPage")) return "pageInfo needs hasNextPage";
  const terms = readOrder(order);
  if (typeof terms === "string") return terms;
  const lost = terms.find(({ path }) => !isLeaf(path, edge, types));
  if (lost !== undefined) return `order: an edge has no value at "${lost.path.join(".")}"`;
  return {
    order: terms,
    firstType: print(first.type),
    firstDefault: typeof firstDefault === "number" ? firstDefault : 0,
    afterType: print(after.type),
    connectionType: typeName(field.type),
    pageInfoType: typeName(connection.get("pageInfo")?.type ?? field.type),
  };
}

type FieldsByName = ReadonlyMap<string, FieldDefinitionNode>;

/** The fields of what a field gives, when it is an object. */
function fieldsOf(field: FieldDefinitionNode | undefined, types: Types): FieldsByName | undefined {
  const type = field && types.get(typeName(field.type));
  return type && new Map(type.fields?.map((each) => [each.name.value, each]));
}

function isLeaf(path: readonly string[], fields: FieldsByName, types: Types): boolean {
  const [name = "", ...rest] = path;
  const field = fields.get(name);
  if (field === undefined || isList(field.type) || (field.arguments ?? []).length > 0) return false;
  const inner = fieldsOf(field, types);
  return rest.length === 0 ? inner === undefined : inner !== undefined && isLeaf(rest, inner, types);
}

function argumentOf(field: FieldDefinitionNode, name: string): InputValueDefinitionNode | undefined {
  return field.arguments?.find((argument) => argument.name.value === name);
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}

function typeName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type);
}
