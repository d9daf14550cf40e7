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
import type { MaskOf } from "../trust/masks.ts";
import type { Refusals } from "../trust/refusals.ts";
import { leafWriter } from "./leaves.ts";
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
  /** Characters that are kept of its texts, where the caller gets them masked. */
  readonly mask?: number;
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
  /** What it gets masked; undefined where that is nothing. */
  readonly maskOf?: MaskOf | undefined;
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
      isText:
        field.name !== "__typename" &&
        field.refused !== true &&
        field.mask === undefined &&
        isTextType(field.type),
      write:
        field.refused === true
          ? compileRefused(field.type)
          : compileValue(schema, field.type, field.selection, field.mask),
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
  mask: number | undefined,
): Write {
  const ofNull = isNonNullType(type) ? undefined : "null";
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isLeafType(inner)) return compileLeaf(inner, ofNull, mask);
  const write = compileComposite(schema, inner, selection, mask);
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
  mask: number | undefined,
): Write {
  if (isNonNullType(type)) throw new Error("a type cannot be non-null twice");
  if (isListType(type)) return compileList(compileValue(schema, type.ofType, selection, mask));
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
function compileLeaf(type: GraphQLLeafType, ofNull: string | undefined, mask: number | undefined): Write {
  const write = leafWriter(type, mask);
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
    const mask = parts.maskOf?.(type, name);
    fields.push({
      key,
      treeKey: parts.treeKey(node),
      name,
      type: definition.type,
      selection: sets.length > 0 ? select(parts, sets) : undefined,
      ...(parts.refusals?.refusesField(type, name) === true && { refused: true }),
      ...(mask !== undefined && { mask }),
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
