/**
 * Turns the sample province's catalogue and cases into rows of the contract's tables, at any agency.
 */
import { officersOf } from "../../../../province/catalogue/officers.ts";
import type { Procedure } from "../../../../province/catalogue/procedure.ts";
import { proceduresOf } from "../../../../province/catalogue/procedures.ts";
import type { CasePlan, DossierPlan, StepPlan, SupplementPlan } from "../../../../province/seed/plan.ts";
import type { BulkLoad } from "../../bulk-load.ts";
import { type CopyRows, textArrayField } from "../../copy-rows.ts";
import { formatInstant } from "../../scalars.ts";

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
       step_names, step_officers, step_started, step_finished, supplements`,
    );
    this.#events = load.open("case_event", "case_id, sequence, at, from_state, to_state, officer_code, note");
  }

  add({ code, applicant }: DossierPlan, procedure: Procedure, played: CasePlan): void {
    const { id, delay, resultNumber } = played;
    const rows = this.#cases;
    rows.row();
    rows.bigint(id);
    rows.repeated(code);
    rows.constant(procedure.code);
    rows.smallint(played.state);
    rows.smallint(played.resumeState);
    rows.instant(played.receivedAt);
    rows.instant(played.dueAt);
    rows.instant(played.pausedAt);
    rows.instant(played.finishedAt);
    rows.constant(played.officer);
    rows.constant(applicant.name);
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
    for (let index = 0; index < played.events.length; index++) {
      const event = played.events[index] as CasePlan["events"][number];
      events.row();
      events.bigint(id);
      events.integer(index + 1);
      events.instant(event.at);
      events.smallint(event.from);
      events.smallint(event.to);
      events.constant(event.officer);
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

/** Names of the steps as a whole field, by procedure. */
const STEP_NAMES = new Map<Procedure, Buffer>();

function writeSteps(rows: CopyRows, procedure: Procedure, steps: readonly StepPlan[]): void {
  let names = STEP_NAMES.get(procedure);
  if (names === undefined)
    STEP_NAMES.set(procedure, (names = textArrayField(procedure.steps.map(({ name }) => name))));
  rows.field(names);
  const officers = rows.beginTexts(steps.length);
  for (const step of steps) rows.constant(step.officer);
  rows.endArray(officers);
  const started = rows.beginInstants(steps.length);
  for (const step of steps) rows.instant(step.startedAt);
  rows.endArray(started);
  const finished = rows.beginInstants(steps.length);
  for (const step of steps) rows.instant(step.finishedAt);
  rows.endArray(finished);
}

/** Few cases have one: printed as text. */
function supplementsJson({ documents, reason, requestedAt, receivedAt }: SupplementPlan): string {
  return JSON.stringify([
    {
      documents,
      reason,
      requestedAt: formatInstant(new Date(requestedAt * 1_000)),
      receivedAt: receivedAt === null ? null : formatInstant(new Date(receivedAt * 1_000)),
    },
  ]);
}
