/**
 * What a field costs, whether it is estimated or measured:
 *
 *     field     = its arguments + for each item: its weight + the fields asked of it
 *     weight    by @cost of the field, else of its type, else 1 for an object and 0 for a leaf
 *     operation = 10 for a mutation + its root fields
 *
 * These are the weights of Apollo's demand control, so that a graph costs the same with either gateway.
 */
import {
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";
import { applies } from "../execute/projection.ts";
import type { FieldWeights, Weights } from "./weights.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface CostModel {
  readonly schema: GraphQLSchema;
  readonly weights: Weights;
  /** Items of a list of which nothing is said. */
  readonly defaultListSize: number;
}

export interface AskedField {
  readonly key: string;
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly selectionSets: readonly SelectionSetNode[];
}

export const OPERATION_COSTS: Readonly<Record<OperationTypeNode, number>> = {
  [OperationTypeNode.QUERY]: 0,
  [OperationTypeNode.MUTATION]: 10,
  [OperationTypeNode.SUBSCRIPTION]: 0,
};

/** Fields asked of an object (CollectFields, GraphQL section 6.3.2), but for those of the schema itself. */
export function askedFields(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly AskedField[] {
  const groups = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [selection]);
        else group.push(selection);
        continue;
      }
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      if (name !== undefined && visited.has(name)) continue;
      if (name !== undefined) visited.add(name);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(name ?? "");
      if (fragment !== undefined && applies(schema, fragment.typeCondition?.name.value, type))
        collect(fragment.selectionSet);
    }
  };
  for (const selectionSet of selectionSets) collect(selectionSet);
  const fields: AskedField[] = [];
  for (const [key, nodes] of groups) {
    const [node] = nodes;
    const definition = node && type.getFields()[node.name.value];
    if (node === undefined || definition === undefined) continue;
    fields.push({ key, node, definition, selectionSets: nodes.flatMap((each) => each.selectionSet ?? []) });
  }
  return fields;
}

/** What is said of a field: on its type, or else on an interface that it is of. */
export function weightsOfField(
  { weights }: CostModel,
  type: GraphQLObjectType,
  field: string,
): FieldWeights | undefined {
  const named = [type, ...type.getInterfaces()];
  for (const { name } of named) {
    const own = weights.fields.get(`${name}.${field}`);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** Of one item of a field. */
export function itemWeight(
  { weights }: CostModel,
  { definition }: AskedField,
  own: FieldWeights | undefined,
  itemType: string,
): number {
  const isComposite = isCompositeType(getNamedType(definition.type));
  return own?.weight ?? weights.types.get(itemType) ?? (isComposite ? 1 : 0);
}

/** Of the arguments that are given; undefined where none can cost anything. */
export function argumentCost(
  model: CostModel,
  { node, definition }: AskedField,
  own: FieldWeights | undefined,
): ((values: Values) => number) | undefined {
  const costs = (node.arguments ?? []).flatMap((given) => {
    const { type } = definition.args.find(({ name }) => name === given.name.value) ?? {};
    const weight = own?.arguments.get(given.name.value) ?? 0;
    if (type === undefined || (weight === 0 && !hasWeights(model.weights, type))) return [];
    const read = valueOf(given);
    return [
      (values: Values) => {
        const value = read(values);
        return value === undefined || value === null ? 0 : weight + inputCost(model.weights, type, value);
      },
    ];
  });
  if (costs.length === 0) return undefined;
  return (values) => costs.reduce((sum, cost) => sum + cost(values), 0);
}

/** Reads an argument's value. */
export function valueOf({ value }: ArgumentNode): (values: Values) => unknown {
  if (value.kind === Kind.VARIABLE) return (values) => ownValue(values, value.name.value);
  return (values) => valueFromASTUntyped(value, values);
}

/** Variables come from the network: what an object inherits is none. */
function ownValue(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function inputCost(weights: Weights, type: GraphQLInputType, value: unknown): number {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (value === null || value === undefined) return 0;
  if (isListType(inner)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.reduce<number>((sum, item) => sum + inputCost(weights, inner.ofType, item), 0);
  }
  if (!isInputObjectType(inner) || typeof value !== "object") return 0;
  let sum = 0;
  for (const [name, field] of Object.entries(inner.getFields())) {
    const given = ownValue(value as Values, name);
    if (given === undefined || given === null) continue;
    sum += (weights.inputFields.get(`${inner.name}.${name}`) ?? 0) + inputCost(weights, field.type, given);
  }
  return sum;
}

/** Whether anything within an input type has a weight. */
function hasWeights(weights: Weights, type: GraphQLInputType, seen = new Set<string>()): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.entries(named.getFields()).some(
    ([name, field]) =>
      weights.inputFields.has(`${named.name}.${name}`) || hasWeights(weights, field.type, seen),
  );
}

/** Keys of selections that are merged at one place: the same for the same sets in the same order. */
export function createSelectionKeys(): (sets: readonly SelectionSetNode[]) => string {
  const numbers = new Map<SelectionSetNode, number>();
  const numberOf = (set: SelectionSetNode): number => {
    const number = numbers.get(set) ?? numbers.size;
    numbers.set(set, number);
    return number;
  };
  return (sets) => sets.map(numberOf).join(" ");
}
