/**
 * A Redis of the test's own; where the program is not installed (Debian's redis-server), the tests that need it are
 * skipped.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freePort } from "../../process/ports.ts";

export const HAS_REDIS = spawnSync("redis-server", ["--version"]).status === 0;

export interface RunningRedis {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** @param port any free one when it is left out */
export async function startRedis(port?: number): Promise<RunningRedis> {
  const chosen = port ?? (await freePort());
  const settings = ["--port", String(chosen), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", settings, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) if (/Ready to accept connections/.test(line)) break;
  child.stdout.resume();
  return {
    url: `redis://127.0.0.1:${chosen}`,
    process: child,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
