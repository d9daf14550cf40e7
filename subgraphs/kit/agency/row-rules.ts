/**
 * Who may see and change what of the contract (schema/agency.graphql). docs/trust.md, "Rows", gives the reasons.
 */
import type { Identity } from "../identity.ts";
import {
  AGENCY_ROLES,
  CENTER_ROLES,
  isAbout,
  isAuditor,
  isCenter,
  personalIdOf,
  taxCodeOf,
  worksFor,
} from "../roles.ts";
import type { Allowance, RowRules, Sight } from "../row-rules.ts";
import type { AgencyRequest } from "./context.ts";
import type { CaseAudience, CaseRow, EventRow } from "./rows.ts";

/** What the public tracking tells too: where a case stands, and when. */
const PROGRESS = [
  "agencyCode",
  "dossierCode",
  "agency",
  "dossier",
  "procedure",
  "state",
  "receivedAt",
  "dueAt",
  "finishedAt",
  "isOverdue",
];

/** All of the contract: what an agency adds to a case may be personal. */
const AUDIT = [...PROGRESS, "allowedStates", "delay", "officer", "steps", "events", "supplements", "result"];

const OWN_AGENCY: Allowance = {
  roles: AGENCY_ROLES,
  agency: (_args: unknown, { agency }: AgencyRequest) => agency.code,
};
const CENTER: Allowance = { roles: CENTER_ROLES };

export const contractRows: RowRules = {
  types: {
    Agency: "public",
    // Its key; all else is the centre's.
    Dossier: "public",
    Procedure: "public",
    Duration: "within",
    RequiredDocument: "within",
    ProcedureStep: "within",
    ProcedurePublication: "within",
    AgencyCase: {
      rule: seeCase,
      views: { progress: { fields: PROGRESS, byKeyOnly: true }, audit: { fields: AUDIT } },
    },
    CaseDelay: "within",
    Officer: "within",
    CaseStep: "within",
    CaseEvent: {
      // Remarks name people.
      rule: (_event: EventRow, identity: Identity, { agency }: AgencyRequest) =>
        isAuditor(identity) && !isCenter(identity) && !worksFor(identity, agency.code) ? "impersonal" : true,
      views: { impersonal: { fields: ["sequence", "at", "from", "to", "officer"] } },
    },
    SupplementRequest: "within",
    CaseResult: "within",
    ProcedureConnection: "container",
    ProcedureEdge: "container",
    AgencyCaseConnection: "container",
    AgencyCaseEdge: "container",
    PageInfo: "container",
    CasePayload: "container",
  },
  fields: {
    "Mutation.openCase": [CENTER],
    // The centre returns cases with their dossier.
    "Mutation.advanceCase": [OWN_AGENCY, { ...CENTER, when: ({ to }: { to: string }) => to === "RETURNED" }],
    "Mutation.finishStep": [OWN_AGENCY],
    "Mutation.requestSupplement": [OWN_AGENCY],
    "Mutation.receiveSupplement": [OWN_AGENCY],
    "Mutation.withdrawCase": [OWN_AGENCY, CENTER],
    "Mutation.completeCase": [OWN_AGENCY],
    "Mutation.apologiseForDelay": [OWN_AGENCY],
  },
};

/** The agency itself, the centre, and the applicant as far as the agency knows them; to everybody else its progress. */
function seeCase(row: CaseRow, identity: Identity, { agency }: AgencyRequest): Sight {
  if (isCenter(identity) || worksFor(identity, agency.code) || isAbout(identity, row)) return true;
  return isAuditor(identity) ? "audit" : "progress";
}

/** Whose cases a list has for whoever asks; undefined for none. What `seeCase` shows whole, and auditors. */
export function caseAudience(identity: Identity, agencyCode: string): CaseAudience | undefined {
  if (identity.seesEverything || isCenter(identity) || isAuditor(identity) || worksFor(identity, agencyCode))
    return { kind: "everybody" };
  const personalId = personalIdOf(identity);
  const taxCode = taxCodeOf(identity);
  if (personalId === undefined && taxCode === undefined) return undefined;
  return { kind: "applicant", personalId, taxCode };
}
