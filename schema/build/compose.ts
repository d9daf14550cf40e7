/**
 * Composes the supergraph from the subgraphs' SDL.
 * `npm run compose` writes schema/supergraph.graphql; with `--check` it fails when the written one differs (CI).
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { composeSubgraphs, type SubgraphSource } from "../../gateway/registry/compose.ts";
import { describeFault } from "../../gateway/registry/describe-fault.ts";
import { runProgram, StartError } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";
import { headerOf, readSources, SCHEMA_DIRECTORY } from "./sources.ts";

/**
 * The supergraph SDL of these sources, first line `headerOf(sources)`.
 * @throws StartError naming file, line and reason of every fault.
 */
export function compose(sources: readonly SubgraphSource[]): string {
  const { supergraph, faults } = composeSubgraphs(sources);
  if (faults) throw schemaFault(faults.map(describeFault));
  return `${headerOf(sources)}\n${supergraph.trimEnd()}\n`;
}

function schemaFault(faults: readonly string[]): StartError {
  return new StartError(
    `the supergraph cannot be composed:\n  ${faults.join("\n  ")}`,
    "Mend the SDL; `npm run compose` checks it without starting anything.",
  );
}

if (import.meta.main)
  runProgram(async () => {
    const options = readOptions({
      name: "compose",
      summary: "composes the supergraph from the SDL of every subgraph.",
      options: {
        schema: {
          schema: z.string().default(SCHEMA_DIRECTORY),
          placeholder: "DIR",
          help: "Where the SDL files are.",
        },
        output: {
          schema: z.string().default(join(SCHEMA_DIRECTORY, "supergraph.graphql")),
          placeholder: "FILE",
          help: "Where the supergraph goes (schema/supergraph.graphql).",
        },
        url: {
          schema: z.array(z.string().regex(/^[\w-]+=https?:\/\/.+/, "NAME=URL expected")).default([]),
          placeholder: "NAME=URL",
          multiple: true,
          help: "Address of a subgraph, instead of the one it has when started alone.",
        },
        check: { schema: z.boolean().default(false), help: "Write nothing; fail when the file differs." },
      },
    });
    const urls = Object.fromEntries(
      options.url.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    );
    const supergraph = compose(await readSources(options.schema, urls));
    if (supergraph === (await readFile(options.output, "utf8").catch(() => ""))) return;
    if (options.check)
      throw new StartError(`${options.output} does not match the SDL`, "Run npm run compose and commit.");
    // Whoever watches the file never sees half of it.
    await writeFile(`${options.output}.new`, supergraph);
    await rename(`${options.output}.new`, options.output);
  });
