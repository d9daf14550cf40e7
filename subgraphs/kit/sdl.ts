/**
 * One server, several subgraphs: the contract and an agency's own part are composed apart, and served together.
 */
import { readFileSync } from "node:fs";
import { buildSubgraphSchema } from "@apollo/subgraph";
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
} from "graphql";
import { guardRows } from "./row-guard.ts";
import { mergeRules, type RowRules } from "./row-rules.ts";

/** Resolvers by type and field, as graphql-js takes them; each part's own type is generated from its SDL. */
export type ResolverMap = Record<string, unknown>;

export interface SubgraphPart {
  readonly typeDefs: DocumentNode;
  readonly resolvers: ResolverMap;
  /** Who may see and change what. */
  readonly rows: RowRules;
}

/** Reads `schema/<name>.graphql`, or the file at a URL. */
export function readSdl(source: string | URL): DocumentNode {
  const file = source instanceof URL ? source : new URL(`../../schema/${source}.graphql`, import.meta.url);
  return parse(readFileSync(file, "utf8"));
}

/**
 * The executable schema of a server that answers for all `parts`, and tells rows by their rules only.
 * @throws StartError naming the types and fields that no part's `rows` declare
 */
export function buildServedSchema(parts: readonly SubgraphPart[]): GraphQLSchema {
  const resolvers: Record<string, unknown> = {};
  // Scalars and enums are whole objects; only object types are given field by field.
  for (const part of parts)
    for (const [type, fields] of Object.entries(part.resolvers))
      resolvers[type] = isFieldMap(fields)
        ? { ...(isFieldMap(resolvers[type]) && resolvers[type]), ...isolateReference(fields) }
        : fields;
  const typeDefs = mergeSdl(parts.map((part) => part.typeDefs));
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]);
  guardRows(schema, mergeRules(parts.map(({ rows }) => rows)));
  return schema;
}

/**
 * Merges subgraph SDLs into one: a type defined in several parts gets the fields and directives of all, each once;
 * the first part's description and field definition win.
 */
export function mergeSdl(documents: readonly DocumentNode[]): DocumentNode {
  const merged = new Map<string, DefinitionNode>();
  for (const definition of documents.flatMap((document) => document.definitions)) {
    const key = keyOf(definition);
    const before = merged.get(key);
    merged.set(key, before === undefined ? definition : mergeDefinition(before, definition));
  }
  return { kind: Kind.DOCUMENT, definitions: [...merged.values()] };
}

/**
 * A reference resolver that throws would cost all entities of its request. One that rejects costs its own, but a compiled
 * query then writes the null wherever its list ends at that moment, and the list has too many rows or too few: the error
 * is given as the entity's value, which is always put in its place.
 */
function isolateReference(fields: Record<string, unknown>): Record<string, unknown> {
  const resolve = fields["__resolveReference"];
  if (typeof resolve !== "function") return fields;
  return {
    ...fields,
    __resolveReference: async (...args: unknown[]): Promise<unknown> => {
      try {
        return await resolve(...args);
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    },
  };
}

function isFieldMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function keyOf(definition: DefinitionNode): string {
  if (definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION)
    return "schema";
  return "name" in definition && definition.name
    ? `${definition.kind} ${definition.name.value}`
    : print(definition);
}

function mergeDefinition(first: DefinitionNode, second: DefinitionNode): DefinitionNode {
  const result: Record<string, unknown> = { ...first };
  for (const list of ["fields", "values", "types", "operationTypes"] as const)
    if (list in first || list in second)
      result[list] = union(listOf(first, list), listOf(second, list), nameOf);
  const directives = [
    ...listOf(first, "directives"),
    ...listOf(second, "directives"),
  ] as ConstDirectiveNode[];
  result["directives"] = unionOfDirectives(directives);
  return result as unknown as DefinitionNode;
}

/** `@link` of one feature is written once, in the latest of its versions, with the imports of all. */
function unionOfDirectives(directives: readonly ConstDirectiveNode[]): ConstDirectiveNode[] {
  const byText = new Map<string, ConstDirectiveNode>();
  for (const directive of directives) {
    const feature = featureOf(directive);
    const key = feature === undefined ? print(directive) : `link ${feature.name}`;
    const before = byText.get(key);
    if (before === undefined || before === directive) byText.set(key, directive);
    else if (isLater(feature?.version, featureOf(before)?.version))
      byText.set(key, unionOfImports(directive, before));
    else byText.set(key, unionOfImports(before, directive));
  }
  return [...byText.values()];
}

/** What a `@link` names: its URL, whose last part is the version (https://specs.apollo.dev/link/v1.0). */
function featureOf({ name, arguments: given }: ConstDirectiveNode) {
  const url = given?.find((argument) => argument.name.value === "url")?.value;
  if (name.value !== "link" || url?.kind !== Kind.STRING) return undefined;
  const [, feature = url.value, major, minor] = /^(.*)\/v(\d+)\.(\d+)$/.exec(url.value) ?? [];
  return { name: feature, version: [Number(major ?? 0), Number(minor ?? 0)] as const };
}

type Version = readonly [major: number, minor: number];

function isLater([major, minor]: Version = [0, 0], [otherMajor, otherMinor]: Version = [0, 0]): boolean {
  return major === otherMajor ? minor > otherMinor : major > otherMajor;
}

function unionOfImports(first: ConstDirectiveNode, second: ConstDirectiveNode): ConstDirectiveNode {
  const imports = second.arguments?.find((argument) => argument.name.value === "import");
  if (imports?.value.kind !== Kind.LIST) return first;
  const additional = imports.value.values;
  const argumentNodes = (first.arguments ?? []).map((argument) =>
    argument.name.value === "import" && argument.value.kind === Kind.LIST
      ? { ...argument, value: { ...argument.value, values: union(argument.value.values, additional, print) } }
      : argument,
  );
  return { ...first, arguments: argumentNodes };
}

function union<N extends ASTNode>(first: readonly N[], second: readonly N[], key: (node: N) => string): N[] {
  const known = new Set(first.map(key));
  return [...first, ...second.filter((node) => !known.has(key(node)))];
}

function nameOf(node: ASTNode): string {
  if (node.kind === Kind.OPERATION_TYPE_DEFINITION) return node.operation;
  return "name" in node && node.name ? node.name.value : print(node);
}

function listOf(node: object, list: string): readonly ASTNode[] {
  return ((node as Record<string, unknown>)[list] as readonly ASTNode[] | undefined) ?? [];
}
