import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { composeSubgraphs } from "../../gateway/registry/compose.ts";
import { defineCommand } from "../command.ts";
import { faultLines } from "../refusal.ts";
import { readSources, sourceFiles, sourceUrls } from "../sources.ts";

export const compose = defineCommand({
  options: {
    subgraph: {
      schema: sourceFiles.prefault([]).refine((files) => files.size > 0, "give at least one"),
      positional: true,
      multiple: true,
      placeholder: "NAME=FILE",
      help: "A subgraph's name and its SDL.",
    },
    url: {
      schema: sourceUrls.prefault([]),
      multiple: true,
      placeholder: "NAME=URL",
      help: "Where a subgraph is; left out for one whose every answer comes from members.",
    },
    output: {
      schema: z.string().optional(),
      placeholder: "FILE",
      help: "Where the supergraph goes; to standard output when left out.",
    },
  },
  examples: [
    "lienthong compose center=schema/center.graphql agencies=schema/agency.graphql --url center=http://localhost:4001/graphql --output supergraph.graphql",
  ],
  async run({ subgraph, url, output }) {
    const { supergraph, faults } = composeSubgraphs(await readSources(subgraph, url));
    if (faults) return { ok: false, data: { faults }, lines: faultLines(faults) };
    if (output === undefined) return { ok: true, data: { supergraph, faults: [] }, lines: [supergraph] };
    await writeFile(output, `${supergraph.trimEnd()}\n`);
    return { ok: true, data: { output, faults: [] }, lines: [`wrote ${output}`] };
  },
});
