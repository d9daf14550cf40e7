/**
 * A program that the benchmark starts: in a process group of its own, ended with everything it has started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onStop } from "../../../process/lifecycle.ts";
import { orphanless, pinned, type Place } from "./cores.ts";

export interface ChildCommand {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly place: Place;
  readonly pinning: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** After which a stop is forced. */
  readonly stopWithinMs?: number;
}

/** Of what a program prints, the end is kept, to tell why it failed. */
const KEPT_OUTPUT = 4_000;
const STOP_WITHIN_MS = 5_000;
const running = new Set<Child>();

onStop(async () => {
  await Promise.all([...running].map((child) => child.stop()));
});

export class Child {
  readonly pid: number;
  readonly process: ChildProcess;
  readonly #stopWithinMs: number;
  #output = "";

  constructor({ command, place, pinning, env = {}, cwd, stopWithinMs = STOP_WITHIN_MS }: ChildCommand) {
    this.#stopWithinMs = stopWithinMs;
    const [program = "", ...rest] = orphanless(pinned(place, command, pinning));
    this.process = spawn(program, rest, {
      env: { ...process.env, NODE_ENV: "production", LOG_LEVEL: "warn", ...env },
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.pid = this.process.pid ?? 0;
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    this.process.stdout?.on("data", keep);
    this.process.stderr?.on("data", keep);
    // A program that cannot be started at all has no exit to wait for.
    this.process.on("error", (error) => keep(Buffer.from(error.message)));
    running.add(this);
  }

  get output(): string {
    return this.#output;
  }

  get ended(): boolean {
    return this.pid === 0 || this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The first message that the program sends. @throws Error with its last words when it ends before. */
  async message<T>(): Promise<T> {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      return await Promise.race([
        once(this.process, "message", { signal }).then(([message]) => message as T),
        once(this.process, "exit", { signal }).then(() => {
          throw new Error(this.#output.trim() || "it ended without a word");
        }),
      ]);
    } finally {
      settled.abort();
    }
  }

  /** SIGTERM; after a while SIGKILL, to the whole group. */
  async stop(): Promise<void> {
    running.delete(this);
    if (!this.ended) {
      const exited = once(this.process, "exit");
      const impatience = setTimeout(() => this.#kill("SIGKILL"), this.#stopWithinMs);
      this.process.kill("SIGTERM");
      await exited;
      clearTimeout(impatience);
    }
    this.#kill("SIGKILL");
  }

  #kill(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}
