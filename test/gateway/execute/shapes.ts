/**
 * What the subgraphs of a graph say of each field, put together: values must fit all of them.
 */
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from "graphql";

/** A field over all subgraphs that have it. */
export interface Shape {
  /** Whether null is allowed, by list level from the outside; allowed only if it is in every subgraph. */
  nullable: boolean[];
  /** Whether null is forbidden in every subgraph. */
  strict: boolean;
  /** Name of the leaf type; undefined for composite types. */
  readonly leaf: string | undefined;
  /** Object types that may come, or values of an enum: those that every subgraph knows. */
  candidates: readonly string[];
}

export interface Shapes {
  /** Types that share their entities: an interface with a key, and what implements it. */
  groupOf(type: string): string;
  /** Object types of a keyed interface, by the interface's name. */
  readonly implementations: ReadonlyMap<string, readonly string[]>;
  readonly fields: ReadonlyMap<string, Shape>;
  /** `Group.field` of scalars that lead back to the entity. */
  readonly keyLeaves: ReadonlySet<string>;
  /** `Group.field` of objects within keys: they belong to the entity alone. */
  readonly keyObjects: ReadonlySet<string>;
  /** What a field requires, by `Type.field`; for an interface that is an object, by the interface's name. */
  readonly requires: ReadonlyMap<string, SelectionSetNode>;
  requirementOf(type: string, field: string): SelectionSetNode | undefined;
  /** `Group.field` of whatever some other field requires. */
  readonly required: ReadonlySet<string>;
  isA(type: string, condition: string): boolean;
  /** A field's definition, with its arguments' defaults. */
  definition(type: string, field: string): GraphQLField<unknown, unknown>;
}

export function shapesOf(schemas: readonly GraphQLSchema[]): Shapes {
  const implementations = keyedImplementations(schemas);
  const groups = new Map(
    [...implementations].flatMap(([group, types]) => types.map((type) => [type, group] as const)),
  );
  const groupOf = (type: string) => groups.get(type) ?? type;
  const fields = new Map<string, Shape>();
  const requires = new Map<string, SelectionSetNode>();
  const marks = { keyLeaves: new Set<string>(), keyObjects: new Set<string>(), required: new Set<string>() };

  const isA = (type: string, condition: string) =>
    type === condition ||
    groupOf(type) === condition ||
    schemas.some((schema) => possibleTypes(schema, condition).includes(type));

  function markKey(schema: GraphQLSchema, type: string, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) markKey(schema, type, selection.selectionSet);
      if (selection.kind !== Kind.FIELD || selection.name.value === "__typename") continue;
      const place = `${groupOf(type)}.${selection.name.value}`;
      if (selection.selectionSet === undefined) marks.keyLeaves.add(place);
      else {
        marks.keyObjects.add(place);
        markKey(schema, fieldType(schema, type, selection.name.value), selection.selectionSet);
      }
    }
  }

  function markRequired(schema: GraphQLSchema, type: string, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        markRequired(schema, selection.typeCondition?.name.value ?? type, selection.selectionSet);
      if (selection.kind !== Kind.FIELD || selection.name.value === "__typename") continue;
      for (const possible of [type, ...possibleTypes(schema, type)])
        marks.required.add(`${groupOf(possible)}.${selection.name.value}`);
      if (selection.selectionSet !== undefined)
        markRequired(schema, fieldType(schema, type, selection.name.value), selection.selectionSet);
    }
  }

  for (const schema of schemas)
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      if (type.name.startsWith("_")) continue;
      for (const key of directives(type, "key")) markKey(schema, type.name, fieldSet(key));
      for (const field of Object.values(type.getFields())) {
        const place = `${groupOf(type.name)}.${field.name}`;
        for (const required of directives(field, "requires")) {
          requires.set(`${type.name}.${field.name}`, fieldSet(required));
          markRequired(schema, type.name, fieldSet(required));
        }
        const shape = shapeOf(schema, field.type, (name) => implementations.get(name));
        const before = fields.get(place);
        fields.set(place, before === undefined ? shape : narrower(before, shape));
      }
    }

  return {
    groupOf,
    implementations,
    fields,
    requires,
    requirementOf: (type, field) =>
      requires.get(`${type}.${field}`) ?? requires.get(`${groupOf(type)}.${field}`),
    ...marks,
    isA,
    definition(type, field) {
      for (const schema of schemas)
        for (const name of [type, groupOf(type)]) {
          const found = schema.getType(name);
          const definition =
            isObjectType(found) || isInterfaceType(found) ? found.getFields()[field] : undefined;
          if (definition !== undefined) return definition;
        }
      throw new Error(`no subgraph has ${type}.${field}`);
    },
  };
}

function keyedImplementations(schemas: readonly GraphQLSchema[]): Map<string, readonly string[]> {
  const keyed = new Map<string, Set<string>>();
  for (const schema of schemas)
    for (const type of Object.values(schema.getTypeMap()))
      if (isInterfaceType(type) && directives(type, "key").length > 0) {
        const names = keyed.get(type.name) ?? new Set();
        for (const { name } of schema.getPossibleTypes(type)) names.add(name);
        keyed.set(type.name, names);
      }
  return new Map([...keyed].map(([name, types]) => [name, [...types].toSorted()]));
}

function shapeOf(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  implementationsOf: (name: string) => readonly string[] | undefined,
): Shape {
  const nullable: boolean[] = [];
  let current = type;
  for (;;) {
    nullable.push(!isNonNullType(current));
    const bare: GraphQLOutputType = isNonNullType(current) ? current.ofType : current;
    if (!isListType(bare)) {
      current = bare;
      break;
    }
    current = bare.ofType as GraphQLOutputType;
  }
  const { name } = current as { readonly name: string };
  const candidates = isEnumType(current)
    ? current.getValues().map((value) => value.name)
    : (implementationsOf(name) ?? possibleTypes(schema, name));
  const leaf = isObjectType(current) || isAbstractType(current) ? undefined : name;
  return { nullable, strict: nullable.every((allowed) => !allowed), leaf, candidates };
}

function narrower(a: Shape, b: Shape): Shape {
  return {
    nullable: a.nullable.map((allowed, level) => allowed && b.nullable[level] === true),
    strict: a.strict && b.strict,
    leaf: a.leaf,
    candidates: a.candidates.filter((name) => b.candidates.includes(name)),
  };
}

function possibleTypes(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  if (isObjectType(type)) return [name];
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [];
}

function fieldType(schema: GraphQLSchema, type: string, field: string): string {
  const parent = schema.getType(type) as GraphQLObjectType;
  let found = parent.getFields()[field]?.type;
  while (isListType(found) || isNonNullType(found)) found = found.ofType as GraphQLOutputType;
  if (found === undefined) throw new Error(`${type} has no field ${field}`);
  return found.name;
}

/** One argument of an element's directives of one name. */
export function directives(
  element: {
    readonly astNode?: { readonly directives?: readonly unknown[] } | null | undefined;
    readonly extensionASTNodes?: readonly { readonly directives?: readonly unknown[] }[];
  },
  name: string,
  argument = "fields",
): readonly string[] {
  interface Directive {
    readonly name: { readonly value: string };
    readonly arguments?: readonly {
      readonly name: { readonly value: string };
      readonly value: { readonly value?: unknown };
    }[];
  }
  const nodes = [element.astNode, ...(element.extensionASTNodes ?? [])];
  return nodes
    .flatMap((node) => (node?.directives ?? []) as readonly Directive[])
    .filter((directive) => directive.name.value === name || directive.name.value === `federation__${name}`)
    .map(({ arguments: given }) => textOf(given?.find((each) => each.name.value === argument)));
}

export function fieldSet(fields: string): SelectionSetNode {
  const definition = parse(`{ ${fields} }`, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${fields}`);
  return definition.selectionSet;
}

function textOf(argument: { readonly value: { readonly value?: unknown } } | undefined): string {
  const value = argument?.value.value;
  return typeof value === "string" ? value : "";
}
