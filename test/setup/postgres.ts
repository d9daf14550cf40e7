/**
 * One PostgreSQL for a whole test run, in a temporary directory, on a free port.
 * Tests read its address with `inject("postgresUrl")`; each test file makes databases of its own in it.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../../process/postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's, on the database `postgres`. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "lienthong-test-postgres-"));
  const postgres = await startPostgres({ directory, temporary: true, settings: { max_connections: "300" } });
  project.provide("postgresUrl", postgres.url);
  return () => postgres.stop();
}
