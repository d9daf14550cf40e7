import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Recorded, startRecorded } from "../../gateway/record/persons.ts";
import { lienthong } from "../running.ts";

let recorded: Recorded;
let directory: string;
const audit = (...args: string[]) => lienthong(["audit", ...args, "--record", recorded.file]);
const DAY_MS = 86_400_000;
const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);

beforeAll(async () => {
  recorded = await startRecorded();
  directory = await mkdtemp(join(tmpdir(), "audit-"));
  for (const id of ["1", "2", "3"]) await recorded.gateway.ask(`{ person(id: ${id}) { name } }`);
  // With its last checkpoint.
  await recorded.gateway.stop();
});
afterAll(async () => {
  await recorded?.close();
  await rm(directory, { recursive: true });
});

test("verify, export, and the export verified elsewhere by the public key alone", async () => {
  const verified = await audit("verify");
  expect(verified.code).toBe(0);
  expect(verified.out).toBe(
    "3 entries, 1 checkpoints\nthe record is as the gateway wrote it: nothing was changed, removed or put in\n",
  );
  const out = join(directory, "record.jsonl");
  expect((await audit("export", out)).out).toBe(`3 entries, with their proofs: ${out}\n`);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect((await audit("export", out)).code).toBe(1);

  const key = join(directory, "gateway.pub");
  const told = (await audit("key")).out;
  expect(told).not.toContain('"d"');
  await writeFile(key, told);
  const check = (file: string) =>
    lienthong(["audit", "verify", "--export", file, "--public-key", key, "--json"]);
  expect((await check(out)).json()).toMatchObject({ ok: true, entries: 3, checkpoints: 1, vouchedUpTo: 3 });
  const forged = join(directory, "forged.jsonl");
  await writeFile(forged, (await readFile(out, "utf8")).replace('"seq":2,"body":"{', '"seq":2,"body":"{ '));
  const found = await check(forged);
  expect([found.code, found.json()]).toMatchObject([1, { faults: [{ kind: "ENTRY_FORGED", seq: 2 }] }]);
  expect((await audit("verify", "--export", out)).code).toBe(2);
});

test("what was tampered with is told by its entry, and nothing is pruned from it", async () => {
  await recorded.database.query("alter table entry disable trigger all");
  const [row] = await recorded.database.query<{ body: string }>("select body from entry where seq = 2");
  await recorded.database.query("update entry set body = $1 where seq = 2", [
    row!.body.replace("Person", "person"),
  ]);
  const verified = await audit("verify");
  const pruned = await audit("prune", "--before", tomorrow);
  await recorded.database.query("update entry set body = $1 where seq = 2", [row!.body]);
  await recorded.database.query("alter table entry enable trigger all");
  expect(verified.code).toBe(1);
  expect(verified.out).toContain("entry 2: ENTRY_FORGED: the entry is not what the gateway signed");
  expect(pruned.code).toBe(1);
  expect(pruned.out).toContain("nothing was taken away");
  expect(await recorded.database.query("select count(*) as count from entry")).toEqual([{ count: 3 }]);
});

test("prune takes away what is old, and the rest can still be verified", async () => {
  expect((await audit("prune", "--before", "2020-01-01")).out).toBe("nothing is of before 2020-01-01\n");
  expect((await audit("prune", "--before", tomorrow)).out).toBe("2 entries taken away, up to entry 2\n");
  const verified = await audit("verify", "--json");
  expect(verified.json()).toMatchObject({
    ok: true,
    entries: 1,
    checkpoints: 2,
    prunedUpTo: 2,
    lastEntry: 3,
  });
  expect(await recorded.database.query("select seq from entry")).toEqual([{ seq: 3 }]);
  await expect(recorded.database.query("delete from entry")).rejects.toThrow("entry 3 is kept");
  expect((await audit("prune", "--before", "soon")).code).toBe(2);
});
