/**
 * Where a program's processor time went, from the profile that Node writes (`--cpu-prof`).
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** As V8 writes it: the calls as a tree, and which of them was on top at each sample. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  /** Microseconds. */
  readonly endTime: number;
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARTS = 10;
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
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const from = profile.endTime - seconds * 1e6;
  const functions = new Map<string, number>();
  const parts = new Map<string, number>();
  let at = profile.startTime;
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const frame = frames.get(id);
    if (frame === undefined || at < from || WAITING.has(frame.functionName)) continue;
    add(functions, nameOf(frame), delta);
    add(parts, partOf(frame), delta);
    busy += delta;
  }
  const share = ([name, time]: readonly [string, number]) =>
    `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`;
  return [
    `${(busy / 1e6).toFixed(2)} s of the last ${seconds.toFixed(1)} s`,
    ...largest(functions, count).map(share),
    "and by part:",
    ...largest(parts, PARTS).map(share),
  ].join("\n");
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function largest(times: ReadonlyMap<string, number>, count: number): readonly (readonly [string, number])[] {
  return [...times].sort(([, one], [, other]) => other - one).slice(0, count);
}

/** A package, a directory of this project, or what Node brings. */
function partOf({ functionName, url }: Frame): string {
  if (url === "") return functionName === "(garbage collector)" ? functionName : "(native)";
  if (!url.startsWith("file://")) return url.startsWith("node:") ? "node" : url;
  const file = relative(ROOT, fileURLToPath(url));
  const inside = file.split("node_modules/").at(-1) ?? file;
  const [first = "", second = ""] = inside.split("/");
  return inside === file || first.startsWith("@") ? `${first}/${second}` : first;
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const file = url.startsWith("file://") ? relative(ROOT, fileURLToPath(url)) : url;
  return `${name}  ${file.replace(/^node_modules\//, "")}:${lineNumber + 1}`;
}
