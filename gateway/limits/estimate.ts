/**
 * What an operation is going to cost: compiled once for it, so that only what depends on its variables is computed for
 * each request. Of an abstract type the costliest object counts.
 */
import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
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
  valueOf,
  weightsOfField,
} from "./cost-model.ts";
import type { ListSize } from "./weights.ts";

/** A number, where it depends on no variable. */
type Part = number | ((values: Values) => number);

/** Sizes that a field gives to lists in its object. */
interface Sized {
  readonly fields: ReadonlySet<string>;
  readonly size: Part;
}

/** A field of which exactly one slicing argument must be given, and is not. */
export interface Unsliced {
  readonly field: string;
  readonly slicingArguments: readonly string[];
}

export interface Estimate {
  readonly cost: (values: Values) => number;
  /** Whether it is the same for all values. */
  readonly isFixed: boolean;
  readonly unsliced: readonly Unsliced[];
}

/** @param fragments of the document; conditions (@skip, @include) are decided, here as there */
export function estimate(
  model: CostModel,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Estimate {
  const { schema } = model;
  const unsliced: Unsliced[] = [];
  /** Of selections that no list's size comes to from above. */
  const known = new Map<string, Part>();
  const keyOf = createSelectionKeys();

  function ofObject(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    sized: Sized | undefined,
  ): Part {
    const key = `${type.name} ${keyOf(sets)}`;
    const before = sized === undefined ? known.get(key) : undefined;
    if (before !== undefined) return before;
    const part = sum(askedFields(schema, fragments, type, sets).map((field) => ofField(type, field, sized)));
    if (sized === undefined) known.set(key, part);
    return part;
  }

  function ofField(type: GraphQLObjectType, field: AskedField, sized: Sized | undefined): Part {
    const { definition, node, selectionSets } = field;
    const own = weightsOfField(model, type, definition.name);
    const named = getNamedType(definition.type);
    const listSize = own?.listSize;
    const given = listSize && sizeBy(listSize, field, `${type.name}.${definition.name}`);
    const isOfOthers = listSize !== undefined && listSize.sizedFields.size > 0;
    const below: Sized | undefined =
      isOfOthers && given !== undefined ? { fields: listSize.sizedFields, size: given } : undefined;
    const item = isCompositeType(named)
      ? greatest(
          objectTypes(named).map((each) =>
            sum([itemWeight(model, field, own, each.name), ofObject(each, selectionSets, below)]),
          ),
        )
      : itemWeight(model, field, own, named.name);
    const size = sizeOf(
      definition.type,
      sized?.fields.has(node.name.value) ? sized.size : isOfOthers ? undefined : given,
    );
    return sum([argumentCost(model, field, own) ?? 0, times(size, item)]);
  }

  function objectTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isObjectType(type) ? [type] : schema.getPossibleTypes(type);
  }

  /** Undefined where the directive leaves it open. */
  function sizeBy(listSize: ListSize, { definition, node }: AskedField, field: string): Part | undefined {
    const { slicingArguments, assumedSize, requireOne } = listSize;
    const reads = slicingArguments.flatMap((name) => {
      const given = node.arguments?.find((argument) => argument.name.value === name);
      if (given !== undefined) return [valueOf(given)];
      const fallback = definition.args.find((argument) => argument.name === name)?.defaultValue;
      return fallback === undefined || fallback === null ? [] : [() => fallback];
    });
    if (requireOne && reads.length !== 1) unsliced.push({ field, slicingArguments });
    if (reads.length === 0) return assumedSize;
    return fold(
      (values) => {
        const counts = reads.map((read) => read(values)).filter((value) => typeof value === "number");
        return counts.length === 0 ? (assumedSize ?? model.defaultListSize) : Math.max(0, ...counts);
      },
      node.arguments?.some(({ value }) => value.kind === Kind.VARIABLE) ?? false,
    );
  }

  /** How many items a field has; 1 where it is no list. */
  function sizeOf(type: GraphQLOutputType, given: Part | undefined): Part {
    let lists = 0;
    let inner = type;
    while (isListType(inner) || isNonNullType(inner)) {
      if (isListType(inner)) lists += 1;
      inner = inner.ofType;
    }
    if (lists === 0) return 1;
    return times(given ?? model.defaultListSize, model.defaultListSize ** (lists - 1));
  }

  const root = schema.getRootType(operation.operation);
  const fields = root == null ? 0 : ofObject(root, [operation.selectionSet], undefined);
  const whole = sum([OPERATION_COSTS[operation.operation], fields]);
  return { cost: (values) => told(valueIn(whole, values)), isFixed: typeof whole === "number", unsliced };
}

/** Weights may be negative, sizes may multiply beyond all numbers: a cost is neither. */
export function told(cost: number): number {
  return Math.min(Math.max(0, cost), Number.MAX_SAFE_INTEGER);
}

function fold(read: (values: Values) => number, isVariable: boolean): Part {
  return isVariable ? read : read({});
}

function sum(parts: readonly Part[]): Part {
  let constant = 0;
  const variable: ((values: Values) => number)[] = [];
  for (const part of parts)
    if (typeof part === "number") constant += part;
    else variable.push(part);
  if (variable.length === 0) return constant;
  return (values) => variable.reduce((total, part) => total + part(values), constant);
}

function times(size: Part, weight: Part): Part {
  if (size === 1) return weight;
  if (typeof size === "number" && typeof weight === "number") return product(size, weight);
  return (values) => product(valueIn(size, values), valueIn(weight, values));
}

/** Nothing, however often, is nothing. */
function product(size: number, weight: number): number {
  return size === 0 || weight === 0 ? 0 : size * weight;
}

function greatest(parts: readonly Part[]): Part {
  if (parts.every((part) => typeof part === "number")) return Math.max(0, ...parts);
  return (values) => Math.max(0, ...parts.map((part) => valueIn(part, values)));
}

function valueIn(part: Part, values: Values): number {
  return typeof part === "number" ? part : part(values);
}
