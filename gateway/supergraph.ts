/**
 * What the gateway itself reads from a supergraph SDL: the subgraphs with their URLs, and what is partitioned.
 * The engine reads the rest.
 */
import {
  GraphQLError,
  Kind,
  parse,
  type DefinitionNode,
  type DocumentNode,
  type ObjectTypeDefinitionNode,
  type OperationTypeNode,
} from "graphql";
import { StartError } from "../process/lifecycle.ts";
import {
  type FieldPartition,
  type PartitionFault,
  readFieldPartitions,
  textArgument,
} from "./partition-fields.ts";

export interface Supergraph {
  readonly sdl: string;
  readonly document: DocumentNode;
  /** URL by subgraph name; an empty string where the supergraph gives none. */
  readonly subgraphs: ReadonlyMap<string, string>;
  /** Name of the key field that names the member, by type name. */
  readonly partitionedTypes: ReadonlyMap<string, string>;
  /** By operation, then by field name. */
  readonly partitionedFields: ReadonlyMap<OperationTypeNode, ReadonlyMap<string, FieldPartition>>;
}

/**
 * Reads a supergraph (`join` v0.1 and later).
 * @throws StartError when it is not GraphQL, not a composed supergraph, or naming every fault of `@partition`.
 */
export function readSupergraph(sdl: string, file: string): Supergraph {
  const document = parseSdl(sdl, file);
  const subgraphs = readSubgraphs(document);
  if (subgraphs.size === 0)
    throw new StartError(
      `${file} is not a composed supergraph: it has no enum join__Graph.`,
      "Compose the subgraphs' schemas into one supergraph first, for example with @apollo/composition or rover.",
    );
  const { fields, faults } = readRootFields(document);
  if (faults.length > 0)
    throw new StartError(
      `${file}: ${faults.map(({ coordinate, message }) => `${coordinate}: ${message}`).join("\n  ")}`,
      "Mend the field in its subgraph and compose anew; docs/partition.md tells what @partition may say.",
    );
  return {
    sdl,
    document,
    subgraphs,
    partitionedTypes: new Map(document.definitions.filter(isObjectType).flatMap(readTypePartition)),
    partitionedFields: fields,
  };
}

/** What is wrong with the `@partition`s of a composed supergraph. */
export function partitionFaults(sdl: string): readonly PartitionFault[] {
  return readRootFields(parse(sdl, { noLocation: true })).faults;
}

function readRootFields({ definitions }: DocumentNode): {
  fields: Map<OperationTypeNode, ReadonlyMap<string, FieldPartition>>;
  faults: PartitionFault[];
} {
  const types = new Map(definitions.filter(isObjectType).map((type) => [type.name.value, type]));
  const fields = new Map<OperationTypeNode, ReadonlyMap<string, FieldPartition>>();
  const faults: PartitionFault[] = [];
  for (const [operation, name] of rootTypeNames(definitions)) {
    const read = readFieldPartitions(operation, types.get(name), types);
    fields.set(operation, read.fields);
    faults.push(...read.faults);
  }
  return { fields, faults };
}

function parseSdl(sdl: string, file: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    const where = at === undefined ? file : `${file}:${at.line}:${at.column}`;
    throw new StartError(`${where}: ${error.message}`, "Mend the file, or compose the supergraph anew.");
  }
}

function readSubgraphs(document: DocumentNode): Map<string, string> {
  const subgraphs = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== "join__Graph") continue;
    for (const value of definition.values ?? []) {
      const graph = value.directives?.find((directive) => directive.name.value === "join__graph");
      const name = textArgument(graph, "name") ?? value.name.value;
      subgraphs.set(name, textArgument(graph, "url") ?? "");
    }
  }
  return subgraphs;
}

function readTypePartition(type: ObjectTypeDefinitionNode): [string, string][] {
  const by = textArgument(
    type.directives?.find(({ name }) => name.value === "partition"),
    "by",
  );
  return by === undefined ? [] : [[type.name.value, by]];
}

function rootTypeNames(definitions: readonly DefinitionNode[]): Map<OperationTypeNode, string> {
  const schema = definitions.find((definition) => definition.kind === Kind.SCHEMA_DEFINITION);
  return new Map(schema?.operationTypes.map(({ operation, type }) => [operation, type.name.value]));
}

function isObjectType(definition: DefinitionNode): definition is ObjectTypeDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION;
}
