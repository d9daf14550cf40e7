/**
 * How a dossier travels over agencies: its legs with their order, dependence and deadlines. Pure.
 */
import type { WorkingCalendar } from "../kit/calendar.ts";
import type { State } from "../kit/states.ts";
import type { RouteRow } from "./directory.ts";
import type { LegRow, NewLeg } from "./sql.ts";

export interface Plan {
  /** The appointment. */
  readonly dueAt: Date;
  readonly legs: readonly NewLeg[];
}

/** Where a leg stands: `waiting` for others, `open`, `done`, or `failed`: it ended without success, or never can begin. */
export type Progress = "waiting" | "open" | "done" | "failed";

/** The time that a leg was given goes on at once: a cut-off concerns the counter only. */
const NO_CUTOFF = { cutoff: "24:00" };

/**
 * Plans a dossier received at `receivedAt`: legs that wait for nobody are open at once; the others' deadlines are
 * foreseen from those they wait for. The appointment is the group's own total where it has one, else the end of the
 * longest path.
 * @throws Error when a leg waits for one that does not come before it
 */
export function planDossier(
  route: Pick<RouteRow, "totalDays" | "receptionCutoff" | "legs">,
  receivedAt: Date,
  calendar: WorkingCalendar,
): Plan {
  const reception = { cutoff: route.receptionCutoff };
  const legs: NewLeg[] = [];
  for (const [index, leg] of route.legs.entries()) {
    const before = leg.dependsOn.map((order) => {
      const other = legs[order - 1];
      if (other === undefined)
        throw new Error(`leg ${index + 1} of a route waits for leg ${order}, not before it`);
      return other.dueAt;
    });
    const first = before.length === 0;
    legs.push({
      order: index + 1,
      dependsOn: leg.dependsOn,
      agencyCode: leg.agency,
      procedureCode: leg.procedure,
      days: leg.days,
      dueAt: calendar.addWorkingDays(
        first ? receivedAt : latest(before),
        leg.days,
        first ? reception : NO_CUTOFF,
      ),
      openedAt: first ? receivedAt : null,
    });
  }
  const dueAt =
    route.totalDays === null
      ? latest(legs.map((leg) => leg.dueAt))
      : calendar.addWorkingDays(receivedAt, route.totalDays, reception);
  return { dueAt, legs };
}

/**
 * Where each leg stands, by its order; `stateOf` tells the state of an opened leg's case, null when it is not known.
 * `legs` are in their order.
 */
export function progressOf<L extends Pick<LegRow, "order" | "dependsOn" | "openedAt">>(
  legs: readonly L[],
  stateOf: (leg: L) => State | null,
): ReadonlyMap<number, Progress> {
  const progress = new Map<number, Progress>();
  for (const leg of legs) {
    const waitsInVain = leg.dependsOn.some((order) => progress.get(order) === "failed");
    if (leg.openedAt === null) progress.set(leg.order, waitsInVain ? "failed" : "waiting");
    else progress.set(leg.order, progressOfCase(stateOf(leg)));
  }
  return progress;
}

/** Legs that waited, and whose turn it is: all they wait for are done. */
export function readyLegs<L extends Pick<LegRow, "order" | "dependsOn">>(
  legs: readonly L[],
  progress: ReadonlyMap<number, Progress>,
): readonly L[] {
  return legs.filter(
    (leg) =>
      progress.get(leg.order) === "waiting" && leg.dependsOn.every((order) => progress.get(order) === "done"),
  );
}

/** The leg, opened: its foreseen deadline stays, unless it begins so late that its days would be cut short. */
export function openLeg(leg: LegRow, at: Date, calendar: WorkingCalendar): LegRow {
  const dueAt = latest([leg.dueAt, calendar.addWorkingDays(at, leg.days, NO_CUTOFF)]);
  return { ...leg, openedAt: at, dueAt };
}

function progressOfCase(state: State | null): Progress {
  if (state === "COMPLETED" || state === "RETURNED") return "done";
  return state === "REJECTED" || state === "WITHDRAWN" ? "failed" : "open";
}

function latest(instants: readonly Date[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant.getTime())));
}
