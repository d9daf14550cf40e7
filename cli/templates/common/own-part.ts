/** What the agency adds to the contract (schema.graphql). */
import { fileURLToPath } from "node:url";
import type { CaseKey } from "lienthong/kit/agency/context";
import type { OwnPart } from "lienthong/kit/agency/serve";
import { manyByKey } from "lienthong/kit/loaders";
import { CalendarDate } from "lienthong/kit/scalars";
import type { Database } from "lienthong/process/database";
import { findVisits } from "./sql.ts";

/** Made anew for every request: one query for all keys of the request. */
function createLoaders(database: Database) {
  return {
    visits: manyByKey(
      (dossierCodes: readonly string[]) => findVisits(database, dossierCodes),
      (row) => row.dossierCode,
    ),
  };
}

type Context = ReturnType<typeof createLoaders>;

export const ownPart: OwnPart = {
  sdl: new URL("./schema.graphql", import.meta.url),
  migrations: fileURLToPath(new URL("./migrations", import.meta.url)),
  loaders: createLoaders,
  rows: {
    // A visit belongs to its case: whoever may see all of that may see it.
    types: { SpecimenVisit: "within" },
  },
  resolvers: {
    Date: CalendarDate,
    AgencyCase: {
      specimenVisits: ({ dossierCode }: CaseKey, _: unknown, { visits }: Context) => visits.load(dossierCode),
    },
  },
};
