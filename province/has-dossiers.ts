/**
 * Whether the sample province is filled already.
 */
import pg from "pg";

/** @param url of the centre's database, which is filled last */
export async function hasDossiers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("select exists (select from dossier) as filled");
    return found.rows[0]?.filled === true;
  } finally {
    await client.end();
  }
}
