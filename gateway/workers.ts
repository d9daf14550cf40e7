/**
 * One gateway on several cores: a primary process that serves nobody itself, and workers that do.
 *
 *     primary   starts a worker, then the others; when all have the graph, lets them listen; replaces one that dies
 *     worker    makes itself ready, waits to be let, listens; the primary hands connections out in turn
 *
 * Each worker is a whole gateway, with its own graph, connections and caches. All write the one log, each with its pid.
 */
import cluster, { type Worker } from "node:cluster";
import { availableParallelism } from "node:os";
import type { Logger } from "../process/log.ts";
import { passOnSpending } from "./limits/rates-shared.ts";
import { passBetweenWorkers } from "./workers-gather.ts";

/** Where a worker listens. */
export interface Address {
  readonly url: string;
  readonly port: number;
}

export interface Workers {
  readonly address: Address;
  /** Lets all of them end what is under way. Resolves when the last has ended. */
  readonly stop: () => Promise<void>;
}

/** What a worker says to its primary. */
interface Said extends Partial<Address> {
  /** It has the graph and could listen. */
  readonly prepared?: true;
  /** It listens. */
  readonly ready?: true;
}

const LISTEN = "listen";
/** Milliseconds before a worker is replaced that died young, doubled each time one does. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30_000;
/** Milliseconds: whoever lives that long was not broken from the start. */
const GROWN_UP = 10_000;

export function workerCount(asked: number | "auto"): number {
  return asked === "auto" ? availableParallelism() : asked;
}

/**
 * Starts the workers; resolves when all of them listen.
 * @returns undefined when one of them cannot start: it has told why
 */
export async function startWorkers(count: number, log: Logger): Promise<Workers | undefined> {
  passBetweenWorkers();
  passOnSpending();
  // One at first: what is wrong with the settings is told once, not by each.
  const first = cluster.fork();
  if ((await said(first, "prepared")) === undefined) return undefined;
  const others = Array.from({ length: count - 1 }, () => cluster.fork());
  const prepared = await Promise.all(others.map((worker) => said(worker, "prepared")));
  if (prepared.includes(undefined)) return undefined;
  const address = await letListen(first);
  const listening = await Promise.all(others.map(letListen));
  if (address === undefined || listening.includes(undefined)) return undefined;
  const end = replaceTheDead(log);
  return {
    address,
    async stop() {
      end();
      await Promise.all(Object.values(cluster.workers ?? {}).map(stopWorker));
    },
  };
}

/** In a worker: tells the primary that it could listen, and waits until it may. */
export function waitToListen(): Promise<void> {
  return new Promise((resolve) => {
    process.on("message", (message) => {
      if (message === LISTEN) resolve();
    });
    // Nothing else may hold a worker that waits.
    process.channel?.ref();
    process.send?.({ prepared: true } satisfies Said);
  });
}

/** @returns how to end it */
function replaceTheDead(log: Logger): () => void {
  const startedAt = new Map<number, number>();
  let pause = 0;
  let waiting: NodeJS.Timeout | undefined;

  async function replace(): Promise<void> {
    const worker = cluster.fork();
    startedAt.set(worker.id, performance.now());
    const address = (await said(worker, "prepared")) && (await letListen(worker));
    if (address !== undefined) log.info({ worker: worker.process.pid }, "a new worker listens");
  }

  function onExit({ id, process: { pid } }: Worker, code: number, signal: string): void {
    log.error({ worker: pid, code, signal }, "a worker ended, another takes its place");
    const lived = performance.now() - (startedAt.get(id) ?? 0);
    startedAt.delete(id);
    pause = lived > GROWN_UP ? 0 : Math.min(Math.max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE);
    waiting = setTimeout(() => void replace(), pause);
  }

  cluster.on("exit", onExit);
  return () => {
    cluster.off("exit", onExit);
    clearTimeout(waiting);
  };
}

async function stopWorker(worker: Worker | undefined): Promise<void> {
  if (worker === undefined || worker.isDead()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.once("exit", () => resolve());
  worker.process.kill("SIGTERM");
  await promise;
}

async function letListen(worker: Worker): Promise<Address | undefined> {
  worker.send(LISTEN);
  const { url, port } = (await said(worker, "ready")) ?? {};
  return url === undefined || port === undefined ? undefined : { url, port };
}

/** What the worker says next of that kind; undefined when it ends before. */
function said(worker: Worker, kind: "prepared" | "ready"): Promise<Said | undefined> {
  const { promise, resolve } = Promise.withResolvers<Said | undefined>();
  const onMessage = (message: Said): void => {
    if (message[kind] === true) settle(message);
  };
  const onExit = (): void => settle(undefined);
  function settle(value: Said | undefined): void {
    worker.off("message", onMessage);
    worker.off("exit", onExit);
    resolve(value);
  }
  worker.on("message", onMessage);
  worker.on("exit", onExit);
  return promise;
}
