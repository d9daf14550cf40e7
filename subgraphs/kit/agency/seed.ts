/**
 * Turns the sample province's catalogue and cases into rows of the contract's tables, at any agency.
 */
import { officersOf } from "../../../province/catalogue/officers.ts";
import type { Procedure } from "../../../province/catalogue/procedure.ts";
import { proceduresOf } from "../../../province/catalogue/procedures.ts";
import type { CasePlan, DossierPlan, StepPlan, SupplementPlan } from "../../../province/seed/plan.ts";
import type { BulkLoad } from "../bulk-load.ts";
import type { CopyRows } from "../copy-rows.ts";
import { formatInstant } from "../scalars.ts";

export const CONTRACT_TABLES = [
  "idempotency",
  "outbox",
  "officer",
  "procedure",
  "agency_case",
  "case_event",
] as const;

/** What an agency has beside the contract. */
export interface OwnSeed {
  /** People and businesses that the dossier names first. */
  addNewcomers?(plan: DossierPlan): void;
  addExtras(plan: DossierPlan, played: CasePlan): void;
}

const EMPTY_LIST = "[]";

export class ContractSeed {
  readonly #load: BulkLoad;
  readonly #agency: string;
  readonly #cases;
  readonly #events;
  #lastId = 0;

  constructor(load: BulkLoad, agency: string) {
    this.#load = load;
    this.#agency = agency;
    this.#cases = load.open(
      "agency_case",
      `id, dossier_code, procedure_code, state, resume_state, received_at, due_at, paused_at,
       finished_at, officer_code, applicant_name, personal_id, tax_code, delay_reason,
       delay_apologised_at, delay_previous_due_at, result_number, result_summary, result_issued_at,
       steps, supplements`,
    );
    this.#events = load.open("case_event", "case_id, sequence, at, from_state, to_state, officer_code, note");
  }

  add({ code, applicant }: DossierPlan, procedure: Procedure, played: CasePlan): void {
    const { id, delay, resultNumber } = played;
    const rows = this.#cases;
    rows.row();
    rows.bigint(id);
    rows.text(code);
    rows.text(procedure.code);
    rows.smallint(played.state);
    rows.smallint(played.resumeState);
    rows.instant(played.receivedAt);
    rows.instant(played.dueAt);
    rows.instant(played.pausedAt);
    rows.instant(played.finishedAt);
    rows.text(played.officer);
    rows.text(applicant.name);
    rows.text(applicant.personalId);
    rows.text(applicant.taxCode);
    rows.constant(delay === null ? null : delay.reason);
    rows.instant(delay === null ? null : delay.apologisedAt);
    rows.instant(delay === null ? null : delay.previousDueAt);
    rows.text(resultNumber);
    rows.constant(resultNumber === null ? null : procedure.result);
    rows.instant(resultNumber === null ? null : played.finishedAt);
    writeSteps(rows, procedure, played.steps);
    rows.json(played.supplement === null ? EMPTY_LIST : supplementsJson(played.supplement));
    const events = this.#events;
    for (const [index, event] of played.events.entries()) {
      events.row();
      events.bigint(id);
      events.integer(index + 1);
      events.instant(event.at);
      events.smallint(event.from);
      events.smallint(event.to);
      events.text(event.officer);
      events.text(event.note);
    }
    this.#lastId = id;
  }

  /** Officers and procedures. */
  async finish(): Promise<void> {
    await this.#load.run("insert into officer select * from jsonb_populate_recordset(null::officer, $1)", [
      JSON.stringify(officersOf(this.#agency)),
    ]);
    await this.#load.run(
      `insert into procedure (${PROCEDURE_COLUMNS})
       select ${PROCEDURE_COLUMNS} from jsonb_populate_recordset(null::procedure, $1)`,
      [JSON.stringify(proceduresOf(this.#agency).map(procedureRow))],
    );
    if (this.#lastId > 0)
      await this.#load.run("select setval(pg_get_serial_sequence('agency_case', 'id'), $1)", [this.#lastId]);
  }
}

const PROCEDURE_COLUMNS = `code, name, field, level, statutory_days, committed_days, online_days, calendar_days, fee,
  online_level, one_stop_kind, documents, steps, decision, issued_on, valid_from, valid_to,
  supplement_clock, reception_cutoff`;

function procedureRow(procedure: Procedure): object {
  return {
    code: procedure.code,
    name: procedure.name,
    field: procedure.field,
    level: procedure.level,
    statutory_days: procedure.statutoryDays,
    committed_days: procedure.committedDays,
    online_days: procedure.onlineDays,
    calendar_days: false,
    fee: procedure.fee,
    online_level: procedure.onlineLevel,
    one_stop_kind: procedure.oneStopKind,
    documents: procedure.documents,
    steps: procedure.steps,
    decision: procedure.decision,
    issued_on: procedure.issuedOn,
    valid_from: procedure.validFrom,
    valid_to: procedure.validTo,
    supplement_clock: procedure.supplementClock,
    reception_cutoff: procedure.receptionCutoff,
  };
}

/** Beginnings of the steps' JSON up to the officer, by procedure: `[{"name":"…","officer":`. */
const STEP_BEGINNINGS = new Map<Procedure, readonly Buffer[]>();

/** Written piece by piece: half of a case's bytes are here, and most of them are the same again and again. */
function writeSteps(rows: CopyRows, procedure: Procedure, steps: readonly StepPlan[]): void {
  let beginnings = STEP_BEGINNINGS.get(procedure);
  if (beginnings === undefined) {
    beginnings = procedure.steps.map(({ name }, index) =>
      Buffer.from(`${index === 0 ? "[" : "},"}{"name":${JSON.stringify(name)},"officer":`),
    );
    STEP_BEGINNINGS.set(procedure, beginnings);
  }
  const field = rows.beginJson();
  for (const [index, beginning] of beginnings.entries()) {
    const step = steps[index];
    rows.piece(beginning);
    rows.asciiPiece(step === undefined || step.officer === null ? "null" : `"${step.officer}"`);
    rows.asciiPiece(',"startedAt":');
    rows.asciiPiece(instantJson(step?.startedAt ?? null));
    rows.asciiPiece(',"finishedAt":');
    rows.asciiPiece(instantJson(step?.finishedAt ?? null));
  }
  rows.asciiPiece(beginnings.length === 0 ? EMPTY_LIST : "}]");
  rows.endJson(field);
}

function supplementsJson({ documents, reason, requestedAt, receivedAt }: SupplementPlan): string {
  return `[{"documents":${JSON.stringify(documents)},"reason":${JSON.stringify(reason)},"requestedAt":${instantJson(requestedAt)},"receivedAt":${instantJson(receivedAt)}}]`;
}

const DAY_SECONDS = 86_400;
const OFFSET_SECONDS = 7 * 3_600;
const DAY_TEXTS = new Map<number, string>();
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** `"2026-11-21T08:30:00+07:00"` with its quotes, or `null`. */
function instantJson(seconds: number | null): string {
  if (seconds === null) return "null";
  const local = seconds + OFFSET_SECONDS;
  const day = Math.floor(local / DAY_SECONDS);
  let text = DAY_TEXTS.get(day);
  if (text === undefined) {
    text = `"${formatInstant(new Date(seconds * 1_000)).slice(0, "2026-11-21T".length)}`;
    DAY_TEXTS.set(day, text);
  }
  const second = local - day * DAY_SECONDS;
  const minute = Math.floor(second / 60);
  const hour = Math.floor(minute / 60);
  return `${text}${TWO_DIGITS[hour]}:${TWO_DIGITS[minute - hour * 60]}:${TWO_DIGITS[second - minute * 60]}+07:00"`;
}
