/**
 * Who may see what of what the departments add (schema/departments.graphql). docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { isAbout, isCenter, worksFor } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { DepartmentRequest } from "./context.ts";
import type { LicenceRow } from "./sql.ts";

/** No case is of it. */
const NO_DOSSIER = "";

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
  request: DepartmentRequest,
): boolean | Promise<boolean> {
  if (seesEvery(identity, request)) return true;
  const found = request.loaders.cases.load(row.dossierCode ?? NO_DOSSIER);
  return found.then((of) => of !== null && isAbout(identity, of));
}

/** Reads what `seeLicence` reads: that there is no licence takes as long as that it is not shown. */
export async function seeNoLicence(identity: Identity, request: DepartmentRequest): Promise<void> {
  if (!seesEvery(identity, request)) await request.loaders.cases.load(NO_DOSSIER);
}

function seesEvery(identity: Identity, { agency }: DepartmentRequest): boolean {
  return identity.seesEverything || isCenter(identity) || worksFor(identity, agency.code);
}
