/**
 * Costs of the operations of one graph. What of an operation can be computed without its variables is computed once.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from "graphql";
import { conditionVariables, decide } from "../plan/conditions.ts";
import type { OpenedOperation } from "../plan/documents.ts";
import { type ActualCost, compileActualCost } from "./actual.ts";
import type { CostModel, Values } from "./cost-model.ts";
import { type Estimate, estimate, type Unsliced } from "./estimate.ts";
import { missedCost, readMissCosts } from "./misses.ts";
import { readWeights } from "./weights.ts";

export interface Estimated {
  readonly cost: number;
  readonly unsliced: readonly Unsliced[];
}

export interface Costing {
  /** @param variables as the client gave them */
  readonly estimate: (operation: OpenedOperation, variables: Values) => Estimated;
  readonly measure: (operation: OpenedOperation, variables: Values, answered: Answered) => Spent;
}

/** An answer, as far as it is there. */
export interface Answered {
  /** JSON; undefined where nothing was executed. */
  readonly data: string | undefined;
  readonly errors: readonly GraphQLError[];
  /** Whether nothing comes later. */
  readonly isWhole: boolean;
}

/** What an operation came to. */
export interface Spent {
  /** Undefined where more comes later. */
  readonly cost: number | undefined;
  /** What looking for what is not there costs beside that (@missCost). */
  readonly missed: number;
}

interface Known {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Variables that decide @skip and @include. */
  readonly conditions: readonly string[];
  readonly defaults: Values;
  /** By the values of its conditions. */
  readonly variants: Map<string, Variant>;
}

interface Variant extends Estimate {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Compiled when an answer is measured. */
  actual?: ActualCost;
}

/** Of one operation by its conditions; beyond that the oldest is compiled again. */
const VARIANTS = 64;

/**
 * @param schema what clients see
 * @param supergraph its document, where weights are said
 */
export function createCosting(
  schema: GraphQLSchema,
  supergraph: DocumentNode,
  defaultListSize: number,
): Costing {
  const model: CostModel = { schema, weights: readWeights(supergraph), defaultListSize };
  const missCosts = readMissCosts(supergraph, schema);
  /** As long as the operations are kept with their documents. */
  const known = new WeakMap<OpenedOperation, Known>();
  /** Of operations that cost the same whatever their variables. */
  const fixed = new WeakMap<OpenedOperation, Estimated>();

  function variantOf(opened: OpenedOperation, variables: Values): { variant: Variant; values: Values } {
    let entry = known.get(opened);
    if (entry === undefined) {
      entry = know(opened);
      known.set(opened, entry);
    }
    const { operation, fragments, conditions, defaults, variants } = entry;
    const values = { ...defaults, ...variables };
    const key = conditions.map((name) => (values[name] === true ? "1" : "0")).join("");
    let variant = variants.get(key);
    if (variant === undefined) {
      const decided = decide({ operation, fragments }, values);
      variant = { ...decided, ...estimate(model, decided.operation, decided.fragments) };
      if (variants.size >= VARIANTS) variants.delete(variants.keys().next().value ?? "");
      variants.set(key, variant);
    }
    return { variant, values };
  }

  return {
    estimate(opened, variables) {
      const before = fixed.get(opened);
      if (before !== undefined) return before;
      const { variant, values } = variantOf(opened, variables);
      const estimated = { cost: variant.cost(values), unsliced: variant.unsliced };
      if (variant.isFixed && known.get(opened)?.conditions.length === 0) fixed.set(opened, estimated);
      return estimated;
    },
    measure(opened, variables, { data, errors, isWhole }) {
      if (data === undefined) return { cost: 0, missed: 0 };
      const { variant, values } = variantOf(opened, variables);
      const { operation, fragments } = variant;
      const actual = (variant.actual ??= compileActualCost(model, operation, fragments));
      const answer: unknown = JSON.parse(data);
      return {
        cost: isWhole ? actual(values, answer) : undefined,
        missed: missedCost(missCosts, schema, operation, fragments, answer, errors),
      };
    },
  };
}

function know({ document, name }: OpenedOperation): Known {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name)
      operation = definition;
  }
  if (operation === undefined) throw new Error("the document has no operation of that name");
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return {
    operation,
    fragments,
    conditions: conditionVariables(document),
    defaults: Object.fromEntries(defaults),
    variants: new Map(),
  };
}
