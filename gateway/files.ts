/**
 * A graph from files: the supergraph and the members, each loaded anew when it changes.
 */
import { readFile } from "node:fs/promises";
import { StartError } from "../process/lifecycle.ts";
import type { Logger } from "../process/log.ts";
import { readSettingsText } from "../process/settings-file.ts";
import { type AnswerKeys, NO_ANSWER_KEYS, readAnswerKeys } from "./answer-keys.ts";
import type { GraphSource } from "./graph-source.ts";
import { type MemberDirectory, NO_MEMBERS, readMembers } from "./members.ts";
import { type GrantDirectory, NO_GRANTS, readGrantsFile } from "./trust/grants-file.ts";
import { readSupergraph, type Supergraph } from "./supergraph.ts";
import { watchFile } from "../process/watch.ts";

const FAULTY = "a changed file is faulty, the last good one stays";

/** Names of files; each may be left out. */
export interface FilesBeside {
  readonly members?: string | undefined;
  readonly answerKeys?: string | undefined;
  readonly grants?: string | undefined;
}

export function fileSource(
  supergraphFile: string,
  { members: membersFile, answerKeys: answerKeysFile, grants: grantsFile }: FilesBeside,
  log: Logger,
): GraphSource {
  return {
    faulty: FAULTY,
    origin: supergraphFile,
    async load(before) {
      const [supergraph, directory, answerKeys, grants] = [
        await keepOnFault(log, before?.supergraph, () => loadSupergraph(supergraphFile, before?.supergraph)),
        await keepOnFault(log, before?.directory, () => loadMembers(membersFile)),
        await keepOnFault(log, before?.answerKeys, () => loadAnswerKeys(answerKeysFile)),
        await keepOnFault(log, before?.grants, () => loadGrants(grantsFile)),
      ];
      return { supergraph, directory, answerKeys, grants, variants: new Map() };
    },
    watch(changed) {
      const files = [supergraphFile, membersFile, answerKeysFile, grantsFile].filter(
        (file) => file !== undefined,
      );
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

async function loadAnswerKeys(file: string | undefined): Promise<AnswerKeys> {
  if (file === undefined) return NO_ANSWER_KEYS;
  return readAnswerKeys(await readSettingsText(file, "The trust file names it (answerKeys)."), file);
}

async function loadGrants(file: string | undefined): Promise<GrantDirectory> {
  if (file === undefined) return NO_GRANTS;
  return readGrantsFile(await readSettingsText(file, "The trust file names it (grants)."), file);
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
