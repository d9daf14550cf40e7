/**
 * Who may see what of what the departments add (schema/departments.graphql). docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { isAbout, isCenter, worksFor } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { DepartmentRequest } from "./context.ts";
import type { LicenceRow } from "./sql.ts";

export const departmentRows: RowRules = {
  types: {
    Licence: seeLicence,
    LandRecord: "within",
  },
};

/** A licence does not say by any number whose it is: its applicant is known by the case in which it was issued. */
function seeLicence(
  row: LicenceRow,
  identity: Identity,
  { agency, loaders }: DepartmentRequest,
): boolean | Promise<boolean> {
  if (isCenter(identity) || worksFor(identity, agency.code)) return true;
  if (row.dossierCode === null) return false;
  return loaders.cases.load(row.dossierCode).then((found) => found !== null && isAbout(identity, found));
}
