/**
 * What social insurance adds to the graph (schema/social-insurance.graphql).
 */
import { parseInsuranceNumber, parsePersonalId } from "../kit/identifiers.ts";
import { CalendarDate, DateTime, Money } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";

export const insuranceResolvers: Resolvers = {
  DateTime,
  Date: CalendarDate,
  Money,

  Query: {
    insuredPerson: (_, { insuranceNumber }, { insurance }) =>
      insurance.persons.load(parseInsuranceNumber(insuranceNumber)),
  },

  AgencyCase: {
    healthCard: ({ dossierCode }, _, { insurance }) => insurance.cardsOfDossiers.load(dossierCode),
    allowances: ({ dossierCode }, _, { insurance }) => insurance.allowancesOfDossiers.load(dossierCode),
  },

  InsuredPerson: {
    __resolveReference: ({ insuranceNumber }, { insurance }) =>
      insurance.persons.load(parseInsuranceNumber(insuranceNumber)),
    citizen: ({ personalId }) => (personalId === null ? null : { personalId }),
    healthCard: ({ insuranceNumber }, _, { insurance }) => insurance.cardsOfPersons.load(insuranceNumber),
    allowances: ({ insuranceNumber }, _, { insurance }) =>
      insurance.allowancesOfPersons.load(insuranceNumber),
  },

  Citizen: {
    __resolveReference: ({ personalId }) => ({ personalId: parsePersonalId(personalId) }),
    insuredPerson: ({ personalId }, _, { insurance }) => insurance.personsOfCitizens.load(personalId),
  },
};
