/**
 * What is checked and published: the agency of the folder, or SDL files given by name.
 */
import { z } from "zod";
import type { SubgraphSource } from "../gateway/registry/compose.ts";
import { UsageError } from "../process/options.ts";
import { type Project, projectSource, readProject } from "./project.ts";
import { readSources, sourceFiles, sourceUrls } from "./sources.ts";

export const publicationOptions = {
  subgraph: {
    schema: sourceFiles.prefault([]),
    positional: true,
    multiple: true,
    placeholder: "NAME=FILE",
    help: "A subgraph's name and its SDL; without any, the agency of this folder (lienthong.json).",
  },
  url: {
    schema: z.array(z.string()).default([]),
    env: "LIENTHONG_URL",
    multiple: true,
    placeholder: "[NAME=]URL",
    help: "Where the gateway reaches a subgraph, or the agency of this folder.",
  },
  owner: {
    schema: z.string().optional(),
    placeholder: "OWNER",
    help: "Whose the subgraphs shall be; only the operator may say so.",
  },
} as const;

export interface Publication {
  readonly subgraphs: readonly SubgraphSource[];
  /** Undefined where files are given. */
  readonly project: Project | undefined;
}

/** @throws StartError when something cannot be read */
export async function readPublication({
  subgraph,
  url: urls,
}: {
  readonly subgraph: ReadonlyMap<string, string>;
  readonly url: readonly string[];
}): Promise<Publication> {
  if (subgraph.size > 0) {
    const named = sourceUrls.safeParse(urls);
    if (!named.success)
      throw new UsageError(
        `--url: ${named.error.issues.map(({ message }) => message).join("; ")}`,
        "Give NAME=URL for each NAME=FILE.",
      );
    return { subgraphs: await readSources(subgraph, named.data), project: undefined };
  }
  const read = await readProject();
  const [url = read.url, ...more] = urls;
  if (more.length > 0 || !URL.canParse(url) || !/^https?:/.test(url))
    throw new UsageError(`--url: "${urls.join(" ")}" is not one http or https URL`, "Give the agency's URL.");
  const project = { ...read, url };
  const source = await projectSource(project);
  return { subgraphs: source === undefined ? [] : [source], project };
}
