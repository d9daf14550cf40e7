/**
 * Where the tree is not what the schema promises: one error for each place, told only when no failure of a subgraph
 * explains it already (GraphQL sections 6.4.4 and 7.1.2). The slow walk: taken only when writing met a fault.
 */
import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import { isValidLeaf, objectTypeOf, type Selection } from "./projection.ts";

export interface Fault {
  /** A null where none may be, or a value that its type does not allow. */
  readonly kind: "null" | "value";
  /** `Type.field`. */
  readonly field: string;
  readonly path: readonly (string | number)[];
}

type Path = readonly (string | number)[];

/**
 * @param known paths of the errors that subgraphs reported
 * @param incomplete whether a fetch failed: then what is missing, as opposed to null, has been told
 */
export function findFaults(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  selection: Selection,
  data: JsonObject,
  known: readonly (Path | undefined)[],
  incomplete: boolean,
): readonly Fault[] {
  const faults: Fault[] = [];

  /** Whether the fields leave the object standing. */
  function completesObject(type: GraphQLObjectType, of: Selection, object: JsonObject, path: Path): boolean {
    let complete = true;
    for (const { key, name, type: fieldType, selection: below } of of.fieldsOf(type)) {
      if (name.startsWith("__")) continue;
      const place: Place = { field: `${type.name}.${name}`, selection: below, path: [...path, key] };
      complete = completes(fieldType, getOwn(object, key), place) && complete;
    }
    return complete;
  }

  /** Whether the place may stand as it is; if not, its null goes to the parent. */
  function completes(type: GraphQLOutputType, value: unknown, place: Place): boolean {
    if (!isNonNullType(type)) {
      hasValue(type, value, place);
      return true;
    }
    if (hasValue(type.ofType, value, place)) return true;
    const missing = value === null || value === undefined;
    const told = known.some((path) => path !== undefined && isPrefix(place.path, path));
    if (missing && !told && !(incomplete && value === undefined))
      faults.push({ kind: "null", field: place.field, path: place.path });
    return false;
  }

  function hasValue(type: GraphQLOutputType, value: unknown, place: Place): boolean {
    if (value === null || value === undefined) return false;
    if (isNonNullType(type)) throw new Error("a type cannot be non-null twice");
    if (isListType(type)) {
      if (!Array.isArray(value)) return wrong(place);
      const items = value.map((item, index) =>
        completes(type.ofType, item, { ...place, path: [...place.path, index] }),
      );
      return items.every(Boolean);
    }
    if (isLeafType(type)) return isValidLeaf(type, value) || wrong(place);
    const objectType = isObject(value) ? objectTypeOf(schema, type, value) : undefined;
    if (objectType === undefined || place.selection === undefined) return wrong(place);
    return completesObject(objectType, place.selection, value as JsonObject, place.path);
  }

  function wrong({ field, path }: Place): false {
    faults.push({ kind: "value", field, path });
    return false;
  }

  completesObject(root, selection, data, []);
  return faults;
}

interface Place {
  readonly field: string;
  readonly selection: Selection | undefined;
  readonly path: Path;
}

function isPrefix(path: Path, other: Path): boolean {
  return path.every((part, index) => part === other[index]);
}
