/**
 * What a gateway is started on.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compose } from "../../schema/build/compose.ts";
import type { Service } from "./subgraphs/main.ts";

export interface Graph {
  /** Files of this graph alone stand here. */
  readonly directory: string;
  /** File of the composed supergraph. */
  readonly supergraph: string;
  /** Members file of the partitioned subgraphs; undefined where nothing is partitioned. */
  readonly members: string | undefined;
  /** URLs that replace the supergraph's, by subgraph name. */
  readonly urls: ReadonlyMap<string, string>;
  /** For gateways that compose for themselves. */
  readonly services: readonly Service[];
  /** What gateways are given that know who asks; undefined where nobody is asked. */
  readonly trust?: GraphTrust;
}

/** Files, each with what the one before has and one thing more. */
export interface GraphTrust {
  /** With rules, and marks of personal data. */
  readonly supergraph: string;
  /** Trust files: tokens count; requests are signed; answers are verified. */
  readonly knowing: string;
  readonly signing: string;
  readonly verifying: string;
  readonly record: string;
  /** Of subgraphs that sign their answers, by name. */
  readonly signingUrls: ReadonlyMap<string, string>;
}

/** Writes the supergraph of these services into `directory`. @throws StartError when they do not compose. */
export async function composeGraph(
  name: string,
  directory: string,
  services: readonly Service[],
  members?: readonly object[],
): Promise<Graph> {
  const supergraph = join(directory, "supergraph.graphql");
  await writeFile(
    supergraph,
    compose(services.map((service) => ({ ...service, file: `${service.name} (${name})` }))),
  );
  if (members === undefined) return { directory, supergraph, members, urls: new Map(), services };
  const membersFile = join(directory, "members.json");
  await writeFile(membersFile, JSON.stringify({ members }));
  return { directory, supergraph, members: membersFile, urls: new Map(), services };
}
