/**
 * The course of one agency's case from beginning to end, as if the future were known, in working seconds; what of it has
 * happened by now is played by `case-play.ts`.
 */
import type { RouteLeg } from "../catalogue/routes.ts";
import type { Random } from "../random.ts";
import { cutoffOf, DAY, type WorkingTime } from "./working-time.ts";

export const AWAITING_SUPPLEMENT = 5;
export const AWAITING_PAYMENT = 6;
export const SUSPENDED = 8;

export interface Pause {
  readonly state: typeof AWAITING_SUPPLEMENT | typeof AWAITING_PAYMENT | typeof SUSPENDED;
  readonly from: number;
  readonly to: number;
}

export interface Apology {
  readonly at: number;
  readonly newDue: number;
}

export interface CaseScript {
  readonly leg: RouteLeg;
  readonly open: number;
  readonly accept: number;
  readonly begin: number;
  readonly pause: Pause | null;
  /** The deadline as the case was opened. */
  readonly firstDue: number;
  /** The deadline after the pause, before an apology. */
  readonly due: number;
  /** Infinity when it is stuck. */
  readonly finish: number;
  readonly apology: Apology | null;
}

/** How a dossier fares: the trouble falls on the leg that decides when it ends. */
export type Fate = "smooth" | "late" | "stuck" | "suspended";

export interface Opening {
  readonly open: number;
  readonly due: number;
  /** The appointment of the whole dossier, moved by the pauses before. */
  readonly appointment: number;
  readonly fate: Fate;
  /** A pause that another agency's work brings about; then none is drawn. */
  readonly given: Pause | null;
}

const HOUR = 3_600;
const ACKNOWLEDGE_WITHIN = 2 * HOUR;
const SUPPLEMENT_SHARE = 0.05;
/** Supplements are asked for within three working days. */
const SUPPLEMENT_WITHIN = 3 * DAY;

export function scriptCase(random: Random, time: WorkingTime, leg: RouteLeg, opening: Opening): CaseScript {
  const { open, due: firstDue, fate } = opening;
  const quick = leg.days < 1;
  const accept = open + random.integer(60, quick ? 600 : ACKNOWLEDGE_WITHIN - 300);
  const begin = accept + random.integer(60, quick ? 600 : HOUR);
  const pause = opening.given ?? drawPause(random, fate, leg, begin, Math.min(firstDue, opening.appointment));
  const due = pause === null ? firstDue : dueAfter(time, leg, firstDue, pause);
  const appointment = opening.appointment + due - firstDue;
  const start = pause === null ? begin : Math.max(begin, pause.to);
  const finish = finishOf(random, fate, start, Math.min(due, appointment), appointment);
  const apology =
    (fate === "late" || fate === "stuck") && leg.days >= 2 ? drawApology(random, due, finish, start) : null;
  return { leg, open, accept, begin, pause, firstDue, due, finish, apology };
}

function drawPause(random: Random, fate: Fate, leg: RouteLeg, begin: number, end: number): Pause | null {
  if (fate === "suspended" && leg.days >= 1) {
    const from = minutes(begin + random.between(0.1, 0.6) * (end - begin));
    return { state: SUSPENDED, from, to: from + minutes(random.between(8, 60) * DAY) };
  }
  if (leg.days < 1 || !random.chance(SUPPLEMENT_SHARE)) return null;
  const from = minutes(begin + random.between(0.1, 0.8) * Math.min(end - begin, SUPPLEMENT_WITHIN));
  return { state: AWAITING_SUPPLEMENT, from, to: from + minutes(random.between(0.3, 12) * DAY) };
}

/** By decree 61/2018 the time restarts when a supplement arrives; other pauses only stop it. */
function dueAfter(time: WorkingTime, leg: RouteLeg, due: number, pause: Pause): number {
  const restarts = pause.state === AWAITING_SUPPLEMENT && leg.procedure.supplementClock === "RESTART";
  if (restarts) return time.due(pause.to, leg.days, cutoffOf(leg.procedure.receptionCutoff));
  return due + pause.to - pause.from;
}

function finishOf(random: Random, fate: Fate, start: number, end: number, appointment: number): number {
  if (fate === "stuck") return Infinity;
  if (fate === "late") return appointment + Math.floor(random.between(1, 7) * DAY);
  return start + Math.floor(random.between(0.25, 0.96) * Math.max(end - start, 0));
}

/** At least one day before the time is up. */
function drawApology(random: Random, due: number, finish: number, start: number): Apology | null {
  const at = due - Math.floor(random.between(1, 1.6) * DAY);
  if (at <= start || !random.chance(0.6)) return null;
  const end = finish === Infinity ? due + random.integer(5, 15) * DAY : finish;
  return { at, newDue: (Math.floor(end / DAY) + 1) * DAY };
}

function minutes(seconds: number): number {
  return Math.floor(seconds / 60) * 60;
}
