/**
 * A graph from files: the supergraph and the members, each loaded anew when it changes.
 */
import { readFile } from "node:fs/promises";
import { StartError } from "../process/lifecycle.ts";
import type { Logger } from "../process/log.ts";
import type { GraphSource } from "./graph-source.ts";
import { type MemberDirectory, NO_MEMBERS, readMembers } from "./members.ts";
import { readSupergraph, type Supergraph } from "./supergraph.ts";
import { watchFile } from "./watch.ts";

const FAULTY = "a changed file is faulty, the last good one stays";

export function fileSource(
  supergraphFile: string,
  membersFile: string | undefined,
  log: Logger,
): GraphSource {
  return {
    faulty: FAULTY,
    origin: supergraphFile,
    async load(before) {
      const [supergraph, directory] = [
        await keepOnFault(log, before?.supergraph, () => loadSupergraph(supergraphFile, before?.supergraph)),
        await keepOnFault(log, before?.directory, () => loadMembers(membersFile)),
      ];
      return { supergraph, directory, variants: new Map() };
    },
    watch(changed) {
      const files = [supergraphFile, ...(membersFile === undefined ? [] : [membersFile])];
      const watches = files.map((file) => watchFile(file, changed));
      return () => {
        for (const end of watches) end();
      };
    },
  };
}

async function loadSupergraph(file: string, before: Supergraph | undefined): Promise<Supergraph> {
  const sdl = await read(file, "supergraph");
  return before?.sdl === sdl ? before : readSupergraph(sdl, file);
}

async function loadMembers(file: string | undefined): Promise<MemberDirectory> {
  return file === undefined ? NO_MEMBERS : readMembers(await read(file, "members"), file);
}

async function read(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (error as Error).message;
    throw new StartError(
      `cannot read ${file}: ${reason}.`,
      `Give the path of a readable file with --${option}.`,
    );
  }
}

async function keepOnFault<T>(log: Logger, lastGood: T | undefined, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof StartError) || lastGood === undefined) throw error;
    log.error({ fault: error.message }, FAULTY);
    return lastGood;
  }
}
