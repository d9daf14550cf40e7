/**
 * What the tax office adds to the graph (schema/tax.graphql).
 */
import { AgencyError } from "../kit/errors.ts";
import { once } from "../kit/idempotency.ts";
import { parsePersonalId, parseTaxCode } from "../kit/identifiers.ts";
import { CalendarDate, DateTime, Money } from "../kit/scalars.ts";
import type { Resolvers } from "./generated.ts";
import * as sql from "./sql.ts";

export const taxResolvers: Resolvers = {
  DateTime,
  Date: CalendarDate,
  Money,

  Query: {
    taxpayer: (_, { taxCode }, { tax }) => tax.taxpayers.load(parseTaxCode(taxCode)),
    business: async (_, { taxCode }, { tax }) => {
      const taxpayer = await tax.taxpayers.load(parseTaxCode(taxCode));
      return taxpayer?.isBusiness ? { taxCode: taxpayer.taxCode } : null;
    },
  },

  Mutation: {
    recordTaxPayment: (_, { noticeNumber, amount, idempotencyKey }, { agency }) =>
      once(
        agency.database,
        { key: idempotencyKey, operation: "recordTaxPayment", args: { noticeNumber, amount } },
        async (tx) => {
          const notice = await sql.lockNotice(tx, noticeNumber);
          if (notice === undefined) throw new AgencyError("UNKNOWN_TAX_NOTICE", { number: noticeNumber });
          const remaining = notice.amount - notice.paid;
          if (amount < 1 || amount > remaining) throw new AgencyError("PAYMENT_TOO_HIGH", { remaining });
          await sql.insertPayment(tx, { noticeNumber, amount, paidAt: new Date() });
          return { notice: { ...notice, paid: notice.paid + amount } };
        },
      ),
  },

  AgencyCase: {
    taxNotices: ({ dossierCode }, _, { tax }) => tax.noticesOfDossiers.load(dossierCode),
  },

  TaxNotice: {
    remaining: (notice) => notice.amount - notice.paid,
    payments: (notice, _, { tax }) => tax.payments.load(notice.number),
  },

  Taxpayer: {
    __resolveReference: ({ taxCode }, { tax }) => tax.taxpayers.load(parseTaxCode(taxCode)),
    obligations: ({ taxCode }, _, { tax }) => tax.noticesOfTaxpayers.load(taxCode),
    totalRemaining: async ({ taxCode }, _, { tax }) => {
      const notices = await tax.noticesOfTaxpayers.load(taxCode);
      return notices.reduce((sum, notice) => sum + notice.amount - notice.paid, 0);
    },
  },

  Business: {
    __resolveReference: ({ taxCode }) => ({ taxCode: parseTaxCode(taxCode) }),
    name: async ({ taxCode }, _, { tax }) => (await tax.taxpayers.load(taxCode))?.name ?? null,
    address: async ({ taxCode }, _, { tax }) => (await tax.taxpayers.load(taxCode))?.address ?? null,
    taxpayer: ({ taxCode }, _, { tax }) => tax.taxpayers.load(taxCode),
  },

  Citizen: {
    __resolveReference: ({ personalId }) => ({ personalId: parsePersonalId(personalId) }),
    taxpayer: ({ personalId }, _, { tax }) => tax.taxpayersOfCitizens.load(personalId),
  },
};
