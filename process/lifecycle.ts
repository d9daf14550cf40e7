/**
 * How every program of this house begins and ends: one clear line on a fault, one clean stop.
 */
import { once } from "node:events";

/** A fault that the user can mend: what is wrong, and how to mend it. Printed without a stack trace, exit code 1. */
export class StartError extends Error {
  override readonly name = "StartError";
  constructor(what: string, mend: string, options?: ErrorOptions) {
    super(`${what}\n  ${mend}`, options);
  }
}

/**
 * Environment variable of a program that its parent starts before what it needs is there: it loads its modules, and begins
 * when it is told to, by a message `{ begin: environment }` with what more it needs of the environment.
 */
export const BEGIN_WHEN_TOLD = "BEGIN_WHEN_TOLD";

type Stop = () => Promise<void> | void;

let stopDeadlineMs = 10_000;
const stops: Stop[] = [];
let stopping: Promise<void> | undefined;

/** Registers what must be closed when the process stops; the last registered is closed first. */
export function onStop(close: Stop): void {
  stops.push(close);
}

/** Closes everything registered, once, and ends the process. Safe to call from several signals. */
export function stop(exitCode = 0): Promise<void> {
  stopping ??= closeAll().finally(() => process.exit(exitCode));
  return stopping;
}

/**
 * Runs a program: stops it cleanly on SIGINT, SIGTERM, or when the parent that started it dies (its IPC channel
 * closes), so that no process is left behind even when the parent was killed with SIGKILL.
 * @param stopWithinMs after which a stop that hangs is cut off; 10 s when left out
 */
export function runProgram(main: () => Promise<void>, stopWithinMs?: number): void {
  if (stopWithinMs !== undefined) stopDeadlineMs = stopWithinMs;
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
  process.on("SIGHUP", () => void stop());
  if (process.channel) {
    process.on("disconnect", () => void stop());
    // The channel alone must not keep a finished program alive.
    process.channel.unref();
  }
  // Nobody reads what is said, as behind `| head`: there is nobody to tell that either, and trying would fail forever.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => void stop(1));
  process.on("uncaughtException", (error) => void fail(error));
  process.on("unhandledRejection", (error) => void fail(error));
  const begun = process.env[BEGIN_WHEN_TOLD] === undefined ? main() : untilTold().then(main);
  begun.catch((error: unknown) => fail(error));
}

/** Tells the parent, if any, that the program is ready, with what it needs to know. */
export function announceReady(details: Record<string, unknown>): void {
  process.send?.({ ready: true, ...details });
}

async function untilTold(): Promise<void> {
  // It is not for the processes that this one starts.
  Reflect.deleteProperty(process.env, BEGIN_WHEN_TOLD);
  const { channel } = process;
  // The parent died while the modules were loaded.
  if (channel == null) return stop();
  channel.ref();
  for (;;) {
    const [message] = (await once(process, "message")) as [{ begin?: NodeJS.ProcessEnv } | undefined];
    if (message?.begin === undefined) continue;
    channel.unref();
    Object.assign(process.env, message.begin);
    return;
  }
}

async function fail(error: unknown): Promise<void> {
  process.stderr.write(`${explain(error)}\n`);
  await stop(1);
}

function explain(error: unknown): string {
  if (error instanceof StartError) return `error: ${error.message}`;
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (process.env["LOG_LEVEL"] === "debug") return error.stack ?? error.message;
  return `error: ${error.message || error.name}\n  Set LOG_LEVEL=debug to see where this came from.`;
}

async function closeAll(): Promise<void> {
  // A stop that hangs must not keep the process alive: what is not closed by then is cut off.
  const deadline = setTimeout(() => {
    process.stderr.write(`error: not stopped after ${stopDeadlineMs / 1000} s, leaving at once\n`);
    process.exit(1);
  }, stopDeadlineMs);
  deadline.unref();
  for (const close of stops.toReversed()) {
    try {
      await close();
    } catch (error) {
      process.stderr.write(
        `error while stopping: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  clearTimeout(deadline);
}
