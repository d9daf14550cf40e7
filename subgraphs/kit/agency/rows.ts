/**
 * What the contract is answered from, whatever an agency keeps its data in. Times are `Date`, days are ISO texts, states
 * are names, money is in đồng.
 */
import type { State } from "../states.ts";

export interface OfficerRow {
  readonly code: string;
  readonly name: string;
  readonly title: string;
}

export interface ProcedureRow {
  readonly code: string;
  readonly name: string;
  readonly field: string;
  readonly level: "CENTRAL" | "PROVINCE" | "DISTRICT" | "COMMUNE";
  readonly statutoryDays: number;
  readonly committedDays: number;
  readonly onlineDays: number | null;
  readonly calendarDays: boolean;
  readonly fee: number;
  readonly onlineLevel: "NONE" | "PARTIAL" | "FULL";
  readonly oneStopKind: "ONE_STOP" | "INTERCONNECTED" | "INTERCONNECTED_LEVELS";
  readonly documents: readonly { name: string; originals: number; copies: number; optional: boolean }[];
  readonly steps: readonly { name: string; role: string; hours: number }[];
  readonly decision: string;
  readonly issuedOn: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly supplementClock: "RESTART" | "PAUSE";
  /** `HH:MM:SS`, Vietnam time. */
  readonly receptionCutoff: string;
}

/** A step of a case; the officer is a code. */
export interface StepRow {
  readonly name: string;
  readonly officer: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export interface SupplementRow {
  readonly documents: readonly string[];
  readonly reason: string;
  readonly requestedAt: string;
  readonly receivedAt: string | null;
}

export interface CaseRow {
  /** How the source names it. */
  readonly id: number | string;
  readonly dossierCode: string;
  readonly procedureCode: string;
  readonly state: State;
  /** What a supplement, a payment or a suspension returns to. */
  readonly resumeState: State | null;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  readonly pausedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly officerCode: string | null;
  /** The applicant's, where the source knows it: then the applicant may see the case. */
  readonly personalId: string | null;
  readonly taxCode: string | null;
  readonly delayReason: string | null;
  readonly delayApologisedAt: Date | null;
  readonly delayPreviousDueAt: Date | null;
  readonly resultNumber: string | null;
  readonly resultSummary: string | null;
  readonly resultIssuedAt: Date | null;
  readonly steps: readonly StepRow[];
  readonly supplements: readonly SupplementRow[];
}

export interface EventRow {
  /** Place in the history, from 1, without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly from: State | null;
  readonly to: State;
  readonly officerCode: string | null;
  readonly note: string | null;
}

export interface NewCase {
  readonly dossierCode: string;
  readonly procedureCode: string;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  readonly applicantName: string | null;
  readonly personalId: string | null;
  readonly taxCode: string | null;
  readonly steps: readonly StepRow[];
}

export interface ProcedureSearch {
  /** Words as the user typed them, or undefined for all. */
  readonly text: string | undefined;
  readonly field: string | undefined;
  readonly onlineLevel: string | undefined;
}

/** Whose cases a list may have. */
export type CaseAudience =
  | { readonly kind: "everybody" }
  | {
      readonly kind: "applicant";
      readonly personalId: string | undefined;
      readonly taxCode: string | undefined;
    };

export interface CaseSearch {
  readonly audience: CaseAudience;
  readonly states: readonly State[] | undefined;
  readonly procedureCode: string | undefined;
  /** Received at or after. */
  readonly from: Date | undefined;
  /** Received before. */
  readonly before: Date | undefined;
  readonly overdue: boolean | undefined;
  /** Midnight of today in Vietnam: what was due before is overdue. */
  readonly today: Date;
}
