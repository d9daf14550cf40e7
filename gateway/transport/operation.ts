/**
 * The operation that an engine sends to a subgraph, taken apart by its root fields.
 */
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
  type ASTNode,
  type DefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from "graphql";

export interface RootField {
  readonly responseKey: string;
  readonly node: FieldNode;
  /** The field within the fragments it stood in, alone. */
  readonly selection: SelectionNode;
  /** The field and those fragments: what may carry @skip and @include. */
  readonly guards: readonly SelectionNode[];
}

/** The selections of one object that stand under one response key. */
export interface CollectedField {
  readonly responseKey: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
}

export interface SubgraphOperation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly fields: readonly RootField[];
  /** Default values of its variables. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

type Variables = Readonly<Record<string, unknown>>;

/** Takes an operation apart. The document comes from the gateway's own planner: one operation, valid. */
export function parseOperation(query: string): SubgraphOperation {
  const { definitions } = parse(query, { noLocation: true });
  const definition = definitions.find((candidate) => candidate.kind === Kind.OPERATION_DEFINITION);
  if (definition === undefined) throw new Error("a document for a subgraph has no operation");
  const fragments = new Map(
    definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]),
  );
  const fields = collectRootFields(definition.selectionSet.selections, fragments);
  return {
    definition,
    fragments,
    fields,
    defaults: variableDefaults(definition),
  };
}

/** Whether a root field is asked for with these variables (@skip and @include, GraphQL section 3.13). */
export function isIncluded({ guards }: RootField, variables: Variables): boolean {
  return guards.every((guard) => isSelected(guard, variables));
}

/** CollectFields (GraphQL section 6.3.2) of an object whose type is known, so that all its fragments apply. */
export function collectFields(
  nodes: readonly FieldNode[],
  fragments: SubgraphOperation["fragments"],
  variables: Variables,
): CollectedField[] {
  const collected = new Map<string, CollectedField & { readonly nodes: FieldNode[] }>();
  const collect = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (!isSelected(selection, variables)) continue;
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        collect(fragment?.selectionSet.selections ?? []);
        continue;
      }
      const name = selection.name.value;
      const responseKey = selection.alias?.value ?? name;
      const known = collected.get(responseKey);
      if (known === undefined) collected.set(responseKey, { responseKey, name, nodes: [selection] });
      else known.nodes.push(selection);
    }
  };
  for (const { selectionSet } of nodes) collect(selectionSet?.selections ?? []);
  return [...collected.values()];
}

/** The value of a root field's argument; undefined when it is left out. */
export function argumentValue(
  { node }: Pick<RootField, "node">,
  name: string,
  variables: Variables,
): unknown {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value && valueFromASTUntyped(value, variables);
}

/** A document for some of an operation's root fields: with the fragments and variables that these use, and no more. */
export function narrow(
  operation: SubgraphOperation,
  fields: readonly RootField[],
  variables: Variables,
): { query: string; variables: Variables } {
  const { definition } = operation;
  const used = usedNames(fields, operation);
  const narrowed: OperationDefinitionNode = {
    ...definition,
    variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
      used.variables.has(variable.name.value),
    ),
    selectionSet: { kind: Kind.SELECTION_SET, selections: fields.map(({ selection }) => selection) },
  };
  const fragments = [...operation.fragments.values()].filter(({ name }) => used.fragments.has(name.value));
  return {
    query: print({ kind: Kind.DOCUMENT, definitions: [narrowed, ...fragments] }),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.variables.has(name))),
  };
}

function isSelected(selection: SelectionNode, variables: Variables): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.["if"] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.["if"] !== false
  );
}

type Wrap = (selection: SelectionNode) => SelectionNode;

function collectRootFields(
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  wrap: Wrap = (selection) => selection,
  guards: readonly SelectionNode[] = [],
): RootField[] {
  return selections.flatMap((selection) => {
    const inside = [...guards, selection];
    if (selection.kind === Kind.FIELD) {
      const responseKey = selection.alias?.value ?? selection.name.value;
      return [{ responseKey, node: selection, selection: wrap(selection), guards: inside }];
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (fragment === undefined) return [];
    const wrapInside: Wrap = (field) =>
      wrap({
        kind: Kind.INLINE_FRAGMENT,
        ...(fragment.typeCondition && { typeCondition: fragment.typeCondition }),
        ...(selection.directives && { directives: selection.directives }),
        selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
      });
    return collectRootFields(fragment.selectionSet.selections, fragments, wrapInside, inside);
  });
}

function variableDefaults(definition: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
}

function usedNames(fields: readonly RootField[], { definition, fragments }: SubgraphOperation) {
  const used = { variables: new Set<string>(), fragments: new Set<string>() };
  const collect = (node: ASTNode): void => {
    visit(node, {
      Variable: ({ name }) => void used.variables.add(name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.fragments.has(name.value)) return;
        used.fragments.add(name.value);
        collect(fragment);
      },
    });
  };
  for (const directive of definition.directives ?? []) collect(directive);
  for (const { selection } of fields) collect(selection);
  return used;
}

function isFragment(definition: DefinitionNode): definition is FragmentDefinitionNode {
  return definition.kind === Kind.FRAGMENT_DEFINITION;
}
