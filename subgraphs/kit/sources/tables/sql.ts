/**
 * All SQL of the kit's own tables: procedures, officers, cases and their history. Times are `Date`, states are names.
 */
import type { Queryable } from "../../../../process/database.ts";
import type {
  CaseRow,
  CaseSearch,
  EventRow,
  NewCase,
  OfficerRow,
  ProcedureRow,
  StepRow,
} from "../../agency/rows.ts";
import type { Page } from "../../connection.ts";
import { codeOf, stateOf } from "../../states.ts";
import { FIELD_POINTS, NAME_POINTS } from "../procedure-page.ts";

/** A case with what its cursor is made of: `receivedAt` in microseconds since 1970, as a `Date` holds only milliseconds. */
export interface TableCaseRow extends CaseRow {
  readonly id: number;
  readonly receivedKey: string;
}

export interface TableEventRow extends EventRow {
  readonly caseId: number;
}

/** A procedure in a list, with how well it matches the search. */
export interface FoundProcedureRow extends ProcedureRow {
  readonly score: number;
}

export interface ProcedureWords {
  /** Each as a tsquery, such as `dang` and `ky:*`; undefined for all. */
  readonly words: readonly string[] | undefined;
  readonly field: string | undefined;
  readonly onlineLevel: string | undefined;
}

const PROCEDURE = `code, name, field, level, statutory_days as "statutoryDays", committed_days as "committedDays",
  online_days as "onlineDays", calendar_days as "calendarDays", fee, online_level as "onlineLevel",
  one_stop_kind as "oneStopKind", documents, steps, decision, issued_on as "issuedOn", valid_from as "validFrom",
  valid_to as "validTo", supplement_clock as "supplementClock", reception_cutoff as "receptionCutoff"`;

const CASE = `id, dossier_code as "dossierCode", procedure_code as "procedureCode", state, resume_state as "resumeState",
  received_at as "receivedAt", due_at as "dueAt", paused_at as "pausedAt", finished_at as "finishedAt",
  officer_code as "officerCode", personal_id as "personalId", tax_code as "taxCode", delay_reason as "delayReason", delay_apologised_at as "delayApologisedAt",
  delay_previous_due_at as "delayPreviousDueAt", result_number as "resultNumber", result_summary as "resultSummary",
  result_issued_at as "resultIssuedAt", step_names as "stepNames", step_officers as "stepOfficers", step_started as "stepStarted",
  step_finished as "stepFinished", supplements, (extract(epoch from received_at) * 1000000)::bigint::text as "receivedKey"`;

type StoredCase = Omit<TableCaseRow, "state" | "resumeState" | "steps"> & {
  state: number;
  resumeState: number | null;
  stepNames: string[];
  stepOfficers: (string | null)[];
  stepStarted: (Date | null)[];
  stepFinished: (Date | null)[];
};

export function findProcedures(db: Queryable, codes: readonly string[]): Promise<ProcedureRow[]> {
  return db.query(`select ${PROCEDURE} from procedure where code = any($1)`, [codes]);
}

/** Best match first, then by code; one row more than the page's limit where more follow. */
export function searchProcedures(
  db: Queryable,
  search: ProcedureWords,
  page: Page,
): Promise<FoundProcedureRow[]> {
  return db.query(
    `with found as (
       select *, ${NAME_POINTS} * (${wordsIn("$4")}) + ${FIELD_POINTS} * (${wordsIn("$5")}) as score
       from procedure
       where ${PROCEDURE_MATCHES})
     select ${PROCEDURE}, score from found
     where $6::integer is null or score < $6 or (score = $6 and code > $7)
     order by score desc, code limit $8`,
    [
      ...matched(search),
      search.words?.map((word) => weighed(word, "A")),
      search.words?.map((word) => weighed(word, "B")),
      page.after?.[0],
      page.after?.[1],
      page.limit + 1,
    ],
  );
}

export async function countProcedures(db: Queryable, search: ProcedureWords): Promise<number> {
  const [row] = await db.query<{ total: number }>(
    `select count(*) as total from procedure where ${PROCEDURE_MATCHES}`,
    matched(search),
  );
  return row?.total ?? 0;
}

/** Values of `PROCEDURE_MATCHES`. */
function matched({ words, field, onlineLevel }: ProcedureWords): unknown[] {
  return [words?.join(" & "), field, onlineLevel];
}

/** How many of the words a procedure has, each a tsquery of one weight. */
function wordsIn(parameter: string): string {
  return `select count(*) from unnest(${parameter}::text[]) as word where search @@ word::tsquery`;
}

/** Names have the weight A, fields B: `dang` → `dang:A`, `ky:*` → `ky:*A`. */
function weighed(word: string, weight: "A" | "B"): string {
  return word.endsWith(":*") ? word + weight : `${word}:${weight}`;
}

const PROCEDURE_MATCHES = `($1::text is null or search @@ $1::tsquery)
  and ($2::text is null or field = $2) and ($3::text is null or online_level = $3)`;

/** Words in lower case without diacritics, as the index stores them: `Đăng ký/cấp lại` → `dang ky cap lai`. */
export async function plainText(db: Queryable, text: string): Promise<string> {
  const [row] = await db.query<{ plain: string }>("select plain_text($1) as plain", [text]);
  return row?.plain ?? "";
}

export function findOfficers(db: Queryable, codes: readonly string[]): Promise<OfficerRow[]> {
  return db.query("select code, name, title from officer where code = any($1)", [codes]);
}

export async function findCases(db: Queryable, dossierCodes: readonly string[]): Promise<TableCaseRow[]> {
  const rows = await db.query<StoredCase>(`select ${CASE} from agency_case where dossier_code = any($1)`, [
    dossierCodes,
  ]);
  return rows.map(toCase);
}

/** Latest received first; one row more than the page's limit where more follow. */
export async function searchCases(db: Queryable, search: CaseSearch, page: Page): Promise<TableCaseRow[]> {
  const { audience } = search;
  const rows = await db.query<StoredCase>(
    `select ${CASE} from agency_case
     where ($1::smallint[] is null or state = any($1))
       and ($2::text is null or procedure_code = $2)
       and ($3::timestamptz is null or received_at >= $3)
       and ($4::timestamptz is null or received_at < $4)
       and ($5::boolean is null or (finished_at is null and due_at < $6) = $5)
       and ($7::bigint is null
         or (received_at, id) < (timestamptz 'epoch' + $7::bigint * interval '1 microsecond', $8::bigint))
       and ${audience.kind === "everybody" ? "true" : "(personal_id = $10 or tax_code = $11)"}
     order by received_at desc, id desc limit $9`,
    [
      search.states?.map(codeOf),
      search.procedureCode,
      search.from,
      search.before,
      search.overdue,
      search.today,
      page.after?.[0],
      page.after?.[1],
      page.limit + 1,
      ...(audience.kind === "everybody" ? [] : [audience.personalId, audience.taxCode]),
    ],
  );
  return rows.map(toCase);
}

export async function findEvents(db: Queryable, caseIds: readonly number[]): Promise<TableEventRow[]> {
  const rows = await db.query<Omit<TableEventRow, "from" | "to"> & { from: number | null; to: number }>(
    `select case_id as "caseId", sequence, at, from_state as "from", to_state as "to", officer_code as "officerCode", note
     from case_event where case_id = any($1) order by case_id, sequence`,
    [caseIds],
  );
  return rows.map((row) => ({
    ...row,
    from: row.from === null ? null : stateOf(row.from),
    to: stateOf(row.to),
  }));
}

/** Locks the case until the transaction ends, so that two changes cannot both start from the same state. */
export async function lockCase(tx: Queryable, dossierCode: string): Promise<TableCaseRow | undefined> {
  const [row] = await tx.query<StoredCase>(
    `select ${CASE} from agency_case where dossier_code = $1 for update`,
    [dossierCode],
  );
  return row && toCase(row);
}

/** The new case, or undefined when the dossier already has one here. */
export async function insertCase(tx: Queryable, row: NewCase): Promise<TableCaseRow | undefined> {
  const [inserted] = await tx.query<StoredCase>(
    `insert into agency_case
       (dossier_code, procedure_code, state, received_at, due_at, applicant_name, personal_id, tax_code,
        step_names, step_officers, step_started, step_finished)
     values ($1, $2, ${codeOf("REGISTERED")}, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (dossier_code) do nothing returning ${CASE}`,
    [
      row.dossierCode,
      row.procedureCode,
      row.receivedAt,
      row.dueAt,
      row.applicantName,
      row.personalId,
      row.taxCode,
      ...stepColumns(row.steps),
    ],
  );
  return inserted && toCase(inserted);
}

/** Writes everything of a case that may change. */
export async function updateCase(tx: Queryable, row: CaseRow): Promise<void> {
  await tx.query(
    `update agency_case set state = $2, resume_state = $3, due_at = $4, paused_at = $5, finished_at = $6,
       officer_code = $7, delay_reason = $8, delay_apologised_at = $9, delay_previous_due_at = $10,
       result_number = $11, result_summary = $12, result_issued_at = $13, step_names = $14, step_officers = $15,
       step_started = $16, step_finished = $17, supplements = $18
     where id = $1`,
    [
      row.id,
      codeOf(row.state),
      row.resumeState === null ? null : codeOf(row.resumeState),
      row.dueAt,
      row.pausedAt,
      row.finishedAt,
      row.officerCode,
      row.delayReason,
      row.delayApologisedAt,
      row.delayPreviousDueAt,
      row.resultNumber,
      row.resultSummary,
      row.resultIssuedAt,
      ...stepColumns(row.steps),
      JSON.stringify(row.supplements),
    ],
  );
}

/** Adds to a case's history; answers with the event's place in it. The case must be locked. */
export async function insertEvent(tx: Queryable, event: Omit<TableEventRow, "sequence">): Promise<number> {
  const [row] = await tx.query<{ sequence: number }>(
    `insert into case_event (case_id, sequence, at, from_state, to_state, officer_code, note)
     select $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5, $6 from case_event where case_id = $1
     returning sequence`,
    [
      event.caseId,
      event.at,
      event.from === null ? null : codeOf(event.from),
      codeOf(event.to),
      event.officerCode,
      event.note,
    ],
  );
  if (row === undefined) throw new Error("an insert returned no row");
  return row.sequence;
}

/** Values of `step_names`, `step_officers`, `step_started`, `step_finished`. */
function stepColumns(steps: readonly StepRow[]): unknown[] {
  return [
    steps.map((step) => step.name),
    steps.map((step) => step.officer),
    steps.map((step) => step.startedAt),
    steps.map((step) => step.finishedAt),
  ];
}

function toCase({ stepNames, stepOfficers, stepStarted, stepFinished, ...row }: StoredCase): TableCaseRow {
  return {
    ...row,
    state: stateOf(row.state),
    resumeState: row.resumeState === null ? null : stateOf(row.resumeState),
    steps: stepNames.map((name, index) => ({
      name,
      officer: stepOfficers[index] ?? null,
      startedAt: stepStarted[index] ?? null,
      finishedAt: stepFinished[index] ?? null,
    })),
  };
}
