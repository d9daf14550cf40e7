/**
 * All subscriptions of this gateway: how many there may be, who shares one, what a change of the graph and a stop do to
 * them.
 */
import type { Logger } from "../process/log.ts";
import { ownError, uniformErrors } from "./answer.ts";
import type { RequestContext } from "./context.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import type { OpenedOperation } from "./plan/documents.ts";
import type { Means } from "./request.ts";
import {
  type Answer,
  type RunningSubscription,
  startSubscription,
  SubscriptionEnd,
  SubscriptionStop,
} from "./subscription.ts";

export interface Subscriptions {
  /** Subscribers that there may be at once. */
  readonly most: number;
  /** Those there are. */
  readonly count: () => number;
  /**
   * Subscribes to a valid subscription. Never throws: what goes wrong is the SubscriptionEnd that the answers end with.
   * @param onLeave called once, when the subscriber takes no more
   */
  readonly open: (
    operation: OpenedOperation,
    variables: Readonly<Record<string, unknown>>,
    context: RequestContext,
    means: Means,
    onLeave?: () => void,
  ) => Delivery<Answer>;
  /** A subscription keeps the graph it began with, unless its events come from elsewhere in the new one. */
  readonly follow: (streams: Means["streams"]) => void;
  /** Ends all, with SubscriptionStop; no more are taken. */
  readonly stop: () => void;
}

export function createSubscriptions(most: number, log: Logger): Subscriptions {
  const byStreams = new WeakMap<Means["streams"], Map<string, RunningSubscription>>();
  const all = new Set<RunningSubscription>();
  let subscribers = 0;
  let stopped = false;

  return {
    most,
    count: () => subscribers,
    open(operation, variables, context, means, onLeave) {
      context.operation = operation;
      if (stopped) return ended(new SubscriptionStop(), onLeave);
      if (subscribers >= most) {
        const error = ownError("SUBSCRIPTION_LIMIT", context, { limit: most });
        return ended(new SubscriptionEnd(uniformErrors([error], context, log)), onLeave);
      }
      const known = byStreams.get(means.streams) ?? new Map<string, RunningSubscription>();
      byStreams.set(means.streams, known);
      const key = JSON.stringify([
        operation.hash,
        variables,
        context.identity,
        context.traceCalls,
        context.traceMembers,
      ]);
      let running = known.get(key);
      if (running === undefined) {
        const started = startSubscription(operation, variables, context, means, log, () => {
          all.delete(started);
          if (known.get(key) === started) known.delete(key);
        });
        running = started;
        all.add(started);
        known.set(key, started);
      }
      subscribers += 1;
      return running.join(() => {
        subscribers -= 1;
        onLeave?.();
      });
    },
    follow(streams) {
      for (const each of all) each.follow(streams);
    },
    stop() {
      stopped = true;
      for (const each of all) each.stop();
    },
  };
}

function ended(error: Error, onLeave: (() => void) | undefined): Delivery<Answer> {
  const delivery = createDelivery<Answer>(onLeave);
  delivery.end(error);
  return delivery;
}
