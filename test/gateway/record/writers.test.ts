import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { verifyDatabase } from "../../../gateway/record/audit.ts";
import { ensureRecordKeys } from "../../../gateway/record/keys.ts";
import { RECORD_MIGRATIONS } from "../../../gateway/record/recorder.ts";
import { createDatabase } from "../../setup/database.ts";
import { startProgram } from "../../setup/program.ts";

/** Enough that the second begins before the first has ended, also where one of them has to wait for a processor. */
const ENTRIES = 800;

test("processes that write at once keep one unbroken chain", async () => {
  const directory = await mkdtemp(join(tmpdir(), "writers-"));
  const database = await createDatabase([RECORD_MIGRATIONS]);
  onTestFinished(async () => {
    await database.close();
    await rm(directory, { recursive: true });
  });
  const [keyFile, checkpointFile] = [join(directory, "record.key"), join(directory, "checkpoints.jsonl")];
  await ensureRecordKeys(keyFile);
  const args = [database.url, keyFile, checkpointFile, String(ENTRIES), "50"];
  const writers = [1, 2].map(() => startProgram("test/gateway/record/writer.ts", args));
  await Promise.all(writers.map((each) => each.ready()));
  for (const { child } of writers) child.send("begin");
  expect(await Promise.all(writers.map((each) => each.ended()))).toEqual([0, 0]);
  for (const { output } of writers)
    expect((JSON.parse(output.out) as { times: number[] }).times).toHaveLength(ENTRIES);
  const settings = {
    database: database.url,
    keyFile,
    checkpointFile,
    personRoles: [],
    requirePurpose: false,
  };
  const { faults, entries, writers: numbers } = await verifyDatabase(settings);
  expect([faults, entries, [...numbers.values()]]).toEqual([[], 2 * ENTRIES, [ENTRIES, ENTRIES]]);
  // They wrote at the same time, not one after the other.
  const order = await database.query<{ writer: string }>(
    "select body::jsonb ->> 'writer' as writer from entry order by seq",
  );
  const turns = order.filter(({ writer }, index) => index > 0 && writer !== order[index - 1]?.writer);
  expect(turns.length).toBeGreaterThan(1);
});
