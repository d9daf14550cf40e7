/**
 * Where a program's processor time went, from the profile that Node writes (`--cpu-prof`).
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** As V8 writes it: the calls as a tree, and which of them was on top at each sample. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Microseconds. */
  readonly endTime: number;
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Not work of the program. */
const WAITING = new Set(["(idle)", "(program)", "(root)"]);

/**
 * The functions with the largest self time, one line each, with their share of the busy time.
 * @param seconds of the profile's end that count: what came before was the start and the warm-up
 * @returns undefined when there is no profile: the program does not run on Node
 */
export async function topFunctions(
  directory: string,
  seconds: number,
  count = 25,
): Promise<string | undefined> {
  const files = await readdir(directory).catch(() => []);
  const file = files.find((name) => name.endsWith(".cpuprofile"));
  if (file === undefined) return undefined;
  const profile = JSON.parse(await readFile(join(directory, file), "utf8")) as Profile;
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const from = profile.endTime - seconds * 1e6;
  const self = new Map<string, number>();
  let at = profile.startTime;
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const name = names.get(id) ?? "?";
    if (at < from || WAITING.has(name)) continue;
    self.set(name, (self.get(name) ?? 0) + delta);
    busy += delta;
  }
  const top = [...self].sort(([, one], [, other]) => other - one).slice(0, count);
  const lines = top.map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`busy ${(busy / 1e6).toFixed(2)} s of the last ${seconds.toFixed(1)} s`, ...lines].join("\n");
}

function nameOf({ functionName, url, lineNumber }: Profile["nodes"][number]["callFrame"]): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const file = url.startsWith("file://") ? relative(ROOT, fileURLToPath(url)) : url;
  return `${name}  ${file.replace(/^node_modules\//, "")}:${lineNumber + 1}`;
}
