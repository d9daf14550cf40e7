/**
 * Subgraphs given on the command line: `NAME=FILE`, and `NAME=URL` beside it.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { SubgraphSource } from "../gateway/registry/compose.ts";
import { StartError } from "../process/lifecycle.ts";

const PAIR = /^([A-Za-z][\w-]*)=(.+)$/;

/** `tax=schema/tax.graphql` */
export const sourceFiles = z.array(z.string()).transform((given, check) => pairs(given, "NAME=FILE", check));

/** `tax=http://tax.example/graphql` */
export const sourceUrls = z.array(z.string()).transform((given, check) => {
  const urls = pairs(given, "NAME=URL", check);
  for (const [name, url] of urls)
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      check.addIssue({ code: "custom", message: `"${name}=${url}" names no http or https URL` });
  return urls;
});

/** @throws StartError naming every file that cannot be read */
export async function readSources(
  files: ReadonlyMap<string, string>,
  urls: ReadonlyMap<string, string>,
): Promise<SubgraphSource[]> {
  const stray = [...urls.keys()].find((name) => !files.has(name));
  if (stray !== undefined)
    throw new StartError(`--url names "${stray}", of which no file is given`, `Give ${stray}=FILE as well.`);
  return Promise.all(
    [...files].map(async ([name, file]) => ({
      name,
      file,
      url: urls.get(name) ?? "",
      sdl: await readSdlFile(file),
    })),
  );
}

/** @throws StartError */
export function readSdlFile(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: Error) => {
    throw new StartError(`cannot read ${file}: ${error.message}`, "Name a file of GraphQL SDL.", {
      cause: error,
    });
  });
}

function pairs(given: readonly string[], form: string, check: z.RefinementCtx): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const text of given) {
    const [, name, value] = PAIR.exec(text) ?? [];
    if (name === undefined || value === undefined)
      check.addIssue({ code: "custom", message: `"${text}" is not ${form}` });
    else if (read.has(name)) check.addIssue({ code: "custom", message: `"${name}" is given twice` });
    else read.set(name, value);
  }
  return read;
}
