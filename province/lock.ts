/**
 * One province to a data directory: a file names the process that runs it.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../process/lifecycle.ts";

interface Holder {
  readonly pid: number;
  /** When that process began; "" where the machine does not tell. A number alone may by now be somebody else's. */
  readonly began: string;
}

/**
 * Makes the data directory and takes it. The file of a process that was killed is no obstacle.
 * @returns what gives it back.
 * @throws StartError when another province runs on it, or when it cannot be written.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, "lock");
  const self: Holder = { pid: process.pid, began: await beginningOf(process.pid) };
  try {
    await mkdir(directory, { recursive: true });
    // Two tries: the first may find the file of a process that no longer exists.
    for (const lastTry of [false, true]) {
      try {
        await writeFile(path, JSON.stringify(self), { flag: "wx", mode: 0o644 });
        break;
      } catch (error) {
        if (lastTry || (error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const holder = await readHolder(path);
        if (holder && (await isRunning(holder)))
          throw new StartError(
            `a province already runs on ${directory}: process ${holder.pid}`,
            `Stop it (kill ${holder.pid}), or start another beside it with --data DIR --port PORT.`,
          );
        await rm(path, { force: true });
      }
    }
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `the data directory ${directory} cannot be written: ${(error as Error).message}`,
      "Choose another with --data DIR, or give yourself the right to write there.",
      { cause: error },
    );
  }
  return () => rm(path, { force: true });
}

/** Undefined when the file is not readable as a whole: its writer was killed while writing. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    return typeof holder.pid === "number" ? { pid: holder.pid, began: String(holder.began) } : undefined;
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, began }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process exists all the same.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return (await beginningOf(pid)) === began;
}

/** Linux: ticks from boot to the start of the process, field 22 of /proc/PID/stat, and the boot's own name. */
async function beginningOf(pid: number): Promise<string> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // The second field is the program's name in brackets, and may hold anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? "ended" : `${boot.trim()} ${rest[18]}`;
  } catch {
    return "";
  }
}
