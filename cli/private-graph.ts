/**
 * The running graph with an agency's own part in it as it is on this machine: what `dev` serves, in two files that a
 * gateway watches.
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RegistryClient } from "../gateway/registry/client.ts";
import type { CompositionFault, SubgraphSource } from "../gateway/registry/compose.ts";
import { createComposer } from "../gateway/registry/composer.ts";
import { type Project, projectMember, projectSource, readProject } from "./project.ts";

export interface PrivateGraphOptions {
  readonly registry: RegistryClient;
  /** Where the files go. */
  readonly directory: string;
  /** Where the agency answers, in place of what its project says. */
  readonly url: string | undefined;
}

export interface Composed {
  readonly project: Project;
  /** Where there are any, the files stay as they were. */
  readonly faults: readonly CompositionFault[];
  /** False when it was composed from the same before. */
  readonly isNew: boolean;
}

interface RunningGraph {
  readonly sources: readonly SubgraphSource[];
  readonly members: readonly { readonly key: string; readonly aliases: readonly string[] }[];
  /** Names what was read: another one when the graph has changed. */
  readonly mark: string;
}

export type PrivateGraph = Awaited<ReturnType<typeof openPrivateGraph>>;

/** @throws RegistryRefusal */
export async function openPrivateGraph({ registry, directory, url }: PrivateGraphOptions) {
  await mkdir(directory, { recursive: true });
  const supergraphFile = join(directory, "supergraph.graphql");
  const membersFile = join(directory, "members.json");
  const composer = createComposer();
  let running = await readRunningGraph(registry);
  let last: { readonly from: string; readonly faults: readonly CompositionFault[] } | undefined;
  return {
    supergraphFile,
    membersFile,
    /** @throws StartError when the project cannot be read */
    async compose(): Promise<Composed> {
      const read = await readProject();
      const project = { ...read, url: url ?? read.url };
      const { sources, members } = await withProject(running, project);
      const from = JSON.stringify([sources, members]);
      if (from === last?.from) return { project, faults: last.faults, isNew: false };
      const { supergraph, faults = [] } = await composer.run({ kind: "compose", sources, variants: [] });
      if (supergraph !== undefined) {
        await replaceFile(membersFile, JSON.stringify({ members }));
        await replaceFile(supergraphFile, supergraph);
      }
      last = { from, faults };
      return { project, faults, isNew: true };
    },
    /** Whether the graph around has changed since it was read. @throws RegistryRefusal */
    async refresh(): Promise<boolean> {
      if ((await markOf(registry)) === running.mark) return false;
      running = await readRunningGraph(registry);
      return true;
    },
    close: () => composer.close(),
  };
}

async function readRunningGraph(registry: RegistryClient): Promise<RunningGraph> {
  const mark = await markOf(registry);
  const [listed, members] = [await registry.subgraphs(), await registry.members()];
  const sources = await Promise.all(listed.map(({ name }) => registry.subgraph(name)));
  const now = Date.now();
  return {
    mark,
    sources: sources.map(({ name, url, file, sdl }) => ({ name, url, file, sdl })),
    members: members
      .filter(({ suspended, validFrom }) => !suspended && Date.parse(validFrom) <= now)
      .map(({ entry }) => entry),
  };
}

/** The last thing that happened to the graph. */
async function markOf(registry: RegistryClient): Promise<string> {
  const [last] = await registry.history(1);
  return String(last?.id);
}

/** The project in place of what the graph has under its names. */
async function withProject(
  { sources, members }: RunningGraph,
  project: Project,
): Promise<{ sources: readonly SubgraphSource[]; members: readonly object[] }> {
  const own = await projectSource(project);
  const member = projectMember(project);
  const names = new Set([member.key, ...member.aliases]);
  const others = members.filter(({ key, aliases }) => ![key, ...aliases].some((name) => names.has(name)));
  return {
    sources: [...sources.filter(({ name }) => name !== own?.name), ...(own === undefined ? [] : [own])],
    members: [...others, member],
  };
}

/** Whoever watches the file never sees half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
