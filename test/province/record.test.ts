import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecordFile } from "../../gateway/record/settings.ts";
import { prepareRecord, recordFile } from "../../province/record.ts";

test("the record file is one that the gateway reads, and its owner's only", async () => {
  const data = await mkdtemp(join(tmpdir(), "province-record-"));
  await prepareRecord(data, "postgres://user:secret@127.0.0.1:5432/postgres", "sample_");
  // At every start: the server may listen elsewhere.
  await prepareRecord(data, "postgres://user:secret@127.0.0.1:5433/postgres", "sample_");
  const settings = await readRecordFile(recordFile(data));
  const { mode } = await stat(recordFile(data));
  await rm(data, { recursive: true });
  expect(settings).toMatchObject({
    database: "postgres://user:secret@127.0.0.1:5433/sample_record",
    keyFile: join(data, "record", "record.key.json"),
    checkpointFile: join(data, "record", "checkpoints.jsonl"),
  });
  expect(mode & 0o777).toBe(0o600);
});
