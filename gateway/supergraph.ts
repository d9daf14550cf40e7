/**
 * What the gateway itself reads from a supergraph SDL: the subgraphs with their URLs, and what is partitioned.
 * The engine reads the rest.
 */
import {
  GraphQLError,
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type OperationTypeNode,
} from "graphql";
import { StartError } from "../process/lifecycle.ts";

/** A root field whose argument names the member. */
export interface FieldPartition {
  readonly argument: string;
  /** The argument's value when it is left out. */
  readonly fallback: unknown;
}

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
 * @throws StartError when it is not GraphQL, or not a composed supergraph.
 */
export function readSupergraph(sdl: string, file: string): Supergraph {
  const document = parseSdl(sdl, file);
  const subgraphs = readSubgraphs(document);
  if (subgraphs.size === 0)
    throw new StartError(
      `${file} is not a composed supergraph: it has no enum join__Graph.`,
      "Compose the subgraphs' schemas into one supergraph first, for example with @apollo/composition or rover.",
    );
  const objects = document.definitions.filter(isObjectType);
  const roots = rootTypeNames(document.definitions);
  return {
    sdl,
    document,
    subgraphs,
    partitionedTypes: new Map(objects.flatMap(readTypePartition)),
    partitionedFields: new Map(
      [...roots].map(([operation, typeName]) => [
        operation,
        new Map(
          objects
            .filter((type) => type.name.value === typeName)
            .flatMap((type) => (type.fields ?? []).flatMap(readFieldPartition)),
        ),
      ]),
    ),
  };
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
      const name = argument(graph, "name") ?? value.name.value;
      subgraphs.set(name, argument(graph, "url") ?? "");
    }
  }
  return subgraphs;
}

function readTypePartition(type: ObjectTypeDefinitionNode): [string, string][] {
  const by = partitionBy(type.directives);
  return by === undefined ? [] : [[type.name.value, by]];
}

function readFieldPartition(field: FieldDefinitionNode): [string, FieldPartition][] {
  const by = partitionBy(field.directives);
  if (by === undefined) return [];
  const fallback = field.arguments?.find(({ name }) => name.value === by)?.defaultValue;
  return [[field.name.value, { argument: by, fallback: fallback && valueFromASTUntyped(fallback) }]];
}

function partitionBy(directives: readonly ConstDirectiveNode[] | undefined): string | undefined {
  return argument(
    directives?.find(({ name }) => name.value === "partition"),
    "by",
  );
}

function argument(directive: ConstDirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((candidate) => candidate.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function rootTypeNames(definitions: readonly DefinitionNode[]): Map<OperationTypeNode, string> {
  const schema = definitions.find((definition) => definition.kind === Kind.SCHEMA_DEFINITION);
  return new Map(schema?.operationTypes.map(({ operation, type }) => [operation, type.name.value]));
}

function isObjectType(definition: DefinitionNode): definition is ObjectTypeDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION;
}
