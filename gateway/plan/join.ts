/**
 * What a supergraph says of its types and fields in the directives of the join specification (v0.1 and later).
 */
import {
  type ASTNode,
  BREAK,
  type ConstValueNode,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  isEnumType,
  isInterfaceType,
  isObjectType,
  Kind,
  type ConstDirectiveNode,
  type FieldNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from "graphql";

/** Every value of one argument of `@join__field`, over all fields. */
export function joinFieldArguments(schema: GraphQLSchema, name: string): readonly ConstValueNode[] {
  return joinedFields(schema).flatMap(({ join }) => argumentOf(join, name) ?? []);
}

/** What fields require (`@requires`), by `subgraph Type.field`. */
export function requiredFields(schema: GraphQLSchema): ReadonlyMap<string, readonly SelectionNode[]> {
  return new Map([...joinTexts(schema, "requires")].map(([place, text]) => [place, fieldSet(text)]));
}

/** Types of fields that have another one in the supergraph, as the subgraph writes them, by `subgraph Type.field`. */
export function fieldTypes(schema: GraphQLSchema): ReadonlyMap<string, string> {
  return joinTexts(schema, "type");
}

/** A text argument of `@join__field`, by `subgraph Type.field`. */
function joinTexts(schema: GraphQLSchema, argument: string): ReadonlyMap<string, string> {
  const names = graphNames(schema);
  return new Map(
    joinedFields(schema).flatMap(({ place, join }) => {
      const text = argumentOf(join, argument);
      const graph = argumentOf(join, "graph");
      if (text?.kind !== Kind.STRING || graph?.kind !== Kind.ENUM) return [];
      return [[`${names.get(graph.value)} ${place}`, text.value] as const];
    }),
  );
}

/** Names of fields with arguments from above (`@fromContext`), and of fields that require such. */
export function contextualFields(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set(
    joinedFields(schema)
      .filter(({ join }) => argumentOf(join, "contextArguments") !== undefined)
      .map(({ place }) => fieldOf(place)),
  );
  const required = requiredFields(schema);
  for (let before = -1; before < names.size; ) {
    before = names.size;
    for (const [place, selections] of required)
      if (selections.some((selection) => asksForAny(selection, names))) names.add(fieldOf(place));
  }
  return names;
}

/** Whether a field of one of the names is asked for anywhere. */
export function asksForAny(node: ASTNode, names: ReadonlySet<string>): boolean {
  let found = false;
  visit(node, {
    Field({ name }) {
      found ||= names.has(name.value);
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** The selections of a `FieldSet`. */
export function fieldSet(fields: string): readonly SelectionNode[] {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a set of fields: ${fields}`);
  return definition.selectionSet.selections;
}

/** The same text for the same arguments, in whatever order. */
export function argumentsText({ arguments: given = [] }: FieldNode): string {
  return given
    .map((argument) => print(argument))
    .toSorted()
    .join();
}

/** Whether a subgraph knows the interface as an object (@interfaceObject). */
export function isObjectSomewhere({ astNode }: GraphQLInterfaceType): boolean {
  return (astNode?.directives ?? []).some(isObjectJoin);
}

/** Of an interface that is an object somewhere: the one subgraph that knows the types of its objects. */
export function soleInterfaceSubgraph(schema: GraphQLSchema, name: string): string | undefined {
  const type = schema.getType(name);
  if (!isInterfaceType(type) || !isObjectSomewhere(type)) return undefined;
  const joins = (type.astNode?.directives ?? []).filter(isJoin("join__type"));
  return soleGraph(
    schema,
    joins.filter((join) => !isObjectJoin(join)),
  );
}

/** The one subgraph that resolves a field; undefined where there are several. */
export function soleSubgraph(schema: GraphQLSchema, type: string, field: string): string | undefined {
  const owner = schema.getType(type);
  if (!isObjectType(owner)) return undefined;
  const joins = (owner.getFields()[field]?.astNode?.directives ?? []).filter(isJoin("join__field"));
  const resolving = joins.filter((join) => {
    const external = argumentOf(join, "external");
    return !(external?.kind === Kind.BOOLEAN && external.value);
  });
  // A field that says nothing is in all of its type's subgraphs.
  const places =
    resolving.length > 0 ? resolving : (owner.astNode?.directives ?? []).filter(isJoin("join__type"));
  return soleGraph(schema, places);
}

function soleGraph(schema: GraphQLSchema, joins: readonly ConstDirectiveNode[]): string | undefined {
  const graphs = new Set(
    joins.map((join) => {
      const graph = argumentOf(join, "graph");
      return graph?.kind === Kind.ENUM ? graph.value : "";
    }),
  );
  const [graph] = graphs;
  return graphs.size === 1 && graph !== undefined ? graphNames(schema).get(graph) : undefined;
}

function isObjectJoin(join: ConstDirectiveNode): boolean {
  const isObject = isJoin("join__type")(join) ? argumentOf(join, "isInterfaceObject") : undefined;
  return isObject?.kind === Kind.BOOLEAN && isObject.value;
}

interface JoinedField {
  /** `Type.field`. */
  readonly place: string;
  readonly join: ConstDirectiveNode;
}

function joinedFields(schema: GraphQLSchema): readonly JoinedField[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap(({ name, astNode }) =>
        (astNode?.directives ?? [])
          .filter(isJoin("join__field"))
          .map((join) => ({ place: `${type.name}.${name}`, join })),
      ),
    );
}

/** The name of the field at `Type.field`. */
function fieldOf(place: string): string {
  return place.slice(place.lastIndexOf(".") + 1);
}

export function isJoin(name: string): (directive: ConstDirectiveNode) => boolean {
  return (directive) => directive.name.value === name;
}

/** Names of the subgraphs, by the values of the enum `join__Graph`. */
export function graphNames(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const graphs = schema.getType("join__Graph");
  const values = isEnumType(graphs) ? graphs.getValues() : [];
  return new Map(
    values.map(({ name, astNode }) => {
      const graph = astNode?.directives?.find((directive) => directive.name.value === "join__graph");
      const given = graph && argumentOf(graph, "name");
      return [name, given?.kind === Kind.STRING ? given.value : name];
    }),
  );
}

export function argumentOf(
  { arguments: given }: ConstDirectiveNode,
  name: string,
): ConstValueNode | undefined {
  return given?.find((argument) => argument.name.value === name)?.value;
}
