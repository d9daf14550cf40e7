/**
 * Temporary files of a test run, its databases among them, are kept in memory where the machine has a file system for
 * that: a database is made, filled and dropped with half the processor time, and nobody waits for the disk.
 */
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What Linux keeps in memory; elsewhere it is missing. */
const MEMORY = "/dev/shm";
/** Bytes; a run takes a fifth of it at its fullest. */
const ROOM = 8 * 2 ** 30;

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["TMPDIR"] !== undefined || !(await hasRoom())) return undefined;
  await removeLeftBehind();
  const directory = await mkdtemp(join(MEMORY, `lienthong-test-${process.pid}-`));
  const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  // PostgreSQL, where root starts it, runs as another user.
  await chmod(directory, 0o755);
  if (!(await runsPrograms(directory))) {
    await remove();
    return undefined;
  }
  process.env["TMPDIR"] = directory;
  return remove;
}

async function hasRoom(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return Math.min(bavail * bsize, process.availableMemory()) >= ROOM;
}

/** By runs that were killed. */
async function removeLeftBehind(): Promise<void> {
  for (const name of await readdir(MEMORY)) {
    const [, pid] = /^lienthong-test-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(MEMORY, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's may not be told anything.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Containers often do not let it: what tests install could not be started. */
async function runsPrograms(directory: string): Promise<boolean> {
  const program = join(directory, "program");
  await writeFile(program, "#!/bin/sh\n", { mode: 0o755 });
  return spawnSync(program).status === 0;
}
