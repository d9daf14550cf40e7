/**
 * Allowances that workers spend together: each grants by its own buckets at once, and tells the others through the
 * primary what it granted. So nobody waits for another process, and no client gets more for asking several of them but
 * what is spent within the few milliseconds between.
 *
 *     worker  → primary   { spent: [[key, units] …] }
 *     primary → others    the same
 */
import cluster from "node:cluster";
import type { Sharing } from "./rate-store.ts";

interface Message {
  readonly spent?: readonly (readonly [key: string, units: number])[];
}

/** Milliseconds that what was spent is gathered before it is told. */
const GATHERED_FOR = 10;

/** In the primary: passes on what each worker spends, as long as it lives. */
export function passOnSpending(): void {
  cluster.on("message", (worker, message: Message) => {
    if (message.spent === undefined) return;
    for (const other of Object.values(cluster.workers ?? {}))
      if (other !== undefined && other.id !== worker.id && other.isConnected()) other.send(message);
  });
}

/** In a worker; undefined where there is only one process. */
export function shareSpending(): Sharing | undefined {
  if (!cluster.isWorker) return undefined;
  let spent = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (process.connected) process.send?.({ spent: [...spent] } satisfies Message);
    spent = new Map();
  }

  return {
    tell(key, units) {
      spent.set(key, (spent.get(key) ?? 0) + units);
      timer ??= setTimeout(flush, GATHERED_FOR);
    },
    listen(take) {
      process.on("message", ({ spent: told = [] }: Message) => {
        for (const [key, units] of told) take(key, units);
      });
    },
  };
}
