/**
 * All SQL of what the centre knows beforehand: agencies, administrative units, and the routes of dossiers.
 */
import type { Queryable } from "../../process/database.ts";

export type AgencyKind = "CENTER" | "DEPARTMENT" | "VERTICAL" | "COMMUNE" | "STATE_ENTERPRISE";
export type AdministrativeLevel = "CENTRAL" | "PROVINCE" | "DISTRICT" | "COMMUNE";

export interface AgencyRow {
  readonly code: string;
  readonly legacyCode: string | null;
  readonly name: string;
  readonly kind: AgencyKind;
  readonly level: AdministrativeLevel;
}

export interface AdministrativeUnitRow {
  readonly code: string;
  readonly name: string;
  readonly level: AdministrativeLevel;
  readonly parentCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** A leg of a route as it is stored. */
export interface RouteLeg {
  readonly agency: string;
  readonly procedure: string;
  /** Working days. */
  readonly days: number;
  /** Orders of the legs, from 1, that must finish before. */
  readonly dependsOn: readonly number[];
}

export interface RouteRow {
  readonly procedureCode: string;
  readonly agencyCode: string;
  readonly procedureName: string;
  readonly totalDays: number | null;
  /** `HH:MM`, Vietnam time. */
  readonly receptionCutoff: string;
  readonly legs: readonly RouteLeg[];
}

const AGENCY = `code, legacy_code as "legacyCode", name, kind, level`;

const ROUTE = `procedure_code as "procedureCode", agency_code as "agencyCode", procedure_name as "procedureName",
  total_days as "totalDays", to_char(reception_cutoff, 'HH24:MI') as "receptionCutoff", legs`;

/** By code; all of these kinds, or of every kind. */
export function listAgencies(db: Queryable, kinds?: readonly AgencyKind[]): Promise<AgencyRow[]> {
  return db.query(`select ${AGENCY} from agency where $1::text[] is null or kind = any($1) order by code`, [
    kinds,
  ]);
}

export function findAgencies(db: Queryable, codes: readonly string[]): Promise<AgencyRow[]> {
  return db.query(`select ${AGENCY} from agency where code = any($1)`, [codes]);
}

/** Units valid on a day, by code. */
export function listAdministrativeUnits(
  db: Queryable,
  on: string,
  level: AdministrativeLevel | undefined,
): Promise<AdministrativeUnitRow[]> {
  return db.query(
    `select code, name, level, parent_code as "parentCode", valid_from as "validFrom", valid_to as "validTo"
     from administrative_unit
     where valid_from <= $1 and (valid_to is null or valid_to >= $1) and ($2::text is null or level = $2)
     order by code`,
    [on, level],
  );
}

/** Routes of these procedures at these agencies. */
export function findRoutes(
  db: Queryable,
  keys: readonly { readonly code: string; readonly agencyCode: string }[],
): Promise<RouteRow[]> {
  return db.query(
    `select ${ROUTE} from route
     where (procedure_code, agency_code) in (select * from unnest($1::text[], $2::text[]))`,
    [keys.map(({ code }) => code), keys.map(({ agencyCode }) => agencyCode)],
  );
}

/** Routes of a procedure at all agencies, by agency code. */
export function findRoutesOf(db: Queryable, procedureCode: string): Promise<RouteRow[]> {
  return db.query(`select ${ROUTE} from route where procedure_code = $1 order by agency_code`, [
    procedureCode,
  ]);
}

/** Codes of received procedures next to a code in their order: they share its beginning. */
export async function findProcedureCodesNear(db: Queryable, code: string): Promise<string[]> {
  const rows = await db.query<{ code: string }>(
    `(select distinct procedure_code as code from route where procedure_code < $1 order by code desc limit 3)
     union all
     (select distinct procedure_code as code from route where procedure_code > $1 order by code limit 3)
     order by code`,
    [code],
  );
  return rows.map((row) => row.code);
}
