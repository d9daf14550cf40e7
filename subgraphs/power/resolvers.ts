/**
 * What the power company adds to the graph (schema/power.graphql).
 */
import { CalendarDate } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";

export const powerResolvers: Resolvers = {
  Date: CalendarDate,

  AgencyCase: {
    powerConnection: ({ dossierCode }, _, { power }) => power.connections.load(dossierCode),
  },
};
