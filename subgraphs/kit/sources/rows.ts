/**
 * Rows of the contract from a system's JSON, by the mapping.
 */
import type { CaseRow, EventRow, OfficerRow, ProcedureRow } from "../agency/rows.ts";
import { canonicalDossierCode, parseProcedureCode } from "../identifiers.ts";
import { formatInstant } from "../scalars.ts";
import { isPaused, type State } from "../states.ts";
import {
  CASE_FIELDS,
  CASE_STEP_FIELDS,
  DOCUMENT_FIELDS,
  EVENT_FIELDS,
  FieldFault,
  OFFICER_FIELDS,
  PROCEDURE_FIELDS,
  PROCEDURE_STEP_FIELDS,
  type Read,
  readList,
  readRow,
  SUPPLEMENT_FIELDS,
} from "./fields.ts";
import type { FieldSpec, ListSpec } from "./rest/mapping.ts";
import type { TimePattern } from "./time.ts";

type FieldSpecs = Readonly<Record<string, FieldSpec | undefined>>;

/** What a mapping says of rows. */
export interface RowMapping {
  readonly dates: TimePattern;
  readonly procedures: {
    readonly fields: FieldSpecs;
    readonly documents?: ListSpec | undefined;
    readonly steps?: ListSpec | undefined;
  };
  readonly officers?: { readonly fields: FieldSpecs } | undefined;
  readonly cases: {
    readonly fields: FieldSpecs;
    readonly states?: Readonly<Record<string, State>> | undefined;
    readonly steps?: ListSpec | undefined;
    readonly events?: ListSpec | undefined;
    readonly supplements?: ListSpec | undefined;
  };
}

/** A case as the system told it, with its history and, where the case names him, its officer. */
export interface ToldCase {
  readonly row: CaseRow;
  readonly events: readonly EventRow[];
  readonly officer: OfficerRow | undefined;
}

/** @throws FieldFault */
export function readProcedure(mapping: RowMapping, raw: unknown, where: string): ProcedureRow {
  const { fields, documents, steps } = mapping.procedures;
  const reading = { dates: mapping.dates, states: undefined };
  const row = readRow(PROCEDURE_FIELDS, fields, raw, where, reading);
  return {
    ...row,
    code: shortCode(row.code, where),
    calendarDays: row.calendarDays ?? false,
    supplementClock: row.supplementClock ?? "RESTART",
    receptionCutoff: row.receptionCutoff ?? "15:00",
    documents: readList(DOCUMENT_FIELDS, documents, raw, where, reading).map((each) => ({
      name: each.name,
      originals: each.originals ?? 1,
      copies: each.copies ?? 0,
      optional: each.optional ?? false,
    })),
    steps: readList(PROCEDURE_STEP_FIELDS, steps, raw, where, reading),
  };
}

/** @throws FieldFault */
export function readOfficer(mapping: RowMapping, raw: unknown, where: string): OfficerRow {
  const reading = { dates: mapping.dates, states: undefined };
  return readRow(OFFICER_FIELDS, mapping.officers?.fields ?? {}, raw, where, reading);
}

/** @throws FieldFault */
export function readCase(mapping: RowMapping, raw: unknown, where: string): ToldCase {
  const { cases } = mapping;
  const reading = { dates: mapping.dates, states: cases.states };
  const told = readRow(CASE_FIELDS, cases.fields, raw, where, reading);
  const events = readEvents(readList(EVENT_FIELDS, cases.events, raw, where, reading));
  const { officerName, officerTitle, ...row } = told;
  // A system that knows its people by name alone: the name is then their code.
  const officerCode = told.officerCode ?? officerName;
  return {
    row: {
      ...row,
      id: canonicalDossierCode(told.dossierCode),
      dossierCode: canonicalDossierCode(told.dossierCode),
      procedureCode: shortCode(told.procedureCode, where),
      officerCode,
      resumeState: told.resumeState ?? stateBefore(told.state, events),
      // When the pause began; unknown, the deadline stays as the system says.
      pausedAt: isPaused(told.state) ? (events.findLast(({ to }) => to === told.state)?.at ?? null) : null,
      steps: readList(CASE_STEP_FIELDS, cases.steps, raw, where, reading),
      supplements: readList(SUPPLEMENT_FIELDS, cases.supplements, raw, where, reading).map((each) => ({
        documents: each.documents,
        reason: each.reason,
        requestedAt: formatInstant(each.requestedAt),
        receivedAt: each.receivedAt === null ? null : formatInstant(each.receivedAt),
      })),
    },
    events,
    officer:
      officerCode === null || officerName === null
        ? undefined
        : { code: officerCode, name: officerName, title: officerTitle ?? "" },
  };
}

/** Oldest first, each beginning where the one before ended, whatever order the system tells them in. */
export function readEvents(told: readonly Read<typeof EVENT_FIELDS>[]): readonly EventRow[] {
  const ordered = told.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return ordered.map((event, index) => ({
    sequence: index + 1,
    at: event.at,
    from: event.from ?? ordered[index - 1]?.to ?? null,
    to: event.to,
    officerCode: event.officerCode,
    note: event.note,
  }));
}

/** What a pause returns to: the state before it, and `IN_PROGRESS` where the history does not tell. */
function stateBefore(state: State, events: readonly EventRow[]): State | null {
  if (!isPaused(state)) return null;
  const before = events.findLast(({ from, to }) => to === state && from !== state)?.from;
  return before ?? "IN_PROGRESS";
}

function shortCode(code: string, where: string): string {
  try {
    return parseProcedureCode(code);
  } catch {
    throw new FieldFault(`${where}: "${code.slice(0, 40)}" is not a procedure code`);
  }
}
