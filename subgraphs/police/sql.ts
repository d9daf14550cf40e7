/**
 * All SQL of what the police add: citizens and residences.
 */
import type { Queryable } from "../../process/database.ts";

export interface CitizenRow {
  readonly personalId: string;
  readonly fullName: string;
  readonly bornOn: string;
  readonly sex: "FEMALE" | "MALE";
}

export interface ResidenceRow {
  readonly personalId: string | null;
  readonly dossierCode: string | null;
  readonly kind: "PERMANENT" | "TEMPORARY";
  readonly address: string;
  readonly registeredOn: string;
  readonly deletedOn: string | null;
  readonly householdHead: string | null;
}

const RESIDENCE = `personal_id as "personalId", dossier_code as "dossierCode", kind, address,
  registered_on as "registeredOn", deleted_on as "deletedOn", household_head as "householdHead"`;

export function findCitizens(db: Queryable, personalIds: readonly string[]): Promise<CitizenRow[]> {
  return db.query(
    `select personal_id as "personalId", full_name as "fullName", born_on as "bornOn", sex
     from citizen where personal_id = any($1)`,
    [personalIds],
  );
}

/** Where each citizen lives: of the residences not deleted the permanent one, else the latest. */
export function findResidencesOfCitizens(
  db: Queryable,
  personalIds: readonly string[],
): Promise<ResidenceRow[]> {
  return db.query(
    `select distinct on (personal_id) ${RESIDENCE} from residence
     where personal_id = any($1) and deleted_on is null
     order by personal_id, kind = 'PERMANENT' desc, registered_on desc`,
    [personalIds],
  );
}

/** The residence registered or deleted in each case. */
export function findResidencesOfDossiers(
  db: Queryable,
  dossierCodes: readonly string[],
): Promise<ResidenceRow[]> {
  return db.query(
    `select distinct on (dossier_code) ${RESIDENCE} from residence where dossier_code = any($1)
     order by dossier_code, registered_on desc, id`,
    [dossierCodes],
  );
}
