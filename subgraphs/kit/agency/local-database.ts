/**
 * An agency's database on a machine that has none: a PostgreSQL of its own in one directory, filled once. For developing
 * and for tests; where an agency works, it names a database that somebody looks after.
 */
import { readFile } from "node:fs/promises";
import { ensureDatabase, migrate } from "../../../process/database.ts";
import { startPostgres } from "../../../process/postgres.ts";
import { KIT_MIGRATIONS, openDatabase } from "../database.ts";
import { TABLES_MIGRATIONS } from "../sources/tables/source.ts";

export interface LocalDatabase {
  readonly directory: string;
  /** SQL of the first rows, run once when the tables are new. */
  readonly seed?: URL;
  /** The directory goes when the server ends. */
  readonly temporary?: boolean;
}

/**
 * Starts it; the first time it is made and filled.
 * @param migrations directories of the tables that the seed fills
 * @throws StartError when the directory or this machine does not allow it
 */
export async function startLocalDatabase(
  { directory, seed, temporary = false }: LocalDatabase,
  migrations: readonly string[],
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const fill = async (serverUrl: string): Promise<void> => {
    if (seed === undefined) return;
    const url = urlOf(serverUrl);
    await ensureDatabase(url);
    await migrate(url, migrations);
    const database = openDatabase(url, 1);
    try {
      await database.query(await readFile(seed, "utf8"));
    } finally {
      await database.close();
    }
  };
  const server = await startPostgres({ directory, temporary, fill });
  return { url: urlOf(server.url), stop: () => server.stop() };
}

/** What a seed may fill: the agency's own tables, and the contract's where the kit keeps them. */
export function seededMigrations(
  own: { readonly migrations?: string } | undefined,
  hasContractTables: boolean,
): readonly string[] {
  return [
    KIT_MIGRATIONS,
    ...(hasContractTables ? [TABLES_MIGRATIONS] : []),
    ...(own?.migrations === undefined ? [] : [own.migrations]),
  ];
}

function urlOf(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = "/agency";
  return url.href;
}
