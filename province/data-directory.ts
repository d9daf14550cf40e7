/**
 * The data directory of `npm start`, and what it keeps there of compiled code.
 */
import { readdirSync } from "node:fs";
import { getCompileCacheDir } from "node:module";
import { resolve } from "node:path";

export const DEFAULT_DATA = ".data";

/** Compiled code is kept here from one start to the next. */
export function cacheDirectoryOf(data: string): string {
  return resolve(data, "cache");
}

/** Whether an earlier start by the same version of Node has left compiled code. */
export function isCacheWarm(): boolean {
  const directory = getCompileCacheDir();
  return directory !== undefined && readdirSync(directory).length > 0;
}
