/**
 * Social insurance's own loaders: each one query for all keys of a request.
 */
import type DataLoader from "dataloader";
import type { AgencyRequest } from "../kit/agency/context.ts";
import type { Database } from "../../process/database.ts";
import { manyByKey, oneByKey } from "../kit/loaders.ts";
import * as sql from "./sql.ts";

export interface InsuranceLoaders {
  /** By social insurance number. */
  readonly persons: DataLoader<string, sql.InsuredPersonRow | null>;
  /** By personal ID. */
  readonly personsOfCitizens: DataLoader<string, sql.InsuredPersonRow | null>;
  /** By social insurance number. */
  readonly cardsOfPersons: DataLoader<string, sql.HealthCardRow | null>;
  /** By dossier code. */
  readonly cardsOfDossiers: DataLoader<string, sql.HealthCardRow | null>;
  /** By social insurance number, latest first. */
  readonly allowancesOfPersons: DataLoader<string, sql.AllowanceRow[]>;
  /** By dossier code, oldest first. */
  readonly allowancesOfDossiers: DataLoader<string, sql.AllowanceRow[]>;
}

export interface InsuranceRequest extends AgencyRequest {
  readonly insurance: InsuranceLoaders;
}

export function createInsuranceLoaders(database: Database): { insurance: InsuranceLoaders } {
  return {
    insurance: {
      persons: oneByKey(
        (keys) => sql.findPersons(database, keys),
        (row) => row.insuranceNumber,
      ),
      personsOfCitizens: oneByKey(
        (keys) => sql.findPersonsByPersonalId(database, keys),
        (row) => row.personalId,
      ),
      cardsOfPersons: oneByKey(
        (keys) => sql.findCardsOfPersons(database, keys),
        (row) => row.insuranceNumber,
      ),
      cardsOfDossiers: oneByKey(
        (keys) => sql.findCardsOfDossiers(database, keys),
        (row) => row.dossierCode,
      ),
      allowancesOfPersons: manyByKey(
        (keys) => sql.findAllowancesOfPersons(database, keys),
        (row) => row.insuranceNumber,
      ),
      allowancesOfDossiers: manyByKey(
        (keys) => sql.findAllowancesOfDossiers(database, keys),
        (row) => row.dossierCode,
      ),
    },
  };
}
