/**
 * How many operations are executed at once, while the processor is what is short. All that have begun move on in step, so
 * the more there are, the longer each holds the subgraphs' answers: longer than the young generation lasts, and the garbage
 * collector copies them all. A few at a time are done no later, and take a tenth less time (gateway/README.md). Where requests
 * wait for subgraphs rather than for the processor, all are executed at once.
 */
import { performance } from "node:perf_hooks";
import type { AnswerRequest } from "./shared-answers.ts";

/** Enough that there is always one which waits for no subgraph. */
const AT_ONCE = 12;
/** Of the event loop's time that is spent working. */
const BUSY = 0.9;
const LOOK_EVERY_MS = 10;

/** @param isBusy whether the processor is what is short */
export function inTurn(answer: AnswerRequest, isBusy: () => boolean = watchLoop()): AnswerRequest {
  const waiting: (() => void)[] = [];
  let running = 0;
  let looking: NodeJS.Timeout | undefined;

  /** Whoever waits for slow subgraphs holds nobody up for longer than this. */
  function look(): void {
    looking = undefined;
    if (isBusy()) lookLater();
    else for (const begin of waiting.splice(0)) begin();
  }
  function lookLater(): void {
    if (waiting.length > 0) looking ??= setTimeout(look, LOOK_EVERY_MS);
  }

  return async (...request) => {
    if (running >= AT_ONCE && isBusy())
      await new Promise<void>((begin) => {
        waiting.push(begin);
        lookLater();
      });
    running += 1;
    try {
      return await answer(...request);
    } finally {
      running -= 1;
      if (running < AT_ONCE) waiting.shift()?.();
    }
  };
}

/** Looks at the loop's use since it last looked, at most every few milliseconds. */
function watchLoop(): () => boolean {
  let seen = performance.eventLoopUtilization();
  let seenAt = performance.now();
  let busy = false;
  return () => {
    const now = performance.now();
    if (now - seenAt < LOOK_EVERY_MS) return busy;
    const next = performance.eventLoopUtilization();
    busy = performance.eventLoopUtilization(next, seen).utilization > BUSY;
    seen = next;
    seenAt = now;
    return busy;
  };
}
