/**
 * All SQL of dossiers with their legs and history. Times are `Date`, states are names.
 */
import type { Page } from "../kit/connection.ts";
import type { Queryable } from "../../process/database.ts";
import { type State, codeOf, stateOf } from "../kit/states.ts";

/** By national code, from 1. */
const APPLICANT_KINDS = ["CITIZEN", "BUSINESS", "AGENCY", "ORGANISATION"] as const;
export type ApplicantKind = (typeof APPLICANT_KINDS)[number];

/** By national code, from 1. */
const CHANNELS = ["COUNTER", "ONLINE", "POST"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface DossierRow {
  readonly id: number;
  readonly code: string;
  readonly legacyCode: string | null;
  readonly procedureCode: string;
  readonly procedureName: string;
  /** The agency that leads. */
  readonly agencyCode: string;
  readonly applicantKind: ApplicantKind;
  readonly applicantName: string;
  readonly applicantPhone: string | null;
  readonly applicantAddress: string | null;
  readonly personalId: string | null;
  readonly taxCode: string | null;
  readonly channel: Channel;
  readonly state: State;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  /** When the work ended, in whichever way. */
  readonly finishedAt: Date | null;
  readonly returnedAt: Date | null;
  readonly receivedBy: string;
  readonly resultNumber: string | null;
  readonly resultSummary: string | null;
  readonly returnedTo: string | null;
  readonly returnChannel: Channel | null;
  /** `receivedAt` in microseconds since 1970, for cursors: a `Date` holds only milliseconds. */
  readonly receivedKey: string;
}

export type NewDossier = Omit<
  DossierRow,
  | "id"
  | "legacyCode"
  | "finishedAt"
  | "returnedAt"
  | "resultNumber"
  | "resultSummary"
  | "returnedTo"
  | "returnChannel"
  | "receivedKey"
> & { readonly documents: readonly string[] };

export interface LegRow {
  readonly dossierId: number;
  readonly order: number;
  readonly dependsOn: readonly number[];
  readonly agencyCode: string;
  readonly procedureCode: string;
  /** Working days. */
  readonly days: number;
  readonly dueAt: Date;
  /** Null while it waits for others. */
  readonly openedAt: Date | null;
  /** What its agency last told; null before. */
  readonly reportedState: State | null;
  readonly reportedAt: Date | null;
}

export type NewLeg = Omit<LegRow, "dossierId" | "reportedState" | "reportedAt">;

export interface EventRow {
  readonly dossierId: number;
  readonly sequence: number;
  readonly at: Date;
  readonly from: State | null;
  readonly to: State;
  readonly note: string | null;
}

/** Whose dossiers a list may have: everybody's, or those that any of the others names; without any, none. */
export interface DossierAudience {
  readonly all: boolean;
  /** Canonical code of an agency with a leg. */
  readonly agencyCode?: string | undefined;
  readonly personalId?: string | undefined;
  readonly taxCode?: string | undefined;
}

/** Which dossiers; an absent condition does not narrow. */
export interface DossierSearch {
  readonly audience: DossierAudience;
  readonly states?: readonly State[] | undefined;
  /** Canonical code of an agency with a leg. */
  readonly agencyCode?: string | undefined;
  /** Short procedure code. */
  readonly procedureCode?: string | undefined;
  /** Received at or after. */
  readonly from?: Date | undefined;
  /** Received before. */
  readonly before?: Date | undefined;
  readonly overdue?: boolean | undefined;
  /** Midnight of today in Vietnam: what was due before and is not finished is overdue. */
  readonly today: Date;
  readonly personalId?: string | undefined;
  readonly taxCode?: string | undefined;
}

export interface StatisticsRow {
  readonly received: number;
  readonly early: number;
  readonly onTime: number;
  readonly late: number;
  readonly open: number;
  readonly overdue: number;
  readonly ended: number;
}

const DOSSIER = `id, code, legacy_code as "legacyCode", procedure_code as "procedureCode",
  procedure_name as "procedureName", agency_code as "agencyCode", applicant_kind as "applicantKind",
  applicant_name as "applicantName", applicant_phone as "applicantPhone", applicant_address as "applicantAddress",
  personal_id as "personalId", tax_code as "taxCode", channel, state, received_at as "receivedAt", due_at as "dueAt",
  finished_at as "finishedAt", returned_at as "returnedAt", received_by as "receivedBy",
  result_number as "resultNumber", result_summary as "resultSummary", returned_to as "returnedTo",
  return_channel as "returnChannel", (extract(epoch from received_at) * 1000000)::bigint::text as "receivedKey"`;

const LEG = `dossier_id as "dossierId", position as "order", depends_on as "dependsOn",
  agency_code as "agencyCode", procedure_code as "procedureCode", days, due_at as "dueAt", opened_at as "openedAt",
  reported_state as "reportedState", reported_at as "reportedAt"`;

/** Lateness is judged by the day in Vietnam. */
const VIETNAM_DAY = (column: string): string => `(${column} at time zone 'Asia/Ho_Chi_Minh')::date`;

type StoredDossier = Omit<DossierRow, "applicantKind" | "channel" | "state" | "returnChannel"> & {
  applicantKind: number;
  channel: number;
  state: number;
  returnChannel: number | null;
};
type StoredLeg = Omit<LegRow, "reportedState"> & { reportedState: number | null };
type StoredEvent = Omit<EventRow, "from" | "to"> & { from: number | null; to: number };

/** By code or legacy code. */
export async function findDossiers(db: Queryable, codes: readonly string[]): Promise<DossierRow[]> {
  const rows = await db.query<StoredDossier>(
    `select ${DOSSIER} from dossier where code = any($1) or legacy_code = any($1)`,
    [codes],
  );
  return rows.map(toDossier);
}

/** Latest received first; one row more than the page's limit where more follow. */
export async function searchDossiers(
  db: Queryable,
  search: DossierSearch,
  page: Page,
): Promise<DossierRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  // Only the conditions that are given, so that the planner sees each query as it is and takes its index.
  const conditions = audienceConditions(search.audience, bind);
  if (search.states?.length === 1) conditions.push(`state = ${bind(search.states.map(codeOf)[0])}`);
  else if (search.states !== undefined) conditions.push(`state = any(${bind(search.states.map(codeOf))})`);
  if (search.agencyCode !== undefined) conditions.push(hasLegAt(bind(search.agencyCode)));
  if (search.procedureCode !== undefined) conditions.push(`procedure_code = ${bind(search.procedureCode)}`);
  if (search.from !== undefined) conditions.push(`received_at >= ${bind(search.from)}`);
  if (search.before !== undefined) conditions.push(`received_at < ${bind(search.before)}`);
  if (search.overdue === true) conditions.push(`finished_at is null and due_at < ${bind(search.today)}`);
  if (search.overdue === false)
    conditions.push(`(finished_at is not null or due_at >= ${bind(search.today)})`);
  if (search.personalId !== undefined) conditions.push(`personal_id = ${bind(search.personalId)}`);
  if (search.taxCode !== undefined) conditions.push(`tax_code = ${bind(search.taxCode)}`);
  if (page.after !== undefined) conditions.push(afterCursor(bind(page.after[0]), bind(page.after[1])));
  const rows = await db.query<StoredDossier>(
    `select ${DOSSIER} from dossier ${conditions.length > 0 ? `where ${conditions.join(" and ")}` : ""}
     order by received_at desc, id desc limit ${bind(page.limit + 1)}`,
    values,
  );
  return rows.map(toDossier);
}

/** The same page of each applicant's dossiers, latest received first, with one row more where more follow. */
export async function findDossiersOfApplicants(
  db: Queryable,
  by: "personalId" | "taxCode",
  applicants: readonly string[],
  page: Page,
  audience: DossierAudience,
): Promise<DossierRow[]> {
  const column = by === "personalId" ? "personal_id" : "tax_code";
  const values: unknown[] = [applicants, page.limit + 1];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [`${column} = applicant.id`, ...audienceConditions(audience, bind)];
  if (page.after !== undefined) conditions.push(afterCursor(bind(page.after[0]), bind(page.after[1])));
  const rows = await db.query<StoredDossier>(
    `select found.* from unnest($1::text[]) as applicant (id) cross join lateral (
       select ${DOSSIER} from dossier
       where ${conditions.join(" and ")}
       order by received_at desc, dossier.id desc limit $2) found`,
    values,
  );
  return rows.map(toDossier);
}

/** Legs of these dossiers, in their order. */
export async function findLegs(db: Queryable, dossierIds: readonly number[]): Promise<LegRow[]> {
  const rows = await db.query<StoredLeg>(
    `select ${LEG} from dossier_leg where dossier_id = any($1) order by dossier_id, position`,
    [dossierIds],
  );
  return rows.map((row) => ({ ...row, reportedState: stateOrNull(row.reportedState) }));
}

/** History of these dossiers, oldest first. */
export async function findEvents(db: Queryable, dossierIds: readonly number[]): Promise<EventRow[]> {
  const rows = await db.query<StoredEvent>(
    `select dossier_id as "dossierId", sequence, at, from_state as "from", to_state as "to", note
     from dossier_event where dossier_id = any($1) order by dossier_id, sequence`,
    [dossierIds],
  );
  return rows.map((row) => ({ ...row, from: stateOrNull(row.from), to: stateOf(row.to) }));
}

/** Dossiers received at or after `from` and before `before`, each counted once beside `received`. */
export async function countDossiers(
  db: Queryable,
  from: Date,
  before: Date,
  today: Date,
  agencyCode: string | undefined,
): Promise<StatisticsRow> {
  const [row] = await db.query<{ [K in keyof StatisticsRow]: number }>(
    `select count(*) as received,
       count(*) filter (where fate = 'ended') as ended,
       count(*) filter (where fate = 'finished' and finished_on < due_on) as early,
       count(*) filter (where fate = 'finished' and finished_on = due_on) as "onTime",
       count(*) filter (where fate = 'finished' and finished_on > due_on) as late,
       count(*) filter (where fate = 'open' and due_at >= $3) as open,
       count(*) filter (where fate = 'open' and due_at < $3) as overdue
     from (
       select due_at, ${VIETNAM_DAY("due_at")} as due_on, ${VIETNAM_DAY("finished_at")} as finished_on,
         case when state in (${codeOf("REJECTED")}, ${codeOf("WITHDRAWN")}) then 'ended'
              when finished_at is null then 'open' else 'finished' end as fate
       from dossier
       where received_at >= $1 and received_at < $2 and ($4::text is null or agency_code = $4)) counted`,
    [from, before, today, agencyCode],
  );
  if (row === undefined) throw new Error("an aggregate returned no row");
  return row;
}

/** Takes an agency's next order of a day, from 1. Others wait until the transaction ends, so no order is lost. */
export async function takeOrder(tx: Queryable, agencyCode: string, day: string): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    `insert into dossier_counter (agency_code, day, last) values ($1, $2, 1)
     on conflict (agency_code, day) do update set last = dossier_counter.last + 1 returning last`,
    [agencyCode, day],
  );
  if (row === undefined) throw new Error("an upsert returned no row");
  return row.last;
}

export async function insertDossier(tx: Queryable, row: NewDossier): Promise<DossierRow> {
  const [inserted] = await tx.query<StoredDossier>(
    `insert into dossier (code, procedure_code, procedure_name, agency_code, applicant_kind, applicant_name,
       applicant_phone, applicant_address, personal_id, tax_code, channel, state, received_at, due_at, received_by,
       documents)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning ${DOSSIER}`,
    [
      row.code,
      row.procedureCode,
      row.procedureName,
      row.agencyCode,
      APPLICANT_KINDS.indexOf(row.applicantKind) + 1,
      row.applicantName,
      row.applicantPhone,
      row.applicantAddress,
      row.personalId,
      row.taxCode,
      CHANNELS.indexOf(row.channel) + 1,
      codeOf(row.state),
      row.receivedAt,
      row.dueAt,
      row.receivedBy,
      row.documents,
    ],
  );
  if (inserted === undefined) throw new Error("an insert returned no row");
  return toDossier(inserted);
}

export async function insertLegs(tx: Queryable, dossierId: number, legs: readonly NewLeg[]): Promise<void> {
  await tx.query(
    `insert into dossier_leg
       (dossier_id, position, depends_on, agency_code, procedure_code, days, due_at, opened_at)
     select $1, leg."order", leg."dependsOn", leg."agencyCode", leg."procedureCode", leg.days, leg."dueAt",
       leg."openedAt"
     from jsonb_to_recordset($2) as leg ("order" smallint, "dependsOn" smallint[], "agencyCode" text,
       "procedureCode" text, days numeric, "dueAt" timestamptz, "openedAt" timestamptz)`,
    [dossierId, JSON.stringify(legs)],
  );
}

/**
 * Locks a dossier by code or legacy code until the transaction ends, so that two changes cannot both start from the
 * same state; its legs are changed under the same lock.
 */
export async function lockDossier(tx: Queryable, code: string): Promise<DossierRow | undefined> {
  const [row] = await tx.query<StoredDossier>(
    `select ${DOSSIER} from dossier where code = $1 or legacy_code = $1 order by code = $1 desc limit 1 for update`,
    [code],
  );
  return row && toDossier(row);
}

/** Writes everything of a dossier that may change. */
export async function updateDossier(tx: Queryable, row: DossierRow): Promise<void> {
  await tx.query(
    `update dossier set state = $2, finished_at = $3, returned_at = $4, result_number = $5, result_summary = $6,
       returned_to = $7, return_channel = $8
     where id = $1`,
    [
      row.id,
      codeOf(row.state),
      row.finishedAt,
      row.returnedAt,
      row.resultNumber,
      row.resultSummary,
      row.returnedTo,
      row.returnChannel === null ? null : CHANNELS.indexOf(row.returnChannel) + 1,
    ],
  );
}

/** Writes everything of a leg that may change. */
export async function updateLeg(tx: Queryable, leg: LegRow): Promise<void> {
  await tx.query(
    `update dossier_leg set due_at = $3, opened_at = $4, reported_state = $5, reported_at = $6
     where dossier_id = $1 and position = $2`,
    [
      leg.dossierId,
      leg.order,
      leg.dueAt,
      leg.openedAt,
      leg.reportedState === null ? null : codeOf(leg.reportedState),
      leg.reportedAt,
    ],
  );
}

/** Adds to a dossier's history. The dossier must be locked. */
export async function insertEvent(tx: Queryable, event: Omit<EventRow, "sequence">): Promise<void> {
  await tx.query(
    `insert into dossier_event (dossier_id, sequence, at, from_state, to_state, note)
     select $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5 from dossier_event where dossier_id = $1`,
    [
      event.dossierId,
      event.at,
      event.from === null ? null : codeOf(event.from),
      codeOf(event.to),
      event.note,
    ],
  );
}

/** Channel of the codes of dossiers that have changed. */
export const DOSSIER_CHANGED = "dossier_changed";

/** Tells whoever listens that a dossier has changed, when the transaction is committed. */
export async function tellChange(tx: Queryable, code: string): Promise<void> {
  await tx.query("select pg_notify($1, $2)", [DOSSIER_CHANGED, code]);
}

/** At most one condition: what whoever asks may see, in any of the ways in which they may. */
function audienceConditions(
  { all, agencyCode, personalId, taxCode }: DossierAudience,
  bind: (value: unknown) => string,
): string[] {
  if (all) return [];
  const ways: string[] = [];
  if (agencyCode !== undefined) ways.push(hasLegAt(bind(agencyCode)));
  if (personalId !== undefined) ways.push(`personal_id = ${bind(personalId)}`);
  if (taxCode !== undefined) ways.push(`tax_code = ${bind(taxCode)}`);
  return [ways.length === 0 ? "false" : `(${ways.join(" or ")})`];
}

function hasLegAt(agencyCode: string): string {
  return `exists (select from dossier_leg leg
    where leg.dossier_id = dossier.id and leg.agency_code = ${agencyCode})`;
}

/** Rows after a cursor's in the order of `received_at desc, id desc`. */
function afterCursor(receivedKey: string, id: string): string {
  return `(received_at, dossier.id) <
    (timestamptz 'epoch' + ${receivedKey}::bigint * interval '1 microsecond', ${id}::bigint)`;
}

function toDossier(row: StoredDossier): DossierRow {
  return {
    ...row,
    applicantKind: nameOf(APPLICANT_KINDS, row.applicantKind),
    channel: nameOf(CHANNELS, row.channel),
    state: stateOf(row.state),
    returnChannel: row.returnChannel === null ? null : nameOf(CHANNELS, row.returnChannel),
  };
}

function stateOrNull(code: number | null): State | null {
  return code === null ? null : stateOf(code);
}

/** @throws RangeError for a code that the table's checks should have refused. */
function nameOf<T extends string>(names: readonly T[], code: number): T {
  const name = names[code - 1];
  if (name === undefined) throw new RangeError(`no name has the national code ${code}`);
  return name;
}
