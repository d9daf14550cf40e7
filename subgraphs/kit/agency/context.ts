/**
 * What the contract's resolvers work with: the agency, its source, and loaders that batch within one request.
 */
import DataLoader from "dataloader";
import type { WorkingCalendar } from "../calendar.ts";
import type { Connection } from "../connection.ts";
import type { Database } from "../../../process/database.ts";
import { AgencyError } from "../errors.ts";
import { parseAgencyCode } from "../identifiers.ts";
import type { Outbox } from "../outbox.ts";
import type { RequestContext } from "../server.ts";
import type { CaseRow, EventRow, OfficerRow, ProcedureRow, StepRow } from "./rows.ts";
import type { AgencySource, ProcedurePage } from "./source.ts";

/** One agency as a server runs it, for its whole life. */
export interface Agency {
  /** Canonical agency code. */
  readonly code: string;
  readonly source: AgencySource;
  /** What the agency keeps itself: at least the keys of changes, and messages that wait. */
  readonly database: Database;
  readonly calendar: WorkingCalendar;
  readonly outbox: Outbox;
}

/** The context of one request to an agency. */
export interface AgencyRequest extends RequestContext {
  readonly agency: Agency;
  readonly loaders: AgencyLoaders;
}

export interface AgencyLoaders {
  /** By dossier code. */
  readonly cases: DataLoader<string, CaseRow | null>;
  /** By short procedure code. */
  readonly procedures: DataLoader<string, ProcedureRow | null>;
  /** By officer code. */
  readonly officers: DataLoader<string, OfficerRow | null>;
  /** History by case, oldest first. */
  readonly events: DataLoader<CaseRow, readonly EventRow[]>;
}

export interface AgencyKey {
  readonly code: string;
}

export interface DossierKey {
  readonly code: string;
}

/** How another subgraph's part of a case finds its rows. */
export interface CaseKey {
  readonly dossierCode: string;
}

/** A step with its place in the order, from 1. */
export type CaseStepValue = StepRow & { readonly order: number };

export interface CasePayload {
  readonly case: CaseRow;
}

export interface DurationValue {
  readonly amount: number;
  readonly unit: "WORKING_DAY" | "CALENDAR_DAY";
}

export type CaseConnection = Connection<CaseRow>;
export type CaseEdge = CaseConnection["edges"][number];
export type ProcedureConnection = ProcedurePage;
export type ProcedureEdge = ProcedureConnection["edges"][number];

export function createAgencyLoaders(source: AgencySource): AgencyLoaders {
  return {
    cases: new DataLoader((codes) => source.cases(codes)),
    procedures: new DataLoader((codes) => source.procedures(codes)),
    officers: new DataLoader((codes) => source.officers(codes)),
    events: new DataLoader(async (cases) => (await source.events(cases)).map((events) => events ?? [])),
  };
}

/** @throws AgencyError UNKNOWN_AGENCY when a request for another agency was sent here. */
export function requireOwn(agency: Agency, agencyCode: string): void {
  const code = parseAgencyCode(agencyCode);
  if (code !== agency.code) throw new AgencyError("UNKNOWN_AGENCY", { agency: code, allowed: agency.code });
}
