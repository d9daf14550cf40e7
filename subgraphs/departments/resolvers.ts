/**
 * What the departments add to the graph (schema/departments.graphql).
 */
import { requireOwn } from "../kit/agency/context.ts";
import { CalendarDate } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";

export const departmentResolvers: Resolvers = {
  Date: CalendarDate,

  Query: {
    licence: (_, { agencyCode, number }, { agency, department }) => {
      requireOwn(agency, agencyCode);
      return department.licences.load(number);
    },
  },

  AgencyCase: {
    licence: ({ dossierCode }, _, { department }) => department.licencesOfDossiers.load(dossierCode),
    landRecords: ({ dossierCode }, _, { department }) => department.landRecords.load(dossierCode),
  },
};
