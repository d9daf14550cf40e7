/**
 * What a valid request has to pass before it is executed. All ways in lead through it: HTTP, events, WebSockets.
 */
import type { RequestContext } from "../context.ts";
import type { OpenedOperation } from "../plan/documents.ts";
import type { Costing } from "./costing.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { excess } from "./operation.ts";
import { Refusal } from "./refusal.ts";
import { isDeeperThan } from "./values.ts";

export interface Gate {
  /** Why the operation is not executed with these values; undefined when it may be. */
  readonly refusal: (
    operation: OpenedOperation,
    variables: Readonly<Record<string, unknown>>,
    context: RequestContext,
    costing: Costing,
  ) => Refusal | undefined;
}

export function createGate({ maxValueDepth, maxCost }: Limits = DEFAULT_LIMITS): Gate {
  return {
    refusal(operation, variables, context, costing) {
      // The object that holds the variables is none of them.
      if (isDeeperThan(variables, maxValueDepth + 1))
        return excess("VALUE_TOO_DEEP", "maxValueDepth", undefined, maxValueDepth);
      const { cost, unsliced } = costing.estimate(operation, variables);
      context.cost = { estimated: cost, allowed: maxCost };
      const [first] = unsliced;
      if (first !== undefined) {
        const { field, slicingArguments } = first;
        return new Refusal(
          "SLICING_ARGUMENT_MISSING",
          { name: field, allowed: slicingArguments },
          { field, arguments: slicingArguments },
        );
      }
      return cost > maxCost ? excess("OPERATION_TOO_COSTLY", "maxCost", cost, maxCost) : undefined;
    },
  };
}
