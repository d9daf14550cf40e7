/**
 * Who may see and change what at the centre (schema/center.graphql). docs/trust.md, "Rows", gives the reasons.
 */
import { parseAgencyCode } from "../kit/identifiers.ts";
import type { Identity } from "../kit/identity.ts";
import {
  AGENCY_ROLES,
  agencyOf,
  CENTER_ROLES,
  isAbout,
  isAuditor,
  isCenter,
  personalIdOf,
  taxCodeOf,
} from "../kit/roles.ts";
import type { Allowance, RowRules, Sight } from "../kit/row-rules.ts";
import type { CenterRequest, CitizenKey } from "./context.ts";
import type { DossierAudience, DossierRow } from "./sql.ts";

/** No dossier has it. */
const NO_DOSSIER = 0;

const CENTER: readonly Allowance[] = [{ roles: CENTER_ROLES }];

/** A dossier without its applicant. */
const AUDIT = [
  "code",
  "legacyCode",
  "procedure",
  "procedureName",
  "leadAgency",
  "channel",
  "state",
  "status",
  "statusWithout",
  "receivedAt",
  "dueAt",
  "finishedAt",
  "returnedAt",
  "isOverdue",
  "receipt",
  "legs",
  "result",
  "events",
];

export const centerRows: RowRules = {
  types: {
    Dossier: { rule: seeDossier, views: { audit: { fields: AUDIT } } },
    DossierLeg: "within",
    Applicant: "within",
    Receipt: "within",
    DossierResult: {
      rule: seePersons,
      views: { impersonal: { fields: ["number", "summary", "returnChannel"] } },
    },
    // Remarks name who took the result.
    DossierEvent: { rule: seePersons, views: { impersonal: { fields: ["sequence", "at", "from", "to"] } } },
    DossierTracking: "public",
    // Its dossiers are those that whoever asks may see.
    Citizen: (citizen: CitizenKey, identity: Identity) =>
      isCenter(identity) || agencyOf(identity) !== undefined || isAbout(identity, citizen),
    // A number of a public register; its dossiers as a citizen's.
    Business: "public",
    Agency: "public",
    // Its key; all else is the agency's.
    AgencyCase: "public",
    Procedure: "public",
    ProcedureRoute: "within",
    RouteLeg: "within",
    AdministrativeUnit: "public",
    // Counts of the whole province, which it has to publish.
    DossierStatistics: "public",
    DossierConnection: "container",
    DossierEdge: "container",
    DossierPayload: "container",
    PageInfo: "container",
  },
  fields: {
    "Mutation.receiveDossier": CENTER,
    "Mutation.withdrawDossier": CENTER,
    "Mutation.completeDossier": CENTER,
    "Mutation.returnResult": CENTER,
    "Mutation.reportCase": [
      {
        roles: AGENCY_ROLES,
        agency: ({ agencyCode }: { agencyCode: string }) => parseAgencyCode(agencyCode),
      },
    ],
  },
};

/** The centre, its applicant, the agencies that work on it; auditors without the applicant. */
export function seeDossier(
  row: DossierRow,
  identity: Identity,
  { loaders }: CenterRequest,
): Sight | Promise<Sight> {
  if (isCenter(identity) || isAbout(identity, row)) return true;
  const otherwise = isAuditor(identity) ? "audit" : false;
  const agency = agencyOf(identity);
  if (agency === undefined) return otherwise;
  return loaders.legs
    .load(row.id)
    .then((legs) => legs.some(({ agencyCode }) => agencyCode === agency) || otherwise);
}

/** Reads what `seeDossier` reads: that there is no dossier takes as long as that it is not shown. */
export async function seeNoDossier(identity: Identity, { loaders }: CenterRequest): Promise<void> {
  if (!isCenter(identity) && agencyOf(identity) !== undefined) await loaders.legs.load(NO_DOSSIER);
}

/** What belongs to a dossier that whoever asks may see. */
function seePersons(_row: unknown, identity: Identity): Sight {
  return isAuditor(identity) && !isCenter(identity) ? "impersonal" : true;
}

/** Whose dossiers lists have for whoever asks: exactly those that `seeDossier` shows. */
export function audienceOf(identity: Identity): DossierAudience {
  return {
    all: identity.seesEverything || isCenter(identity) || isAuditor(identity),
    agencyCode: agencyOf(identity),
    personalId: personalIdOf(identity),
    taxCode: taxCodeOf(identity),
  };
}
