/**
 * A supergraph in which planning may begin at an entity. Beside the subgraphs it has one more, which nobody serves: its
 * root fields give each entity type, and of an entity it knows the keys. A plan for `{ _entity_User { name } }` tells
 * which keys of a user must be at hand, and what to ask whom from there.
 */
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  type SelectionSetNode,
} from "graphql";

/** Name of the subgraph that nobody serves. */
export const ENTITY_ROOT = "_entity_root";
const GRAPH = "ENTITY_ROOT_";
const FIELD_PREFIX = "_entity_";

/** The root field that gives entities of a type. */
export const entityField = (type: string): string => FIELD_PREFIX + type;

/** The type whose entities a root field gives; undefined for other fields. */
export function entityTypeOf(field: string): string | undefined {
  return field.startsWith(FIELD_PREFIX) ? field.slice(FIELD_PREFIX.length) : undefined;
}

export interface EntityRoot {
  /** SDL of the supergraph with the additional subgraph. */
  readonly sdl: string;
  /** Object types that have a root field there. */
  readonly entities: ReadonlySet<string>;
}

export function withEntityRoot(document: DocumentNode): EntityRoot {
  const types = new Map(document.definitions.filter(isObjectType).map((type) => [type.name.value, type]));
  const keys = new Map([...types.values()].map((type) => [type.name.value, keysOf(type)]));
  const known = new Map<string, Set<string>>();
  for (const [name, sets] of keys) for (const set of sets) noteFields(types, name, fieldSet(set), known);
  const query = queryTypeName(document);
  const entities = [...keys].filter(([, sets]) => sets.length > 0).map(([name]) => name);
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === "join__Graph")
      return { ...definition, values: [...(definition.values ?? []), ...graphValue()] };
    if (!isObjectType(definition)) return definition;
    const { name } = definition;
    if (name.value === query) return addRoots(definition, entities);
    const fields = known.get(name.value);
    return fields === undefined ? definition : addKeys(definition, keys.get(name.value) ?? [], fields);
  });
  return { sdl: print({ ...document, definitions }), entities: new Set(entities) };
}

/** Notes which fields of which types are part of keys. */
function noteFields(
  types: ReadonlyMap<string, ObjectTypeDefinitionNode>,
  name: string,
  { selections }: SelectionSetNode,
  known: Map<string, Set<string>>,
): void {
  const fields = known.get(name) ?? new Set();
  known.set(name, fields);
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      noteFields(types, selection.typeCondition?.name.value ?? name, selection.selectionSet, known);
      continue;
    }
    fields.add(selection.name.value);
    const field = types.get(name)?.fields?.find((candidate) => candidate.name.value === selection.name.value);
    if (selection.selectionSet !== undefined && field !== undefined)
      noteFields(types, namedType(field), selection.selectionSet, known);
  }
}

function addRoots(query: ObjectTypeDefinitionNode, entities: readonly string[]): ObjectTypeDefinitionNode {
  const graphs = graphsOf(query);
  const roots = entities.map((name) => `${entityField(name)}: ${name} @join__field(graph: ${GRAPH})`);
  return {
    ...query,
    directives: [...(query.directives ?? []), ...directives(`@join__type(graph: ${GRAPH})`)],
    fields: [...(query.fields ?? []).map((field) => pinned(field, graphs)), ...fieldsFrom(roots)],
  };
}

function addKeys(
  type: ObjectTypeDefinitionNode,
  keys: readonly string[],
  known: ReadonlySet<string>,
): ObjectTypeDefinitionNode {
  const graphs = graphsOf(type);
  // Not resolvable: nothing can be asked there, it is only where planning begins.
  const joins =
    keys.length === 0
      ? [`@join__type(graph: ${GRAPH})`]
      : keys.map((key) => `@join__type(graph: ${GRAPH}, key: ${JSON.stringify(key)}, resolvable: false)`);
  return {
    ...type,
    directives: [...(type.directives ?? []), ...directives(joins.join(" "))],
    fields: (type.fields ?? []).map((field) => {
      const own = pinned(field, graphs);
      if (!known.has(field.name.value)) return own;
      return {
        ...own,
        directives: [...(own.directives ?? []), ...directives(`@join__field(graph: ${GRAPH})`)],
      };
    }),
  };
}

/** A field that is in all of its type's subgraphs says so only now that there is one more. */
function pinned(field: FieldDefinitionNode, graphs: readonly string[]): FieldDefinitionNode {
  if (field.directives?.some(({ name }) => name.value === "join__field")) return field;
  const joins = graphs.map((graph) => `@join__field(graph: ${graph})`);
  return { ...field, directives: [...(field.directives ?? []), ...directives(joins.join(" "))] };
}

function keysOf(type: ObjectTypeDefinitionNode): readonly string[] {
  const keys = joinTypes(type)
    .filter((join) => argument(join, "resolvable") !== false)
    .map((join) => argument(join, "key"))
    .filter((key) => typeof key === "string");
  return [...new Set(keys)];
}

function graphsOf(type: ObjectTypeDefinitionNode): readonly string[] {
  return [...new Set(joinTypes(type).map((join) => String(argument(join, "graph"))))];
}

function joinTypes({ directives: applied = [] }: ObjectTypeDefinitionNode): readonly ConstDirectiveNode[] {
  return applied.filter(({ name }) => name.value === "join__type");
}

function argument(directive: ConstDirectiveNode, name: string): string | boolean | undefined {
  const value = directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
  return value !== undefined && "value" in value ? value.value : undefined;
}

function namedType({ type }: FieldDefinitionNode): string {
  let current = type;
  while (current.kind !== Kind.NAMED_TYPE) current = current.type;
  return current.name.value;
}

function queryTypeName({ definitions }: DocumentNode): string {
  const schema = definitions.find((definition) => definition.kind === Kind.SCHEMA_DEFINITION);
  return (
    schema?.operationTypes.find(({ operation }) => operation === OperationTypeNode.QUERY)?.type.name.value ??
    "Query"
  );
}

function fieldSet(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a set of fields: ${fields}`);
  return definition.selectionSet;
}

function directives(text: string): readonly ConstDirectiveNode[] {
  return parsedType(`type T ${text} { f: Int }`).directives ?? [];
}

function fieldsFrom(texts: readonly string[]): readonly FieldDefinitionNode[] {
  return texts.length === 0 ? [] : (parsedType(`type T { ${texts.join(" ")} }`).fields ?? []);
}

function graphValue() {
  const text = `enum E { ${GRAPH} @join__graph(name: "${ENTITY_ROOT}", url: "") }`;
  const [definition] = parse(text, { noLocation: true }).definitions;
  return definition?.kind === Kind.ENUM_TYPE_DEFINITION ? (definition.values ?? []) : [];
}

function parsedType(text: string): ObjectTypeDefinitionNode {
  const [definition] = parse(text, { noLocation: true }).definitions;
  if (definition === undefined || !isObjectType(definition)) throw new Error(`not a type: ${text}`);
  return definition;
}

function isObjectType(definition: DefinitionNode): definition is ObjectTypeDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION;
}
