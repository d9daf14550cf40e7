/**
 * Sees to it that every agency has its database, with the newest tables, and that the province is not empty.
 */
import { databaseUrl } from "./databases.ts";
import { seedProvince } from "./seed/load.ts";
import { ProgressLine } from "./terminal.ts";

/**
 * @param server URL of the PostgreSQL server
 * @throws StartError when it cannot be reached, refuses the login or the right to create databases.
 */
export async function fillProvince(server: string, prefix: string, dossiers: number): Promise<void> {
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
