/**
 * One program of the province as a process of its own: started, watched, started again when it dies, stopped.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BEGIN_WHEN_TOLD, StartError } from "../process/lifecycle.ts";

export interface ChildProgram {
  readonly name: string;
  /** File and flags, as after `node`. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface ChildSurroundings {
  /** Each program's log goes to `<logDirectory>/<name>.log`. */
  readonly logDirectory: string;
  /** Tells the user, in one line, what happened to a program. */
  readonly tell: (line: string) => void;
}

const READY_DEADLINE_MS = 60_000;
/** Waits before the first restart, doubled for each further one, … */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** … and begun anew once a program has run this long. */
const STEADY_AFTER_MS = 60_000;

export class Child {
  readonly name: string;
  readonly logFile: string;
  readonly #program: ChildProgram;
  readonly #tell: (line: string) => void;
  #process: ChildProcess | undefined;
  /** What `start` adds to the program's own. */
  #environment: NodeJS.ProcessEnv = {};
  #restart: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #stopping = false;

  constructor(program: ChildProgram, surroundings: ChildSurroundings) {
    this.name = program.name;
    this.logFile = join(surroundings.logDirectory, `${program.name}.log`);
    this.#program = program;
    this.#tell = surroundings.tell;
  }

  /** Has the program load its modules while what it needs is not there yet: it begins with `start`. */
  prepare(): void {
    this.#process = this.#spawn("w", { [BEGIN_WHEN_TOLD]: "1" });
  }

  /**
   * Resolves when the program announces that it is ready. From then on it is started again whenever it dies.
   * @param environment of the program, beside what it was made with
   * @throws StartError with the program's own words when it ends before.
   */
  async start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    this.#environment = environment;
    const prepared = this.#process;
    // To one that has ended nothing can be sent: that it has is told below.
    prepared?.send({ begin: environment }, () => undefined);
    const child = prepared ?? this.#spawn("w", environment);
    await this.#untilReady(child);
    this.#watch(child, Date.now());
  }

  /** SIGTERM, and SIGKILL once impatient. */
  async stop(impatient: AbortSignal): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#process;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, "exit");
    const hurry = (): boolean => child.kill("SIGKILL");
    impatient.addEventListener("abort", hurry);
    child.kill(impatient.aborted ? "SIGKILL" : "SIGTERM");
    await ended;
    impatient.removeEventListener("abort", hurry);
  }

  /**
   * In a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which stops everything
   * in order; with an IPC channel, whose end tells the program that the supervisor was killed.
   */
  #spawn(logFlag: "w" | "a", environment: NodeJS.ProcessEnv): ChildProcess {
    const log = openSync(this.logFile, logFlag, 0o644);
    try {
      const child = spawn(process.execPath, this.#program.command, {
        env: { ...this.#program.env, ...environment },
        detached: true,
        stdio: ["ignore", log, log, "ipc"],
      });
      this.#process = child;
      return child;
    } finally {
      closeSync(log);
    }
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    if (hasEnded(child)) throw await this.#startFault(child);
    const settled = new AbortController();
    const { signal } = settled;
    try {
      await Promise.race([
        announcement(child, signal),
        once(child, "exit", { signal }).then(async () => {
          throw await this.#startFault(child);
        }),
        once(AbortSignal.timeout(READY_DEADLINE_MS), "abort", { signal }).then(() => {
          const seconds = READY_DEADLINE_MS / 1000;
          throw new StartError(`${this.name} is not ready after ${seconds} s`, `See ${this.logFile}.`);
        }),
      ]);
    } finally {
      settled.abort();
    }
  }

  async #startFault(child: ChildProcess): Promise<StartError> {
    const log = await readFile(this.logFile, "utf8").catch(() => "");
    const words = log.slice(Math.max(0, log.lastIndexOf("error: ")));
    const [what, ...mend] = words.startsWith("error: ")
      ? words.slice("error: ".length).trim().split("\n")
      : [];
    return new StartError(
      `${this.name} did not start: ${what ?? `it ended with ${endOf(child)}`}`,
      mend.join("\n").trim() || `See ${this.logFile}.`,
    );
  }

  #watch(child: ChildProcess, since: number): void {
    const again = (): void => {
      if (this.#stopping) return;
      if (Date.now() - since > STEADY_AFTER_MS) this.#waitMs = FIRST_WAIT_MS;
      this.#tell(`${this.name} ended (${endOf(child)}), starting it again; its log: ${this.logFile}`);
      this.#restart = setTimeout(() => void this.#startAgain(), this.#waitMs);
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    };
    if (hasEnded(child)) again();
    else child.once("exit", again);
  }

  async #startAgain(): Promise<void> {
    const since = Date.now();
    const child = this.#spawn("a", this.#environment);
    try {
      await this.#untilReady(child);
      if (!this.#stopping) this.#tell(`${this.name} is ready again`);
    } catch {
      // It has ended, or is as good as ended; watching it starts the next try.
      child.kill("SIGKILL");
    }
    this.#watch(child, since);
  }
}

async function announcement(child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [message] = (await once(child, "message", { signal })) as [{ ready?: boolean } | undefined];
    if (message?.ready) return;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function endOf(child: ChildProcess): string {
  return child.signalCode ?? `code ${child.exitCode}`;
}
