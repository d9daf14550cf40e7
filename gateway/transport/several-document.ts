/**
 * What several members are asked for one root field: one document for all of them and for every round, so that a member
 * parses it once. What differs goes by variables of private names, which no name of the client's can meet.
 */
import { type ArgumentNode, type FieldNode, Kind, parseType, type SelectionNode } from "graphql";
import { type CollectedField, narrow, type SubgraphOperation } from "./operation.ts";

export interface SeveralDocument {
  readonly query: string;
  /** Those of the client that it uses. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** In front of the private names. */
  readonly prefix: string;
}

/** A name's beginning that the document does not have. */
export function privatePrefix(query: string): string {
  let prefix = "_p";
  while (query.includes(prefix)) prefix += "p";
  return `${prefix}_`;
}

/**
 * @param privates arguments whose values are given by variables, `prefix` and the argument's name; an argument is left
 * out when its variable is
 * @param selections instead of the field's own
 */
export function severalDocument(
  operation: SubgraphOperation,
  variables: Readonly<Record<string, unknown>>,
  { responseKey, name, nodes }: CollectedField,
  privates: readonly { readonly name: string; readonly type: string }[],
  prefix: string,
  selections: readonly SelectionNode[] = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []),
): SeveralDocument {
  const isPrivate = (argument: ArgumentNode) => privates.some((each) => each.name === argument.name.value);
  const node: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: responseKey },
    name: { kind: Kind.NAME, value: name },
    arguments: [
      ...(nodes[0]?.arguments ?? []).filter((argument) => !isPrivate(argument)),
      ...privates.map(
        (argument): ArgumentNode => ({
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: argument.name },
          value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: prefix + argument.name } },
        }),
      ),
    ],
    ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections } }),
  };
  const { definition } = operation;
  const widened: SubgraphOperation = {
    ...operation,
    definition: {
      ...definition,
      variableDefinitions: [
        ...(definition.variableDefinitions ?? []),
        ...privates.map((argument) => ({
          kind: Kind.VARIABLE_DEFINITION as const,
          variable: {
            kind: Kind.VARIABLE as const,
            name: { kind: Kind.NAME as const, value: prefix + argument.name },
          },
          type: parseType(argument.type),
        })),
      ],
    },
  };
  const field = { responseKey, node, selection: node, guards: [] };
  return { ...narrow(widened, [field], variables), prefix };
}
