/**
 * What an answer has cost: the same as the estimate, with as many items as there are. Where the answer does not tell an
 * object's type, the costliest counts that has the fields it has.
 */
import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  isCompositeType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import {
  argumentCost,
  type AskedField,
  askedFields,
  type CostModel,
  createSelectionKeys,
  itemWeight,
  OPERATION_COSTS,
  type Values,
  weightsOfField,
} from "./cost-model.ts";
import { told } from "./estimate.ts";

/** @param data of the answer, as it was parsed from JSON */
export function actualCost(
  model: CostModel,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  values: Values,
  data: unknown,
): number {
  const { schema } = model;
  const known = new Map<GraphQLObjectType, Map<string, readonly AskedField[]>>();
  const keyOf = createSelectionKeys();

  function fieldsOf(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): readonly AskedField[] {
    const key = keyOf(sets);
    const byKey = known.get(type) ?? new Map<string, readonly AskedField[]>();
    known.set(type, byKey);
    let fields = byKey.get(key);
    if (fields === undefined) {
      fields = askedFields(schema, fragments, type, sets);
      byKey.set(key, fields);
    }
    return fields;
  }

  function ofObject(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    object: Readonly<Record<string, unknown>>,
  ): number {
    let cost = 0;
    for (const field of fieldsOf(type, sets)) {
      if (!Object.hasOwn(object, field.key)) continue;
      const own = weightsOfField(model, type, field.definition.name);
      cost += argumentCost(model, field, own)?.(values) ?? 0;
      cost += ofItems(field, own, object[field.key]);
    }
    return cost;
  }

  function ofItems(field: AskedField, own: Parameters<typeof itemWeight>[2], value: unknown): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value))
      return (value as readonly unknown[]).reduce<number>((sum, item) => sum + ofItems(field, own, item), 0);
    const named = getNamedType(field.definition.type);
    if (!isCompositeType(named)) return itemWeight(model, field, own, named.name);
    const object = value as Readonly<Record<string, unknown>>;
    const costs = typesOf(named, field.selectionSets, object).map(
      (type) => itemWeight(model, field, own, type.name) + ofObject(type, field.selectionSets, object),
    );
    return Math.max(0, ...costs);
  }

  function typesOf(
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    object: Readonly<Record<string, unknown>>,
  ): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    const possible = schema.getPossibleTypes(type);
    const byName = possible.filter(({ name }) => name === object["__typename"]);
    if (byName.length > 0) return byName;
    const fitting = possible.filter((each) =>
      fieldsOf(each, sets).every(({ key }) => Object.hasOwn(object, key)),
    );
    // Whose fields are fewer would leave some of the object's unexplained.
    const most = Math.max(0, ...fitting.map((each) => fieldsOf(each, sets).length));
    return fitting.filter((each) => fieldsOf(each, sets).length === most);
  }

  const root = schema.getRootType(operation.operation);
  const base = OPERATION_COSTS[operation.operation];
  if (root == null || typeof data !== "object" || data === null) return base;
  return told(base + ofObject(root, [operation.selectionSet], data as Readonly<Record<string, unknown>>));
}
