/**
 * Who may see and change what of what the tax office adds (schema/tax.graphql). docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { AGENCY_ROLES, CENTER_ROLES, isAbout, isCenter, worksFor } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { TaxRequest } from "./context.ts";
import type { CitizenKey, TaxpayerRow } from "./sql.ts";

export const taxRows: RowRules = {
  types: {
    Taxpayer: (row: TaxpayerRow, identity: Identity, request: TaxRequest) =>
      worksOnTaxes(identity, request) || isAbout(identity, row),
    // On a case or a taxpayer.
    TaxNotice: "within",
    TaxPayment: "within",
    TaxPaymentPayload: (_payload: unknown, identity: Identity, request: TaxRequest) =>
      worksOnTaxes(identity, request),
    // The register of businesses is public.
    Business: "public",
    Citizen: (row: CitizenKey, identity: Identity, request: TaxRequest) =>
      worksOnTaxes(identity, request) || isAbout(identity, row),
  },
  fields: {
    "Mutation.recordTaxPayment": [
      { roles: CENTER_ROLES },
      { roles: AGENCY_ROLES, agency: (_args: unknown, { agency }: TaxRequest) => agency.code },
    ],
  },
};

function worksOnTaxes(identity: Identity, { agency }: TaxRequest): boolean {
  return isCenter(identity) || worksFor(identity, agency.code);
}
