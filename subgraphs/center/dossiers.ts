/**
 * How a received dossier changes (schema/center.graphql, Mutation): one transaction with its event and its messages to
 * the agencies, once by idempotency key, by the legal transitions only.
 */
import type { Queryable } from "../../process/database.ts";
import { AgencyError } from "../kit/errors.ts";
import { type KeyedRequest, once } from "../kit/idempotency.ts";
import { parseAgencyCode, parseDossierCode } from "../kit/identifiers.ts";
import { enqueue } from "../kit/outbox.ts";
import { assertMove, isClosed, isPaused, type State } from "../kit/states.ts";
import { parseText } from "../kit/text.ts";
import type { Center, DossierPayload } from "./context.ts";
import { openCase, returnCase, withdrawCase } from "./messages.ts";
import { openLeg, progressOf, readyLegs } from "./routing.ts";
import * as sql from "./sql.ts";

const LONGEST_CODE = 64;
/** What a dossier returns to after a supplement: the centre waits for one only while it works. */
const RESUMES: State = "IN_PROGRESS";

/**
 * What a dossier is looked up by: its code, or anything that may have been stored as a legacy code.
 * @throws AgencyError INVALID_DOSSIER_CODE for what can be neither
 */
export function lookupKey(given: string, field = "code"): string {
  const key = given.trim();
  return key === "" || key.length > LONGEST_CODE || /\p{Cc}/u.test(key)
    ? parseDossierCode(given, field)
    : key;
}

/** Withdraws a dossier for its applicant, and every open case with it. */
export function withdrawDossier(
  center: Center,
  request: KeyedRequest,
  args: { code: string; reason?: string | null | undefined },
): Promise<DossierPayload> {
  const reason = args.reason == null ? null : parseText(args.reason, "reason");
  return change(center, request, args.code, "code", async (tx, dossier) => {
    const now = new Date();
    const withdrawn = await move(tx, { ...dossier, finishedAt: now }, "WITHDRAWN", now, reason);
    for (const leg of await sql.findLegs(tx, [dossier.id]))
      if (leg.openedAt !== null && (leg.reportedState === null || !isClosed(leg.reportedState)))
        await enqueue(tx, withdrawCase(dossier, leg, reason));
    return withdrawn;
  });
}

/**
 * Completes a dossier with its result. Where the last agency's report has completed it already, adds the result.
 * @throws AgencyError LEGS_NOT_FINISHED naming the agencies that still work
 */
export function completeDossier(
  center: Center,
  request: KeyedRequest,
  args: { code: string; result: { number: string; summary: string } },
): Promise<DossierPayload> {
  const resultNumber = parseText(args.result.number, "result.number", 100);
  const resultSummary = parseText(args.result.summary, "result.summary");
  return change(center, request, args.code, "code", async (tx, dossier) => {
    const isAwaitingResult = dossier.state === "COMPLETED" && dossier.resultNumber === null;
    if (!isAwaitingResult) assertMove(dossier.state, "COMPLETED", RESUMES);
    const legs = await sql.findLegs(tx, [dossier.id]);
    const unfinished = unfinishedLegs(legs);
    if (unfinished.length > 0)
      throw new AgencyError("LEGS_NOT_FINISHED", { agencies: unfinished.map((leg) => leg.agencyCode) });
    const now = new Date();
    const completed: sql.DossierRow = {
      ...dossier,
      state: "COMPLETED",
      finishedAt: dossier.finishedAt ?? now,
      resultNumber,
      resultSummary,
    };
    await record(tx, completed, dossier.state, now, resultNumber);
    return completed;
  });
}

/** Hands the result over to the applicant, and returns the agencies' finished cases with it. */
export function returnResult(
  center: Center,
  request: KeyedRequest,
  args: { code: string; receivedBy: string; channel: sql.Channel },
): Promise<DossierPayload> {
  const returnedTo = parseText(args.receivedBy, "receivedBy", 200);
  return change(center, request, args.code, "code", async (tx, dossier) => {
    const now = new Date();
    const handedOver = { ...dossier, returnedAt: now, returnedTo, returnChannel: args.channel };
    const returned = await move(tx, handedOver, "RETURNED", now, returnedTo);
    for (const leg of await sql.findLegs(tx, [dossier.id]))
      if (leg.reportedState === "COMPLETED") await enqueue(tx, returnCase(dossier, leg, returnedTo));
    return returned;
  });
}

/**
 * An agency's case changed. Opens the legs that waited for it; completes the dossier when nobody works on it any more.
 * A report older than the last one changes nothing: reports may overtake one another.
 * @throws AgencyError UNKNOWN_CASE when the agency has no opened leg
 */
export function reportCase(
  center: Center,
  request: KeyedRequest,
  args: { dossierCode: string; agencyCode: string; state: State; at: Date },
): Promise<DossierPayload> {
  const agencyCode = parseAgencyCode(args.agencyCode);
  return change(center, request, args.dossierCode, "dossierCode", async (tx, dossier) => {
    const legs = await sql.findLegs(tx, [dossier.id]);
    const index = legs.findIndex((each) => each.agencyCode === agencyCode && each.openedAt !== null);
    const leg = legs[index];
    if (leg === undefined)
      throw new AgencyError("UNKNOWN_CASE", { agency: agencyCode, dossier: dossier.code });
    // An agency's clock may run ahead of the centre's; what it tells has happened.
    const now = new Date();
    const at = args.at < now ? args.at : now;
    if (leg.reportedAt !== null && at < leg.reportedAt) return dossier;
    const reported: sql.LegRow = { ...leg, reportedState: args.state, reportedAt: at };
    await sql.updateLeg(tx, reported);
    if (isClosed(dossier.state)) return dossier;
    const begun = await begin(tx, dossier, args.state, at);
    return proceed(center, tx, begun, legs.with(index, reported), at);
  });
}

/** A case beyond `REGISTERED` begins the work, or resumes it after a pause. */
async function begin(
  tx: Queryable,
  dossier: sql.DossierRow,
  reported: State,
  at: Date,
): Promise<sql.DossierRow> {
  const begins = dossier.state === "ACCEPTED" && reported !== "REGISTERED";
  const resumes = isPaused(dossier.state) && !isPaused(reported) && reported !== "REGISTERED";
  return begins || resumes ? move(tx, dossier, "IN_PROGRESS", at, null) : dossier;
}

/** Opens the legs whose turn it is; when there is none and nobody works any more, the dossier is completed. */
async function proceed(
  center: Center,
  tx: Queryable,
  dossier: sql.DossierRow,
  legs: readonly sql.LegRow[],
  at: Date,
): Promise<sql.DossierRow> {
  const ready = readyLegs(
    legs,
    progressOf(legs, (leg) => leg.reportedState),
  );
  for (const leg of ready) {
    const opened = openLeg(leg, at, center.calendar);
    await sql.updateLeg(tx, opened);
    await enqueue(tx, openCase(dossier, opened));
  }
  if (ready.length > 0 || unfinishedLegs(legs).length > 0) return dossier;
  const lastReport = Math.max(...legs.map((leg) => leg.reportedAt?.getTime() ?? 0));
  const finishedAt = new Date(lastReport);
  return move(tx, { ...dossier, finishedAt }, "COMPLETED", finishedAt, null);
}

/** Legs at work, or waiting for such. */
function unfinishedLegs(legs: readonly sql.LegRow[]): readonly sql.LegRow[] {
  const progress = progressOf(legs, (leg) => leg.reportedState);
  return legs.filter((leg) => ["open", "waiting"].includes(progress.get(leg.order) ?? ""));
}

async function change(
  center: Center,
  request: KeyedRequest,
  givenCode: string,
  field: string,
  work: (tx: Queryable, dossier: sql.DossierRow) => Promise<sql.DossierRow>,
): Promise<DossierPayload> {
  const key = lookupKey(givenCode, field);
  const payload = await once(center.database, request, async (tx) => {
    const dossier = await sql.lockDossier(tx, key);
    if (dossier === undefined)
      throw new AgencyError("UNKNOWN_DOSSIER", { dossier: parseDossierCode(givenCode, field) });
    const changed = await work(tx, dossier);
    await sql.tellChange(tx, changed.code);
    return { dossier: changed };
  });
  await center.outbox.flush(1_000);
  // Once more: by now the agencies' own parts, which whoever listens reads too, are as this change has made them.
  await sql.tellChange(center.database, payload.dossier.code);
  return payload;
}

/** Moves a dossier to another state, with its event. @throws AgencyError ILLEGAL_TRANSITION */
async function move(
  tx: Queryable,
  dossier: sql.DossierRow,
  to: State,
  at: Date,
  note: string | null,
): Promise<sql.DossierRow> {
  assertMove(dossier.state, to, RESUMES);
  const moved: sql.DossierRow = { ...dossier, state: to };
  await record(tx, moved, dossier.state, at, note);
  return moved;
}

async function record(
  tx: Queryable,
  changed: sql.DossierRow,
  from: State,
  at: Date,
  note: string | null,
): Promise<void> {
  await sql.updateDossier(tx, changed);
  await sql.insertEvent(tx, { dossierId: changed.id, at, from, to: changed.state, note });
}
