/**
 * What the centre tells the agencies, through the gateway. Each message has a topic of its dossier and agency, so that
 * a case is opened before it is withdrawn, and a key of its leg, so that it has one effect however often it arrives.
 */
import type { Message } from "../kit/outbox.ts";
import type { DossierRow, LegRow } from "./sql.ts";

type Leg = Pick<LegRow, "order" | "agencyCode" | "procedureCode" | "openedAt" | "dueAt">;

const OPEN_CASE = `mutation OpenCase($agencyCode: ID!, $input: OpenCaseInput!, $key: ID!) {
  openCase(agencyCode: $agencyCode, input: $input, idempotencyKey: $key) { case { state } }
}`;

const WITHDRAW_CASE = `mutation WithdrawCase($agencyCode: ID!, $dossierCode: ID!, $reason: String, $key: ID!) {
  withdrawCase(agencyCode: $agencyCode, dossierCode: $dossierCode, reason: $reason, idempotencyKey: $key) { case { state } }
}`;

const RETURN_CASE = `mutation ReturnCase($agencyCode: ID!, $dossierCode: ID!, $note: String, $key: ID!) {
  advanceCase(agencyCode: $agencyCode, dossierCode: $dossierCode, to: RETURNED, note: $note, idempotencyKey: $key) { case { state } }
}`;

/** The agency's turn: it opens its case, with the leg's deadline. */
export function openCase(dossier: DossierRow, leg: Leg): Message {
  return {
    topic: topicOf(dossier, leg),
    document: OPEN_CASE,
    variables: {
      agencyCode: leg.agencyCode,
      input: {
        dossierCode: dossier.code,
        procedureCode: leg.procedureCode,
        receivedAt: leg.openedAt?.toISOString(),
        dueAt: leg.dueAt.toISOString(),
        applicantName: dossier.applicantName,
        personalId: dossier.personalId,
        taxCode: dossier.taxCode,
      },
      key: `open:${dossier.code}:${leg.order}`,
    },
  };
}

/** The applicant withdrew: the agency's case ends. */
export function withdrawCase(dossier: DossierRow, leg: Leg, reason: string | null): Message {
  return {
    topic: topicOf(dossier, leg),
    document: WITHDRAW_CASE,
    variables: {
      agencyCode: leg.agencyCode,
      dossierCode: dossier.code,
      reason,
      key: `withdraw:${dossier.code}:${leg.order}`,
    },
  };
}

/** The result was handed over: the agency's finished case is returned with it. */
export function returnCase(dossier: DossierRow, leg: Leg, note: string): Message {
  return {
    topic: topicOf(dossier, leg),
    document: RETURN_CASE,
    variables: {
      agencyCode: leg.agencyCode,
      dossierCode: dossier.code,
      note,
      key: `return:${dossier.code}:${leg.order}`,
    },
  };
}

function topicOf(dossier: DossierRow, leg: Leg): string {
  return `${dossier.code}/${leg.agencyCode}`;
}
