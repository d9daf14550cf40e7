/**
 * As whom PostgreSQL runs. It refuses to run as root, so root hands it to the user `postgres`.
 */
import { type ChildProcess, execFile, spawn, type SpawnOptions } from "node:child_process";
import { chown, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { StartError } from "../lifecycle.ts";

const run = promisify(execFile);

/** Capability number of CAP_DAC_READ_SEARCH, from linux/capability.h. */
const DAC_READ_SEARCH = 2n;

/** Another user than the one who runs this program. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** The command in front of a program that makes it run as this user; without it, spawn changes the user. */
  readonly prefix: readonly string[] | undefined;
  give(path: string): Promise<void>;
}

/**
 * The user to run the server of this cluster, or undefined for the one who runs this program. For root: the owner of
 * an existing cluster, else the user `postgres`, who is created when missing.
 */
export async function ownerOf(cluster: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await stat(cluster).catch(() => undefined);
  const { uid, gid } = existing && existing.uid !== 0 ? existing : await postgresUser();
  return { uid, gid, prefix: await searchingPrefix(uid, gid), give: (path) => chown(path, uid, gid) };
}

export function asUser(
  owner: Owner | undefined,
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  if (owner?.prefix) {
    const [command = "", ...rest] = [...owner.prefix, program, ...args];
    return spawn(command, rest, options);
  }
  return spawn(program, args, owner ? { ...options, uid: owner.uid, gid: owner.gid } : options);
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const found = await readUser().catch(() => undefined);
  if (found) return found;
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
    return await readUser();
  } catch (error) {
    throw new StartError(
      "PostgreSQL does not run as root, and a user postgres could not be created",
      "Create a user postgres, or run as an ordinary user, or give DATABASE_URL.",
      { cause: error },
    );
  }
}

async function readUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Root may have cloned the project below a directory that nobody else can enter (0700). The right to read and search,
 * and no other right of root, lets the server come through. Undefined where setpriv or that right is missing: the
 * server then needs directories that everybody may enter.
 */
async function searchingPrefix(uid: number, gid: number): Promise<readonly string[] | undefined> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const permitted = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  if (((permitted >> DAC_READ_SEARCH) & 1n) === 0n) return undefined;
  const prefix = [
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    // PostgreSQL looks for its own files with access(2), which otherwise leaves capabilities out of account.
    "--securebits=+no_setuid_fixup",
    "--",
  ];
  // Some setpriv do not know ambient capabilities.
  return run(prefix[0] as string, [...prefix.slice(1), "true"]).then(
    () => prefix,
    () => undefined,
  );
}
