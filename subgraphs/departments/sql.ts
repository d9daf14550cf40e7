/**
 * All SQL of what departments add: licences and land records.
 */
import type { Queryable } from "../../process/database.ts";

export interface LicenceRow {
  readonly number: string;
  readonly dossierCode: string | null;
  readonly subject: string;
  readonly holder: string;
  readonly issuedOn: string;
  readonly validTo: string | null;
}

export interface LandRecordRow {
  readonly dossierCode: string | null;
  readonly mapSheet: number;
  readonly parcel: number;
  /** Square metres. */
  readonly area: number;
  readonly purpose: string;
  readonly address: string;
  readonly certificate: string | null;
}

const LICENCE = `number, dossier_code as "dossierCode", subject, holder, issued_on as "issuedOn", valid_to as "validTo"`;

export function findLicences(db: Queryable, numbers: readonly string[]): Promise<LicenceRow[]> {
  return db.query(`select ${LICENCE} from licence where number = any($1)`, [numbers]);
}

/** The licence issued last in each case. */
export function findLicencesOfDossiers(
  db: Queryable,
  dossierCodes: readonly string[],
): Promise<LicenceRow[]> {
  return db.query(
    `select distinct on (dossier_code) ${LICENCE} from licence where dossier_code = any($1)
     order by dossier_code, issued_on desc, number`,
    [dossierCodes],
  );
}

export function findLandRecords(db: Queryable, dossierCodes: readonly string[]): Promise<LandRecordRow[]> {
  return db.query(
    `select dossier_code as "dossierCode", map_sheet as "mapSheet", parcel, area, purpose, address, certificate
     from land_record where dossier_code = any($1) order by map_sheet, parcel, id`,
    [dossierCodes],
  );
}
