/**
 * A procedure (thủ tục hành chính) as an agency of the sample province offers it, and how its short row in
 * `procedures/` is completed.
 */
import type { Level } from "./agencies.ts";
import { PROCESSES, type ProcessName, type ProcessStep } from "./processes.ts";

export type OnlineLevel = "NONE" | "PARTIAL" | "FULL";
export type OneStopKind = "ONE_STOP" | "INTERCONNECTED" | "INTERCONNECTED_LEVELS";

/** Who applies for it: persons, businesses, mostly persons, or public bodies. */
export type Applicants = "citizens" | "businesses" | "mixed" | "bodies";

export interface RequiredDocument {
  readonly name: string;
  readonly originals: number;
  readonly copies: number;
  readonly optional: boolean;
}

export interface Procedure {
  readonly agency: string;
  /** Short form, `1.004222`. */
  readonly code: string;
  readonly name: string;
  readonly field: string;
  readonly level: Level;
  /** Working days, halves allowed. */
  readonly statutoryDays: number;
  readonly committedDays: number;
  readonly onlineDays: number | null;
  /** Đồng. */
  readonly fee: number;
  readonly onlineLevel: OnlineLevel;
  readonly oneStopKind: OneStopKind;
  readonly documents: readonly RequiredDocument[];
  readonly steps: readonly ProcessStep[];
  readonly decision: string;
  /** ISO days. */
  readonly issuedOn: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly supplementClock: "RESTART" | "PAUSE";
  /** `HH:MM` */
  readonly receptionCutoff: string;
  readonly applicants: Applicants;
  /** How often it is applied for, relative to the others; 0 when the centre does not receive it by itself. */
  readonly volume: number;
  /** What it ends with: `Giấy phép xây dựng`. */
  readonly result: string;
  /** Set where the result is a licence: years of validity, null when unlimited. */
  readonly licenceYears: number | null | undefined;
}

/** What a row in `procedures/` says; the rest follows from it and from the agency's defaults. */
export interface ProcedureRow {
  readonly code: string;
  readonly name: string;
  readonly field: string;
  /** Statutory, in working days. */
  readonly days: number;
  readonly committed?: number;
  readonly fee?: number;
  readonly online?: OnlineLevel;
  readonly kind?: OneStopKind;
  /** `Bản sao …` is a copy, everything else an original; `… (nếu có)` is optional. */
  readonly documents: readonly string[];
  readonly process?: ProcessName;
  readonly applicants?: Applicants;
  readonly volume: number;
  readonly result: string;
  readonly licenceYears?: number | null;
  readonly level?: Level;
  readonly validTo?: string;
}

/** What all procedures of an agency have in common. */
export interface AgencyDefaults {
  readonly agency: string;
  readonly decision: string;
  readonly issuedOn: string;
  readonly validFrom: string;
  readonly level?: Level;
  readonly process?: ProcessName;
  readonly applicants?: Applicants;
  readonly supplementClock?: "RESTART" | "PAUSE";
}

/** Above this limit the province commits to at least a fifth less. */
const CUT_ABOVE_DAYS = 10;
const COMMITTED_SHARE = 0.75;
const OPTIONAL = " (nếu có)";

export function completeProcedures(
  defaults: AgencyDefaults,
  rows: readonly ProcedureRow[],
): readonly Procedure[] {
  return rows.map((row) => completeProcedure(defaults, row));
}

function completeProcedure(defaults: AgencyDefaults, row: ProcedureRow): Procedure {
  const committedDays =
    row.committed ?? (row.days > CUT_ABOVE_DAYS ? Math.floor(row.days * COMMITTED_SHARE) : row.days);
  const onlineLevel = row.online ?? "PARTIAL";
  const process = PROCESSES[row.process ?? (row.days < 1 ? "sameDay" : (defaults.process ?? "standard"))];
  return {
    agency: defaults.agency,
    code: row.code,
    name: row.name,
    field: row.field,
    level: row.level ?? defaults.level ?? "PROVINCE",
    statutoryDays: row.days,
    committedDays,
    onlineDays: onlineLevel === "FULL" && committedDays >= 5 ? committedDays - 1 : null,
    fee: row.fee ?? 0,
    onlineLevel,
    oneStopKind: row.kind ?? "ONE_STOP",
    documents: row.documents.map(readDocument),
    steps: process.map(({ name, role, share }) => ({ name, role, hours: hoursOf(committedDays, share) })),
    decision: defaults.decision,
    issuedOn: defaults.issuedOn,
    validFrom: defaults.validFrom,
    validTo: row.validTo ?? null,
    supplementClock: defaults.supplementClock ?? "RESTART",
    receptionCutoff: "15:00",
    applicants: row.applicants ?? defaults.applicants ?? "mixed",
    volume: row.volume,
    result: row.result,
    licenceYears: row.licenceYears,
  };
}

function readDocument(text: string): RequiredDocument {
  const optional = text.endsWith(OPTIONAL);
  const isCopy = text.startsWith("Bản sao");
  return {
    name: optional ? text.slice(0, -OPTIONAL.length) : text,
    originals: isCopy ? 0 : 1,
    copies: isCopy ? 1 : 0,
    optional,
  };
}

function hoursOf(days: number, share: number): number {
  return Math.max(0.5, Math.round(days * 8 * share * 2) / 2);
}
