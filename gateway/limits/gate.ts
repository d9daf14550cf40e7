/**
 * What a valid request has to pass before it is executed. All ways in lead through it: HTTP, events, WebSockets.
 */
import type { OpenedOperation } from "../plan/documents.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { excess } from "./operation.ts";
import type { Refusal } from "./refusal.ts";
import { isDeeperThan } from "./values.ts";

export interface Gate {
  /** Why the operation is not executed with these values; undefined when it may be. */
  readonly refusal: (
    operation: OpenedOperation,
    variables: Readonly<Record<string, unknown>>,
  ) => Refusal | undefined;
}

export function createGate({ maxValueDepth }: Limits = DEFAULT_LIMITS): Gate {
  return {
    refusal(_operation, variables) {
      // The object that holds the variables is none of them.
      if (isDeeperThan(variables, maxValueDepth + 1))
        return excess("VALUE_TOO_DEEP", "maxValueDepth", undefined, maxValueDepth);
      return undefined;
    },
  };
}
