import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  AGENCIES,
  CENTER,
  LAND,
  POLICE,
  POWER,
  SOCIAL_INSURANCE,
  TAX,
} from "../../../province/catalogue/agencies.ts";
import { officersOf } from "../../../province/catalogue/officers.ts";
import { ADMINISTRATIVE_UNITS } from "../../../province/catalogue/places.ts";
import { proceduresOf } from "../../../province/catalogue/procedures.ts";
import { ROUTES } from "../../../province/catalogue/routes.ts";
import { databaseName, databaseUrl } from "../../../province/databases.ts";
import { DossierGenerator } from "../../../province/seed/generator.ts";
import { type SeedOptions, type SeedProgress, seedProvince } from "../../../province/seed/load.ts";
import { LEGACY_STATES } from "../../../subgraphs/power/legacy/states.ts";
import { StartError } from "../../../process/lifecycle.ts";

const DOSSIERS = 500;
const NOW = new Date("2026-11-20T10:20:00+07:00");
const PREFIX = `seed_${process.pid}_`;

const server = inject("postgresUrl");
const clients = new Map<string, pg.Client>();
const progress: SeedProgress[] = [];

function options(ifFilled: SeedOptions["ifFilled"], dossiers = DOSSIERS): SeedOptions {
  return {
    urlOf: (agency) => databaseUrl(server, agency, PREFIX),
    dossiers,
    now: NOW,
    ifFilled,
    onProgress: (each) => progress.push(each),
  };
}

async function query<R extends pg.QueryResultRow>(
  agency: string,
  text: string,
  values?: unknown[],
): Promise<R[]> {
  let client = clients.get(agency);
  if (client === undefined) {
    client = new pg.Client({ connectionString: databaseUrl(server, agency, PREFIX) });
    clients.set(agency, client);
    await client.connect();
  }
  return (await client.query<R>(text, values)).rows;
}

async function count(agency: string, table: string): Promise<number> {
  const [row] = await query<{ count: string }>(agency, `select count(*) from ${table}`);
  return Number(row?.count);
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);

/** The plans that the load was made from. */
function plansOf(dossiers: number) {
  const generator = new DossierGenerator(NOW.getTime() / 1_000);
  return Array.from({ length: dossiers }, () => generator.next());
}

const agencies = AGENCIES.map(({ code }) => code).filter((code) => code !== CENTER);
/** What each table of the contract is called at an agency. */
const tableOf = (agency: string, table: keyof typeof POWER_TABLES): string =>
  agency === POWER ? POWER_TABLES[table] : table;
const POWER_TABLES = {
  officer: "nhan_vien",
  procedure: "thu_tuc",
  agency_case: "ho_so",
  case_event: "tien_do",
} as const;

const CASES = `select dossier_code as code, procedure_code as procedure, state,
  coalesce(delay_previous_due_at, due_at) as due from agency_case`;
const POWER_CASES = `select ma_ho_so as code, left(ma_tthc, 8) as procedure,
  array_position(array[${LEGACY_STATES.map((state) => `'${state}'`).join(", ")}], trang_thai) as state,
  coalesce(ngay_hen_tra_cu, ngay_hen_tra) at time zone 'Asia/Ho_Chi_Minh' as due from ho_so`;

beforeAll(async () => {
  await seedProvince(options("refuse"));
});

afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.end()));
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  for (const agency of [CENTER, ...agencies])
    await client.query(`drop database if exists ${databaseName(agency, PREFIX)} with (force)`);
  await client.end();
});

describe("seedProvince", () => {
  it("writes the catalogue where it belongs", async () => {
    expect(await count(CENTER, "agency")).toBe(AGENCIES.length);
    expect(await count(CENTER, "administrative_unit")).toBe(ADMINISTRATIVE_UNITS.length);
    expect(await count(CENTER, "route")).toBe(ROUTES.length);
    for (const agency of agencies) {
      expect(await count(agency, tableOf(agency, "officer"))).toBe(officersOf(agency).length);
      expect(await count(agency, tableOf(agency, "procedure"))).toBe(proceduresOf(agency).length);
    }
    const found = await query(
      "G01.56",
      "select code from procedure where search @@ plainto_tsquery('simple', plain_text('thường trú')) order by code",
    );
    expect(found).toContainEqual({ code: "1.004222" });
  });

  it("writes every row that was planned", async () => {
    const plans = plansOf(DOSSIERS);
    const legs = plans.flatMap((plan) => plan.legs);
    expect(await count(CENTER, "dossier")).toBe(DOSSIERS);
    expect(await count(CENTER, "dossier_leg")).toBe(legs.length);
    expect(await count(CENTER, "dossier_event")).toBe(sum(plans.map(({ events }) => events.length)));
    for (const agency of agencies) {
      const cases = legs.flatMap((leg) => (leg.leg.agency === agency ? (leg.case ?? []) : []));
      expect(await count(agency, tableOf(agency, "agency_case"))).toBe(cases.length);
      expect(await count(agency, tableOf(agency, "case_event"))).toBe(
        sum(cases.map(({ events }) => events.length)),
      );
    }
    const people = plans.flatMap((plan) => plan.people);
    expect(await count(POLICE, "citizen")).toBe(people.filter(({ known }) => known).length);
    expect(await count(TAX, "taxpayer")).toBe(
      people.filter(({ taxCode }) => taxCode !== null).length +
        sum(plans.map(({ businesses }) => businesses.length)),
    );
    expect(await count(SOCIAL_INSURANCE, "insured_person")).toBe(
      people.filter(({ insuranceNumber }) => insuranceNumber !== null).length,
    );
    expect(await count(LAND, "land_record")).toBeGreaterThan(50);
  });

  it("writes values as they were planned", async () => {
    const plan = plansOf(DOSSIERS).find(({ legs, returnedAt }) => legs.length === 3 && returnedAt !== null);
    const [row] = await query(
      CENTER,
      `select extract(epoch from received_at)::float8 as "receivedAt", extract(epoch from due_at)::float8 as "dueAt",
         applicant_name as name, personal_id as "personalId", documents, state, result_number as result
       from dossier where code = $1`,
      [plan?.code],
    );
    expect(row).toEqual({
      receivedAt: plan?.receivedAt,
      dueAt: plan?.dueAt,
      name: plan?.applicant.name,
      personalId: plan?.applicant.personalId,
      documents: plan?.documents,
      state: 10,
      result: plan?.resultNumber,
    });
    const legs = await query(
      CENTER,
      `select position, depends_on as "dependsOn", dossier_leg.agency_code as agency, days::float8
       from dossier_leg join dossier on id = dossier_id where code = $1 order by position`,
      [plan?.code],
    );
    expect(legs).toEqual(
      plan?.legs.map(({ position, leg }) => ({
        position,
        dependsOn: leg.dependsOn,
        agency: leg.agency,
        days: leg.days,
      })),
    );
    const lead = plan?.legs[0];
    const [first] = await query<{ names: string[]; started: Date[] }>(
      lead?.leg.agency ?? "",
      "select step_names as names, step_started as started from agency_case where dossier_code = $1",
      [plan?.code],
    );
    const stored = first?.names.map((name, index) => [name, Number(first.started[index]) / 1_000]);
    const planned = lead?.case?.steps ?? [];
    expect(stored).toEqual(
      lead?.leg.procedure.steps.map(({ name }, index) => [name, planned[index]?.startedAt]),
    );
  });

  it("says the same at the centre and at the agencies", async () => {
    const legs = await query<{
      code: string;
      agency: string;
      procedure: string;
      state: number | null;
      due: Date;
    }>(
      CENTER,
      `select code, leg.agency_code as agency, leg.procedure_code as procedure, reported_state as state,
         leg.due_at as due from dossier_leg leg join dossier on id = dossier_id where opened_at is not null`,
    );
    for (const agency of agencies) {
      const cases = await query(agency, agency === POWER ? POWER_CASES : CASES);
      const expected = legs.filter((leg) => leg.agency === agency);
      expect(cases.length).toBe(expected.length);
      for (const { code, procedure, state, due } of expected)
        expect(cases).toContainEqual({ code, procedure, state, due });
    }
    const [waiting] = await query(
      CENTER,
      "select count(*)::int as wrong from dossier_leg where opened_at is null and reported_state is not null",
    );
    expect(waiting).toEqual({ wrong: 0 });
  });

  it("leaves numbers to go on from", async () => {
    const [next] = await query(CENTER, "select nextval(pg_get_serial_sequence('dossier', 'id'))::int as id");
    expect(next).toEqual({ id: DOSSIERS + 1 });
    const [last] = await query<{ code: string; last: number }>(
      CENTER,
      `select agency_code || '-' || to_char(day, 'YYMMDD') || '-' || lpad(last::text, 4, '0') as code, last
       from dossier_counter order by last desc, day desc limit 1`,
    );
    const [same] = await query(
      CENTER,
      "select max(code) as code, count(*)::int as last from dossier where code like left($1, -4) || '%'",
      [last?.code],
    );
    expect(same).toEqual(last);
    const land = await count(LAND, "agency_case");
    const [nextCase] = await query(
      LAND,
      "select nextval(pg_get_serial_sequence('agency_case', 'id'))::int as id",
    );
    expect(nextCase).toEqual({ id: land + 1 });
  });

  it("lets one query on a citizen read police, tax and insurance", async () => {
    const citizens = await query<{ id: string }>(POLICE, "select personal_id as id from citizen");
    const ids = citizens.map(({ id }) => id);
    const taxed = await query<{ id: string }>(
      TAX,
      "select personal_id as id from taxpayer where personal_id = any($1)",
      [ids],
    );
    const insured = await query<{ id: string }>(
      SOCIAL_INSURANCE,
      "select personal_id as id from insured_person where personal_id = any($1)",
      [taxed.map(({ id }) => id)],
    );
    const applied = await query(CENTER, "select from dossier where personal_id = any($1)", [
      insured.map(({ id }) => id),
    ]);
    expect(applied.length).toBeGreaterThan(100);
  });

  it("keeps histories append-only", async () => {
    for (const change of ["delete from case_event", "truncate case_event"])
      await expect(query(LAND, change)).rejects.toThrow(/append-only/);
    await expect(query(CENTER, "update dossier_event set note = 'x'")).rejects.toThrow(/append-only/);
  });

  it("tells how far it is", () => {
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(["databases", "dossiers", "indexes"]),
    );
    expect(progress.findLast(({ phase }) => phase === "dossiers")).toMatchObject({
      done: DOSSIERS,
      total: DOSSIERS,
    });
  });

  it("refuses a province that has dossiers, or leaves it alone", async () => {
    await expect(seedProvince(options("refuse"))).rejects.toThrow(StartError);
    await expect(seedProvince(options("keep"))).resolves.toMatchObject({ filled: false });
    expect(await count(CENTER, "dossier")).toBe(DOSSIERS);
  });

  it("rolls everything back when it fails on the way", async () => {
    const failing = seedProvince({
      ...options("replace", 2_000),
      onProgress: ({ phase, done }) => {
        if (phase === "dossiers" && done >= 1_000) throw new Error("interrupted");
      },
    });
    await expect(failing).rejects.toThrow("interrupted");
    expect(await count(CENTER, "dossier")).toBe(DOSSIERS);
    expect(await count(LAND, "agency_case")).toBeGreaterThan(100);
    await expect(query(LAND, "truncate case_event")).rejects.toThrow(/append-only/);
  });

  // Last: it deletes what the others read.
  it("replaces, also by the way of large loads: same rows, same indexes, same guards", async () => {
    const describeTables = (agency: string) =>
      query(
        agency,
        `select conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint
         where connamespace = 'public'::regnamespace
         union all select tablename, indexdef from pg_indexes where schemaname = 'public'
         order by 1, 2`,
      );
    const before = await Promise.all([CENTER, LAND, TAX].map(describeTables));
    const report = await seedProvince({ ...options("replace", 700), largeFrom: 1 });
    expect(report).toMatchObject({ filled: true, dossiers: 700 });
    expect(await count(CENTER, "dossier")).toBe(700);
    expect(await Promise.all([CENTER, LAND, TAX].map(describeTables))).toEqual(before);
    for (const agency of [CENTER, LAND]) {
      const table = agency === CENTER ? "dossier_event" : "case_event";
      await expect(query(agency, `truncate ${table}`)).rejects.toThrow(/append-only/);
    }
    const plans = plansOf(700);
    const [first] = await query(CENTER, "select min(code) as code from dossier");
    expect(first).toEqual({ code: plans.map(({ code }) => code).sort()[0] });
  });
});
