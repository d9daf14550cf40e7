/**
 * A subscription (GraphQL section 6.2.3): its plan is that of a query, whose root fetch is made once and answered many
 * times. Every event is executed by itself: its data is the root, the rest of the plan is run on it.
 */
import { GraphQLError } from "graphql";
import type { RequestContext } from "../context.ts";
import type { SubgraphRequest, SubgraphResponse } from "../transport/transport.ts";
import type { Outcome } from "./engine.ts";
import { type Execution, mergeRoot, rootRequest, runStep } from "./run.ts";
import type { FetchStep, Step } from "./steps.ts";

/** What is subscribed to, and what becomes of its events; or why nothing can be. */
export type Subscribed =
  | {
      /** Whose stream the events come by. */
      readonly source: SubgraphRequest;
      /** MapSourceToResponseEvent for one event. @param event is taken over */
      readonly respond: (event: SubgraphResponse, context: RequestContext) => Promise<Outcome>;
      readonly errors?: undefined;
    }
  | { readonly errors: readonly GraphQLError[] };

/**
 * @param opening the execution that subscribes
 * @param begin a new execution, for one event
 * @param complete what an execution came to
 */
export function openSubscription(
  steps: readonly Step[],
  opening: Execution,
  begin: (context: RequestContext) => Execution,
  complete: (execution: Execution) => Outcome | Promise<Outcome>,
): Subscribed {
  const { first, rest } = apart(steps);
  // @skip and @include may leave nothing to subscribe to.
  if (first === undefined)
    return {
      errors: [
        new GraphQLError("The subscription has no field left to subscribe to.", {
          extensions: { code: "BAD_USER_INPUT" },
        }),
      ],
    };
  return {
    source: rootRequest(first, opening),
    async respond(event, eventContext) {
      const execution = begin(eventContext);
      mergeRoot(first, event, execution);
      for (const step of rest) await runStep(step, execution);
      return complete(execution);
    },
  };
}

/** The errors that a stream ended with, as the engine tells a subgraph's. */
export function subgraphErrors(response: SubgraphResponse | undefined): readonly GraphQLError[] {
  return (response?.errors ?? []).map(({ message, extensions }) => new GraphQLError(message, { extensions }));
}

/** The first fetch of a plan, which all others wait for, and these. */
function apart([step, ...rest]: readonly Step[]): { first: FetchStep | undefined; rest: readonly Step[] } {
  if (step === undefined) return { first: undefined, rest };
  if (step.kind === "fetch") return { first: step, rest };
  if (step.kind === "sequence" || step.steps.length === 1) {
    const inner = apart(step.steps);
    return { first: inner.first, rest: [...inner.rest, ...rest] };
  }
  throw new Error("the plan of a subscription begins with several fetches");
}
