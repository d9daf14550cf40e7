/**
 * The combined status of a dossier (trạng thái tổng hợp), from the live states of its agencies' cases. Pure.
 */
import type { State } from "../kit/states.ts";
import type { LiveCase } from "./context.ts";
import type { DossierStatus } from "./generated.ts";
import { progressOf } from "./routing.ts";
import type { LegRow } from "./sql.ts";

export interface CombinedStatus {
  readonly status: DossierStatus;
  /** Agencies of opened legs whose case did not come, in the order of the legs, each once. */
  readonly without: string[];
}

/** What the centre itself decides stands, whatever the agencies say. */
const FINAL: ReadonlySet<State> = new Set(["WITHDRAWN", "REJECTED", "RETURNED"]);

/** What holds the whole dossier up, most urgent for the applicant first. */
const HOLDING = ["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "SUSPENDED"] as const;

const NOT_BEGUN: ReadonlySet<State> = new Set(["REGISTERED", "ACCEPTED"]);

/**
 * Combines the centre's `own` state with the live cases of `legs`; `cases[i]` belongs to `legs[i]`. A leg that waits
 * for others has no case and is not missing. While an agency is missing, the status never says that all have finished.
 */
export function combineStatus(
  own: State,
  legs: readonly Pick<LegRow, "order" | "dependsOn" | "agencyCode" | "openedAt">[],
  cases: readonly LiveCase[],
): CombinedStatus {
  const live = new Map(legs.map((leg, index) => [leg.order, cases[index]?.state ?? null]));
  const opened = legs.filter((leg) => leg.openedAt !== null);
  const missing = opened.filter((leg) => live.get(leg.order) === null);
  const without = [...new Set(missing.map((leg) => leg.agencyCode))];
  const states = opened.flatMap((leg) => live.get(leg.order) ?? []);
  // A missing case counts as work that goes on.
  const hasEnded = [...progressOf(legs, (leg) => live.get(leg.order) ?? null).values()].every(
    (progress) => progress === "done" || progress === "failed",
  );
  return { status: decide(own, opened.length, states, hasEnded), without };
}

function decide(own: State, opened: number, states: readonly State[], hasEnded: boolean): DossierStatus {
  // Before the first leg is opened only the centre knows anything.
  if (FINAL.has(own) || opened === 0) return own;
  if (states.length === 0) return "UNKNOWN";
  const holding = HOLDING.find((state) => states.includes(state));
  if (holding !== undefined) return holding;
  if (hasEnded) return states.every((state) => state === "REJECTED") ? "REJECTED" : "COMPLETED";
  return states.some((state) => !NOT_BEGUN.has(state)) ? "IN_PROGRESS" : "ACCEPTED";
}
