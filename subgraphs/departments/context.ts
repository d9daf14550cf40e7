/**
 * The departments' own loaders: each one query for all keys of a request.
 */
import type DataLoader from "dataloader";
import type { AgencyRequest } from "../kit/agency/context.ts";
import type { Database } from "../../process/database.ts";
import { manyByKey, oneByKey } from "../kit/loaders.ts";
import * as sql from "./sql.ts";

export interface DepartmentLoaders {
  /** By number. */
  readonly licences: DataLoader<string, sql.LicenceRow | null>;
  /** By dossier code. */
  readonly licencesOfDossiers: DataLoader<string, sql.LicenceRow | null>;
  /** By dossier code. */
  readonly landRecords: DataLoader<string, sql.LandRecordRow[]>;
}

export interface DepartmentRequest extends AgencyRequest {
  readonly department: DepartmentLoaders;
}

export function createDepartmentLoaders(database: Database): { department: DepartmentLoaders } {
  return {
    department: {
      licences: oneByKey(
        (keys) => sql.findLicences(database, keys),
        (row) => row.number,
      ),
      licencesOfDossiers: oneByKey(
        (keys) => sql.findLicencesOfDossiers(database, keys),
        (row) => row.dossierCode,
      ),
      landRecords: manyByKey(
        (keys) => sql.findLandRecords(database, keys),
        (row) => row.dossierCode,
      ),
    },
  };
}
