/**
 * Names that clients give which could be taken for something else while a plan runs. Planners add fields of their own
 * to a selection: keys, `__typename`, what other fields require, with the arguments they require. A client may give
 * another field that very name, as in `{ id: title }`, or ask for a required field with other arguments. Such a field
 * has another name in the plan and in the tree, and its own in the answer.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from "graphql";
import { argumentsText, requiredFields } from "./join.ts";

export interface Aliases {
  /** Under which key the field stands in the tree. */
  readonly treeKey: (field: FieldNode) => string;
  /** The document with the names of the tree. */
  readonly inTree: (document: DocumentNode) => DocumentNode;
}

/** @param supergraph with all fields, those that clients do not see too */
export function createAliases(supergraph: GraphQLSchema): Aliases {
  const taken = fieldNames(supergraph);
  const required = requiredArguments(supergraph);
  let prefix = "_0";
  for (let number = 1; [...taken].some((name) => name.startsWith(prefix)); number += 1) prefix = `_${number}`;

  function treeKey(field: FieldNode): string {
    const name = field.name.value;
    const key = field.alias?.value ?? name;
    const isAmbiguous = key === name ? isRequiredOtherwise(field) : isTaken(key);
    return isAmbiguous ? prefix + key : key;
  }

  function isRequiredOtherwise(field: FieldNode): boolean {
    const texts = required.get(field.name.value);
    return texts !== undefined && (texts.size > 1 || !texts.has(argumentsText(field)));
  }

  /** Names that planners make up begin with an underscore, or end in `__alias_0`. */
  function isTaken(key: string): boolean {
    return taken.has(key) || key.startsWith("_") || key.includes("__alias_");
  }

  return {
    treeKey,
    inTree: (document) =>
      visit(document, {
        Field(field) {
          const key = treeKey(field);
          if (key === (field.alias?.value ?? field.name.value)) return undefined;
          return { ...field, alias: { kind: Kind.NAME, value: key } };
        },
      }),
  };
}

function fieldNames(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  );
  return new Set(types.flatMap((type) => Object.keys(type.getFields())));
}

/** With which arguments each field is required, by its name. */
function requiredArguments(schema: GraphQLSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const required = new Map<string, Set<string>>();
  for (const selections of requiredFields(schema).values())
    for (const selection of selections)
      visit(selection, {
        Field: (field) => {
          const texts = required.get(field.name.value) ?? new Set();
          required.set(field.name.value, texts.add(argumentsText(field)));
        },
      });
  return required;
}
