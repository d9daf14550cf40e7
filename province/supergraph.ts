/**
 * The province's own supergraph, with the addresses of its programs.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { StartError } from "../process/lifecycle.ts";
import { headerOf, readSources } from "../schema/build/sources.ts";
import { ROOT } from "./programs.ts";

export interface SupergraphOptions {
  /** Directory of the SDL files. */
  readonly schema: string;
  readonly urls: Readonly<Record<string, string>>;
  /** File to write. */
  readonly output: string;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Composes it, unless the file already is what would come out. In a process of its own: composition takes a second of
 * one processor and 100 MB, neither of which the supervisor should keep.
 * @throws StartError naming every fault of the SDL.
 */
export async function ensureSupergraph({ schema, urls, output, signal }: SupergraphOptions): Promise<void> {
  const header = headerOf(await readSources(schema, urls));
  const before = await readFile(output, "utf8").catch(() => "");
  if (before.startsWith(`${header}\n`)) return;
  const flags = [`--schema=${schema}`, `--output=${output}`];
  const urlFlags = Object.entries(urls).map(([name, url]) => `--url=${name}=${url}`);
  try {
    const program = join(ROOT, "schema", "build", "compose.ts");
    await promisify(execFile)(process.execPath, [program, ...flags, ...urlFlags], { signal });
  } catch (error) {
    const { stderr = String(error) } = error as { stderr?: string };
    const [what = "", ...mend] = stderr
      .replace(/^error: /, "")
      .trim()
      .split("\n");
    throw new StartError(what, mend.join("\n").trim(), { cause: error });
  }
}
