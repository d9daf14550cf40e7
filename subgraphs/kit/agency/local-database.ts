/**
 * An agency's database on a machine that has none: a PostgreSQL of its own in one directory, filled once. For developing
 * and for tests; where an agency works, it names a database that somebody looks after.
 */
import { readFile } from "node:fs/promises";
import { startPostgres } from "../../../province/postgres.ts";
import { openDatabase } from "../database.ts";
import { tablesSource } from "../sources/tables/source.ts";
import type { PreparedAgency, SourceKind } from "./source.ts";

export interface LocalDatabase {
  readonly directory: string;
  /** SQL of the first rows, run once when the tables are new. */
  readonly seed?: URL;
  /** The directory goes when the server ends. */
  readonly temporary?: boolean;
}

/**
 * Starts it; the first time it is made and filled.
 * @throws StartError when the directory or this machine does not allow it
 */
export async function startLocalDatabase(
  { directory, seed, temporary = false }: LocalDatabase,
  agency: Omit<PreparedAgency, "databaseUrl">,
  source: SourceKind = tablesSource,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const fill = async (serverUrl: string): Promise<void> => {
    if (seed === undefined) return;
    const databaseUrl = urlOf(serverUrl);
    await source.prepare({ ...agency, databaseUrl });
    const database = openDatabase(databaseUrl, 1);
    try {
      await database.query(await readFile(seed, "utf8"));
    } finally {
      await database.close();
    }
  };
  const server = await startPostgres({ directory, temporary, fill });
  return { url: urlOf(server.url), stop: () => server.stop() };
}

function urlOf(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = "/agency";
  return url.href;
}
