/**
 * Variants of a graph by `@tag`: the supergraph with `@inaccessible` added to whatever a variant does not show. Planning
 * and execution still know everything; clients of the variant see, and can ask for, only the rest.
 *
 * The rules are those of Apollo's contracts
 * (https://www.apollographql.com/docs/graphos/platform/schema-management/delivery/contracts/reference):
 *
 *   - with `include`, every union and every field of an object or interface goes, unless it is tagged with one of them;
 *   - whatever is tagged with one of `exclude` goes, also when it is tagged with one of `include`;
 *   - a tag on an object or interface counts for its fields, a tag on an enum for its values, on an input for its fields;
 *   - a type of which nothing is left goes; with `hideUnreachable`, so does every type that nothing leads to any more.
 *
 * What remains must be whole: a field that is shown and returns a type that is not is a fault.
 */
import { Supergraph } from "@apollo/federation-internals";
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLError,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
} from "graphql";
import { reachableTypes } from "./reachable.ts";

export interface VariantFilter {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly hideUnreachable: boolean;
}

export type Varied =
  | { readonly supergraph: string; readonly faults?: undefined }
  | { readonly supergraph?: undefined; readonly faults: readonly string[] };

const INACCESSIBLE_LINK = "https://specs.apollo.dev/inaccessible/v0.2";
const INACCESSIBLE: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: "inaccessible" },
};

/** The supergraph of a variant, or why there is none. */
export function applyFilter(supergraphSdl: string, filter: VariantFilter): Varied {
  const document = parse(supergraphSdl, { noLocation: true });
  const filtered = hideEmpty(mapTypes(document, (type) => filterType(type, filter)));
  const shown = filter.hideUnreachable ? hideUnreachable(filtered) : filtered;
  const supergraph = print(withInaccessible(shown));
  const faults = faultsOf(supergraph);
  return faults.length > 0 ? { faults } : { supergraph };
}

type Tagged = { readonly directives?: readonly ConstDirectiveNode[] | undefined };
type Hideable = Tagged & { readonly name: { readonly value: string } };

function filterType(type: TypeDefinitionNode, filter: VariantFilter): TypeDefinitionNode {
  const tags = tagsOf(type);
  const excluded = (node: Tagged) => hasAny(filter.exclude, [...tags, ...tagsOf(node)]);
  const included = (node: Tagged) =>
    filter.include.length === 0 || hasAny(filter.include, [...tags, ...tagsOf(node)]);
  const whole = <N extends TypeDefinitionNode>(node: N): N => keep(node, !hasAny(filter.exclude, tags));
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return whole({
        ...type,
        fields: (type.fields ?? []).map((field) =>
          keep(withoutArguments(field, filter), included(field) && !excluded(field)),
        ),
      });
    case Kind.UNION_TYPE_DEFINITION:
      return keep(type, included(type) && !excluded(type));
    case Kind.ENUM_TYPE_DEFINITION:
      return whole({ ...type, values: (type.values ?? []).map((value) => keep(value, !excluded(value))) });
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return whole({ ...type, fields: (type.fields ?? []).map((field) => keep(field, !excluded(field))) });
    default:
      return whole(type);
  }
}

function keep<N extends Tagged>(node: N, isShown: boolean): N {
  return isShown ? node : hidden(node);
}

function withoutArguments(field: FieldDefinitionNode, { exclude }: VariantFilter): FieldDefinitionNode {
  const shown = (argument: InputValueDefinitionNode) =>
    hasAny(exclude, tagsOf(argument)) ? hidden(argument) : argument;
  return { ...field, arguments: (field.arguments ?? []).map(shown) };
}

/** A type whose every field or value is hidden, and a union whose every member is: hidden as a whole. */
function hideEmpty(document: DocumentNode): DocumentNode {
  const isEmptied = (type: TypeDefinitionNode): boolean => {
    const parts: readonly Hideable[] =
      ("fields" in type ? type.fields : "values" in type ? type.values : undefined) ?? [];
    return parts.length > 0 && parts.every(isHidden);
  };
  const emptied = mapTypes(document, (type) => (isEmptied(type) ? hidden(type) : type));
  const gone = new Set(
    typesOf(emptied)
      .filter(isHidden)
      .map(({ name }) => name.value),
  );
  return mapTypes(emptied, (type) =>
    type.kind === Kind.UNION_TYPE_DEFINITION && type.types?.every(({ name }) => gone.has(name.value))
      ? hidden(type)
      : type,
  );
}

function hideUnreachable(document: DocumentNode): DocumentNode {
  const reached = reachableTypes(document, isHidden);
  return mapTypes(document, (type) => (reached.has(type.name.value) ? type : hidden(type)));
}

/** Types of the graph; those of the composition itself (`join__Graph`) are nobody's to see in any case. */
function mapTypes(
  document: DocumentNode,
  map: (type: TypeDefinitionNode) => TypeDefinitionNode,
): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      isGraphType(definition) ? map(definition) : definition,
    ),
  };
}

function typesOf({ definitions }: DocumentNode): TypeDefinitionNode[] {
  return definitions.filter(isGraphType);
}

function isGraphType(definition: DocumentNode["definitions"][number]): definition is TypeDefinitionNode {
  return (
    definition.kind.endsWith("TypeDefinition") &&
    !(definition as TypeDefinitionNode).name.value.includes("__")
  );
}

/** The directive and its link, where the supergraph has them not. */
function withInaccessible(document: DocumentNode): DocumentNode {
  const isDefined = document.definitions.some(
    ({ kind, ...node }) =>
      kind === Kind.DIRECTIVE_DEFINITION && (node as unknown as Hideable).name.value === "inaccessible",
  );
  if (isDefined) return document;
  const addition = parse(
    `directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
     extend schema @link(url: "${INACCESSIBLE_LINK}", for: SECURITY)`,
    { noLocation: true },
  );
  const [directive, extension] = addition.definitions;
  return {
    ...document,
    definitions: [
      ...document.definitions.map((definition) =>
        definition.kind === Kind.SCHEMA_DEFINITION && extension?.kind === Kind.SCHEMA_EXTENSION
          ? {
              ...definition,
              directives: [...(definition.directives ?? []), ...(extension.directives ?? [])],
            }
          : definition,
      ),
      ...(directive === undefined ? [] : [directive]),
    ],
  };
}

function faultsOf(supergraph: string): readonly string[] {
  try {
    Supergraph.build(supergraph, { supportedFeatures: null }).apiSchema();
    return [];
  } catch (error) {
    const causes = (error as { causes?: readonly GraphQLError[] }).causes ?? [error as Error];
    return causes.map(({ message }) => message);
  }
}

function hidden<N extends Tagged>(node: N): N {
  return isHidden(node) ? node : { ...node, directives: [...(node.directives ?? []), INACCESSIBLE] };
}

function isHidden(node: Tagged): boolean {
  return node.directives?.some(({ name }) => name.value === "inaccessible") ?? false;
}

function tagsOf(node: Tagged): string[] {
  return (node.directives ?? []).flatMap(({ name, arguments: given }) => {
    if (name.value !== "tag") return [];
    const value = given?.find((argument) => argument.name.value === "name")?.value;
    return value?.kind === Kind.STRING ? [value.value] : [];
  });
}

function hasAny(wanted: readonly string[], tags: readonly string[]): boolean {
  return wanted.some((tag) => tags.includes(tag));
}
