/**
 * Which subgraphs may be asked for a field, and what they read of others to answer it (`@requires`, `@fromContext`).
 */
import {
  type ConstDirectiveNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
} from "graphql";
import { argumentOf, fieldSet, graphNames, isJoin } from "./join.ts";
import type { Links } from "./links.ts";

export interface Answering {
  /**
   * Names of the subgraphs that may be asked for a field of an object type (`Type.field`). One that has an object only
   * because others refer to it, by its key, is not asked for the key: it would give back what it was given.
   */
  readonly askedFor: (coordinate: string) => readonly string[];
  /** What a subgraph reads to answer a field. */
  readonly readsFor: (coordinate: string) => readonly SubgraphReading[];
}

export interface SubgraphReading {
  /** Who reads. */
  readonly service: string;
  /** `@requires` or `@fromContext`. */
  readonly directive: string;
  /** `Type.field` of object types, each once. */
  readonly fields: readonly string[];
}

/** @param schema of the supergraph, with all fields and the directives that say where they are */
export function readAnswering(schema: GraphQLSchema, links: Links): Answering {
  const names = graphNames(schema);
  const contextDirective = links.directiveName("context");
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  const coordinates = objects.flatMap((type) =>
    Object.keys(type.getFields()).map((field) => ({ type, field, coordinate: `${type.name}.${field}` })),
  );
  const resolving = new Map<string, Set<string>>();
  for (const { type, field, coordinate } of coordinates)
    resolving.set(coordinate, new Set(resolversOf(type, field)));
  for (const { type, field } of coordinates) addProvided(type, field);
  /** Object types that a subgraph gives by a field of its own: `subgraph Type`. */
  const given = new Set(
    coordinates.flatMap(({ type, field, coordinate }) =>
      [...(resolving.get(coordinate) ?? [])].flatMap((graph) =>
        possibleTypes(getNamedType(type.getFields()[field]?.type)).map(({ name }) => `${graph} ${name}`),
      ),
    ),
  );
  for (const { type, field, coordinate } of coordinates) {
    const graphs = [...(resolving.get(coordinate) ?? [])];
    const asked = graphs.filter((graph) => given.has(`${graph} ${type.name}`) || !isKey(type, field, graph));
    if (asked.length > 0) resolving.set(coordinate, new Set(asked));
  }

  /** What a field gives along with its object (`@provides`), its subgraph may be asked for. */
  function addProvided(type: GraphQLObjectType, field: string): void {
    for (const join of [...joinsOf(type, field), ...type.getInterfaces().flatMap((i) => joinsOf(i, field))]) {
      const provides = textOf(join, "provides");
      if (provides === undefined) continue;
      const owner = getNamedType(type.getFields()[field]?.type);
      for (const coordinate of coordinatesOf(owner, fieldSet(provides)))
        for (const graph of graphOf(join)) resolving.get(coordinate)?.add(graph);
    }
  }

  function possibleTypes(type: GraphQLNamedType | undefined): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  }

  /** Fields of object types that a selection asks for, whatever objects come. */
  function coordinatesOf(
    type: GraphQLNamedType | undefined,
    selections: readonly SelectionNode[],
  ): readonly string[] {
    return selections.flatMap((selection): readonly string[] => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        const below = condition === undefined ? type : schema.getType(condition);
        return coordinatesOf(below, selection.selectionSet.selections);
      }
      const name = selection.name.value;
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
      const below = selection.selectionSet?.selections ?? [];
      return [
        ...possibleTypes(type).map((each) => `${each.name}.${name}`),
        ...coordinatesOf(getNamedType(fields[name]?.type), below),
      ].filter((coordinate) => !coordinate.includes(".__"));
    });
  }

  function readingsOf(type: GraphQLObjectType, field: string): readonly SubgraphReading[] {
    // What an interface that is an object somewhere requires, it requires of each of its types.
    const joins = [...joinsOf(type, field), ...type.getInterfaces().flatMap((each) => joinsOf(each, field))];
    return joins.flatMap((join) =>
      graphOf(join).flatMap((graph) => {
        const service = names.get(graph) ?? graph;
        const requires = textOf(join, "requires");
        const required = requires === undefined ? [] : coordinatesOf(type, fieldSet(requires));
        const above = contextSelections(join).flatMap(({ context, selection }) =>
          typesWithContext(context).flatMap((each) => coordinatesOf(each, fieldSet(inner(selection)))),
        );
        return [
          { service, directive: "@requires", fields: [...new Set(required)] },
          { service, directive: "@fromContext", fields: [...new Set(above)] },
        ].filter(({ fields }) => fields.length > 0);
      }),
    );
  }

  function typesWithContext(context: string): readonly GraphQLNamedType[] {
    return Object.values(schema.getTypeMap()).filter(({ astNode }) =>
      (astNode?.directives ?? []).some(
        (directive) => directive.name.value === contextDirective && textOf(directive, "name") === context,
      ),
    );
  }

  const readings = new Map<string, readonly SubgraphReading[]>();
  for (const { type, field, coordinate } of coordinates) {
    const found = readingsOf(type, field);
    if (found.length > 0) readings.set(coordinate, found);
  }
  return {
    askedFor: (coordinate) =>
      [...(resolving.get(coordinate) ?? [])].map((graph) => names.get(graph) ?? graph),
    readsFor: (coordinate) => readings.get(coordinate) ?? [],
  };
}

/** Names in `join__Graph` of the subgraphs that have the field to give. */
function resolversOf(type: GraphQLObjectType, field: string): readonly string[] {
  const joins = joinsOf(type, field);
  const own = joins.filter(isResolving).flatMap(graphOf);
  // A field that says nothing is in all of its type's subgraphs.
  if (joins.length === 0) own.push(...typeJoins(type).flatMap(graphOf));
  const asObject = type.getInterfaces().flatMap((each) => {
    const graphs = new Set(typeJoins(each).filter(isObjectJoin).flatMap(graphOf));
    if (graphs.size === 0 || each.getFields()[field] === undefined) return [];
    const written = joinsOf(each, field);
    const places = written.length === 0 ? typeJoins(each) : written.filter(isResolving);
    return places.flatMap(graphOf).filter((graph) => graphs.has(graph));
  });
  return [...own, ...asObject];
}

function joinsOf(type: GraphQLNamedType | undefined, field: string): readonly ConstDirectiveNode[] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return (type.getFields()[field]?.astNode?.directives ?? []).filter(isJoin("join__field"));
}

/** Whether a subgraph is told the field by whichever key it is asked with. */
function isKey(type: GraphQLObjectType, field: string, graph: string): boolean {
  const keyed = [type, ...type.getInterfaces()]
    .flatMap(typeJoins)
    .filter((join) => graphOf(join)[0] === graph && textOf(join, "key") !== undefined);
  const isIn = (join: ConstDirectiveNode) =>
    fieldSet(textOf(join, "key") ?? "").some((node) => node.kind === Kind.FIELD && node.name.value === field);
  return keyed.length > 0 && keyed.every((join) => isFalse(join, "resolvable") || isIn(join));
}

function typeJoins({ astNode }: GraphQLNamedType): readonly ConstDirectiveNode[] {
  return (astNode?.directives ?? []).filter(isJoin("join__type"));
}

/** What another subgraph has, or has taken over, is not asked of this one. */
function isResolving(join: ConstDirectiveNode): boolean {
  return !isTrue(join, "external") && !isTrue(join, "usedOverridden");
}

function isObjectJoin(join: ConstDirectiveNode): boolean {
  return isTrue(join, "isInterfaceObject");
}

function isTrue(directive: ConstDirectiveNode, name: string): boolean {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.BOOLEAN && value.value;
}

function isFalse(directive: ConstDirectiveNode, name: string): boolean {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.BOOLEAN && !value.value;
}

function textOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** None where the directive only says that the field is there by an interface. */
function graphOf(join: ConstDirectiveNode): string[] {
  const graph = argumentOf(join, "graph");
  return graph?.kind === Kind.ENUM ? [graph.value] : [];
}

/** `contextArguments: [{ context: "a__c", selection: " { x }" }]` */
function contextSelections(join: ConstDirectiveNode): readonly { context: string; selection: string }[] {
  const list = argumentOf(join, "contextArguments");
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((value) => {
    if (value.kind !== Kind.OBJECT) return [];
    const text = (name: string): string => {
      const found = value.fields.find((field) => field.name.value === name)?.value;
      return found?.kind === Kind.STRING ? found.value : "";
    };
    return [{ context: text("context"), selection: text("selection") }];
  });
}

/** Without the braces around it. */
function inner(selection: string): string {
  return selection.trim().replace(/^\{/, "").replace(/\}$/, "");
}
