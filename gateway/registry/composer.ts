/**
 * Composition in a thread of its own: it takes a second of one processor, and meanwhile the registry must go on telling
 * gateways what is new.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Job, Results } from "./composer-work.ts";

export interface Composer {
  /** @throws Error when the job takes too long, or too much memory. */
  run<J extends Job>(job: J): Promise<Results[J["kind"]]>;
  close(): Promise<void>;
}

/** Far beyond any graph that a gateway could plan for. */
const JOB_DEADLINE_MS = 60_000;
const MEMORY_MB = 1_024;
/** The thread holds 100 MB; between publications nobody needs it. */
const IDLE_MS = 60_000;

const THREAD = new URL("./composer-thread.ts", import.meta.url);

type Answer = { readonly result: Results[Job["kind"]] } | { readonly error: string };

export function createComposer(): Composer {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };

  const runNow = async (job: Job): Promise<Results[Job["kind"]]> => {
    clearTimeout(idle);
    const thread = (worker ??= new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } }));
    try {
      const answer = await answerOf(thread, job);
      if ("error" in answer) throw new Error(answer.error);
      idle = setTimeout(() => void end(), IDLE_MS);
      idle.unref();
      return answer.result;
    } catch (error) {
      // Whatever state it is in, the next job gets a new one.
      await end();
      throw error;
    }
  };

  return {
    run<J extends Job>(job: J): Promise<Results[J["kind"]]> {
      const done = last.then(() => runNow(job));
      last = done.catch(() => undefined);
      return done as Promise<Results[J["kind"]]>;
    },
    close: end,
  };
}

function answerOf(thread: Worker, job: Job): Promise<Answer> {
  const settled = new AbortController();
  const { signal } = settled;
  const late = setTimeout(() => settled.abort(), JOB_DEADLINE_MS);
  const answer = once(thread, "message", { signal }).then(([message]) => message as Answer);
  const ended = once(thread, "exit", { signal }).then(([code]) => {
    throw new Error(`the composer ended with code ${String(code)}`);
  });
  ended.catch(() => {});
  thread.postMessage(job);
  return Promise.race([answer, ended])
    .catch((error: Error) => {
      throw error.name === "AbortError"
        ? new Error(`composition took longer than ${JOB_DEADLINE_MS / 1000} s`)
        : error;
    })
    .finally(() => {
      clearTimeout(late);
      settled.abort();
    });
}
