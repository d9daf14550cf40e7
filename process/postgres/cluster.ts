/**
 * Makes a cluster: the directory that one PostgreSQL server keeps all its databases in.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../lifecycle.ts";
import { stopOrphan } from "./orphan.ts";
import { type Place, startServer } from "./server.ts";
import { asUser } from "./user.ts";

/** The only user of a cluster, a superuser. */
const USER = "lienthong";

/** For data that may be lost: nothing waits for the disk. */
export const CARELESS_SETTINGS: Readonly<Record<string, string>> = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

export interface NewCluster {
  readonly settings: Readonly<Record<string, string>>;
  /** Of the server that runs while it is filled; a free one when undefined. */
  readonly port: number | undefined;
  /** Puts into it what it begins with. */
  readonly fill: ((url: string) => Promise<void>) | undefined;
  /** Abandons the filling. */
  readonly signal: AbortSignal | undefined;
  /** It may be lost when the machine stops. */
  readonly careless: boolean;
}

/**
 * Makes the cluster when it is not there. It is made and filled beside its place, without waiting for the disk; then
 * everything is written to disk at once, which takes a hundredth of the time of writing it bit by bit, and moved to its
 * place. So an interrupted start leaves nothing half done: the next one begins anew.
 */
export async function ensureCluster(place: Place, options: NewCluster): Promise<void> {
  if (await exists(join(place.cluster, "PG_VERSION"))) return;
  const unfinished = { ...place, cluster: `${place.cluster}.unfinished` };
  await stopOrphan(unfinished.cluster);
  await rm(unfinished.cluster, { recursive: true, force: true });
  await mkdir(unfinished.cluster, { mode: 0o700 });
  await initialise(unfinished, await writePassword(place));
  if (options.fill) await fillCluster(unfinished, options.fill, options);
  if (!options.careless) await writeToDisk(unfinished);
  await rename(unfinished.cluster, place.cluster);
}

/** The URL of the cluster's own user. */
export async function urlOf({ directory }: Place, port: number): Promise<string> {
  const password = (await readFile(join(directory, "password"), "utf8")).trim();
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

async function writePassword({ directory, owner }: Place): Promise<string> {
  const file = join(directory, "password");
  await rm(file, { force: true });
  await writeFile(file, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  await owner?.give(file);
  return file;
}

async function initialise(place: Place, passwordFile: string): Promise<void> {
  await place.owner?.give(place.cluster);
  await run(place, [
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // Built into the server: upper and lower case of Vietnamese letters are right whatever locales the machine has.
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    "--no-sync",
  ]);
}

async function fillCluster(
  place: Place,
  fill: (url: string) => Promise<void>,
  { port, settings, signal }: NewCluster,
): Promise<void> {
  const server = await startServer(place, port, { ...settings, ...CARELESS_SETTINGS });
  const abandon = (): void => void server.stop(AbortSignal.abort());
  signal?.addEventListener("abort", abandon);
  try {
    if (signal?.aborted) abandon();
    const crash = server.exited.then(() => {
      throw new StartError(
        "PostgreSQL ended while it was being filled",
        `See ${join(place.directory, "log")}.`,
      );
    });
    await Promise.race([fill(await urlOf(place, server.port)), crash]);
  } catch (error) {
    // However its connections broke: that it was abandoned is why.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abandon);
    await server.stop();
  }
}

/** Linux can write all of a file system at once; elsewhere, some ten thousand files one after another. */
async function writeToDisk(place: Place): Promise<void> {
  await run(place, ["--sync-only", ...(process.platform === "linux" ? ["--sync-method=syncfs"] : [])]);
}

async function run({ binaries, cluster, owner }: Place, flags: readonly string[]): Promise<void> {
  const child: ChildProcess = asUser(owner, binaries.initdb, [`--pgdata=${cluster}`, ...flags]);
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw clusterFault(cluster, output.trim());
}

function clusterFault(cluster: string, output: string): StartError {
  const lastLine = output.split("\n").findLast((line) => line.includes("error:")) ?? output;
  const mend = output.includes("Permission denied")
    ? "PostgreSQL does not run as root but as the user postgres, who cannot enter this directory. Install util-linux (setpriv), or choose a directory that everybody may enter, or give DATABASE_URL."
    : "Choose another data directory, or give DATABASE_URL.";
  return new StartError(`the database directory ${cluster} could not be made: ${lastLine}`, mend);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
