/**
 * What may be deferred (the specification's draft of incremental delivery, section 5.7): rules beside those of
 * graphql-js 16, which knows nothing of @defer.
 */
import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

export const DEFER = "defer";

export const RULES: readonly ValidationRule[] = [
  ...specifiedRules,
  deferredRootFields,
  deferredInSubscriptions,
  deferLabels,
];

/** Root fields of mutations and subscriptions are not deferred: they come one after another, or event by event. */
function deferredRootFields(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === OperationTypeNode.QUERY) return;
      for (const directive of defersAtRoot(context, selectionSet, new Set()))
        context.reportError(
          new GraphQLError(`Root fields of a ${operation} cannot be deferred.`, { nodes: directive }),
        );
    },
  };
}

/** Within a subscription @defer must be one that can be turned off: events are whole. */
function deferredInSubscriptions(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
      for (const directive of defersOf(context, operation))
        if (!canBeOff(directive))
          context.reportError(
            new GraphQLError("A subscription cannot be deferred; turn @defer off with its argument `if`.", {
              nodes: directive,
            }),
          );
    },
  };
}

/** Labels are written in the document, and each is there once: clients tell the parts of an answer by them. */
function deferLabels(context: ValidationContext): ASTVisitor {
  const known = new Map<string, DirectiveNode>();
  return {
    Directive(directive) {
      if (directive.name.value !== DEFER) return;
      const label = argumentOf(directive, "label");
      if (label === undefined || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) {
        // Another literal is of the wrong type, which graphql-js tells.
        if (label.kind === Kind.VARIABLE)
          context.reportError(
            new GraphQLError("The label of @defer must be a string, not a variable.", { nodes: directive }),
          );
        return;
      }
      const other = known.get(label.value);
      if (other === undefined) known.set(label.value, directive);
      else
        context.reportError(
          new GraphQLError(`There can be only one @defer with the label "${label.value}".`, {
            nodes: [other, directive],
          }),
        );
    },
  };
}

function defersAtRoot(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  visited: Set<string>,
): readonly DirectiveNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [];
    const own = selection.directives?.filter(({ name }) => name.value === DEFER) ?? [];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return [...own, ...defersAtRoot(context, selection.selectionSet, visited)];
    if (visited.has(selection.name.value)) return own;
    visited.add(selection.name.value);
    const fragment = context.getFragment(selection.name.value);
    return fragment == null ? own : [...own, ...defersAtRoot(context, fragment.selectionSet, visited)];
  });
}

/** All of an operation, those in its fragments too. */
function defersOf(context: ValidationContext, operation: OperationDefinitionNode): readonly DirectiveNode[] {
  const sets = [operation, ...context.getRecursivelyReferencedFragments(operation)];
  return sets.flatMap(({ selectionSet }) => defersWithin(selectionSet));
}

function defersWithin({ selections }: SelectionSetNode): readonly DirectiveNode[] {
  return selections.flatMap((selection) => [
    ...(selection.directives?.filter(({ name }) => name.value === DEFER) ?? []),
    ...(selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined
      ? []
      : defersWithin(selection.selectionSet)),
  ]);
}

function canBeOff(directive: DirectiveNode): boolean {
  const condition = argumentOf(directive, "if");
  return condition?.kind === Kind.VARIABLE || (condition?.kind === Kind.BOOLEAN && !condition.value);
}

function argumentOf(directive: DirectiveNode, name: string) {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}
