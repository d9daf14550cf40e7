import { afterAll, beforeAll, expect, test } from "vitest";
import { readBody } from "../../../gateway/record/entry.ts";
import { RECORD_MIGRATIONS } from "../../../gateway/record/recorder.ts";
import { readEntriesOf } from "../../../gateway/record/sql.ts";
import { migrate } from "../../../process/database.ts";
import { createDatabase, type TestDatabase } from "../../setup/database.ts";
import { type Recorded, startRecorded } from "./persons.ts";

const AN = "001088000001";
const BINH = "001088000002";

let recorded: Recorded;
let pseudonym: (subject: string) => string;
beforeAll(async () => {
  recorded = await startRecorded();
  ({ pseudonym } = await recorded.keys());
  for (const id of ["1", "2", "1", "3", "1"])
    await recorded.gateway.ask(`query Of${id} { person(id: ${id}) { name number } }`);
  await recorded.gateway.ask("query All { people { name } order(id: 7) { total } }");
});
afterAll(() => recorded?.close());

async function found(subjects: readonly string[], page: object = {}): Promise<number[]> {
  const all = { from: undefined, to: undefined, before: undefined, limit: 100, ...page };
  const rows = await readEntriesOf(recorded.database, { pseudonyms: subjects.map(pseudonym), ...all });
  return rows.map(({ seq }) => seq);
}

test("the readings of a subject's data are found, and no others, latest first", async () => {
  expect(await found([AN])).toEqual([6, 5, 3, 1]);
  expect(await found([BINH])).toEqual([6, 2]);
  expect(await found(["001088000003"])).toEqual([]);
  expect(await found([])).toEqual([]);
});

test("a page goes on before an entry, and has as many as were asked for", async () => {
  expect(await found([AN], { limit: 2 })).toEqual([6, 5]);
  expect(await found([AN], { limit: 2, before: 5 })).toEqual([3, 1]);
});

test("from and to bound the time, the end not included", async () => {
  const rows = await recorded.database.query<{ body: string }>("select body from entry order by seq");
  const times = rows.map(({ body }) => new Date(readBody(body)!.at));
  expect(await found([AN], { from: times[2] })).toEqual([6, 5, 3]);
  expect(await found([AN], { to: times[2] })).toEqual([1]);
});

test("an index that somebody changed is found out", async () => {
  const entry = `from subject_entry where seq = 2 and pseudonym = '${pseudonym(BINH)}'`;
  const [row] = await recorded.database.query<{ at: Date }>(`select at ${entry}`);
  await recorded.database.query(`delete ${entry}`);
  expect((await recorded.verify()).faults).toEqual([{ kind: "INDEX_DIFFERS", seq: 2 }]);
  await recorded.database.query("insert into subject_entry values ($1, 2, $2), ('other', 2, $2)", [
    pseudonym(BINH),
    row?.at,
  ]);
  expect((await recorded.verify()).faults).toEqual([{ kind: "INDEX_DIFFERS", seq: 2 }]);
  await recorded.database.query("delete from subject_entry where pseudonym = 'other'");
  expect((await recorded.verify()).faults).toEqual([]);
});

test("what was recorded before there was an index is in it", async () => {
  const database: TestDatabase = await createDatabase([]);
  await migrate(database.url, [RECORD_MIGRATIONS]);
  // As the first migration left it, with what was written then.
  await database.query("drop function append_entries; drop table subject_entry");
  await database.query("delete from migration where name like '0002%'");
  const body = JSON.stringify({
    at: "2026-01-02T03:04:05.678Z",
    caller: { subject: "\u0000 \\u0000" },
    reads: [
      { fields: ["Person.name"], subjects: ["p1", "p2"] },
      { fields: ["Person.mail"], subjects: ["p1"] },
      { fields: ["Person.town"], subjects: [] },
    ],
  });
  await database.query("insert into entry values (1, $1, '', '', '')", [body]);
  await database.query(
    "create function append_entries(text[], bytea[]) returns int language sql as 'select 1'",
  );
  await migrate(database.url, [RECORD_MIGRATIONS]);
  const index = await database.query("select pseudonym, seq, at from subject_entry order by pseudonym");
  await database.close();
  const at = new Date("2026-01-02T03:04:05.678Z");
  expect(index).toEqual([
    { pseudonym: "p1", seq: 1, at },
    { pseudonym: "p2", seq: 1, at },
  ]);
});
