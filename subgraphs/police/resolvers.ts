/**
 * What the police add to the graph (schema/police.graphql).
 */
import { parsePersonalId } from "../kit/identifiers.ts";
import { CalendarDate } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";

export const policeResolvers: Resolvers = {
  Date: CalendarDate,

  Query: {
    citizen: (_, { personalId }, { police }) => police.citizens.load(parsePersonalId(personalId)),
  },

  AgencyCase: {
    residence: ({ dossierCode }, _, { police }) => police.residencesOfDossiers.load(dossierCode),
  },

  Citizen: {
    __resolveReference: ({ personalId }, { police }) => police.citizens.load(parsePersonalId(personalId)),
    residence: ({ personalId }, _, { police }) => police.residencesOfCitizens.load(personalId),
  },
};
