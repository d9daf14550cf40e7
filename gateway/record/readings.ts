/**
 * What personal data an operation's answer has, and whose: found in the tree that the answer is written from, along the
 * client's selection. How each type's objects are read is found out once, when the first of them occurs.
 */
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { getOwn, isObject, type JsonObject } from "../execute/merge.ts";
import { objectTypeOf, type Selection } from "../execute/projection.ts";
import { isRawNumber } from "../transport/json.ts";
import { objectTypesOf } from "../trust/rules.ts";
import type { PersonalRules } from "./personal.ts";

/** The same fields of several subjects. */
export interface Reading {
  /** `Type.field`, in order. */
  readonly fields: readonly string[];
  /** As they stand in the answers of subgraphs; empty where nobody told whose the data is. */
  readonly subjects: readonly string[];
}

export interface ReadingParts {
  readonly schema: GraphQLSchema;
  readonly rules: PersonalRules;
  /** Under which key a field stands in the tree. */
  readonly treeKey: (field: FieldNode) => string;
}

/** How objects of one type, at one place of the selection, are read. */
interface Reader {
  readonly personal: readonly { key: string; coordinate: string; subjects: readonly (readonly string[])[] }[];
  readonly below: readonly { key: string; read: (value: JsonObject) => Reader | undefined }[];
}

/** Whether an operation can read personal data, whatever objects come. */
export function readsPersonal(schema: GraphQLSchema, rules: PersonalRules, document: DocumentNode): boolean {
  if (rules.isEmpty) return false;
  let found = false;
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        found ||= objectTypesOf(schema, info.getParentType()).some(
          (type) => rules.of(type, name.value) !== undefined,
        );
      },
    }),
  );
  return found;
}

/** @returns finds what an answer has, in the tree of one execution */
export function compileReadings(
  parts: ReadingParts,
  rootType: GraphQLObjectType,
  selection: Selection,
): (data: JsonObject) => readonly Reading[] {
  const root = compileReader(parts, rootType, selection);
  return (data) => {
    const found = new Map<string, Set<string>>();
    collect(root, data, found);
    return grouped(found);
  };
}

/** Data that is nobody's anyone could tell. No subject is empty. */
const UNKNOWN = "";

function collect({ personal, below }: Reader, object: JsonObject, found: Map<string, Set<string>>): void {
  for (const { key, coordinate, subjects: paths } of personal) {
    if (getOwn(object, key) === undefined) continue;
    const subjects = paths.flatMap((path) => valuesAt(object, path));
    for (const each of subjects.length === 0 ? [UNKNOWN] : subjects) {
      const fields = found.get(each);
      if (fields === undefined) found.set(each, new Set([coordinate]));
      else fields.add(coordinate);
    }
  }
  for (const { key, read } of below) collectValue(getOwn(object, key), read, found);
}

function collectValue(
  value: unknown,
  read: (value: JsonObject) => Reader | undefined,
  found: Map<string, Set<string>>,
): void {
  if (Array.isArray(value)) for (const item of value) collectValue(item, read, found);
  else if (isObject(value)) {
    const reader = read(value);
    if (reader !== undefined) collect(reader, value, found);
  }
}

/** Texts and numbers at a path, of all objects where lists stand on the way. */
function valuesAt(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key !== undefined) return isObject(value) ? valuesAt(getOwn(value, key), rest) : [];
  const isKey =
    typeof value === "string" ? value !== UNKNOWN : typeof value === "number" || isRawNumber(value);
  return isKey ? [String(value)] : [];
}

function compileReader(parts: ReadingParts, type: GraphQLObjectType, selection: Selection): Reader {
  const personal: Reader["personal"][number][] = [];
  const below: Reader["below"][number][] = [];
  for (const field of selection.fieldsOf(type)) {
    if (field.name.startsWith("__") || field.refused === true) continue;
    const rule = parts.rules.of(type, field.name);
    if (rule !== undefined)
      personal.push({
        key: field.treeKey,
        coordinate: rule.coordinate,
        subjects: rule.subjects.map((path) => path.map(parts.treeKey)),
      });
    const given = getNamedType(field.type);
    if (field.selection === undefined || !isCompositeType(given)) continue;
    const inner = field.selection;
    const readers = new Map<GraphQLObjectType, Reader>();
    const read = (object: JsonObject): Reader | undefined => {
      const objectType = objectTypeOf(parts.schema, given, object);
      if (objectType === undefined) return undefined;
      let reader = readers.get(objectType);
      if (reader === undefined) {
        reader = compileReader(parts, objectType, inner);
        readers.set(objectType, reader);
      }
      return reader;
    };
    below.push({ key: field.treeKey, read });
  }
  return { personal, below };
}

/** Subjects of whom the same was read, together. */
function grouped(found: ReadonlyMap<string, ReadonlySet<string>>): readonly Reading[] {
  const groups = new Map<string, { fields: readonly string[]; subjects: string[] }>();
  for (const [subject, names] of found) {
    const fields = [...names].toSorted();
    const key = `${subject === UNKNOWN ? "" : "of "}${fields.join()}`;
    const group = groups.get(key) ?? { fields, subjects: [] };
    if (subject !== UNKNOWN) group.subjects.push(subject);
    groups.set(key, group);
  }
  return [...groups.values()];
}
