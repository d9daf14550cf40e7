/**
 * The tracker's part of the graph (schema/tracker.graphql).
 */
import { readPage, toConnection } from "../kit/connection.ts";
import { AgencyError } from "../kit/errors.ts";
import { DateTime } from "../kit/scalars.ts";
import { agencyBehind } from "./agencies.ts";
import type { AgencyKey } from "./context.ts";
import type { Resolvers } from "./generated.ts";
import { ownSubject } from "./row-rules.ts";

export const trackerResolvers: Resolvers = {
  DateTime,

  Query: {
    myDataAccess: async (_, { from, to, ...args }, { tracker, identity }) => {
      const subject = ownSubject(identity);
      if (subject === undefined) throw new AgencyError("OWN_DATA_ONLY", {});
      if (tracker === undefined) throw new AgencyError("NOTHING_RECORDED", {});
      const { limit, after } = readPage(args, [/^\d{1,15}$/]);
      const found = await tracker.accesses(subject, {
        from: from ?? undefined,
        to: to ?? undefined,
        before: after === undefined ? undefined : Number(after[0]),
        limit: limit + 1,
      });
      return toConnection(
        found.map((access) => ({ ...access, subject })),
        limit,
        ({ seq }) => [String(seq)],
      );
    },
  },

  DataAccess: {
    id: ({ seq }) => String(seq),
    reader: ({ reader }) => reader ?? null,
    purpose: ({ purpose }) => purpose ?? null,
    sources: ({ answers, fields }, _, { meanings }) => {
      const gave = answers.filter(({ service }) => meanings.mayHave(service, fields));
      // A service that was asked several times gave one's data once.
      return [...new Map(gave.map((each) => [`${each.service} ${each.member ?? ""}`, each])).values()];
    },
  },

  DataReader: {
    isYou: ({ isSubject }) => isSubject,
    organisationCode: ({ organisation }) => organisation ?? null,
    agency: ({ organisation }) => agencyOf(organisation),
    client: ({ client }) => client ?? null,
  },

  DataPurpose: {
    basis: ({ basis }) => basis ?? null,
  },

  DataField: {
    name: (field) => field,
    description: (field, _, { meanings, language }) => meanings.describe(field, language) ?? null,
  },

  DataSource: {
    agency: ({ service, member }) => agencyOf(agencyBehind(service, member)),
  },
};

function agencyOf(code: string | undefined): AgencyKey | null {
  return code === undefined ? null : { code };
}
