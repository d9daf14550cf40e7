/**
 * What the centre's resolvers work with: its database, calendar and outbox, and loaders that batch within one request.
 */
import DataLoader from "dataloader";
import { manyByKey, oneByKey } from "../kit/loaders.ts";
import type { WorkingCalendar } from "../kit/calendar.ts";
import type { Connection, Page } from "../kit/connection.ts";
import type { Database } from "../../process/database.ts";
import type { Notices } from "../kit/notices.ts";
import type { Outbox } from "../kit/outbox.ts";
import type { RequestContext } from "../kit/server.ts";
import type { State } from "../kit/states.ts";
import * as directory from "./directory.ts";
import * as sql from "./sql.ts";

/** The centre as a server runs it, for its whole life. */
export interface Center {
  readonly database: Database;
  readonly calendar: WorkingCalendar;
  readonly outbox: Outbox;
  /** Codes of dossiers that have changed. */
  readonly changes: Notices;
}

/** The context of one request to the centre. */
export interface CenterRequest extends RequestContext {
  readonly center: Center;
  readonly loaders: CenterLoaders;
}

export interface CenterLoaders {
  /** By dossier code, or by the legacy code of a recoded dossier. */
  readonly dossiers: DataLoader<string, sql.DossierRow | null>;
  /** Legs by dossier id, in their order. */
  readonly legs: DataLoader<number, sql.LegRow[]>;
  /** History by dossier id, oldest first. */
  readonly events: DataLoader<number, sql.EventRow[]>;
  /** By canonical agency code. */
  readonly agencies: DataLoader<string, directory.AgencyRow | null>;
  /** The first agency of a kind; of the kind CENTER there is only one. */
  readonly agencyOfKind: DataLoader<directory.AgencyKind, directory.AgencyRow | null>;
  readonly routes: DataLoader<ProcedureKey, directory.RouteRow | null, string>;
  readonly citizenDossiers: DataLoader<ApplicantPage, sql.DossierRow[], string>;
  readonly businessDossiers: DataLoader<ApplicantPage, sql.DossierRow[], string>;
}

/** A page of the dossiers of one applicant. */
export interface ApplicantPage {
  /** Personal ID or tax code. */
  readonly applicant: string;
  readonly page: Page;
}

/** A dossier; with the live cases where the gateway sent them along, in the order of the legs. */
export type DossierValue = sql.DossierRow & { readonly liveCases?: readonly LiveCase[] };

/** A leg with the code of its dossier, which names its case. */
export type LegValue = sql.LegRow & { readonly dossierCode: string };

/** The state of a leg's case as its agency told the gateway; null when there is none, or no answer. */
export type LiveCase = { readonly state: State } | null;

export interface ProcedureKey {
  readonly agencyCode: string;
  readonly code: string;
}

export interface CaseKey {
  readonly agencyCode: string;
  readonly dossierCode: string;
}

export interface CitizenKey {
  readonly personalId: string;
}

export interface BusinessKey {
  readonly taxCode: string;
}

export interface RouteLegValue {
  readonly order: number;
  readonly dependsOn: readonly number[];
  readonly agencyCode: string;
  readonly procedureCode: string;
  readonly days: number;
}

export interface DossierPayload {
  readonly dossier: sql.DossierRow;
}

export type DossierConnection = Connection<sql.DossierRow>;
export type DossierEdge = DossierConnection["edges"][number];

/** @param audience whose dossiers lists may have */
export function createCenterLoaders(database: Database, audience: sql.DossierAudience): CenterLoaders {
  return {
    dossiers: dossiersByAnyCode(database),
    legs: manyByKey(
      (ids) => sql.findLegs(database, ids),
      (row) => row.dossierId,
    ),
    events: manyByKey(
      (ids) => sql.findEvents(database, ids),
      (row) => row.dossierId,
    ),
    agencies: oneByKey(
      (codes) => directory.findAgencies(database, codes),
      (row) => row.code,
    ),
    agencyOfKind: oneByKey(
      (kinds) => directory.listAgencies(database, kinds),
      (row) => row.kind,
    ),
    routes: routesByProcedure(database),
    citizenDossiers: applicantPages(database, "personalId", audience),
    businessDossiers: applicantPages(database, "taxCode", audience),
  };
}

function dossiersByAnyCode(database: Database): DataLoader<string, sql.DossierRow | null> {
  return new DataLoader(async (given) => {
    const rows = await sql.findDossiers(database, [
      ...new Set(given.flatMap((key) => [key, key.toUpperCase()])),
    ]);
    const byLegacyCode = new Map(rows.map((row) => [row.legacyCode, row]));
    const byCode = new Map(rows.map((row) => [row.code, row]));
    return given.map((key) => {
      const code = key.toUpperCase();
      return byCode.get(code) ?? byLegacyCode.get(key) ?? byLegacyCode.get(code) ?? null;
    });
  });
}

function routesByProcedure(database: Database): DataLoader<ProcedureKey, directory.RouteRow | null, string> {
  return new DataLoader(
    async (keys) => {
      const rows = await directory.findRoutes(database, keys);
      const byKey = new Map(
        rows.map((row) => [nameOfProcedure({ agencyCode: row.agencyCode, code: row.procedureCode }), row]),
      );
      return keys.map((key) => byKey.get(nameOfProcedure(key)) ?? null);
    },
    { cacheKeyFn: nameOfProcedure },
  );
}

function nameOfProcedure({ agencyCode, code }: ProcedureKey): string {
  return `${agencyCode} ${code}`;
}

/** One statement for all applicants who are asked for the same page, which is all of them unless fields are aliased. */
function applicantPages(
  database: Database,
  by: "personalId" | "taxCode",
  audience: sql.DossierAudience,
): DataLoader<ApplicantPage, sql.DossierRow[], string> {
  const keyOf = ({ applicant, page }: ApplicantPage): string => JSON.stringify([applicant, page]);
  return new DataLoader(
    async (keys) => {
      const found = new Map<string, sql.DossierRow[]>();
      for (const group of Map.groupBy(keys, ({ page }) => JSON.stringify(page)).values()) {
        const { page } = group[0] as ApplicantPage;
        const applicants = group.map(({ applicant }) => applicant);
        const rows = await sql.findDossiersOfApplicants(database, by, applicants, page, audience);
        const byApplicant = Map.groupBy(rows, (row) => row[by]);
        for (const applicant of applicants)
          found.set(keyOf({ applicant, page }), byApplicant.get(applicant) ?? []);
      }
      return keys.map((key) => found.get(keyOf(key)) ?? []);
    },
    { cacheKeyFn: keyOf },
  );
}
