/**
 * An operation with what names the subjects of the personal data that it reads, whether its client asked for that or not.
 * It is planned and asked for so; the answer has only what the client asked for.
 */
import {
  type FieldNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { ConditionedOperation } from "../plan/conditions.ts";
import { objectTypesOf } from "../trust/rules.ts";
import type { PersonalRules } from "./personal.ts";

/** @param operation its conditions decided, and without what its caller may not read */
export function withSubjects(
  schema: GraphQLSchema,
  rules: PersonalRules,
  { operation, fragments }: ConditionedOperation,
): ConditionedOperation {
  function widen({ selections, ...set }: SelectionSetNode, parent: GraphQLCompositeType): SelectionSetNode {
    const fields = selections.filter((each) => each.kind === Kind.FIELD);
    return {
      ...set,
      selections: [
        ...selections.map((each) => widenSelection(each, parent)),
        ...objectTypesOf(schema, parent).flatMap((type) => subjectsOf(fields, type, type === parent)),
      ],
    };
  }

  function widenSelection(selection: SelectionNode, parent: GraphQLCompositeType): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD || selection.selectionSet === undefined) return selection;
    const type =
      selection.kind === Kind.INLINE_FRAGMENT
        ? (compositeType(selection.typeCondition?.name.value) ?? parent)
        : fieldType(parent, selection.name.value);
    return type === undefined
      ? selection
      : { ...selection, selectionSet: widen(selection.selectionSet, type) };
  }

  /** What names whose the fields of an object are. */
  function subjectsOf(
    fields: readonly FieldNode[],
    type: GraphQLObjectType,
    isSure: boolean,
  ): readonly SelectionNode[] {
    const paths = new Set(fields.flatMap(({ name }) => rules.of(type, name.value)?.subjects ?? []));
    const selections = [...paths].flatMap((path) => selectPath(path) ?? []);
    if (isSure || selections.length === 0) return selections;
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
        selectionSet: { kind: Kind.SELECTION_SET, selections },
      },
    ];
  }

  function compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  const rootType = schema.getRootType(operation.operation);
  if (!isObjectType(rootType)) throw new Error(`the schema has no type for ${operation.operation}`);
  return {
    operation: { ...operation, selectionSet: widen(operation.selectionSet, rootType) },
    fragments: new Map(
      [...fragments].map(([name, fragment]) => {
        const type = compositeType(fragment.typeCondition.name.value);
        return [
          name,
          type === undefined ? fragment : { ...fragment, selectionSet: widen(fragment.selectionSet, type) },
        ];
      }),
    ),
  };
}

function selectPath([field, ...rest]: readonly FieldNode[]): FieldNode | undefined {
  if (field === undefined) return undefined;
  const below = selectPath(rest);
  return below === undefined
    ? field
    : { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections: [below] } };
}

function fieldType(parent: GraphQLCompositeType, name: string): GraphQLCompositeType | undefined {
  const type = isUnionType(parent) ? undefined : getNamedType(parent.getFields()[name]?.type);
  return isCompositeType(type) ? type : undefined;
}
