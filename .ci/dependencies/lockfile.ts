/**
 * A lockfile of npm (version 3): what it must say of every package, so that what is installed is what was reviewed.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";

const packageSchema = z.object({
  version: z.string().optional(),
  /** Where it comes from; left out for the registry that npm is configured with. */
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
});

const lockfileSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
});

type LockedPackage = z.infer<typeof packageSchema>;

export interface Locked extends LockedPackage {
  /** `@scope/name` */
  readonly name: string;
  /** Where it is installed: `node_modules/a/node_modules/b` */
  readonly path: string;
}

/** All packages but the project itself. @throws ZodError when it is no such lockfile */
export async function readLockfile(file: string): Promise<readonly Locked[]> {
  const { packages } = lockfileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, locked]) => ({ ...locked, path, name: path.slice(path.lastIndexOf("node_modules/") + 13) }));
}

/** One line for each fault. */
export function lockfileFaults(locked: readonly Locked[]): readonly string[] {
  return locked.flatMap(({ path, resolved, link, ...rest }) => [
    ...(link === true ? [`${path}: is a link to a directory`] : []),
    ...(resolved === undefined || isTarballOfRegistry(resolved)
      ? []
      : [`${path}: comes from ${resolved}, which is no registry over HTTPS`]),
    ...(/^sha512-[\w+/]{86}==$/.test(rest.integrity ?? "") || isToolOfPlatform(rest)
      ? []
      : [`${path}: has no integrity by SHA-512`]),
  ]);
}

/** `https://registry.example/name/-/name-1.0.0.tgz`: not git, a file, or a tarball at some address. */
function isTarballOfRegistry(resolved: string): boolean {
  const { protocol, pathname } = URL.parse(resolved) ?? {};
  return protocol === "https:" && /\/-\/[^/]+\.tgz$/.test(pathname ?? "");
}

/** A tool's binary for some platform: npm locks it without integrity where the registry does not have it. */
function isToolOfPlatform({ dev, optional, os, cpu }: LockedPackage): boolean {
  return dev === true && optional === true && (os !== undefined || cpu !== undefined);
}
