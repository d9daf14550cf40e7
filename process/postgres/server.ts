/**
 * One run of the PostgreSQL server on a cluster: started, waited for, stopped.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartError } from "../lifecycle.ts";
import { freePort } from "../ports.ts";
import type { Binaries } from "./binaries.ts";
import { asUser, type Owner } from "./user.ts";

/** Where a server runs and as whom. */
export interface Place {
  readonly binaries: Binaries;
  /** Holds cluster, password and log. */
  readonly directory: string;
  /** The data directory of the server. */
  readonly cluster: string;
  /** Undefined: the user who runs this program. */
  readonly owner: Owner | undefined;
}

export interface Server {
  readonly port: number;
  readonly exited: Promise<void>;
  /** Writes everything to disk first; impatient, it leaves that to the next start. Nothing is lost either way. */
  stop(impatient?: AbortSignal): Promise<void>;
}

const READY_DEADLINE_MS = 60_000;
const READY_POLL_MS = 15;
const STOP_GRACE_MS = 30_000;
const PORT_ATTEMPTS = 5;

/** $1 the server's process, $2 the directory to remove, or nothing. */
const KEEPER = `cat >/dev/null
kill -INT "$1"
[ -n "$2" ] || exit
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$2/cluster/postmaster.pid" ] && sleep 0.2; done
rm -rf -- "$2"`;

/**
 * Starts the server and resolves when it accepts connections. It ends by itself when this process dies, in whatever
 * way; then `removeAfterwards` goes too.
 * @param port a free one when undefined
 * @throws StartError with what the server said.
 */
export async function startServer(
  place: Place,
  port: number | undefined,
  settings: Readonly<Record<string, string>>,
  removeAfterwards?: string,
): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const process_ = await launch(place, { ...settings, port: String(chosen) });
    keepFromOutliving(process_, removeAfterwards);
    const fault = await waitUntilReady(process_, place.cluster);
    if (fault === undefined)
      return {
        port: chosen,
        exited: exitOf(process_),
        stop: (impatient) => shutDown(process_, impatient),
      };
    await shutDown(process_);
    const logFile = join(place.directory, "log");
    const log = (await readFile(logFile, "utf8")).trim();
    if (!log.includes("Address already in use"))
      throw new StartError(`PostgreSQL did not start: ${fault}`, `Its log, ${logFile}, says:\n${log}`);
    // A free port can be taken by somebody else between finding it and listening on it.
    if (port !== undefined || attempt === PORT_ATTEMPTS)
      throw new StartError(
        `port ${chosen} for PostgreSQL is taken`,
        "Give another port, or none to take a free one.",
      );
  }
}

/** In a process group of its own: a Ctrl-C in the terminal must not reach the database before its clients. */
async function launch(
  { binaries, directory, cluster, owner }: Place,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = await open(join(directory, "log"), "w", 0o600);
  try {
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = asUser(owner, binaries.postgres, ["-D", cluster, ...flags], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(server, "spawn");
    return server;
  } finally {
    await log.close();
  }
}

/** A shell holds the other end of a pipe, and stops the server when the pipe breaks: that also SIGKILL brings about. */
function keepFromOutliving(server: ChildProcess, remove = ""): void {
  const keeper = spawn("sh", ["-c", KEEPER, "keeper", String(server.pid), remove], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keeper.unref();
  // It must not fire once the server has ended: the number of the process may be somebody else's by then.
  const release = (): boolean => keeper.kill("SIGKILL");
  if (hasEnded(server)) release();
  else server.once("exit", release);
}

/** The server tells its state in the eighth line of postmaster.pid, as pg_ctl reads it. */
async function waitUntilReady(server: ChildProcess, cluster: string): Promise<string | undefined> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (hasEnded(server)) return `it ended with ${server.signalCode ?? `code ${server.exitCode}`}`;
    const lines = await readFile(join(cluster, "postmaster.pid"), "utf8").then(
      (text) => text.split("\n"),
      () => [],
    );
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return undefined;
    await delay(READY_POLL_MS);
  }
  return `it was not ready after ${READY_DEADLINE_MS / 1000} s`;
}

async function shutDown(
  server: ChildProcess,
  impatient: AbortSignal = AbortSignal.timeout(STOP_GRACE_MS),
): Promise<void> {
  if (hasEnded(server)) return;
  const ended = exitOf(server);
  const hurry = (): boolean => server.kill("SIGQUIT");
  impatient.addEventListener("abort", hurry);
  server.kill(impatient.aborted ? "SIGQUIT" : "SIGINT");
  await ended;
  impatient.removeEventListener("abort", hurry);
}

function exitOf(server: ChildProcess): Promise<void> {
  return hasEnded(server) ? Promise.resolve() : once(server, "exit").then(() => undefined);
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}
