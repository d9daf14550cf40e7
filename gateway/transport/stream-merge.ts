/**
 * The events of several members as one stream. A member that breaks off costs its own events: one event tells its error,
 * the others go on, and it is subscribed to again, at growing intervals, for as long as there is a subscriber.
 */
import type { Sources } from "./stream-members.ts";
import { endSoon, type Leave, streamEvent, type StreamListener, type StreamTransport } from "./stream.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse } from "./transport.ts";

/** Milliseconds. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** @param open tells at the end both the failure, if any, and the errors */
export function mergeStreams(
  open: StreamTransport,
  { parts, errors, merged = "" }: Sources,
  { event, end }: StreamListener,
): Leave {
  const leaves = new Map<SubgraphRequest, Leave>();

  function tell(told: readonly SubgraphError[]): void {
    const read = (): SubgraphResponse => ({
      data: { [merged]: null },
      errors: told.map((error) => ({ ...error, path: [merged] })),
    });
    event(streamEvent(0, read(), read));
  }

  /** @param failures in a row; only the first is told */
  function join(part: SubgraphRequest, failures: number): void {
    const joinedAt = performance.now();
    let spoke = false;
    const leave = open(part, {
      event: (each) => {
        spoke = true;
        event(each);
      },
      end: (reason) => {
        leaves.delete(part);
        const fresh = spoke || performance.now() - joinedAt > LONGEST_PAUSE;
        const count = fresh ? 0 : failures;
        if (count === 0 && reason?.errors !== undefined) tell(reason.errors);
        if (reason?.failure !== undefined) joinLater(part, count + 1);
        else if (leaves.size === 0) end();
      },
    });
    leaves.set(part, leave);
  }

  function joinLater(part: SubgraphRequest, failures: number): void {
    const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
    // Not all at once, when many subscriptions were lost together.
    const timer = setTimeout(() => join(part, failures), pause * (0.5 + Math.random() / 2));
    leaves.set(part, () => clearTimeout(timer));
  }

  for (const part of parts) join(part, 0);
  const telling = endSoon(() => {
    if (errors.length > 0) tell(errors);
    if (parts.length === 0) end();
  });
  return () => {
    telling();
    for (const leave of leaves.values()) leave();
    leaves.clear();
  };
}
