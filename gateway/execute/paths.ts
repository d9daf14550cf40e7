/**
 * Where an error's path in the tree lies in the client's answer (GraphQL section 7.1.2).
 */
import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
} from "graphql";
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import { objectTypeOf, type ProjectedField, type Selection } from "./projection.ts";

type Path = readonly (string | number)[];

/**
 * The path with the client's response keys. What the client did not ask for, and was fetched for another field's sake,
 * keeps its own name, unless the client has given that name to something else: then the path ends before it.
 */
export function clientPath(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  selection: Selection,
  data: JsonObject,
  path: Path,
): Path {
  const found: (string | number)[] = [];
  let type: GraphQLCompositeType = root;
  let fields: Selection | undefined = selection;
  let value: unknown = data;
  for (const [index, part] of path.entries()) {
    if (typeof part === "number") {
      found.push(part);
      value = Array.isArray(value) ? value[part] : undefined;
      continue;
    }
    const listed: readonly ProjectedField[] = typesAt(schema, type, value).flatMap(
      (each) => fields?.fieldsOf(each) ?? [],
    );
    const field = listed.find(({ treeKey }) => treeKey === part);
    if (field === undefined)
      return listed.some(({ key }) => key === part) ? found : [...found, ...path.slice(index)];
    found.push(field.key);
    const named = getNamedType(field.type);
    if (isCompositeType(named)) type = named;
    fields = field.selection;
    value = isObject(value) ? getOwn(value, part) : undefined;
  }
  return found;
}

/** The type of the object that stands there, or those it could have been of. */
function typesAt(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  value: unknown,
): readonly GraphQLObjectType[] {
  const known = isObject(value) ? objectTypeOf(schema, type, value) : undefined;
  if (known !== undefined) return [known];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}
