/**
 * What the departments add to the graph (schema/departments.graphql).
 */
import { requireOwn } from "../kit/agency/context.ts";
import { CalendarDate } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";
import { seeNoLicence } from "./row-rules.ts";

export const departmentResolvers: Resolvers = {
  Date: CalendarDate,

  Query: {
    licence: async (_, { agencyCode, number }, request) => {
      requireOwn(request.agency, agencyCode);
      const licence = await request.department.licences.load(number);
      if (licence === null) await seeNoLicence(request.identity, request);
      return licence;
    },
  },

  AgencyCase: {
    licence: ({ dossierCode }, _, { department }) => department.licencesOfDossiers.load(dossierCode),
    landRecords: ({ dossierCode }, _, { department }) => department.landRecords.load(dossierCode),
  },
};
