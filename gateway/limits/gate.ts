/**
 * What a valid request has to pass before it is executed. All ways in lead through it: HTTP, events, WebSockets.
 */
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import type { OpenedOperation } from "../plan/documents.ts";
import type { Costing } from "./costing.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { excess } from "./operation.ts";
import { Refusal } from "./refusal.ts";
import { createRedisStore } from "./rate-redis.ts";
import { createMemoryStore, type Sharing } from "./rate-store.ts";
import { createRates, hasRates, rateOf } from "./rates.ts";
import { introspects, maySeeSchema } from "./schema-view.ts";
import { isDeeperThan } from "./values.ts";

export interface Gate {
  /** Why the operation is not executed with these values; undefined when it may be. */
  readonly refusal: (
    operation: OpenedOperation,
    variables: Readonly<Record<string, unknown>>,
    context: RequestContext,
    costing: Costing,
  ) => Promise<Refusal | undefined>;
  /** The same for a document that is refused anyway: reading it has to be granted, too. */
  readonly faulty: (context: RequestContext) => Promise<Refusal | undefined>;
  /** Charges an answered request what it came to. */
  readonly settle: (context: RequestContext) => void;
  readonly close: () => Promise<void>;
}

/** @param sharing with other processes of this gateway, which spend the same allowances */
export function createGate(limits: Limits = DEFAULT_LIMITS, log: Logger, sharing?: Sharing): Gate {
  const { maxValueDepth, maxCost, introspection, rateStore } = limits;
  const memory = createMemoryStore((key) => rateOf(key, limits), sharing);
  const store =
    rateStore !== undefined && hasRates(limits) ? createRedisStore(rateStore, memory, log) : memory;
  const rates = createRates(limits, store);
  /** Whoever is refused has had the request read. */
  const refuse = async (context: RequestContext, refusal: Refusal) =>
    (await rates?.charge(context, 1)) ?? refusal;
  return {
    async refusal(operation, variables, context, costing) {
      context.hidesSchema = !maySeeSchema(introspection, context);
      if (context.hidesSchema && introspects(operation.document))
        return refuse(context, new Refusal("INTROSPECTION_OFF", {}));
      // The object that holds the variables is none of them.
      if (isDeeperThan(variables, maxValueDepth + 1))
        return refuse(context, excess("VALUE_TOO_DEEP", "maxValueDepth", undefined, maxValueDepth));
      const { cost, unsliced } = costing.estimate(operation, variables);
      context.cost = { estimated: cost, allowed: maxCost };
      const [first] = unsliced;
      if (first !== undefined) {
        const { field, slicingArguments } = first;
        const details = { name: field, allowed: slicingArguments };
        const told = { field, arguments: slicingArguments };
        return refuse(context, new Refusal("SLICING_ARGUMENT_MISSING", details, told));
      }
      if (cost > maxCost) return refuse(context, excess("OPERATION_TOO_COSTLY", "maxCost", cost, maxCost));
      return rates?.charge(context, cost);
    },
    async faulty(context) {
      context.hidesSchema = !maySeeSchema(introspection, context);
      return rates?.charge(context, 1);
    },
    settle: (context) => rates?.settle(context),
    close: store.close,
  };
}
