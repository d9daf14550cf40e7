/**
 * Who may see what of what the police add (schema/police.graphql). docs/trust.md, "Rows".
 */
import type { Identity } from "../kit/identity.ts";
import { isAbout, isCenter, worksFor } from "../kit/roles.ts";
import type { RowRules } from "../kit/row-rules.ts";
import type { PoliceRequest } from "./context.ts";
import type { CitizenRow } from "./sql.ts";

export const policeRows: RowRules = {
  types: {
    Citizen: (row: CitizenRow, identity: Identity, { agency }: PoliceRequest) =>
      isCenter(identity) || worksFor(identity, agency.code) || isAbout(identity, row),
    // On a case or a citizen.
    Residence: "within",
  },
};
