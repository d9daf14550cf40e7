/**
 * An agency's project: `lienthong.json` in its folder says who the agency is, where it answers, and what it adds.
 *
 *     { "agency": "H56.30", "aliases": ["000.00.30.H56"], "name": "Sở Du lịch",
 *       "url": "http://127.0.0.1:4030/graphql", "subgraph": { "name": "tourism", "sdl": "schema.graphql" } }
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { SubgraphSource } from "../gateway/registry/compose.ts";
import { StartError } from "../process/lifecycle.ts";
import { readSdlFile } from "./sources.ts";

export const PROJECT_FILE = "lienthong.json";

const projectSchema = z.strictObject({
  /** The key that names its rows. */
  agency: z.string().min(1).max(64),
  /** Other spellings of the key. */
  aliases: z.array(z.string().min(1).max(64)).default([]),
  name: z.string().min(1),
  /** Where the gateway reaches it. */
  url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
  /** The partitioned subgraph whose contract it fulfils. */
  contract: z.string().default("agencies"),
  /** What it adds to the graph; left out by an agency that adds nothing. */
  subgraph: z
    .strictObject({ name: z.string().regex(/^[A-Za-z][\w-]{0,62}$/), sdl: z.string().min(1) })
    .optional(),
});

export type Project = z.infer<typeof projectSchema>;

/** @throws StartError naming every fault at once */
export async function readProject(folder = "."): Promise<Project> {
  const file = join(folder, PROJECT_FILE);
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new StartError(
      `there is no ${file}, and no NAME=FILE is given`,
      "Run this in an agency's folder (lienthong init makes one), or name SDL files.",
      { cause: error },
    );
  });
  const parsed = projectSchema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new StartError(`${file}: ${faults.join("\n  ")}`, "Mend the file; cli/project.ts describes it.");
}

/** What the project adds to the graph; undefined when it adds nothing. */
export async function projectSource(
  { subgraph, url }: Project,
  folder = ".",
): Promise<SubgraphSource | undefined> {
  if (subgraph === undefined) return undefined;
  const { name, sdl: file } = subgraph;
  return { name, url, file, sdl: await readSdlFile(join(folder, file)) };
}

/** The project as a member of the partitioned subgraphs. */
export function projectMember({ agency, aliases, name, url, contract, subgraph }: Project) {
  const subgraphs = subgraph === undefined ? [contract] : [contract, subgraph.name];
  return { key: agency, aliases, name, url, subgraphs };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StartError(`${file} is not JSON: ${(error as Error).message}`, "Mend it.", { cause: error });
  }
}
