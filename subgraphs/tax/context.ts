/**
 * The tax office's own loaders: each one query for all keys of a request.
 */
import type DataLoader from "dataloader";
import type { AgencyRequest } from "../kit/agency/context.ts";
import type { Database } from "../../process/database.ts";
import { manyByKey, oneByKey } from "../kit/loaders.ts";
import * as sql from "./sql.ts";

export interface TaxLoaders {
  /** By tax code. */
  readonly taxpayers: DataLoader<string, sql.TaxpayerRow | null>;
  /** By personal ID. */
  readonly taxpayersOfCitizens: DataLoader<string, sql.TaxpayerRow | null>;
  /** By dossier code, oldest first. */
  readonly noticesOfDossiers: DataLoader<string, sql.NoticeRow[]>;
  /** By tax code, latest first. */
  readonly noticesOfTaxpayers: DataLoader<string, sql.NoticeRow[]>;
  /** By number of the notice, oldest first. */
  readonly payments: DataLoader<string, sql.PaymentRow[]>;
}

export interface TaxRequest extends AgencyRequest {
  readonly tax: TaxLoaders;
}

export function createTaxLoaders(database: Database): { tax: TaxLoaders } {
  return {
    tax: {
      taxpayers: oneByKey(
        (keys) => sql.findTaxpayers(database, keys),
        (row) => row.taxCode,
      ),
      taxpayersOfCitizens: oneByKey(
        (keys) => sql.findTaxpayersByPersonalId(database, keys),
        (row) => row.personalId,
      ),
      noticesOfDossiers: manyByKey(
        (keys) => sql.findNoticesOfDossiers(database, keys),
        (row) => row.dossierCode,
      ),
      noticesOfTaxpayers: manyByKey(
        (keys) => sql.findNoticesOfTaxpayers(database, keys),
        (row) => row.taxCode,
      ),
      payments: manyByKey(
        (keys) => sql.findPayments(database, keys),
        (row) => row.noticeNumber,
      ),
    },
  };
}
