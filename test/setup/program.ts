/**
 * A program of the house as a child process under plain Node, as an operator starts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Variables of the test runner that would reach into the program. */
const { NODE_OPTIONS: _, VITEST: __, ...ENVIRONMENT } = process.env;

export interface Program {
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly output: { out: string; err: string };
  /** What the program announces when it is ready. @throws when it ends before */
  ready(): Promise<{ readonly port: number }>;
  /** Resolves when it has ended: its exit code, or the signal that killed it. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

/** Starts `node <file> …args` with `env` beside the environment of the test. */
export function startProgram(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    env: { ...ENVIRONMENT, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const { stdout, stderr } = child as unknown as { stdout: Readable; stderr: Readable };
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { out: "", err: "" };
  stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
  stderr.on("data", (chunk: Buffer) => (output.err += chunk.toString()));
  const message = once(child, "message");
  // The exit may come before the last output; "close" never comes once the parent has let go of the channel.
  const closed = Promise.all([once(child, "exit"), once(stdout, "close"), once(stderr, "close")]);
  message.catch(() => {});
  return {
    child,
    output,
    ready: async () => {
      const early = closed.then(([[code]]) => {
        throw new Error(`ended with ${String(code)} before it was ready: ${output.err}`);
      });
      early.catch(() => {});
      const [ready] = (await Promise.race([message, early])) as [{ port: number }];
      return ready;
    },
    ended: async () => {
      const [[code, signal]] = (await closed) as [[number | null, NodeJS.Signals | null], unknown, unknown];
      return code ?? signal;
    },
  };
}
