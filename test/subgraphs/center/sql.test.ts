import type { QueryResultRow } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type DossierSearch,
  findDossiers,
  findDossiersOfApplicants,
  searchDossiers,
} from "../../../subgraphs/center/sql.ts";
import type { Queryable } from "../../../process/database.ts";
import { type TestCenter, startCenter } from "./fixture.ts";

const ROWS = 30_000;
const ALL = { all: true };
const PAGE = { limit: 20, after: undefined };

let center: TestCenter;
beforeAll(async () => {
  center = await startCenter("center_sql");
  // A year of dossiers of 16 agencies: the last 2 % are open, every 61st was due the day after its reception.
  await center.database.query(
    `insert into dossier (code, legacy_code, procedure_code, procedure_name, agency_code, applicant_kind, applicant_name,
       personal_id, tax_code, channel, state, received_at, due_at, finished_at, received_by)
     select 'H56-260101-' || i, case when i % 50 = 0 then 'OLD-' || i end, '1.' || lpad((i * 7919 % 140)::text, 6, '0'),
       '', 'H56.' || i % 16, 1, '', lpad((i % 9000)::text, 12, '0'), lpad((i % 900)::text, 10, '0'), 1,
       case when i > $1 * 0.98 then case when i % 50 = 0 then 5 else 4 end when i % 97 = 0 then 7 else 10 end,
       now() - ($1 - i) * interval '365 days' / $1,
       now() - ($1 - i) * interval '365 days' / $1 + case when i % 61 = 0 then 1 else 8 end * interval '1 day',
       case when i <= $1 * 0.98 then now() - ($1 - i) * interval '365 days' / $1 + interval '5 days' end, ''
     from generate_series(1, $1::int) i`,
    [ROWS],
  );
  await center.database.query(
    `insert into dossier_leg (dossier_id, position, agency_code, procedure_code, days, due_at)
     select id, 1, agency_code, procedure_code, 3, due_at from dossier
     union all select id, 2, 'G12.56', procedure_code, 3, due_at from dossier where id % 5 = 0`,
  );
  await center.database.query("analyze dossier");
  await center.database.query("analyze dossier_leg");
});
afterAll(() => center.close());

/** PostgreSQL's plan of the statement that `read` sends. */
async function planOf(read: (db: Queryable) => Promise<unknown>): Promise<string> {
  let plan = "";
  await read({
    query: async <R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]> => {
      const rows = await center.database.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
      plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      return [];
    },
  });
  return plan;
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

describe("searchDossiers", () => {
  test.each<[string, Partial<DossierSearch>, string]>([
    ["nothing", {}, "dossier_received"],
    ["one state", { states: ["AWAITING_SUPPLEMENT"] }, "dossier_state"],
    ["several states", { states: ["AWAITING_SUPPLEMENT", "SUSPENDED"] }, "dossier_state"],
    ["an agency with many legs", { agencyCode: "G12.56" }, "dossier_leg_"],
    ["an agency without legs", { agencyCode: "H56.99" }, "dossier_leg_agency"],
    ["a procedure", { procedureCode: "1.000007" }, "dossier_procedure"],
    ["a period", { from: daysAgo(40), before: daysAgo(39) }, "dossier_received"],
    ["the overdue", { overdue: true }, "dossier_open"],
    ["the others", { overdue: false }, "dossier_received"],
    ["a citizen", { personalId: "000000000123" }, "dossier_personal_id"],
    ["a business", { taxCode: "0000000120" }, "dossier_tax_code"],
    ["a citizen's own", { audience: { all: false, personalId: "000000000123" } }, "dossier_personal_id"],
    ["a business' own", { audience: { all: false, taxCode: "0000000120" } }, "dossier_tax_code"],
    ["an agency's own", { audience: { all: false, agencyCode: "H56.99" } }, "dossier_leg_agency"],
  ])("by %s takes an index", async (_name, search, index) => {
    const plan = await planOf((db) =>
      searchDossiers(db, { audience: ALL, today: new Date(), ...search }, PAGE),
    );
    expect(plan).toContain(index);
    expect(plan).not.toContain("Seq Scan");
  });

  test("a page far down takes the index from its cursor on", async () => {
    const after = [String(daysAgo(300).getTime() * 1_000), "1"];
    const plan = await planOf((db) =>
      searchDossiers(db, { audience: ALL, today: new Date() }, { limit: 20, after }),
    );
    expect(plan).toMatch(/Index Scan using dossier_received.*\n\s+Index Cond: \(ROW\(received_at, id\) </);
    expect(plan).not.toContain("Sort");
  });
});

test("by codes and legacy codes takes both indexes", async () => {
  const plan = await planOf((db) => findDossiers(db, ["H56-260101-1", "OLD-50"]));
  expect(plan).toContain("dossier_code");
  expect(plan).toContain("dossier_legacy_code");
});

test.each([
  ["personalId", "dossier_personal_id"],
  ["taxCode", "dossier_tax_code"],
] as const)("many applicants by %s take the index for each", async (by, index) => {
  const plan = await planOf((db) =>
    findDossiersOfApplicants(db, by, ["000000000123", "000000000124"], PAGE, ALL),
  );
  expect(plan).toContain(index);
  expect(plan).not.toContain("Seq Scan");
});
