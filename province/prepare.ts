/**
 * What the programs find when they start: a database for each agency, with its tables, filled.
 */
import { join } from "node:path";
import { KIT_MIGRATIONS, ensureDatabase, migrate } from "../subgraphs/kit/database.ts";
import { AGENCIES, type Agency } from "./catalogue/agencies.ts";
import { databaseUrl } from "./databases.ts";
import { ROOT } from "./programs.ts";

/**
 * Creates the databases that are missing and brings all to the newest tables.
 * @throws StartError when the server cannot be reached, refuses the login or the right to create databases.
 */
export async function prepareDatabases(databaseServer: string, prefix: string): Promise<void> {
  const [first, ...others] = AGENCIES;
  // One alone to begin with, so that a server that refuses says so once and not twenty times.
  if (first) await prepareDatabase(first, databaseServer, prefix);
  await Promise.all(others.map((agency) => prepareDatabase(agency, databaseServer, prefix)));
}

async function prepareDatabase(agency: Agency, databaseServer: string, prefix: string): Promise<void> {
  const url = databaseUrl(databaseServer, agency.code, prefix);
  await ensureDatabase(url);
  await migrate(url, migrationsOf(agency));
}

function migrationsOf({ server }: Agency): string[] {
  const own = join(ROOT, "subgraphs", server, "migrations");
  const contract = join(ROOT, "subgraphs", "kit", "agency", "migrations");
  return server === "center" ? [KIT_MIGRATIONS, own] : [KIT_MIGRATIONS, contract, own];
}
