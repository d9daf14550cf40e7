/**
 * What a subgraph needs to know of an object before it can be asked about it (`requires` of a plan), taken apart once.
 */
import type { RequiresSelection } from "@graphql-hive/router-query-planner";
import type { TypesOf } from "./steps.ts";

export interface Requirement {
  /** The fields required of an object with this `__typename`; always the same list for the same name. */
  fieldsOf(typeName: unknown): readonly RequiredField[];
}

export interface RequiredField {
  /** The name under which it was fetched. */
  readonly name: string;
  /** What the subgraph knows it by. */
  readonly as: string;
  /** Of objects. */
  readonly inside: Requirement | undefined;
  /** Whether all objects that these fields are required of have the same value. */
  readonly constant: boolean;
}

/** @throws Error when a plan requires a named fragment: planners write them out. */
export function compileRequirement(selections: readonly RequiresSelection[], typesOf: TypesOf): Requirement {
  // Names come from subgraphs, which may invent any number: all that meet no condition are one.
  const named = namedTypes(selections, typesOf);
  const byName = new Map<unknown, readonly RequiredField[]>();
  return {
    fieldsOf(typeName) {
      const name = named.has(typeName) ? typeName : undefined;
      let fields = byName.get(name);
      if (fields === undefined) {
        fields = [...requiredFields(selections, typesOf, name).values()];
        byName.set(name, fields);
      }
      return fields;
    },
  };
}

/** The types that meet a condition. */
function namedTypes(selections: readonly RequiresSelection[], typesOf: TypesOf): ReadonlySet<unknown> {
  return new Set(
    selections.flatMap((selection) =>
      selection.kind === "InlineFragment"
        ? [...typesOf(selection.typeCondition), ...namedTypes(selection.selections, typesOf)]
        : [],
    ),
  );
}

/** By what the subgraph knows them by. */
function requiredFields(
  selections: readonly RequiresSelection[],
  typesOf: TypesOf,
  typeName: unknown,
  fields = new Map<string, RequiredField>(),
): ReadonlyMap<string, RequiredField> {
  for (const selection of selections) {
    if (selection.kind === "FragmentSpread") throw new Error("a plan requires a named fragment");
    if (selection.kind === "InlineFragment") {
      if (typesOf(selection.typeCondition).includes(typeName as string))
        requiredFields(selection.selections, typesOf, typeName, fields);
      continue;
    }
    const { name, alias, selections: parts } = selection;
    const as = alias ?? name;
    const inside = parts?.length ? compileRequirement(parts, typesOf) : undefined;
    fields.set(as, { name, as, inside, constant: name === "__typename" && typeName !== undefined });
  }
  return fields;
}
