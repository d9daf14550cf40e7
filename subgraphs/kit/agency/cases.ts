/**
 * How a case changes (schema/agency.graphql, Mutation): one transaction with its event and its report to the centre,
 * once by idempotency key, by the legal transitions only.
 */
import { dayOf } from "../calendar.ts";
import type { Queryable } from "../../../process/database.ts";
import { AgencyError } from "../errors.ts";
import { type KeyedRequest, once } from "../idempotency.ts";
import { parseDossierCode, parsePersonalId, parseProcedureCode, parseTaxCode } from "../identifiers.ts";
import { enqueue } from "../outbox.ts";
import { formatInstant } from "../scalars.ts";
import { allowedMoves, assertMove, isClosed, isPaused, type State } from "../states.ts";
import { parseText } from "../text.ts";
import { deadline, resumed } from "./clock.ts";
import type { Agency, CasePayload } from "./context.ts";
import type { CaseRow, ProcedureRow, StepRow } from "./rows.ts";
import type { CaseChanges, ChangeName, ChangeSession } from "./source.ts";

export interface OpenCase {
  readonly dossierCode: string;
  readonly procedureCode: string;
  readonly receivedAt?: Date | null | undefined;
  readonly dueAt?: Date | null | undefined;
  readonly applicantName?: string | null | undefined;
  readonly personalId?: string | null | undefined;
  readonly taxCode?: string | null | undefined;
}

/** What a change makes of a locked case; `note` and `officerCode` go into the history. */
interface Change {
  readonly row: CaseRow;
  /** A state passed through on the way, with an event of its own. */
  readonly via?: State;
  readonly officerCode?: string | null | undefined;
  readonly note?: string | null | undefined;
}

const REPORT = `mutation ReportCase($dossierCode: ID!, $agencyCode: ID!, $state: CaseState!, $at: DateTime!, $key: ID!) {
  reportCase(dossierCode: $dossierCode, agencyCode: $agencyCode, state: $state, at: $at, idempotencyKey: $key) {
    dossier { code }
  }
}`;

/** Opens a case: `REGISTERED` until the agency acknowledges it. @throws AgencyError UNKNOWN_PROCEDURE, CASE_EXISTS */
export function openCase(agency: Agency, request: KeyedRequest, input: OpenCase): Promise<CasePayload> {
  const dossierCode = parseDossierCode(input.dossierCode, "input.dossierCode");
  const procedureCode = parseProcedureCode(input.procedureCode, "input.procedureCode");
  const personalId = input.personalId == null ? null : parsePersonalId(input.personalId, "input.personalId");
  const taxCode = input.taxCode == null ? null : parseTaxCode(input.taxCode, "input.taxCode");
  const applicantName = optionalText(input.applicantName, "input.applicantName");
  const changes = changesOf(agency, "openCase");
  return once(agency.database, request, async (tx) => {
    const session = changes.begin(tx, request);
    const procedure = await requireProcedure(session, agency, procedureCode);
    const now = new Date();
    if (procedure.validTo !== null && procedure.validTo < dayOf(now))
      throw new AgencyError("UNKNOWN_PROCEDURE", {
        procedure: procedureCode,
        allowed: `it was valid until ${procedure.validTo}`,
      });
    const receivedAt = input.receivedAt ?? now;
    // The centre opened the case itself: this first event is not reported back.
    const row = await session.open(
      {
        dossierCode,
        procedureCode,
        receivedAt,
        dueAt: input.dueAt ?? deadline(agency, procedure, receivedAt),
        applicantName,
        personalId,
        taxCode,
        steps: procedure.steps.map(({ name }) => ({
          name,
          officer: null,
          startedAt: null,
          finishedAt: null,
        })),
      },
      now,
    );
    if (row === undefined)
      throw new AgencyError("CASE_EXISTS", { agency: agency.code, dossier: dossierCode });
    return { case: row };
  });
}

/** Moves a case to another state. Supplements and results have their own mutations, because they carry more. */
export function advanceCase(
  agency: Agency,
  request: KeyedRequest,
  args: {
    dossierCode: string;
    to: State;
    officerCode?: string | null | undefined;
    note?: string | null | undefined;
  },
): Promise<CasePayload> {
  const note = optionalText(args.note, "note");
  return change(agency, "advanceCase", request, args.dossierCode, async (session, row) => {
    assertMove(row.state, args.to, row.resumeState);
    if (args.to === "AWAITING_SUPPLEMENT") throw ownMutation(args.to, "requestSupplement");
    if (args.to === "COMPLETED") throw ownMutation(args.to, "completeCase");
    if (row.state === "AWAITING_SUPPLEMENT" && args.to === row.resumeState)
      throw ownMutation(args.to, "receiveSupplement");
    await requireOfficer(session, args.officerCode);
    const now = new Date();
    const moved = isPaused(row.state) && !isClosed(args.to) ? resumed(agency, row, now) : row;
    return {
      row: {
        ...moved,
        state: args.to,
        officerCode: args.officerCode ?? row.officerCode,
        resumeState: isPaused(args.to) ? row.state : null,
        pausedAt: isPaused(args.to) ? now : null,
        finishedAt: args.to === "RETURNED" ? row.finishedAt : isClosed(args.to) ? now : null,
        steps:
          args.to === "IN_PROGRESS"
            ? startStep(row.steps, args.officerCode ?? row.officerCode, now)
            : row.steps,
      },
      officerCode: args.officerCode,
      note,
    };
  });
}

/** Finishes the current internal step and starts the next. @throws AgencyError NO_OPEN_STEP */
export function finishStep(
  agency: Agency,
  request: KeyedRequest,
  args: {
    dossierCode: string;
    nextOfficerCode?: string | null | undefined;
    note?: string | null | undefined;
  },
): Promise<CasePayload> {
  const note = optionalText(args.note, "note");
  return change(agency, "finishStep", request, args.dossierCode, async (session, row) => {
    const current = row.steps.findIndex((step) => step.startedAt !== null && step.finishedAt === null);
    const step = row.steps[current];
    if (step === undefined || row.state !== "IN_PROGRESS")
      throw new AgencyError("NO_OPEN_STEP", { state: row.state });
    await requireOfficer(session, args.nextOfficerCode);
    const now = new Date();
    const finished = row.steps.with(current, { ...step, finishedAt: now });
    const nextOfficer = args.nextOfficerCode ?? row.officerCode;
    return {
      row: { ...row, officerCode: nextOfficer, steps: startStep(finished, nextOfficer, now) },
      officerCode: step.officer,
      note: note ?? step.name,
    };
  });
}

/** Asks for documents: the clock stops. */
export function requestSupplement(
  agency: Agency,
  request: KeyedRequest,
  args: {
    dossierCode: string;
    documents: readonly string[];
    reason: string;
    officerCode?: string | null | undefined;
  },
): Promise<CasePayload> {
  const documents = requireTexts(args.documents, "documents");
  const reason = parseText(args.reason, "reason");
  return change(agency, "requestSupplement", request, args.dossierCode, async (session, row) => {
    assertMove(row.state, "AWAITING_SUPPLEMENT", row.resumeState);
    await requireOfficer(session, args.officerCode);
    const now = new Date();
    const supplement = { documents, reason, requestedAt: now.toISOString(), receivedAt: null };
    return {
      row: {
        ...row,
        state: "AWAITING_SUPPLEMENT",
        resumeState: row.state,
        pausedAt: now,
        supplements: [...row.supplements, supplement],
      },
      officerCode: args.officerCode,
      note: reason,
    };
  });
}

/**
 * The documents arrived: back to the state before. The time restarts from zero (Decree 61/2018) or goes on, as the
 * procedure says.
 */
export function receiveSupplement(
  agency: Agency,
  request: KeyedRequest,
  args: { dossierCode: string; documents: readonly string[] },
): Promise<CasePayload> {
  const documents = requireTexts(args.documents, "documents");
  return change(agency, "receiveSupplement", request, args.dossierCode, async (session, row) => {
    const to = row.resumeState;
    if (row.state !== "AWAITING_SUPPLEMENT" || to === null)
      throw new AgencyError("ILLEGAL_TRANSITION", {
        from: row.state,
        to: "the state before a supplement",
        allowed: allowedMoves(row.state, to),
      });
    const now = new Date();
    const procedure = await requireProcedure(session, agency, row.procedureCode);
    const restarts = procedure.supplementClock === "RESTART";
    const last = row.supplements.at(-1);
    return {
      row: {
        ...row,
        state: to,
        resumeState: null,
        pausedAt: null,
        dueAt: restarts ? deadline(agency, procedure, now) : resumed(agency, row, now).dueAt,
        supplements:
          last === undefined
            ? row.supplements
            : [...row.supplements.slice(0, -1), { ...last, receivedAt: now.toISOString() }],
      },
      note: documents.join("; "),
    };
  });
}

/** Ends a case because the applicant withdraws. */
export function withdrawCase(
  agency: Agency,
  request: KeyedRequest,
  args: { dossierCode: string; reason?: string | null | undefined },
): Promise<CasePayload> {
  const reason = optionalText(args.reason, "reason");
  return change(agency, "withdrawCase", request, args.dossierCode, (_session, row) => {
    // From 1 there is no way to 7: a case that no one has acknowledged is accepted first.
    const unseen = row.state === "REGISTERED";
    assertMove(unseen ? "ACCEPTED" : row.state, "WITHDRAWN", row.resumeState);
    const ended: CaseRow = {
      ...row,
      state: "WITHDRAWN",
      resumeState: null,
      pausedAt: null,
      finishedAt: new Date(),
    };
    return Promise.resolve({ row: ended, note: reason, ...(unseen && { via: "ACCEPTED" as const }) });
  });
}

/** Finishes a case with its result. */
export function completeCase(
  agency: Agency,
  request: KeyedRequest,
  args: {
    dossierCode: string;
    result: { number: string; summary: string };
    officerCode?: string | null | undefined;
  },
): Promise<CasePayload> {
  const resultNumber = parseText(args.result.number, "result.number", 100);
  const resultSummary = parseText(args.result.summary, "result.summary");
  return change(agency, "completeCase", request, args.dossierCode, async (session, row) => {
    assertMove(row.state, "COMPLETED", row.resumeState);
    await requireOfficer(session, args.officerCode);
    const now = new Date();
    return {
      row: {
        ...row,
        state: "COMPLETED",
        finishedAt: now,
        resultNumber,
        resultSummary,
        resultIssuedAt: now,
        steps: row.steps.map((step) =>
          step.startedAt !== null && step.finishedAt === null ? { ...step, finishedAt: now } : step,
        ),
      },
      officerCode: args.officerCode,
      note: resultNumber,
    };
  });
}

/** Apologises for a delay: the reason and one new appointment, once. @throws AgencyError DELAY_ALREADY_SET */
export function apologiseForDelay(
  agency: Agency,
  request: KeyedRequest,
  args: { dossierCode: string; reason: string; newDueAt: Date },
): Promise<CasePayload> {
  const reason = parseText(args.reason, "reason");
  return change(agency, "apologiseForDelay", request, args.dossierCode, (_session, row) => {
    if (isClosed(row.state))
      throw new AgencyError("ILLEGAL_TRANSITION", { from: row.state, to: "a new appointment", allowed: [] });
    if (row.delayPreviousDueAt !== null)
      throw new AgencyError("DELAY_ALREADY_SET", { until: formatInstant(row.dueAt) });
    if (args.newDueAt <= row.dueAt)
      throw new AgencyError("INVALID_INPUT", {
        field: "newDueAt",
        value: formatInstant(args.newDueAt),
        allowed: `later than ${formatInstant(row.dueAt)}`,
      });
    const changed: CaseRow = {
      ...row,
      dueAt: args.newDueAt,
      delayReason: reason,
      delayApologisedAt: new Date(),
      delayPreviousDueAt: row.dueAt,
    };
    return Promise.resolve({ row: changed, note: reason });
  });
}

async function change(
  agency: Agency,
  name: ChangeName,
  request: KeyedRequest,
  givenCode: string,
  work: (session: ChangeSession, row: CaseRow) => Promise<Change>,
): Promise<CasePayload> {
  const dossierCode = parseDossierCode(givenCode);
  const changes = changesOf(agency, name);
  const payload = await once(agency.database, request, async (tx) => {
    const session = changes.begin(tx, request);
    const before = await session.hold(dossierCode);
    if (before === undefined)
      throw new AgencyError("UNKNOWN_CASE", { agency: agency.code, dossier: dossierCode });
    const { row: after, via, officerCode = null, note = null } = await work(session, before);
    const at = new Date();
    const { row, mark } = await session.save({ name, before, after, via, at, officerCode, note });
    if (row.state !== before.state) await report(tx, agency, row, at, mark);
    return { case: row };
  });
  await agency.outbox.flush();
  return payload;
}

/** Tells the centre, so that the legs that wait for this one can begin. */
function report(tx: Queryable, agency: Agency, row: CaseRow, at: Date, mark: string): Promise<void> {
  return enqueue(tx, {
    topic: row.dossierCode,
    document: REPORT,
    variables: {
      dossierCode: row.dossierCode,
      agencyCode: agency.code,
      state: row.state,
      at: at.toISOString(),
      key: `report:${agency.code}:${row.dossierCode}:${mark}`,
    },
  });
}

/** @throws AgencyError NOT_SUPPORTED when the agency's system cannot make this change */
function changesOf(agency: Agency, name: ChangeName): CaseChanges {
  const { changes } = agency.source;
  if (changes?.supported.has(name)) return changes;
  throw new AgencyError("NOT_SUPPORTED", {
    agency: agency.code,
    field: name,
    allowed: [...(changes?.supported ?? [])].join(", "),
  });
}

/** Starts the first step that has not begun, unless one is under way. */
function startStep(steps: readonly StepRow[], officer: string | null, now: Date): readonly StepRow[] {
  if (steps.some((step) => step.startedAt !== null && step.finishedAt === null)) return steps;
  const next = steps.findIndex((step) => step.startedAt === null);
  const step = steps[next];
  return step === undefined ? steps : steps.with(next, { ...step, officer, startedAt: now });
}

async function requireProcedure(session: ChangeSession, agency: Agency, code: string): Promise<ProcedureRow> {
  const [procedure] = await session.procedures([code]);
  if (procedure instanceof Error) throw procedure;
  if (procedure) return procedure;
  throw new AgencyError("UNKNOWN_PROCEDURE", {
    procedure: code,
    allowed: `see Agency.procedures of ${agency.code}`,
  });
}

async function requireOfficer(session: ChangeSession, code: string | null | undefined): Promise<void> {
  if (code == null) return;
  const [officer] = await session.officers([code]);
  if (officer instanceof Error) throw officer;
  if (!officer) throw new AgencyError("UNKNOWN_OFFICER", { officer: code });
}

function requireTexts(texts: readonly string[], field: string): readonly string[] {
  const given = texts.filter((text) => text.trim() !== "");
  if (given.length > 0) return given.map((text) => parseText(text, field));
  throw new AgencyError("INVALID_INPUT", { field, value: "[]", allowed: "at least one name" });
}

/** A blank text says nothing. */
function optionalText(text: string | null | undefined, field: string): string | null {
  return text == null || text.trim() === "" ? null : parseText(text, field);
}

function ownMutation(to: State, mutation: string): AgencyError {
  return new AgencyError("INVALID_INPUT", {
    field: "to",
    value: to,
    allowed: `another state; for ${to} use ${mutation}`,
  });
}
