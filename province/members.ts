/**
 * The members of the partitioned subgraphs, from the catalogue: `schema/members.json`.
 * Run as a program, it writes that file; a test keeps both equal.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AGENCIES, type Agency } from "./catalogue/agencies.ts";

export interface Member {
  readonly key: string;
  readonly aliases: readonly string[];
  readonly name: string;
  /** The subgraph whose URL supplies scheme, host and port. */
  readonly base: string;
  readonly path: string;
  /** The partitioned subgraphs that it serves; the centre serves none, but is known. */
  readonly subgraphs: readonly string[];
}

export const MEMBERS_FILE = new URL("../schema/members.json", import.meta.url);

export const MEMBERS: readonly Member[] = AGENCIES.map((agency) => ({
  key: agency.code,
  aliases: agency.legacyCode === null ? [] : [agency.legacyCode],
  name: agency.name,
  base: agency.server,
  path: agency.server === "departments" ? `/${agency.code}/graphql` : "/graphql",
  subgraphs: subgraphsOf(agency),
}));

export function membersJson(): string {
  return `${JSON.stringify({ members: MEMBERS }, undefined, 2)}\n`;
}

function subgraphsOf(agency: Agency): readonly string[] {
  return agency.server === "center" ? [] : ["agencies", agency.server];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(MEMBERS_FILE, membersJson());
