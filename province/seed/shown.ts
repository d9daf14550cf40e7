/**
 * The three newest dossiers of every province: births on their way through three agencies, so that whoever asks the
 * first query sees an interconnected dossier, each at another point of its course.
 */
import type { CaseScript } from "./case-script.ts";
import { factsOfProcedure, type RouteFacts } from "./received-routes.ts";
import { DAY, type WorkingTime } from "./working-time.ts";

const MINUTE = 60;
const BIRTH = "2.002621";

interface Shown {
  /** Working seconds since its reception. */
  readonly age: number;
  /** Working seconds that each leg takes; Infinity for one that goes on. */
  readonly takes: readonly number[];
}

/** The commune first, then police and social insurance side by side. */
const SHOWN: readonly Shown[] = [
  { age: 41 * MINUTE, takes: [9 * MINUTE, 22 * MINUTE, Infinity] },
  { age: 43 * MINUTE, takes: [10 * MINUTE, 20 * MINUTE, 25 * MINUTE] },
  { age: 44 * MINUTE, takes: [8 * MINUTE, Infinity, 24 * MINUTE] },
];

/** All other dossiers are at least so old, in working seconds. */
export const SHOWN_SPAN = 45 * MINUTE;

export const shownAt = (index: number): Shown | undefined => SHOWN[index];

export const shownFacts = (): RouteFacts => factsOfProcedure(BIRTH);

/** The course of its cases: every agency begins at once, and none is later than the route foresees. */
export function shownScripts(
  shown: Shown,
  { route, cutoff }: RouteFacts,
  received: number,
  time: WorkingTime,
): readonly CaseScript[] {
  const scripts: CaseScript[] = [];
  const foreseen: number[] = [];
  for (const [index, leg] of route.legs.entries()) {
    const { dependsOn, days } = leg;
    const before = dependsOn.map((position) => scripts[position - 1]?.finish ?? received);
    const open = before.length === 0 ? received : Math.max(...before) + MINUTE;
    const due =
      before.length === 0
        ? time.due(received, days, cutoff)
        : Math.max(...dependsOn.map((position) => foreseen[position - 1] ?? 0)) + days * DAY;
    foreseen.push(due);
    const finish = open + (shown.takes[index] ?? Infinity);
    const course = { open, accept: open + MINUTE, begin: open + 2 * MINUTE, finish };
    scripts.push({ leg, ...course, pause: null, firstDue: due, due, apology: null });
  }
  return scripts;
}
