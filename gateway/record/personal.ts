/**
 * Which fields of a graph are personal data, and whose: `@personalData` of its supergraph. docs/record.md is the
 * specification.
 *
 * What counts is the type of the object that is read, however a selection comes to it. What an interface says of a field,
 * it says of the field in all its types that say nothing themselves.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  Kind,
  OperationTypeNode,
} from "graphql";
import { textArgument } from "../partition-fields.ts";
import { eachApplied } from "../plan/applied.ts";

export interface PersonalField {
  /** `Type.field`. */
  readonly coordinate: string;
  /**
   * Paths from the object that has the field to what names whose data it is; those only that clients may see. As fields
   * to ask for, whatever else an operation asks for beside.
   */
  readonly subjects: readonly (readonly FieldNode[])[];
}

export interface PersonalRules {
  readonly isEmpty: boolean;
  /** Undefined where the field is nobody's personal data. */
  of(type: GraphQLObjectType, field: string): PersonalField | undefined;
}

const DIRECTIVE = "personalData";

/**
 * @param document of the supergraph
 * @param supergraph with all fields
 * @param schema what clients see of it
 * @throws Error where a subject is no path to a value
 */
export function readPersonal(
  document: DocumentNode,
  supergraph: GraphQLSchema,
  schema: GraphQLSchema,
): PersonalRules {
  const written = readDirectives(document);
  const fields = new Map<string, PersonalField>();
  const isAmbiguous = ambiguousNames(supergraph);
  const roots = new Set(Object.values(OperationTypeNode).map((kind) => supergraph.getRootType(kind)));
  if (written.size > 0)
    for (const type of Object.values(supergraph.getTypeMap()).filter(isObjectType)) {
      if (roots.has(type)) continue;
      for (const field of Object.keys(type.getFields())) {
        const inherited = type.getInterfaces().map(({ name }) => written.get(`${name}.${field}`));
        const path = [written.get(`${type.name}.${field}`), ...inherited, written.get(type.name)].find(
          (each) => each !== undefined,
        );
        if (path === undefined) continue;
        const coordinate = `${type.name}.${field}`;
        const paths = path.split(" ").map((each) => each.split("."));
        const fault = paths.map((each) => faultOf(supergraph, type, each)).find((each) => each !== undefined);
        if (fault !== undefined) throw new Error(`${coordinate}: @personalData(subject: "${path}") ${fault}`);
        const isSeen = (each: readonly string[]): boolean =>
          faultOf(schema, schema.getType(type.name), each) === undefined;
        const asFields = (each: readonly string[]): readonly FieldNode[] =>
          each.map((name) => fieldOf(name, isAmbiguous(name) ? `_subject_${type.name}_${name}` : undefined));
        fields.set(coordinate, { coordinate, subjects: paths.filter(isSeen).map(asFields) });
      }
    }
  return {
    isEmpty: fields.size === 0,
    of: (type, field) => fields.get(`${type.name}.${field}`),
  };
}

/** The subject by type, or by field after its type's name. */
function readDirectives(document: DocumentNode): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  eachApplied(document, (at, directives) => {
    const directive = directives.find(({ name }) => name.value === DIRECTIVE);
    if (directive !== undefined) found.set(at, textArgument(directive, "subject") ?? "");
  });
  return found;
}

/**
 * Names of fields that two types have with different types, or that take arguments: asked for beside each other, under
 * their own names, they could conflict (GraphQL section 5.3.2).
 */
function ambiguousNames(schema: GraphQLSchema): (name: string) => boolean {
  const types = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, type: given, args } of Object.values(type.getFields())) {
      const text = given.toString();
      if ((types.get(name) ?? text) !== text || args.length > 0) ambiguous.add(name);
      types.set(name, text);
    }
  }
  return (name) => ambiguous.has(name);
}

function fieldOf(name: string, alias: string | undefined): FieldNode {
  return {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: name },
    ...(alias !== undefined && { alias: { kind: Kind.NAME, value: alias } }),
  };
}

/** Why a path leads to no value; undefined where it does. */
function faultOf(schema: GraphQLSchema, type: unknown, path: readonly string[]): string | undefined {
  let owner = type;
  for (const [index, name] of path.entries()) {
    const field = isObjectType(owner) ? owner.getFields()[name] : undefined;
    if (field === undefined) return `names no field "${path.slice(0, index + 1).join(".")}" of an object`;
    if (field.args.some(isRequiredArgument)) return `needs arguments for "${name}"`;
    owner = schema.getType(getNamedType(field.type).name);
  }
  return isLeafType(owner) ? undefined : "does not end at a value";
}
