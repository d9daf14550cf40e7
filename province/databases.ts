/** Which database holds the data of which agency, and which migrations make its tables. */
import { fileURLToPath } from "node:url";
import { AGENCIES, agencyOf, type Server } from "./catalogue/agencies.ts";

export const DEFAULT_DATABASE_PREFIX = "lienthong_";

/** Tables of these folders, in the order in which they are applied. */
const MIGRATION_FOLDERS: Readonly<Record<Server, readonly string[]>> = {
  center: ["kit/migrations", "center/migrations"],
  tax: agencyFolders("tax"),
  "social-insurance": agencyFolders("social-insurance"),
  police: agencyFolders("police"),
  departments: agencyFolders("departments"),
  power: ["kit/migrations", "kit/sources/rest/migrations", "power/legacy/migrations"],
};

/** `H56` → `lienthong_center`, `G24.56` → `lienthong_social_insurance`, `H56.14` → `lienthong_h56_14`. */
export function databaseName(agencyCode: string, prefix = DEFAULT_DATABASE_PREFIX): string {
  const { server } = agencyOf(agencyCode);
  const name = server === "departments" ? agencyCode.toLowerCase() : server;
  return prefix + name.replaceAll(/[.-]/g, "_");
}

/** The URL of an agency's database on the server of `baseUrl`, whatever database that names. */
export function databaseUrl(baseUrl: string, agencyCode: string, prefix?: string): string {
  const url = new URL(baseUrl);
  url.pathname = `/${databaseName(agencyCode, prefix)}`;
  return url.href;
}

/** Directories of the migrations that an agency's database needs. */
export function migrationDirectories(agencyCode: string): readonly string[] {
  return MIGRATION_FOLDERS[agencyOf(agencyCode).server].map((folder) =>
    fileURLToPath(new URL(`../subgraphs/${folder}`, import.meta.url)),
  );
}

/** All agencies that have a database: one each. */
export const DATABASE_OWNERS: readonly string[] = AGENCIES.map((agency) => agency.code);

function agencyFolders(server: Server): readonly string[] {
  return ["kit/migrations", "kit/sources/tables/migrations", `${server}/migrations`];
}
