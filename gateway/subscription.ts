/**
 * One subscription while it runs, for everybody who asked for the same: each event is executed once, its answer written
 * once and given to all. Events are executed one after another, so that the last answer was read last.
 */
import { type GraphQLError, OperationTypeNode } from "graphql";
import type { Logger } from "../process/log.ts";
import { extensionsOf, ownError, uniformErrors } from "./answer.ts";
import type { RequestContext } from "./context.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { subgraphErrors } from "./execute/subscribe.ts";
import type { OpenedOperation } from "./plan/documents.ts";
import { type Means, responseText } from "./request.ts";
import { onExpiry } from "./trust/caller.ts";
import { parseJson } from "./transport/json.ts";
import type { Leave, StreamEvent } from "./transport/stream.ts";
import type { SubgraphRequest } from "./transport/transport.ts";

/** The answer to one event (GraphQL section 7), as JSON text and as what that says. */
export interface Answer {
  readonly text: string;
  readonly parsed: () => Readonly<Record<string, unknown>>;
}

/** Why a subscription ended before its service completed it. */
export class SubscriptionEnd extends Error {
  override readonly name = "SubscriptionEnd";
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join("; "));
    this.errors = errors;
  }
}

/** The gateway stops: the client is to come back, elsewhere. */
export class SubscriptionStop extends Error {
  override readonly name = "SubscriptionStop";
}

export interface RunningSubscription {
  /** @param onLeave called once, when the subscriber takes no more */
  readonly join: (onLeave: () => void) => Delivery<Answer>;
  /** Ends it when events come from elsewhere in the graph's new form. */
  readonly follow: (streams: Means["streams"]) => void;
  readonly stop: () => void;
}

/** @param onEnd called once; nobody may join any more */
export function startSubscription(
  operation: OpenedOperation,
  variables: Readonly<Record<string, unknown>>,
  context: RequestContext,
  { engine, transport, streams }: Means,
  log: Logger,
  onEnd: () => void,
): RunningSubscription {
  const subscribers = new Set<Delivery<Answer>>();
  const events = createDelivery<StreamEvent>();
  const overflow = () => ownError("SUBSCRIPTION_OVERFLOW", context);
  let source: SubgraphRequest | undefined;
  let latest = streams;
  let leave: Leave | undefined;
  let over = false;
  const stopExpiry = onExpiry(context.caller, () => {
    const reason = "the token has expired";
    finish(new SubscriptionEnd([ownError("UNAUTHENTICATED", context, { reason })]));
  });

  async function run(): Promise<void> {
    const subscribed = await engine.subscribe({ ...operation, variables }, context, transport);
    if (over) return;
    if (subscribed.errors) throw new SubscriptionEnd(subscribed.errors);
    ({ source } = subscribed);
    if (hasMoved(source)) throw moved();
    leave = streams.open(source, {
      event: (event) => {
        if (!events.put(event, event.size)) finish(new SubscriptionEnd([overflow()]));
      },
      end: (reason) => {
        const errors = subgraphErrors(reason);
        events.end(errors.length > 0 ? new SubscriptionEnd(errors) : undefined);
      },
    });
    for await (const event of events) {
      const answer = await respond(event, subscribed.respond);
      for (const subscriber of subscribers) if (!subscriber.put(answer, answer.text.length)) drop(subscriber);
    }
  }

  /** What is asked because of one event is shared with nobody who began to ask before it. */
  async function respond(
    { number, read }: StreamEvent,
    execute: Extract<Awaited<ReturnType<Means["engine"]["subscribe"]>>, { source: unknown }>["respond"],
  ): Promise<Answer> {
    const own: RequestContext = {
      ...context,
      identity: `${context.identity}\n${number}`,
      operation: { name: operation.name, kind: OperationTypeNode.QUERY },
      startedAt: performance.now(),
      calls: [],
      errorCodes: [],
    };
    const { data, errors } = await execute(read(), own);
    return answerOf(responseText(data, uniformErrors(errors, own, log), extensionsOf(undefined, own)));
  }

  /** A subscriber that is too slow is told so, and holds up nobody. */
  function drop(subscriber: Delivery<Answer>): void {
    subscriber.cut(new SubscriptionEnd([overflow()]));
    subscribers.delete(subscriber);
    if (subscribers.size === 0) finish();
  }

  function hasMoved(request: SubgraphRequest): boolean {
    return latest !== streams && latest.describe(request) !== streams.describe(request);
  }

  function moved(): SubscriptionEnd {
    return new SubscriptionEnd([ownError("SUBSCRIPTION_GRAPH_CHANGED", context)]);
  }

  function finish(reason?: Error): void {
    if (over) return;
    over = true;
    stopExpiry();
    leave?.();
    void events.return();
    onEnd();
    const told =
      reason === undefined || reason instanceof SubscriptionStop
        ? reason
        : new SubscriptionEnd(
            uniformErrors(reason instanceof SubscriptionEnd ? reason.errors : [reason], context, log),
          );
    for (const subscriber of subscribers) subscriber.end(told);
  }

  run().then(
    () => finish(),
    (error: Error) => finish(error),
  );

  return {
    join(onLeave) {
      const subscriber = createDelivery<Answer>(() => {
        onLeave();
        if (subscribers.delete(subscriber) && subscribers.size === 0) finish();
      });
      subscribers.add(subscriber);
      return subscriber;
    },
    follow(next) {
      latest = next;
      if (source !== undefined && hasMoved(source)) finish(moved());
    },
    stop: () => finish(new SubscriptionStop()),
  };
}

export function answerOf(text: string): Answer {
  let parsed: Readonly<Record<string, unknown>> | undefined;
  return {
    text,
    // For many subscribers, parsed once.
    parsed: () => (parsed ??= parseJson(text) as Readonly<Record<string, unknown>>),
  };
}
