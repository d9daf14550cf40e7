/**
 * The police's own loaders: each one query for all keys of a request.
 */
import type DataLoader from "dataloader";
import type { AgencyRequest } from "../kit/agency/context.ts";
import type { Database } from "../../process/database.ts";
import { oneByKey } from "../kit/loaders.ts";
import * as sql from "./sql.ts";

export interface PoliceLoaders {
  /** By personal ID. */
  readonly citizens: DataLoader<string, sql.CitizenRow | null>;
  /** By personal ID. */
  readonly residencesOfCitizens: DataLoader<string, sql.ResidenceRow | null>;
  /** By dossier code. */
  readonly residencesOfDossiers: DataLoader<string, sql.ResidenceRow | null>;
}

export interface PoliceRequest extends AgencyRequest {
  readonly police: PoliceLoaders;
}

export function createPoliceLoaders(database: Database): { police: PoliceLoaders } {
  return {
    police: {
      citizens: oneByKey(
        (keys) => sql.findCitizens(database, keys),
        (row) => row.personalId,
      ),
      residencesOfCitizens: oneByKey(
        (keys) => sql.findResidencesOfCitizens(database, keys),
        (row) => row.personalId,
      ),
      residencesOfDossiers: oneByKey(
        (keys) => sql.findResidencesOfDossiers(database, keys),
        (row) => row.dossierCode,
      ),
    },
  };
}
