/**
 * What an answer has cost: the same as the estimate, with as many items as there are. Where the answer does not tell an
 * object's type, the costliest counts that has the fields it has.
 */
import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLNamedType,
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
import type { FieldWeights } from "./weights.ts";

/** A field that can cost something: what of that is the same for all its values. */
interface Costly {
  readonly field: AskedField;
  /** Of its arguments, for each object that has it. */
  readonly given: ((values: Values) => number) | undefined;
  /** Of each leaf; undefined where it gives objects. */
  readonly leaf: number | undefined;
  readonly named: GraphQLNamedType;
  readonly own: FieldWeights | undefined;
}

/** Of an answer's data, as it was parsed from JSON. */
export type ActualCost = (values: Values, data: unknown) => number;

/** Compiled as far as answers to the operation have come. */
export function compileActualCost(
  model: CostModel,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ActualCost {
  const { schema } = model;
  const known = new Map<GraphQLObjectType, Map<string, readonly AskedField[]>>();
  /** By the fields that were asked, which are the same for all objects of a place. */
  const costly = new Map<readonly AskedField[], readonly Costly[]>();
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

  /** Most fields are leaves that cost nothing: they are not looked at again. */
  function costlyOf(type: GraphQLObjectType, fields: readonly AskedField[]): readonly Costly[] {
    let found = costly.get(fields);
    if (found === undefined) {
      found = fields
        .map((field): Costly => {
          const own = weightsOfField(model, type, field.definition.name);
          const named = getNamedType(field.definition.type);
          const leaf = isCompositeType(named) ? undefined : itemWeight(model, field, own, named.name);
          return { field, own, named, leaf, given: argumentCost(model, field, own) };
        })
        .filter(({ given, leaf }) => given !== undefined || leaf !== 0);
      costly.set(fields, found);
    }
    return found;
  }

  function ofObject(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    object: Readonly<Record<string, unknown>>,
    values: Values,
  ): number {
    let cost = 0;
    for (const each of costlyOf(type, fieldsOf(type, sets)))
      if (Object.hasOwn(object, each.field.key))
        cost += (each.given?.(values) ?? 0) + ofItems(each, object[each.field.key], values);
    return cost;
  }

  function ofItems(each: Costly, value: unknown, values: Values): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) {
      let sum = 0;
      for (const item of value as readonly unknown[]) sum += ofItems(each, item, values);
      return sum;
    }
    const { field, own, named, leaf } = each;
    if (leaf !== undefined || !isCompositeType(named)) return leaf ?? 0;
    const object = value as Readonly<Record<string, unknown>>;
    const ofType = (type: GraphQLObjectType): number =>
      itemWeight(model, field, own, type.name) + ofObject(type, field.selectionSets, object, values);
    if (isObjectType(named)) return Math.max(0, ofType(named));
    return Math.max(0, ...typesOf(named, field.selectionSets, object).map(ofType));
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
  const sets = [operation.selectionSet];
  return (values, data) => {
    if (root == null || typeof data !== "object" || data === null) return base;
    return told(base + ofObject(root, sets, data as Readonly<Record<string, unknown>>, values));
  };
}
