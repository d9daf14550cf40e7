/**
 * A database of its own for each test file, in the run's PostgreSQL.
 */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type Database, ensureDatabase, migrate, statementChannel } from "../../process/database.ts";
import { openDatabase } from "../../subgraphs/kit/database.ts";

export interface TestDatabase extends Database {
  readonly name: string;
  readonly url: string;
  /** Closes the pool and drops the database. */
  close(): Promise<void>;
}

/** The address of a database that does not exist yet. */
export function freshDatabaseUrl(): string {
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/test_${randomBytes(8).toString("hex")}`;
  return url.href;
}

/** A new database with the migrations of `directories`. */
export async function createDatabase(directories: readonly string[]): Promise<TestDatabase> {
  const url = freshDatabaseUrl();
  await ensureDatabase(url);
  await migrate(url, directories);
  const database = openDatabase(url);
  return {
    ...database,
    name: nameOf(url),
    url,
    close: async () => {
      await database.close();
      await dropDatabase(url);
    },
  };
}

/** Drops a database, whoever is connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const server = openDatabase(inject("postgresUrl"), 1);
  await server.query(`drop database if exists ${nameOf(url)} with (force)`);
  await server.close();
}

/** The SQL statements that a database is sent while `work` runs. */
export async function statementsOf(url: string, work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const listen = (message: unknown): void => {
    const { database, text } = message as { database: string; text: string };
    if (database === nameOf(url)) texts.push(text);
  };
  statementChannel.subscribe(listen);
  try {
    await work();
  } finally {
    statementChannel.unsubscribe(listen);
  }
  return texts;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
