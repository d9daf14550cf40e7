import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededMigrations, startLocalDatabase } from "../../../../subgraphs/kit/agency/local-database.ts";
import { openDatabase } from "../../../../subgraphs/kit/database.ts";

const TABLES = seededMigrations(undefined, true);

let folder: string;
let seed: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "local-"));
  const file = join(folder, "seed.sql");
  await writeFile(
    file,
    "insert into officer values ('CB01', 'An', 'Cán bộ'); insert into officer values ('CB02', 'Bình', 'Cán bộ');",
  );
  seed = pathToFileURL(file);
});
afterAll(() => rm(folder, { recursive: true }));

async function officers(url: string): Promise<string[]> {
  const database = openDatabase(url, 1);
  const rows = await database.query<{ code: string }>("select code from officer order by code");
  await database.close();
  return rows.map(({ code }) => code);
}

test("a new one has the contract's tables with the first rows; they come once", async () => {
  const directory = join(folder, "kept");
  const first = await startLocalDatabase({ directory, seed }, TABLES);
  expect(await officers(first.url)).toEqual(["CB01", "CB02"]);
  await first.stop();
  const second = await startLocalDatabase({ directory, seed }, TABLES);
  expect(await officers(second.url)).toEqual(["CB01", "CB02"]);
  await second.stop();
});

test("a seed that fails is told, and leaves nothing that counts as filled", async () => {
  const directory = join(folder, "faulty");
  const missing = pathToFileURL(join(folder, "none.sql"));
  await expect(startLocalDatabase({ directory, seed: missing }, TABLES)).rejects.toThrow("none.sql");
  const mended = await startLocalDatabase({ directory, seed }, TABLES);
  expect(await officers(mended.url)).toHaveLength(2);
  await mended.stop();
});

test("a temporary one takes its directory along", async () => {
  const directory = join(folder, "temporary");
  const { stop } = await startLocalDatabase({ directory, temporary: true }, TABLES);
  await stop();
  expect(await readdir(folder)).not.toContain("temporary");
});
