/**
 * Puts @defer into an operation at random, by a list of decisions as operations.ts does.
 */
import {
  type DirectiveNode,
  type InlineFragmentNode,
  Kind,
  OperationTypeNode,
  parse,
  parseConstValue,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from "graphql";
import type { GeneratedOperation } from "./operations.ts";

export function withDefers(
  { query, variables }: GeneratedOperation,
  decisions: readonly number[],
): GeneratedOperation {
  let place = 0;
  const pick = (count: number): number => {
    const decision = decisions[place % Math.max(1, decisions.length)] ?? 0;
    place += 1;
    return decision % count;
  };
  let labels = 0;
  let usesVariable = false;

  function defer(): DirectiveNode {
    const given: [string, ValueNode][] = [];
    const condition = pick(8);
    if (condition === 1) given.push(["if", parseConstValue("false")]);
    if (condition === 2) {
      usesVariable = true;
      given.push(["if", { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: "deferred" } }]);
    }
    if (pick(2) === 1) given.push(["label", parseConstValue(`"l${(labels += 1)}"`)]);
    return {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: "defer" },
      arguments: given.map(([name, value]) => ({
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: name },
        value,
      })),
    };
  }

  function withDefer(selection: SelectionNode): SelectionNode {
    if (pick(3) !== 1) return selection;
    if (selection.kind !== Kind.FIELD)
      return { ...selection, directives: [...(selection.directives ?? []), defer()] };
    const fragment: InlineFragmentNode = {
      kind: Kind.INLINE_FRAGMENT,
      directives: [defer()],
      selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
    };
    return fragment;
  }

  const document = parse(query, { noLocation: true });
  const isMutation = document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION,
  );
  const deferred = visit(document, {
    SelectionSet: {
      leave(node: SelectionSetNode, _key, _parent, _path, ancestors) {
        // Any fragment of a mutation may stand at its root.
        const isDeep = ancestors.some(
          (one) => !Array.isArray(one) && "kind" in one && one.kind === Kind.FIELD,
        );
        if (isMutation && !isDeep) return undefined;
        return { ...node, selections: node.selections.map(withDefer) };
      },
    },
  });
  if (!usesVariable) return { query: print(deferred), variables };
  const [definition] = parse("query ($deferred: Boolean!) { a }").definitions;
  const added = definition?.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
  const withVariable = visit(deferred, {
    OperationDefinition: (operation) => ({
      ...operation,
      variableDefinitions: [...(operation.variableDefinitions ?? []), ...added],
    }),
  });
  return { query: print(withVariable), variables: { ...variables, deferred: pick(2) === 1 } };
}
