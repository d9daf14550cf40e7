/**
 * What the supergraph is composed from: each subgraph's SDL file and address.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { SubgraphSource } from "../../gateway/registry/compose.ts";
import { StartError } from "../../process/lifecycle.ts";

export const SCHEMA_DIRECTORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * Subgraph, SDL file, and the address of the program that serves it when every program runs alone on its own port.
 * `agencies` is partitioned as a whole: it has no server of its own, and its address is never asked.
 */
const SUBGRAPHS = [
  { name: "center", file: "center.graphql", url: "http://localhost:4001/graphql" },
  { name: "agencies", file: "agency.graphql", url: "http://localhost:4005/graphql" },
  { name: "tax", file: "tax.graphql", url: "http://localhost:4002/graphql" },
  { name: "social-insurance", file: "social-insurance.graphql", url: "http://localhost:4003/graphql" },
  { name: "police", file: "police.graphql", url: "http://localhost:4004/graphql" },
  { name: "departments", file: "departments.graphql", url: "http://localhost:4005/graphql" },
  { name: "power", file: "power.graphql", url: "http://localhost:4006/graphql" },
  { name: "tracker", file: "tracker.graphql", url: "http://localhost:4007/graphql" },
] as const;

/**
 * Reads the SDL files of a directory. `urls` replaces addresses by subgraph name.
 * @throws StartError when a file is missing or cannot be read.
 */
export function readSources(
  directory: string,
  urls: Readonly<Record<string, string>> = {},
): Promise<SubgraphSource[]> {
  return Promise.all(
    SUBGRAPHS.map(async ({ name, file, url }) => {
      const path = join(directory, file);
      const shown = relative(process.cwd(), path);
      const sdl = await readFile(path, "utf8").catch((error: Error) => {
        throw new StartError(
          `the SDL of ${name} cannot be read: ${error.message}`,
          `Put ${file} back into ${directory}, for instance with git checkout.`,
          { cause: error },
        );
      });
      return { name, file: shown.startsWith("..") ? path : shown, sdl, url: urls[name] ?? url };
    }),
  );
}

/** First line of a composed supergraph. Equal lines mean equal sources, so that nothing needs composing again. */
export function headerOf(sources: readonly SubgraphSource[]): string {
  const hash = createHash("sha256");
  for (const { name, sdl, url } of sources) hash.update(JSON.stringify([name, url, sdl]));
  return `# Composed by schema/build/compose.ts from sources ${hash.digest("hex").slice(0, 16)}. Do not edit.`;
}
