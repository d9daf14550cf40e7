/**
 * Where the tree is not what the schema promises: one error for each place, told only when no failure of a subgraph
 * explains it already (GraphQL sections 6.4.4 and 7.1.2). The slow walk: taken only when writing met a fault.
 */
import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";
import { isValidLeaf } from "./leaves.ts";
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import { objectTypeOf, type Selection } from "./projection.ts";

export interface Fault {
  /** A null where none may be, a value that its type does not allow, or what the caller may not read. */
  readonly kind: "null" | "value" | "refused";
  /** Name of the object type, and of its field. */
  readonly type: string;
  readonly field: string;
  readonly path: Path;
  /** Where an object stands of which only an interface is known: the interface's name. */
  readonly known?: string | undefined;
}

export interface FaultContext {
  readonly schema: GraphQLSchema;
  /** What subgraphs' errors have told: paths below objects, in the tree's names. */
  readonly blamed: ReadonlyMap<JsonObject, readonly Path[]>;
}

type Path = readonly (string | number)[];

/** A place of the answer on the way down. */
interface Place {
  readonly type: string;
  readonly field: string;
  readonly selection: Selection | undefined;
  /** In the client's names. */
  readonly path: Path;
  /** In the tree's names. */
  readonly treePath: Path;
}

export function findFaults(
  { schema, blamed }: FaultContext,
  root: GraphQLObjectType,
  selection: Selection,
  data: JsonObject,
): readonly Fault[] {
  const faults: Fault[] = [];
  /** Paths that errors have told of, of the objects met so far. */
  const told: Path[] = [];
  /** What was refused, by its path without the places in lists: one error tells of each. */
  const refused = new Set<string>();

  /** Whether the fields leave the object standing. */
  function completesObject(type: GraphQLObjectType, of: Selection, object: JsonObject, at: Place): boolean {
    for (const below of blamed.get(object) ?? []) told.push([...at.treePath, ...below]);
    return of.fieldsOf(type).every((field) => {
      const { key, treeKey, name, type: fieldType, selection: fields } = field;
      if (name.startsWith("__")) return true;
      const place: Place = {
        type: type.name,
        field: name,
        selection: fields,
        path: [...at.path, key],
        treePath: [...at.treePath, treeKey],
      };
      if (field.refused === true) return refuse(place) || !isNonNullType(fieldType);
      return completes(fieldType, getOwn(object, treeKey), place);
    });
  }

  /** Whether the place may stand as it is; if not, its null goes to the parent, and what stands beside it is gone. */
  function completes(type: GraphQLOutputType, value: unknown, place: Place): boolean {
    if (!isNonNullType(type)) {
      hasValue(type, value, place);
      return true;
    }
    if (hasValue(type.ofType, value, place)) return true;
    const isMissing = value === null || value === undefined;
    if (isMissing && !told.some((path) => isOneWay(place.treePath, path)))
      faults.push({ kind: "null", type: place.type, field: place.field, path: place.path });
    return false;
  }

  function hasValue(type: GraphQLOutputType, value: unknown, place: Place): boolean {
    if (value === null || value === undefined) return false;
    if (isNonNullType(type)) throw new Error("a type cannot be non-null twice");
    if (isListType(type)) {
      if (!Array.isArray(value)) return wrong(place);
      return value.every((item, index) =>
        completes(type.ofType, item, {
          ...place,
          path: [...place.path, index],
          treePath: [...place.treePath, index],
        }),
      );
    }
    if (isLeafType(type)) return isValidLeaf(type, value) || wrong(place);
    const objectType = isObject(value) ? objectTypeOf(schema, type, value) : undefined;
    if (objectType === undefined || place.selection === undefined) return untyped(value, place);
    if (place.selection.refusesType?.(objectType) === true) return refuse(place);
    return completesObject(objectType, place.selection, value as JsonObject, place);
  }

  /** Not an object of the type; or only its interface is known, because whoever knows its type did not tell. */
  function untyped(value: unknown, place: Place): false {
    const name = isObject(value) ? getOwn(value, "__typename") : undefined;
    const known = typeof name === "string" && isInterfaceType(schema.getType(name)) ? name : undefined;
    const isTold = known !== undefined && blamed.get(value as JsonObject)?.some(({ length }) => length === 0);
    if (!isTold)
      faults.push({ kind: "value", type: place.type, field: place.field, path: place.path, known });
    return false;
  }

  function refuse({ type, field, path }: Place): false {
    const cause = JSON.stringify([type, field, path.filter((part) => typeof part === "string")]);
    if (!refused.has(cause)) faults.push({ kind: "refused", type, field, path });
    refused.add(cause);
    return false;
  }

  function wrong({ type, field, path }: Place): false {
    faults.push({ kind: "value", type, field, path });
    return false;
  }

  completesObject(root, selection, data, { type: root.name, field: "", selection, path: [], treePath: [] });
  return faults;
}

/** Whether one path is the beginning of the other. */
function isOneWay(path: Path, other: Path): boolean {
  const [shorter, longer] = path.length < other.length ? [path, other] : [other, path];
  return shorter.every((part, index) => part === longer[index]);
}
