/**
 * All SQL of what social insurance adds: insured persons, health cards, allowances. Amounts in whole đồng.
 */
import type { Queryable } from "../../process/database.ts";

export interface InsuredPersonRow {
  readonly insuranceNumber: string;
  readonly personalId: string | null;
  readonly name: string;
  readonly contributionMonths: number;
}

export interface HealthCardRow {
  readonly number: string;
  readonly insuranceNumber: string | null;
  readonly dossierCode: string | null;
  readonly validFrom: string;
  readonly validTo: string;
  readonly hospital: string;
}

export interface AllowanceRow {
  readonly insuranceNumber: string | null;
  readonly dossierCode: string | null;
  readonly kind: string;
  readonly amount: number;
  readonly decidedAt: Date;
  readonly paidAt: Date | null;
}

export interface CitizenKey {
  readonly personalId: string;
}

const PERSON = `insurance_number as "insuranceNumber", personal_id as "personalId", name,
  contribution_months as "contributionMonths"`;

const CARD = `number, insurance_number as "insuranceNumber", dossier_code as "dossierCode", valid_from as "validFrom",
  valid_to as "validTo", hospital`;

const ALLOWANCE = `insurance_number as "insuranceNumber", dossier_code as "dossierCode", kind, amount,
  decided_at as "decidedAt", paid_at as "paidAt"`;

export function findPersons(db: Queryable, insuranceNumbers: readonly string[]): Promise<InsuredPersonRow[]> {
  return db.query(`select ${PERSON} from insured_person where insurance_number = any($1)`, [
    insuranceNumbers,
  ]);
}

export function findPersonsByPersonalId(
  db: Queryable,
  personalIds: readonly string[],
): Promise<InsuredPersonRow[]> {
  return db.query(`select ${PERSON} from insured_person where personal_id = any($1)`, [personalIds]);
}

/** The card of each person that is valid longest. */
export function findCardsOfPersons(
  db: Queryable,
  insuranceNumbers: readonly string[],
): Promise<HealthCardRow[]> {
  return db.query(
    `select distinct on (insurance_number) ${CARD} from health_card where insurance_number = any($1)
     order by insurance_number, valid_to desc`,
    [insuranceNumbers],
  );
}

/** The card issued last in each case. */
export function findCardsOfDossiers(
  db: Queryable,
  dossierCodes: readonly string[],
): Promise<HealthCardRow[]> {
  return db.query(
    `select distinct on (dossier_code) ${CARD} from health_card where dossier_code = any($1)
     order by dossier_code, valid_from desc, number`,
    [dossierCodes],
  );
}

/** Latest first. */
export function findAllowancesOfPersons(
  db: Queryable,
  insuranceNumbers: readonly string[],
): Promise<AllowanceRow[]> {
  return db.query(
    `select ${ALLOWANCE} from allowance where insurance_number = any($1) order by decided_at desc, id`,
    [insuranceNumbers],
  );
}

/** Oldest first. */
export function findAllowancesOfDossiers(
  db: Queryable,
  dossierCodes: readonly string[],
): Promise<AllowanceRow[]> {
  return db.query(`select ${ALLOWANCE} from allowance where dossier_code = any($1) order by decided_at, id`, [
    dossierCodes,
  ]);
}
