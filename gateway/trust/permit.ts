/**
 * An operation without what its caller may not read: that is what is planned, and what subgraphs are asked.
 */
import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isUnionType,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { ConditionedOperation } from "../plan/conditions.ts";
import type { Refusals } from "./refusals.ts";
import { objectTypesOf } from "./rules.ts";

export interface Permitted extends ConditionedOperation {
  /** Fields that were taken out, for some objects or for all, each once: `Type.field`. */
  readonly refused: readonly string[];
}

/** @param operation its conditions decided; an object of it may have no field left */
export function permit(
  schema: GraphQLSchema,
  refusals: Refusals,
  { operation, fragments }: ConditionedOperation,
): Permitted {
  const refused = new Set<string>();

  function narrow({ selections, ...set }: SelectionSetNode, parent: GraphQLCompositeType): SelectionSetNode {
    return { ...set, selections: selections.flatMap((selection) => narrowSelection(selection, parent)) };
  }

  function narrowSelection(selection: SelectionNode, parent: GraphQLCompositeType): readonly SelectionNode[] {
    if (selection.kind === Kind.FIELD) return narrowField(selection, parent);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const type = compositeType(selection.typeCondition?.name.value) ?? parent;
    return [{ ...selection, selectionSet: narrow(selection.selectionSet, type) }];
  }

  /** Where only objects of some types may be read, the field is asked of those. */
  function narrowField(node: FieldNode, parent: GraphQLCompositeType): readonly SelectionNode[] {
    const name = node.name.value;
    if (name.startsWith("__") || isUnionType(parent)) return [node];
    const types = objectTypesOf(schema, parent);
    const permitted = types.filter(
      (type) => !refusals.refusesType(type) && !refusals.refusesField(type, name),
    );
    if (permitted.length < types.length) refused.add(`${parent.name}.${name}`);
    if (permitted.length === 0) return [];
    const given = getNamedType(parent.getFields()[name]?.type);
    const kept: FieldNode =
      node.selectionSet === undefined || !isCompositeType(given)
        ? node
        : { ...node, selectionSet: narrow(node.selectionSet, given) };
    if (permitted.length === types.length) return [kept];
    return permitted.map((type) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: [kept] },
    }));
  }

  function compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type: GraphQLNamedType | undefined = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  function narrowFragment(fragment: FragmentDefinitionNode): FragmentDefinitionNode {
    const type = compositeType(fragment.typeCondition.name.value);
    if (type === undefined) throw new Error(`the schema has no type "${fragment.typeCondition.name.value}"`);
    return { ...fragment, selectionSet: narrow(fragment.selectionSet, type) };
  }

  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new Error(`the schema has no type for ${operation.operation}`);
  return {
    operation: { ...operation, selectionSet: narrow(operation.selectionSet, rootType) },
    fragments: new Map([...fragments].map(([name, fragment]) => [name, narrowFragment(fragment)])),
    refused: [...refused],
  };
}
