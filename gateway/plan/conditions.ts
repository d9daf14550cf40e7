/**
 * @skip and @include (GraphQL section 3.13) are decided before an operation is planned: what is left out is not
 * planned, not asked, not projected. So is whether a fragment's @defer is on. An operation has one plan for each
 * combination of its conditions' variables.
 */
import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { DEFER } from "./defer-rules.ts";
import { TYPENAME } from "./typenames.ts";

export interface ConditionedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Names of the variables that decide, sorted. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      const condition = conditionOf(directive) ?? (isDefer(directive) ? ifOf(directive) : undefined);
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value);
    },
  });
  return [...names].toSorted();
}

/** What turns a document's @defer on: variables' names, or true where one always is. */
export function deferConditions(document: DocumentNode): readonly (string | true)[] {
  const found = new Set<string | true>();
  visit(document, {
    Directive: (directive) => {
      if (!isDefer(directive)) return;
      const condition = ifOf(directive);
      if (condition?.kind === Kind.VARIABLE) found.add(condition.name.value);
      else if (condition?.value ?? true) found.add(true);
    },
  });
  return [...found];
}

/**
 * The operation with what its conditions leave, as it is projected: an object may have no field left.
 * @param inParts whether @defer stays where it is on; it is never passed on to a planner or a subgraph
 */
export function decide(
  { operation, fragments }: ConditionedOperation,
  variables: Readonly<Record<string, unknown>>,
  inParts = false,
): ConditionedOperation {
  const reduce = <N extends OperationDefinitionNode | FragmentDefinitionNode>(definition: N) =>
    visit<N>(definition, {
      enter: (node) =>
        "directives" in node && isLeftOut(node.directives ?? [], variables) ? null : undefined,
      Directive: (directive) => {
        if (isDefer(directive)) return inParts && isDeferOn(directive, variables) ? undefined : null;
        return conditionOf(directive) === undefined ? undefined : null;
      },
    });
  return {
    operation: reduce(operation),
    fragments: new Map([...fragments].map(([name, fragment]) => [name, reduce(fragment)])),
  };
}

/** The same with `__typename` where nothing is left: whether the object is there must still be known. */
export function fillEmpty(operation: OperationDefinitionNode): OperationDefinitionNode;
export function fillEmpty(fragment: FragmentDefinitionNode): FragmentDefinitionNode;
export function fillEmpty(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
): OperationDefinitionNode | FragmentDefinitionNode {
  return visit(definition, {
    SelectionSet: {
      leave: (node: SelectionSetNode) =>
        node.selections.length === 0 ? { ...node, selections: [TYPENAME] } : undefined,
    },
  });
}

function isLeftOut(
  directives: readonly DirectiveNode[],
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return directives.some((directive) => {
    const condition = conditionOf(directive);
    if (condition === undefined) return false;
    const value =
      condition.kind === Kind.VARIABLE ? variables[condition.name.value] === true : condition.value;
    return directive.name.value === "skip" ? value : !value;
  });
}

function isDeferOn(directive: DirectiveNode, variables: Readonly<Record<string, unknown>>): boolean {
  const condition = ifOf(directive);
  return condition?.kind === Kind.VARIABLE
    ? variables[condition.name.value] === true
    : (condition?.value ?? true);
}

function isDefer({ name }: DirectiveNode): boolean {
  return name.value === DEFER;
}

function conditionOf(directive: DirectiveNode) {
  const name = directive.name.value;
  return name === "skip" || name === "include" ? ifOf(directive) : undefined;
}

function ifOf(directive: DirectiveNode) {
  const value = directive.arguments?.find((argument) => argument.name.value === "if")?.value;
  return value?.kind === Kind.VARIABLE || value?.kind === Kind.BOOLEAN ? value : undefined;
}
