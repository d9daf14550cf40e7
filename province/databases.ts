/**
 * One database to an agency: how it is called, and where it is.
 */
import { agencyOf } from "./catalogue/agencies.ts";

/**
 * `H56` → `lienthong_center`, `G12.56` → `lienthong_tax`, `H56.14` → `lienthong_h56_14`.
 * @throws RangeError when the sample province has no such agency.
 */
export function databaseName(agencyCode: string, prefix: string): string {
  const { code, server } = agencyOf(agencyCode);
  const own = server === "departments" ? code : server;
  return `${prefix}_${own.toLowerCase().replaceAll(/[^a-z0-9]/g, "_")}`;
}

/** The address of an agency's database on the server that `serverUrl` names (its own database does not matter). */
export function databaseUrl(serverUrl: string, agencyCode: string, prefix: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName(agencyCode, prefix)}`;
  return url.href;
}
