/**
 * Who may see what of what social insurance adds (schema/social-insurance.graphql). docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { isAbout, isCenter, worksFor } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { InsuranceRequest } from "./context.ts";

export const insuranceRows: RowRules = {
  types: {
    InsuredPerson: seePerson,
    Citizen: seePerson,
    // On a case or an insured person.
    HealthCard: "within",
    Allowance: "within",
  },
};

function seePerson(
  row: { readonly personalId: string | null },
  identity: Identity,
  { agency }: InsuranceRequest,
): boolean {
  return isCenter(identity) || worksFor(identity, agency.code) || isAbout(identity, row);
}
