/**
 * A program's PostgreSQL database: pool, transactions, creation, migrations.
 */
import { channel } from "node:diagnostics_channel";
import { readdir } from "node:fs/promises";
import pg from "pg";
import { StartError } from "./lifecycle.ts";

/** Published for every SQL statement that a `Database` sends: `{ database, text }`. Metrics and tests subscribe. */
export const statementChannel = channel("lienthong:sql");

/** Anything that runs SQL: the pool, or one transaction. */
export interface Queryable {
  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

export interface Database extends Queryable {
  /** Runs `work` in one transaction: all of it happens, or nothing. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// bigint: VND amounts and counts stay far below 2^53. numeric: days and areas with one decimal.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
// A date is a calendar day, not an instant: keep its text.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** SQLSTATE invalid_catalog_name. */
const DATABASE_MISSING = "3D000";

/** A server that does not answer, or a pool that stays busy, is an error in the end, not a request that hangs. */
const POOL_WAIT_MS = 10_000;

/**
 * Opens a pool on `url`. `poolSize` bounds its connections; idle ones close after 10 s.
 * @param explain what a failed statement is told as
 */
export function openDatabase(
  url: string,
  poolSize = 8,
  explain: (error: unknown) => unknown = (error) => error,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: POOL_WAIT_MS,
  });
  const database = databaseNameOf(url);
  // An idle connection that breaks (server restart) is dropped by the pool; the next query opens another.
  pool.on("error", () => {});
  return {
    query: (text, values) => send({ target: pool, database, explain }, text, values),
    transaction: (work) => inTransaction(pool, database, explain, work),
    close: () => pool.end(),
  };
}

/**
 * Creates the database of `url` when the server does not have it yet.
 * @throws StartError when the server cannot be reached, refuses the login, or the role may not create databases.
 */
export async function ensureDatabase(url: string): Promise<void> {
  const name = databaseNameOf(url);
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const found = await client.query("select from pg_database where datname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process created it at the same moment.
    if (["42P04", "23505"].includes(sqlState(error))) return;
    throw databaseFault(url, error);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Applies the `.sql` files of `directories` that the database does not have yet, in the order of their numbers, all in
 * one transaction under an advisory lock, so that several processes may start at the same moment.
 * @throws StartError when the database cannot be reached or a migration fails.
 */
export async function migrate(url: string, directories: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    if (await isMigrated(client, directories)) return;
    // Loaded only here: at nearly every start there is nothing to apply.
    const { runner } = await import("node-pg-migrate");
    await runner({
      dbClient: client,
      dir: directories.map((directory) => `${directory}/*.sql`),
      useGlob: true,
      direction: "up",
      migrationsTable: "migration",
      // Waits for a process that migrates at the same moment, instead of failing.
      advisoryLockMode: "wait",
      singleTransaction: true,
      // Directories grow independently: what is new in one may have a lower number than what is applied of another.
      checkOrder: false,
      log: () => {},
    });
  } catch (error) {
    throw databaseFault(url, error);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * A database with the tables of `directories`, made where it is missing. One that is there, as at nearly every start, costs
 * one connection.
 * @throws StartError as `ensureDatabase` and `migrate`
 */
export async function prepareDatabase(url: string, directories: readonly string[]): Promise<void> {
  try {
    await migrate(url, directories);
  } catch (error) {
    if (!(error instanceof StartError) || sqlState(error.cause) !== DATABASE_MISSING) throw error;
    await ensureDatabase(url);
    await migrate(url, directories);
  }
}

/** The SQLSTATE of a PostgreSQL error, or an empty string. */
export function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? "") : "";
}

interface Sender {
  readonly target: pg.Pool | pg.PoolClient;
  readonly database: string;
  readonly explain: (error: unknown) => unknown;
}

async function send<R extends pg.QueryResultRow>(
  { target, database, explain }: Sender,
  text: string,
  values?: readonly unknown[],
): Promise<R[]> {
  if (statementChannel.hasSubscribers) statementChannel.publish({ database, text });
  try {
    const result = await target.query<R>(text, values as unknown[]);
    return result.rows;
  } catch (error) {
    throw explain(error);
  }
}

async function inTransaction<T>(
  pool: pg.Pool,
  database: string,
  explain: Sender["explain"],
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const breaks = (fault: Error): void => {
    broken = fault;
  };
  // The pool listens to idle connections only: one that breaks now would end the whole process.
  client.on("error", breaks);
  try {
    await client.query("begin");
    const result = await work({
      query: (text, values) => send({ target: client, database, explain }, text, values),
    });
    await client.query("commit");
    return result;
  } catch (error) {
    // A connection whose rollback fails is in an unknown state: it must not go back to the pool.
    await client.query("rollback").catch(breaks);
    throw error;
  } finally {
    client.off("error", breaks);
    client.release(broken);
  }
}

/** Spares start-up the migration library's work when nothing is new. */
async function isMigrated(client: pg.Client, directories: readonly string[]): Promise<boolean> {
  const table = await client.query("select to_regclass('migration') is not null as known");
  if (!table.rows[0].known) return false;
  const applied = new Set((await client.query("select name from migration")).rows.map((row) => row.name));
  const files = (await Promise.all(directories.map((directory) => readdir(directory)))).flat();
  return files
    .filter((file) => file.endsWith(".sql"))
    .every((file) => applied.has(file.slice(0, -".sql".length)));
}

function databaseNameOf(url: string): string {
  const name = URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) : "";
  if (name === "")
    throw new StartError(
      "the database URL names no database",
      "It has the form postgres://user:password@host:5432/database.",
    );
  return name;
}

function databaseFault(url: string, error: unknown): StartError {
  const { host } = new URL(url);
  const reason = error instanceof AggregateError ? error.errors[0] : error;
  const message = reason instanceof Error ? reason.message : String(reason);
  const state = sqlState(error);
  if (["28P01", "28000"].includes(state))
    return new StartError(
      `PostgreSQL at ${host} refuses the login: ${message}`,
      "Check user and password in DATABASE_URL.",
      { cause: error },
    );
  if (state === "42501")
    return new StartError(
      `PostgreSQL at ${host}: ${message}`,
      "Give the role CREATEDB, or create the databases beforehand.",
      { cause: error },
    );
  if (state !== "")
    return new StartError(
      `PostgreSQL at ${host}, database ${databaseNameOf(url)}: ${message}`,
      "Check the database's version (14 or later), its rights and its migrations.",
      { cause: error },
    );
  return new StartError(
    `PostgreSQL at ${host} cannot be reached: ${message}`,
    "Start it, or correct DATABASE_URL (postgres://user:password@host:5432/database).",
    { cause: error },
  );
}
