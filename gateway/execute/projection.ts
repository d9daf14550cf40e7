/**
 * What the client gets of the tree: its fields in its order, written as JSON text at once (GraphQL sections 6.3 and
 * 6.4.3). Compiled once for each operation; the types of abstract places are compiled when they first occur.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from "graphql";
import { isRawNumber } from "../transport/json.ts";
import type { Refusals } from "../trust/refusals.ts";
import { getOwn, type JsonObject } from "./merge.ts";

/** JSON text of a value, or undefined where a null must go to the parent (GraphQL section 6.4.4). */
export type Write = (value: unknown, sink: Sink) => string | undefined;

/** What came up while writing. */
export interface Sink {
  /** A value was not what its type says, or a null stands where none may: `explain` tells where. */
  faulty: boolean;
  /** Whether no text of the tree needs escaping in JSON. */
  readonly plain: boolean;
  /** Where objects of the tree stand at several places: what was written for each, and by which fields. */
  readonly written?: Map<JsonObject, { readonly fields: unknown; readonly text: string }> | undefined;
}

/** A field of an object in the answer. */
export interface ProjectedField {
  readonly key: string;
  /** Its key in the tree. */
  readonly treeKey: string;
  readonly name: string;
  readonly type: GraphQLOutputType;
  /** Of composite types. */
  readonly selection: Selection | undefined;
  /** Whether the caller may not read it: it is null, whatever the tree has there for other fields' sake. */
  readonly refused?: boolean;
}

/** The merged selections at one place of the answer, by object type. */
export interface Selection {
  fieldsOf(type: GraphQLObjectType): readonly ProjectedField[];
  /** Whether the caller may read no object of the type; left out where all may be read. */
  readonly refusesType?: ((type: GraphQLObjectType) => boolean) | undefined;
}

export const META_FIELDS = new Map(
  [TypeNameMetaFieldDef, SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly treeKey: (field: FieldNode) => string;
  /** What the caller may not read; undefined where that is nothing. */
  readonly refusals?: Refusals | undefined;
}

/** The selection of an operation, whose conditions are already decided. */
export function select(parts: OperationParts, selectionSets: readonly SelectionSetNode[]): Selection {
  const byType = new Map<GraphQLObjectType, readonly ProjectedField[]>();
  return {
    refusesType: parts.refusals?.refusesType,
    fieldsOf(type) {
      let fields = byType.get(type);
      if (fields === undefined) {
        fields = collectFields(parts, type, selectionSets);
        byType.set(type, fields);
      }
      return fields;
    },
  };
}

/** Writes objects of one type. `present` are fields whose JSON text is known beforehand (introspection). */
export function compileObject(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  selection: Selection,
  present: ReadonlyMap<string, string> = new Map(),
): (object: JsonObject, sink: Sink) => string | undefined {
  const fields = selection.fieldsOf(type).map((field, index) => {
    const prefix = `${index === 0 ? "" : ","}${JSON.stringify(field.key)}:`;
    return {
      key: field.treeKey,
      prefix,
      text: field.name === "__typename" ? JSON.stringify(type.name) : present.get(field.key),
      // Reading an inherited property would answer a field called `constructor` with a function.
      inherited: field.treeKey in Object.prototype,
      isText: field.name !== "__typename" && field.refused !== true && isTextType(field.type),
      write:
        field.refused === true
          ? compileRefused(field.type)
          : compileValue(schema, field.type, field.selection),
      // Where texts stand as they are, their quotes are written with the names around them: most of an answer are texts,
      // and joining strings is most of the work.
      quoted: `${prefix}"`,
      afterText: `"${prefix}`,
      quotedAfterText: `"${prefix}"`,
    };
  });
  return (object, sink) => {
    const before = sink.written?.get(object);
    if (before?.fields === fields) return before.text;
    let text = "{";
    let open = false;
    for (const field of fields) {
      const value = field.inherited ? getOwn(object, field.key) : object[field.key];
      if (field.isText && sink.plain && typeof value === "string") {
        text = text + (open ? field.quotedAfterText : field.quoted) + value;
        open = true;
        continue;
      }
      const written = field.text ?? field.write(value, sink);
      if (written === undefined) return undefined;
      text = text + (open ? field.afterText : field.prefix) + written;
      open = false;
    }
    text += open ? '"}' : "}";
    sink.written?.set(object, { fields, text });
    return text;
  };
}

function isTextType(type: GraphQLOutputType): boolean {
  const named = isNonNullType(type) ? type.ofType : type;
  return isScalarType(named) && (named.name === "String" || named.name === "ID");
}

/** Whether a value may stand where a leaf type is due. Custom scalars are their subgraph's affair. */
export function isValidLeaf(type: GraphQLLeafType, value: unknown): boolean {
  if (isEnumType(type)) return typeof value === "string" && type.getValue(value) !== undefined;
  switch (type.name) {
    case "String":
      return typeof value === "string";
    case "Int":
      return isInt(value);
    case "Float":
      return typeof value === "number" || isRawNumber(value);
    case "Boolean":
      return typeof value === "boolean";
    case "ID":
      return typeof value === "string" || Number.isInteger(value) || isRawNumber(value);
    default:
      return true;
  }
}

/** 32 bits, signed (GraphQL section 3.5.1). */
function isInt(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** The object type of a value at a composite place; undefined when its `__typename` does not fit. */
export function objectTypeOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  object: JsonObject,
): GraphQLObjectType | undefined {
  const name = getOwn(object, "__typename");
  if (isObjectType(type)) return name === undefined || name === type.name ? type : undefined;
  const found = typeof name === "string" ? schema.getType(name) : undefined;
  return isObjectType(found) && schema.isSubType(type, found) ? found : undefined;
}

/** Null, or nothing where none may be. */
function compileRefused(type: GraphQLOutputType): Write {
  const text = isNonNullType(type) ? undefined : "null";
  return (_value, sink) => {
    sink.faulty = true;
    return text;
  };
}

function compileValue(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  selection: Selection | undefined,
): Write {
  const ofNull = isNonNullType(type) ? undefined : "null";
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isLeafType(inner)) return compileLeaf(inner, ofNull);
  const write = compileComposite(schema, inner, selection);
  return (value, sink) => {
    if (value !== null && value !== undefined) return write(value, sink) ?? ofNull;
    if (ofNull === undefined) sink.faulty = true;
    return ofNull;
  };
}

function compileComposite(
  schema: GraphQLSchema,
  type: Exclude<GraphQLOutputType, GraphQLLeafType>,
  selection: Selection | undefined,
): Write {
  if (isNonNullType(type)) throw new Error("a type cannot be non-null twice");
  if (isListType(type)) return compileList(compileValue(schema, type.ofType, selection));
  if (selection === undefined) throw new Error(`a field of type ${type.name} has no selection`);
  return isAbstractType(type)
    ? compileAbstract(schema, type, selection)
    : compileConcrete(schema, type, selection);
}

function compileList(write: Write): Write {
  return (value, sink) => {
    if (!Array.isArray(value)) {
      sink.faulty = true;
      return undefined;
    }
    let text = "[";
    for (let index = 0; index < value.length; index += 1) {
      const written = write(value[index], sink);
      if (written === undefined) return undefined;
      text += index === 0 ? written : `,${written}`;
    }
    return `${text}]`;
  };
}

/** @param ofNull what stands for a null: nothing where none may be */
function compileLeaf(type: GraphQLLeafType, ofNull: string | undefined): Write {
  const write = leafWriter(type);
  return (value, sink) => {
    if (value === null || value === undefined) {
      if (ofNull === undefined) sink.faulty = true;
      return ofNull;
    }
    const text = write(value, sink.plain);
    if (text !== undefined) return text;
    sink.faulty = true;
    return ofNull;
  };
}

/** What JSON does not write as it stands: what it escapes, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex
const UNPLAIN = /["\\\u0000-\u001F\uD800-\uDFFF]/;

function writeText(value: string, plain: boolean): string {
  return plain || !UNPLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** @returns how a value is written; `plain` says that no text needs escaping */
function leafWriter(type: GraphQLLeafType): (value: unknown, plain: boolean) => string | undefined {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => texts.get(value);
  }
  switch (type.name) {
    case "String":
      return (value, plain) => (typeof value === "string" ? writeText(value, plain) : undefined);
    case "ID":
      return (value, plain) =>
        typeof value === "string"
          ? writeText(value, plain)
          : isValidLeaf(type, value)
            ? JSON.stringify(value)
            : undefined;
    case "Int":
      return (value) => (isInt(value) ? `${value}` : undefined);
    case "Boolean":
      return (value) => (value === true ? "true" : value === false ? "false" : undefined);
    default:
      return (value) => (isValidLeaf(type, value) ? JSON.stringify(value) : undefined);
  }
}

function compileConcrete(schema: GraphQLSchema, type: GraphQLObjectType, selection: Selection): Write {
  let write: ReturnType<typeof compileObject> | undefined;
  return (value, sink) => {
    if (typeof value === "object" && !Array.isArray(value)) {
      const name = (value as JsonObject)["__typename"];
      if (name === undefined || name === type.name) {
        // Compiled when it first occurs, so that a type that contains itself ends.
        write ??= compileObject(schema, type, selection);
        return write(value as JsonObject, sink);
      }
    }
    sink.faulty = true;
    return undefined;
  };
}

function compileAbstract(
  schema: GraphQLSchema,
  type: Exclude<GraphQLCompositeType, GraphQLObjectType>,
  selection: Selection,
): Write {
  const byName = new Map<unknown, ReturnType<typeof compileObject>>();
  return (value, sink) => {
    if (typeof value === "object" && !Array.isArray(value)) {
      const object = value as JsonObject;
      const name = getOwn(object, "__typename");
      let write = byName.get(name);
      if (write === undefined) {
        const objectType = objectTypeOf(schema, type, object);
        if (objectType !== undefined && selection.refusesType?.(objectType) !== true) {
          write = compileObject(schema, objectType, selection);
          byName.set(name, write);
        }
      }
      if (write !== undefined) return write(object, sink);
    }
    sink.faulty = true;
    return undefined;
  };
}

/** CollectFields and MergeSelectionSets (GraphQL sections 6.3.2 and 6.4.3) for one object type. */
function collectFields(
  parts: OperationParts,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly ProjectedField[] {
  const groups = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const selectionSet of selectionSets) collectInto(parts, type, selectionSet, groups, visited);
  const fields: ProjectedField[] = [];
  for (const [key, nodes] of groups) {
    const [node] = nodes;
    if (node === undefined) continue;
    const name = node.name.value;
    const definition = META_FIELDS.get(name) ?? type.getFields()[name];
    // Validation has made sure of every field; a field that is not there is not the client's to see.
    if (definition === undefined) continue;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    fields.push({
      key,
      treeKey: parts.treeKey(node),
      name,
      type: definition.type,
      selection: sets.length > 0 ? select(parts, sets) : undefined,
      ...(parts.refusals?.refusesField(type, name) === true && { refused: true }),
    });
  }
  return fields;
}

function collectInto(
  parts: OperationParts,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  groups: Map<string, FieldNode[]>,
  visited: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [selection]);
      else group.push(selection);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : parts.fragments.get(selection.name.value);
    if (fragment !== undefined && applies(parts.schema, fragment.typeCondition?.name.value, type))
      collectInto(parts, type, fragment.selectionSet, groups, visited);
  }
}

/** DoesFragmentTypeApply (GraphQL section 6.3.2). */
export function applies(
  schema: GraphQLSchema,
  condition: string | undefined,
  type: GraphQLObjectType,
): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}
