/**
 * What recording costs: `node test/gateway/record/measure.ts`. Starts a PostgreSQL, adds 10,000 entries from one process, one at a
 * time and fifty at once, and tells the milliseconds that a reading waits for its entry, beside those of `select 1`.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensureRecordKeys } from "../../../gateway/record/keys.ts";
import { RECORD_MIGRATIONS } from "../../../gateway/record/recorder.ts";
import { openDatabase, prepareDatabase } from "../../../process/database.ts";
import { startPostgres } from "../../../process/postgres.ts";

const ENTRIES = 10_000;
const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

const directory = await mkdtemp(join(tmpdir(), "record-measure-"));
// As it is run: every commit is on the disk.
const postgres = await startPostgres({ directory: join(directory, "postgres"), settings: {} });
try {
  const keyFile = join(directory, "record.key");
  await ensureRecordKeys(keyFile);
  for (const atOnce of [1, 50]) {
    const url = new URL(postgres.url);
    url.pathname = `/record_${atOnce}`;
    await prepareDatabase(url.href, [RECORD_MIGRATIONS]);
    tell(`select 1, ${atOnce} at once`, await selectOne(url.href, atOnce));
    const args = [WRITER, url.href, keyFile, join(directory, "checkpoints"), String(ENTRIES), String(atOnce)];
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
    const { times, processor } = JSON.parse(stdout) as { times: number[]; processor: number };
    tell(`an entry, ${atOnce} at once`, times);
    const rate = Math.round((ENTRIES / (performance.now() - began)) * 1000);
    process.stdout.write(
      `  ${rate} a second, ${(processor / ENTRIES).toFixed(3)} ms of processor time each\n`,
    );
  }
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function selectOne(url: string, atOnce: number): Promise<number[]> {
  const database = openDatabase(url, 2);
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    for (let index = 0; index < ENTRIES / 10 / atOnce; index++) {
      const began = performance.now();
      await database.query("select 1");
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  await database.close();
  return times;
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  process.stdout.write(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
}
