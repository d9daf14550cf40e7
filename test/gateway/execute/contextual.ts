/**
 * Arguments that come from above (@context, @fromContext): for the oracle, which executes a schema that has them no more.
 */
import { type GraphQLSchema, isObjectType, isUnionType, type SelectionSetNode } from "graphql";
import { directives, fieldSet } from "./shapes.ts";

/** An argument whose value stands above. */
export interface ContextualArgument {
  readonly name: string;
  /** Types that set the context. */
  readonly setters: ReadonlySet<string>;
  readonly selection: SelectionSetNode;
}

/** By `Type.field`. */
export function contextualArguments(
  schemas: readonly GraphQLSchema[],
): ReadonlyMap<string, readonly ContextualArgument[]> {
  return new Map(
    schemas.flatMap((schema) => {
      const setters = settersIn(schema);
      const types = Object.values(schema.getTypeMap()).filter(isObjectType);
      return types.flatMap((type) =>
        Object.values(type.getFields()).map(({ name, args }) => {
          const contextual = args.flatMap((argument) =>
            directives(argument, "fromContext", "field").map((field) => read(argument.name, field, setters)),
          );
          return [`${type.name}.${name}`, contextual] as const;
        }),
      );
    }),
  );
}

/** `$context { field }`, or `$context ... on Type { field }` for each type that sets it. */
function read(
  name: string,
  field: string,
  setters: ReadonlyMap<string, ReadonlySet<string>>,
): ContextualArgument {
  const [, context = "", selection = ""] = /^\s*\$(\w+)\s*(.*)$/s.exec(field) ?? [];
  return {
    name,
    setters: setters.get(context) ?? new Set(),
    selection: fieldSet(selection.replace(/^\{(.*)\}$/s, "$1")),
  };
}

/** Object types that set each context. */
function settersIn(schema: GraphQLSchema): ReadonlyMap<string, ReadonlySet<string>> {
  const setters = new Map<string, Set<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isUnionType(type)) continue;
    const names = isUnionType(type) ? type.getTypes().map((member) => member.name) : [type.name];
    for (const context of directives(type, "context", "name"))
      setters.set(context, new Set([...(setters.get(context) ?? []), ...names]));
  }
  return setters;
}
