/**
 * One gateway on several cores: a primary process that serves nobody itself, and workers that do.
 *
 *     primary   starts a worker, then the others; when all have the graph, lets them listen; replaces one that dies
 *     worker    makes itself ready, waits to be let, listens; the primary hands connections out in turn
 *     stop      the primary lets go of the port, then tells the workers, which end what is under way
 *
 * Each worker is a whole gateway, with its own graph, connections and caches. All write the one log, each with its pid.
 */
import cluster, { type Worker } from "node:cluster";
import { availableParallelism } from "node:os";
import { stop } from "../process/lifecycle.ts";
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
  /** Refuses new connections at once, and lets all of them end what is under way. Resolves when the last has ended. */
  readonly stop: () => Promise<void>;
}

/** What a worker says to its primary. */
interface Said extends Partial<Address> {
  /** It has the graph and could listen. */
  readonly prepared?: true;
  /** It listens. */
  readonly ready?: true;
  /** It wants to end. */
  readonly leaving?: true;
}

const LISTEN = "listen";
/** No connection follows: end what is under way. */
const LEAVE = "leave";
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
  const alive = followWorkers();
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
      // Before anything is waited for: the port is let go of when none is left to hand connections to.
      const ended = [...alive].map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
      for (const worker of alive) leave(worker);
      await Promise.all(ended);
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

/**
 * In a worker: stops when the primary says so.
 * @returns waits until no connection can come any more; whoever stops calls it before closing the server. A connection
 * that the primary had handed over would otherwise find nobody, go back, and wait there for as long as the primary lives.
 */
export function followPrimary(): () => Promise<void> {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  process.once("disconnect", resolve);
  process.on("message", (message) => {
    if (message !== LEAVE) return;
    resolve();
    void stop();
  });
  return async () => {
    if (process.connected) process.send?.({ leaving: true } satisfies Said);
    else resolve();
    await left;
  };
}

/** In the primary: who has not ended yet; whoever wants to may leave. */
function followWorkers(): ReadonlySet<Worker> {
  const alive = new Set<Worker>();
  cluster.on("fork", (worker) => alive.add(worker));
  cluster.on("exit", (worker) => alive.delete(worker));
  cluster.on("message", (worker, { leaving }: Said) => {
    if (leaving === true) leave(worker);
  });
  return alive;
}

/** From here on no connection is handed to it; those that were reach it before it is told. */
function leave(worker: Worker): void {
  if (worker.exitedAfterDisconnect || !worker.isConnected()) return;
  // It may be gone before it hears of it.
  worker.send(LEAVE, () => undefined);
  worker.disconnect();
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
