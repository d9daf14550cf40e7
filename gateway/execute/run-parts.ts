/**
 * Runs the plans of an operation's parts, each as soon as those it waits for are over, on one tree.
 */
import type { PreparedOperation, PreparedPart } from "../plan/prepare.ts";
import { FIRST } from "../plan/stages.ts";
import type { SubgraphError } from "../transport/transport.ts";
import { type Execution, runStep } from "./run.ts";

export interface PartsRun {
  /** Resolves when the first part's steps are done. */
  readonly first: Promise<void>;
  /** Whether a part has nothing more to fetch; keys are those of owners (plan/stages.ts). */
  readonly isOver: (key: string) => boolean;
  /** Why a part's plan could not be run, though subgraphs' failures are no reason. */
  readonly failureOf: (key: string) => Error | undefined;
  /** What subgraphs have told in a part; each error is taken once. */
  readonly takeErrors: (key: string) => readonly SubgraphError[];
  /** Resolves when another part is over, or everything is stopped. */
  readonly nextChange: () => Promise<void>;
  /** Gives up what is under way. */
  readonly stop: () => void;
  readonly isStopped: boolean;
}

/** @param later each after those it waits for */
export function runParts(
  { steps }: PreparedOperation,
  later: readonly PreparedPart[],
  execution: Execution,
): PartsRun {
  const stopping = new AbortController();
  const runs = new Map<string, Promise<void>>();
  const over = new Set<string>();
  const failures = new Map<string, Error>();
  const untold = new Map<string, () => readonly SubgraphError[]>();
  /** Of whoever waits for a change. */
  let wake: (() => void) | undefined;

  async function runFirst(): Promise<void> {
    try {
      for (const step of steps) await runStep(step, execution);
    } catch (error) {
      stopping.abort();
      throw error;
    }
  }

  async function runAfter(before: readonly Promise<void>[], part: PreparedPart): Promise<void> {
    try {
      await Promise.all(before);
      if (!stopping.signal.aborted) await run(part);
    } catch (error) {
      failures.set(part.key, error as Error);
    }
    over.add(part.key);
    wake?.();
  }

  async function run({ key, step }: PreparedPart): Promise<void> {
    if (step === undefined) return;
    // What failed before explains what is missing now.
    const errors = [...execution.errors];
    const before = errors.length;
    untold.set(key, () => errors.slice(before));
    await runStep(step, {
      ...execution,
      errors,
      ask: (request) => execution.ask({ ...request, signal: stopping.signal }),
    });
  }

  const first = runFirst();
  runs.set(FIRST.key, first);
  for (const part of later) {
    const before = [...part.waitsFor].map((key) => runs.get(key) ?? first);
    runs.set(part.key, runAfter(before, part));
  }

  return {
    first,
    // What only names types has no part of its own: nothing is fetched for it.
    isOver: (key) => over.has(key) || !runs.has(key),
    failureOf: (key) => failures.get(key),
    takeErrors(key) {
      const errors = untold.get(key)?.() ?? [];
      untold.delete(key);
      return errors;
    },
    nextChange: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    stop() {
      stopping.abort();
      wake?.();
    },
    get isStopped() {
      return stopping.signal.aborted;
    },
  };
}
