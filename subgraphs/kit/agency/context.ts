/**
 * What the contract's resolvers work with: the agency, its database, and loaders that batch within one request.
 */
import type DataLoader from "dataloader";
import type { WorkingCalendar } from "../calendar.ts";
import type { Connection } from "../connection.ts";
import type { Database } from "../../../process/database.ts";
import { AgencyError } from "../errors.ts";
import { parseAgencyCode } from "../identifiers.ts";
import { manyByKey, oneByKey } from "../loaders.ts";
import type { Outbox } from "../outbox.ts";
import type { RequestContext } from "../server.ts";
import * as sql from "./sql.ts";

/** One agency as a server runs it, for its whole life. */
export interface Agency {
  /** Canonical agency code. */
  readonly code: string;
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
  readonly cases: DataLoader<string, sql.CaseRow | null>;
  /** By short procedure code. */
  readonly procedures: DataLoader<string, sql.ProcedureRow | null>;
  /** By officer code. */
  readonly officers: DataLoader<string, sql.OfficerRow | null>;
  /** History by case id, oldest first. */
  readonly events: DataLoader<number, sql.EventRow[]>;
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
export type CaseStepValue = sql.StepRow & { readonly order: number };

export interface CasePayload {
  readonly case: sql.CaseRow;
}

export interface DurationValue {
  readonly amount: number;
  readonly unit: "WORKING_DAY" | "CALENDAR_DAY";
}

export type CaseConnection = Connection<sql.CaseRow>;
export type CaseEdge = CaseConnection["edges"][number];
/** With the search, so that the total is counted only when it is asked for. */
export type ProcedureConnection = Connection<sql.ProcedureRow> & { readonly search: sql.ProcedureSearch };
export type ProcedureEdge = ProcedureConnection["edges"][number];

export function createAgencyLoaders(database: Database): AgencyLoaders {
  return {
    cases: oneByKey(
      (keys) => sql.findCases(database, keys),
      (row) => row.dossierCode,
    ),
    procedures: oneByKey(
      (keys) => sql.findProcedures(database, keys),
      (row) => row.code,
    ),
    officers: oneByKey(
      (keys) => sql.findOfficers(database, keys),
      (row) => row.code,
    ),
    events: manyByKey(
      (keys) => sql.findEvents(database, keys),
      (row) => row.caseId,
    ),
  };
}

/** @throws AgencyError UNKNOWN_AGENCY when a request for another agency was sent here. */
export function requireOwn(agency: Agency, agencyCode: string): void {
  const code = parseAgencyCode(agencyCode);
  if (code !== agency.code) throw new AgencyError("UNKNOWN_AGENCY", { agency: code, allowed: agency.code });
}
