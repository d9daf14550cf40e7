/**
 * The power company's own loaders: each one call for all keys of a request.
 */
import type DataLoader from "dataloader";
import type { AgencyRequest } from "../kit/agency/context.ts";
import { oneByKey } from "../kit/loaders.ts";
import type { ConnectionRow, Connections } from "./connections.ts";

export interface PowerLoaders {
  /** By dossier code. */
  readonly connections: DataLoader<string, ConnectionRow | null>;
}

export interface PowerRequest extends AgencyRequest {
  readonly power: PowerLoaders;
}

export function createPowerLoaders(connections: Connections): { power: PowerLoaders } {
  return {
    power: {
      connections: oneByKey(
        (keys) => connections.find(keys),
        (row) => row.dossierCode,
      ),
    },
  };
}
