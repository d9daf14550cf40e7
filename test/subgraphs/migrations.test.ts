import { readFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { type Database, ensureDatabase } from "../../process/database.ts";
import { openDatabase } from "../../subgraphs/kit/database.ts";
import { dropDatabase, freshDatabaseUrl } from "../setup/database.ts";

let url: string | undefined;
let database: Database | undefined;

afterEach(async () => {
  await database?.close();
  if (url !== undefined) await dropDatabase(url);
});

/** A database as the first migrations left it. */
async function before(...files: readonly string[]): Promise<Database> {
  url = freshDatabaseUrl();
  await ensureDatabase(url);
  database = openDatabase(url);
  await run(database, ...files);
  return database;
}

async function run(db: Database, ...files: readonly string[]): Promise<void> {
  for (const file of files)
    await db.query(await readFile(new URL(`../../subgraphs/${file}`, import.meta.url), "utf8"));
}

test("legs, history and kept answers of the centre find their dossier by its number", async () => {
  const db = await before("kit/migrations/0001_writing.sql", "center/migrations/0002_center.sql");
  await db.query(
    `insert into dossier (id, code, procedure_code, procedure_name, agency_code, applicant_kind, applicant_name, channel,
       state, received_at, due_at, received_by)
     select id, 'H56-260101-' || id, '1.000001', '', 'H56', 1, '', 1, 2, now(), now(), '' from generate_series(7, 8) id`,
  );
  await db.query(
    `insert into dossier_leg (dossier_code, position, agency_code, procedure_code, days, due_at)
     select code, 1, 'H56.14', '1.000001', 3, due_at from dossier`,
  );
  await db.query(
    "insert into dossier_event (dossier_code, sequence, at, to_state) select code, 1, now(), 2 from dossier",
  );
  await db.query(
    `insert into idempotency (key, operation, fingerprint, answer)
     values ('key-0001', 'receiveDossier', '', '{"dossier": {"code": "H56-260101-8"}}')`,
  );
  await run(db, "center/migrations/0003_by_id.sql");
  expect(await db.query("select dossier_id as id from dossier_leg order by 1")).toEqual([
    { id: 7 },
    { id: 8 },
  ]);
  expect(await db.query("select dossier_id as id from dossier_event order by 1")).toEqual([
    { id: 7 },
    { id: 8 },
  ]);
  expect(await db.query("select answer from idempotency")).toEqual([
    { answer: { dossier: { code: "H56-260101-8", id: 8 } } },
  ]);
  await expect(db.query("delete from dossier_event")).rejects.toThrow("append-only");
});

test("steps of a case keep their order, and what is not known of them", async () => {
  const db = await before(
    "kit/migrations/0001_writing.sql",
    "kit/sources/tables/migrations/0002_contract.sql",
  );
  const steps = [
    { name: "Tiếp nhận", officer: "CB01", startedAt: "2026-03-02T01:00:00Z", finishedAt: null },
    { name: "Ký duyệt", officer: null, startedAt: null, finishedAt: null },
  ];
  await db.query(
    `insert into procedure (code, name, field, level, statutory_days, committed_days, online_level, one_stop_kind,
       decision, issued_on, valid_from)
     values ('1.000001', '', '', 'PROVINCE', 3, 3, 'FULL', 'ONE_STOP', '', '2026-01-01', '2026-01-01')`,
  );
  await db.query(
    `insert into agency_case (dossier_code, procedure_code, state, received_at, due_at, steps)
     select 'H56-260101-' || place, '1.000001', 4, now(), now(), steps
     from unnest($1::jsonb[]) with ordinality as given (steps, place)`,
    [[JSON.stringify(steps), "[]"]],
  );
  await run(db, "kit/sources/tables/migrations/0004_case_steps.sql");
  const stored = await db.query(
    `select step_names as names, step_officers as officers, step_started as started, step_finished as finished
     from agency_case order by dossier_code`,
  );
  expect(stored).toEqual([
    {
      names: ["Tiếp nhận", "Ký duyệt"],
      officers: ["CB01", null],
      started: [new Date("2026-03-02T01:00:00Z"), null],
      finished: [null, null],
    },
    { names: [], officers: [], started: [], finished: [] },
  ]);
});
