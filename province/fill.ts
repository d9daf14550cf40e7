/**
 * Sees to it that the province is not empty, and that every agency of an empty one has its database.
 */
import { prepareDatabase } from "../process/database.ts";
import { CENTER } from "./catalogue/agencies.ts";
import { databaseUrl, migrationDirectories } from "./databases.ts";
import { hasDossiers } from "./has-dossiers.ts";
import { ProgressLine } from "./terminal.ts";

/**
 * @param server URL of the PostgreSQL server
 * @throws StartError when it cannot be reached, refuses the login or the right to create databases.
 */
export async function fillProvince(server: string, prefix: string, dossiers: number): Promise<void> {
  const center = databaseUrl(server, CENTER, prefix);
  await prepareDatabase(center, migrationDirectories(CENTER));
  // The others were filled before it. Each program brings its own to the newest tables when it starts.
  if (await hasDossiers(center)) return;
  // Loaded only here: at nearly every start there is nothing to fill.
  const { seedProvince } = await import("./seed/load.ts");
  const line = new ProgressLine();
  await seedProvince({
    urlOf: (agency) => databaseUrl(server, agency, prefix),
    dossiers,
    now: new Date(),
    ifFilled: "keep",
    onProgress: ({ phase, done, total }) => line.update(phase, done, total),
  });
  line.end();
}
