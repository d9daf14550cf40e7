/**
 * What the processes of one test run compile is kept for each other: half of the time that a short process of ours takes
 * is reading the code of its packages.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "lienthong-test-code-"));
  process.env["NODE_COMPILE_CACHE"] = directory;
  // The last workers may still be writing.
  return () => rm(directory, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
}
