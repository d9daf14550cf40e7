import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Recorded, startRecorded } from "../../gateway/record/persons.ts";
import { lienthong } from "../running.ts";

let recorded: Recorded;
let directory: string;
const audit = (...args: string[]) => lienthong(["audit", ...args, "--record", recorded.file]);
/** Of all that is recorded, whenever the test runs. */
const day = "2026-03-02";
const dayAfter = "2026-03-03";

beforeAll(async () => {
  vi.useFakeTimers({ now: new Date(`${day}T08:30:00Z`), toFake: ["Date"] });
  recorded = await startRecorded();
  directory = await mkdtemp(join(tmpdir(), "audit-"));
  const clerk = await recorded.as("clerk");
  const read = (id: number, headers = {}) =>
    recorded.gateway.ask(`{ person(id: ${id}) { name } }`, {}, headers);
  await read(1, { ...clerk, "x-purpose": "care" });
  await read(2, clerk);
  await read(1);
  await recorded.gateway.ask("{ person(id: 1) { mail } }", {}, clerk);
  // With its last checkpoint.
  await recorded.gateway.stop();
  vi.useRealTimers();
});
afterAll(async () => {
  await recorded?.close();
  await rm(directory, { recursive: true });
});

test("verify, export, and the export verified elsewhere by the public key alone", async () => {
  const verified = await audit("verify");
  expect(verified.code).toBe(0);
  expect(verified.out).toMatch(
    /^4 entries, \d checkpoints\nthe record is as the gateway wrote it: nothing was changed, removed or put in\n$/,
  );
  const out = join(directory, "record.jsonl");
  expect((await audit("export", out)).out).toBe(`4 entries, with their proofs: ${out}\n`);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  expect((await audit("export", out)).code).toBe(1);

  const key = join(directory, "gateway.pub");
  const told = (await audit("key")).out;
  expect(told).not.toContain('"d"');
  await writeFile(key, told);
  const check = (file: string) =>
    lienthong(["audit", "verify", "--export", file, "--public-key", key, "--json"]);
  expect((await check(out)).json()).toMatchObject({ ok: true, entries: 4, vouchedUpTo: 4 });
  const forged = join(directory, "forged.jsonl");
  await writeFile(forged, (await readFile(out, "utf8")).replace('"seq":2,"body":"{', '"seq":2,"body":"{ '));
  const found = await check(forged);
  expect([found.code, found.json()]).toMatchObject([1, { faults: [{ kind: "ENTRY_FORGED", seq: 2 }] }]);
  expect((await audit("verify", "--export", out)).code).toBe(2);
});

test("one line proves its entry, of an export or printed alone", async () => {
  const key = join(directory, "lines.pub");
  await writeFile(key, (await audit("key")).out);
  const line = join(directory, "entry-2.json");
  await writeFile(line, (await audit("prove", "2")).out);
  const check = (file: string) => lienthong(["audit", "verify", "--lines", file, "--public-key", key]);
  expect((await check(line)).out).toBe("1 of 1 entries are in the record that the gateway signed\n");
  const exported = (await readFile(join(directory, "record.jsonl"), "utf8")).split("\n");
  await writeFile(line, exported.filter((each) => each.includes('"seq":3,"body"')).join("\n"));
  expect((await check(line)).out).toBe("1 of 1 entries are in the record that the gateway signed\n");
  await writeFile(line, (await readFile(line, "utf8")).replace("Person.name", "Person.mail"));
  const forged = await check(line);
  expect([forged.code, forged.out]).toEqual([1, expect.stringContaining("entry 3: ENTRY_FORGED")]);
  expect((await audit("prove", "9")).err).toContain("there is no entry 9");
  expect((await audit("verify", "--lines", line)).code).toBe(2);
});

test("who reads, what for, when, and what was refused", async () => {
  const told = await audit("who");
  expect(told.out).toBe(`4 entries: 3 answers with personal data, 1 refusals, 2 callers

readers
  PERSONS  ANSWERS  REFUSALS  WHO                        PURPOSES
  2        2        1         c-1 / clerk / development  care 1, none 1
  1        1        0         (nobody known)             none 1

purposes
  TIMES
  2      none
  1      care

days
  TIMES
  3      ${day}

refused
  TIMES
  1      Person.mail
`);
  const found = (await audit("who", "--from", dayAfter, "--json")).json();
  expect(found).toMatchObject({ ok: true, entries: 0, callers: [] });
});

test("what was tampered with is told by its entry, and nothing is pruned from it", async () => {
  await recorded.database.query("alter table entry disable trigger all");
  const [row] = await recorded.database.query<{ body: string }>("select body from entry where seq = 2");
  await recorded.database.query("update entry set body = $1 where seq = 2", [
    row!.body.replace("Person", "person"),
  ]);
  const verified = await audit("verify");
  const pruned = await audit("prune", "--before", dayAfter);
  await recorded.database.query("update entry set body = $1 where seq = 2", [row!.body]);
  await recorded.database.query("alter table entry enable trigger all");
  expect(verified.code).toBe(1);
  expect(verified.out).toContain("entry 2: ENTRY_FORGED: the entry is not what the gateway signed");
  expect(pruned.code).toBe(1);
  expect(pruned.out).toContain("nothing was taken away");
  expect(await recorded.database.query("select count(*) as count from entry")).toEqual([{ count: 4 }]);
});

test("prune takes away what is old, and the rest can still be verified", async () => {
  expect((await audit("prune", "--before", "2020-01-01")).out).toBe("nothing is of before 2020-01-01\n");
  expect((await audit("prune", "--before", dayAfter)).out).toBe("3 entries taken away, up to entry 3\n");
  const verified = await audit("verify", "--json");
  expect(verified.json()).toMatchObject({
    ok: true,
    entries: 1,
    prunedUpTo: 3,
    lastEntry: 4,
  });
  expect(await recorded.database.query("select seq from entry")).toEqual([{ seq: 4 }]);
  await expect(recorded.database.query("delete from entry")).rejects.toThrow("entry 4 is kept");
  // What is left can be proved still, though its tree was over entries that are gone.
  expect((await audit("prove", "4", "--json")).json()).toMatchObject({ seq: 4, path: [] });
  expect((await audit("prune", "--before", "soon")).code).toBe(2);
});

test("keys are changed and retired, and the record is verified across the change", async () => {
  const before = join(directory, "before.pub");
  await writeFile(before, (await audit("key")).out);
  const rotated = await audit("rotate");
  expect(rotated.out).toMatch(/^the new key is [\w-]{43}\nrestart every gateway/);
  expect((await audit("rotate", "--subjects")).out).toMatch(/^the new key is [\w-]{16}\n/);
  const early = await audit("retire");
  expect([early.code, early.err]).toEqual([1, expect.stringContaining("entry, 4, is not signed by the new")]);
  expect((await audit("retire", "--now")).out).toMatch(
    /^[\w-]{43} signs no more\n[\w-]{16} makes no pseudonym/,
  );
  expect((await audit("key")).out.trim().split("\n")).toHaveLength(2);
  for (const args of [[], ["--public-key", before]])
    expect((await audit("verify", ...args, "--json")).json()).toMatchObject({ ok: true, lastEntry: 4 });
});
