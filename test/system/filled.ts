/**
 * The databases of a province with dossiers: filled once in a run, and copied for each that asks.
 */
import pg from "pg";
import { inject } from "vitest";
import { databaseUrl, DATABASE_OWNERS } from "../../province/databases.ts";
import { seedProvince } from "../../province/seed/load.ts";

const DOSSIERS = 150;
const PREFIX = "filled_";
/** Any number that nobody else locks. */
const LOCK = 56;

/** @param urlOf addresses of databases that do not exist yet, in the run's PostgreSQL */
export async function createFilledDatabases(urlOf: (agency: string) => string): Promise<void> {
  const server = new pg.Client({ connectionString: inject("postgresUrl") });
  await server.connect();
  try {
    // Until the session ends: another worker may be at the same.
    await server.query("select pg_advisory_lock($1)", [LOCK]);
    await fillOnce(server);
    for (const agency of DATABASE_OWNERS) {
      const [copy, filled] = [urlOf(agency), filledUrlOf(agency)].map(nameIn);
      await server.query(`create database ${copy} template ${filled} strategy file_copy`);
    }
  } finally {
    await server.end();
  }
}

async function fillOnce(server: pg.Client): Promise<void> {
  const { rows } = await server.query("select to_regclass('filled_province') is not null as done");
  if (rows[0].done) return;
  await seedProvince({ urlOf: filledUrlOf, dossiers: DOSSIERS, now: new Date(), ifFilled: "replace" });
  await server.query("create table filled_province ()");
}

function filledUrlOf(agency: string): string {
  return databaseUrl(inject("postgresUrl"), agency, PREFIX);
}

function nameIn(url: string): string {
  return pg.escapeIdentifier(decodeURIComponent(new URL(url).pathname.slice(1)));
}
