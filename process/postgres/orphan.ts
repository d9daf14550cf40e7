/**
 * A server that outlived the program that started it.
 */
import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { StartError } from "../lifecycle.ts";

const POLL_MS = 20;
/** When to say it more strongly: at once a fast shutdown, then an immediate one, then giving up. */
const IMMEDIATE_AFTER_MS = 20_000;
const GIVE_UP_AFTER_MS = 30_000;

/**
 * Stops the server that still runs on this cluster, if any. A stale postmaster.pid is left to PostgreSQL, which
 * recognises it by itself.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1)) return;
  const started = Date.now();
  let signal: NodeJS.Signals | undefined = "SIGINT";
  while (await isServerOf(pid, cluster)) {
    const waited = Date.now() - started;
    if (waited > GIVE_UP_AFTER_MS)
      throw new StartError(
        `PostgreSQL of an earlier start (process ${pid}) still runs on ${cluster} and does not stop`,
        `End it with \`kill -QUIT ${pid}\`, then start again.`,
      );
    if (signal === "SIGINT" || (waited > IMMEDIATE_AFTER_MS && signal === undefined)) {
      signalTo(pid, signal ?? "SIGQUIT");
      signal = undefined;
    }
    await delay(POLL_MS);
  }
}

/** The number alone is no proof: since the crash it may have gone to another process. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === "linux") {
    // The server's working directory is its data directory; a zombie has none.
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    return directory === cluster;
  }
  const command = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).catch(
    () => undefined,
  );
  return command?.stdout.includes(`-D ${cluster}`) ?? false;
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or belongs to somebody else: the next look tells.
  }
}
