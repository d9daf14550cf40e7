/**
 * What each of several workers knows, brought together for the one that was asked: the primary passes the question on
 * to all, and the answers back.
 *
 *     asker     → primary   { gather: 7 }
 *     primary   → asker     { gathering: 7, from: 4 }
 *     primary   → workers   { tell: 7, asker: 2 }
 *     workers   → primary   { told: 7, asker: 2, what }
 *     primary   → asker     { told: 7, asker: 2, what }
 */
import cluster from "node:cluster";

export interface Gathered<T> {
  /** How many workers there are. */
  readonly asked: number;
  /** What those said that answered in time, the asker among them. */
  readonly told: readonly T[];
}

interface Message {
  readonly gather?: number;
  readonly gathering?: number;
  readonly from?: number;
  readonly tell?: number;
  readonly told?: number;
  readonly asker?: number;
  readonly what?: unknown;
}

interface Question {
  asked: number;
  readonly told: unknown[];
  readonly settle: () => void;
}

/** Milliseconds. A worker that is busy for longer is left out, and that is said. */
const PATIENCE_MS = 500;

/** In the primary: passes questions and answers on, as long as it lives. */
export function passBetweenWorkers(): void {
  cluster.on("message", (worker, message: Message) => {
    if (message.gather !== undefined) {
      const workers = Object.values(cluster.workers ?? {}).filter((other) => other?.isConnected() === true);
      worker.send({ gathering: message.gather, from: workers.length } satisfies Message);
      for (const other of workers) other?.send({ tell: message.gather, asker: worker.id } satisfies Message);
    }
    if (message.told !== undefined) cluster.workers?.[message.asker ?? 0]?.send(message);
  });
}

/**
 * @param own what this process has to say; without workers it is all there is
 * @returns asks all workers
 */
export function gatherFromWorkers<T>(own: () => T): () => Promise<Gathered<T>> {
  if (!cluster.isWorker) return async () => ({ asked: 1, told: [own()] });
  const questions = new Map<number, Question>();
  let last = 0;

  process.on("message", (message: Message) => {
    if (message.tell !== undefined)
      process.send?.({ told: message.tell, asker: message.asker ?? 0, what: own() } satisfies Message);
    const question = questions.get(message.gathering ?? message.told ?? 0);
    if (question === undefined) return;
    if (message.from !== undefined) question.asked = message.from;
    if (message.told !== undefined) question.told.push(message.what);
    if (question.told.length === question.asked) question.settle();
  });

  return async () => {
    last += 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    const question: Question = { asked: Number.POSITIVE_INFINITY, told: [], settle: resolve };
    questions.set(last, question);
    const id = last;
    const timer = setTimeout(resolve, PATIENCE_MS);
    process.send?.({ gather: id } satisfies Message);
    await promise;
    clearTimeout(timer);
    questions.delete(id);
    const told = question.told as T[];
    // A primary that does not answer leaves what is known here.
    return Number.isFinite(question.asked) ? { asked: question.asked, told } : { asked: 1, told: [own()] };
  };
}
