/**
 * What the roles of the sample's trust file (schema/trust.json) mean for rows. Roles come from the identity token; here
 * they get their rows.
 */
import { canonicalAgencyCode } from "./identifiers.ts";
import type { Identity } from "./identity.ts";
import type { Allowance } from "./row-rules.ts";

/** People and software of the one-stop centre. */
export const CENTER_ROLES = ["center-officer", "center-system"] as const;
/** People and software of one agency, which `organisation` names. */
export const AGENCY_ROLES = ["agency-officer", "agency-system"] as const;

export function isCenter({ roles }: Identity): boolean {
  return CENTER_ROLES.some((role) => roles.has(role));
}

export function isAuditor({ roles }: Identity): boolean {
  return roles.has("auditor");
}

/** The agency that whoever asks works for, by its canonical code. */
export function agencyOf({ roles, organisation }: Identity): string | undefined {
  if (organisation === undefined || !AGENCY_ROLES.some((role) => roles.has(role))) return undefined;
  return canonicalAgencyCode(organisation);
}

/** Whether whoever asks works for the agency of this canonical code. */
export function worksFor(identity: Identity, agencyCode: string): boolean {
  return agencyOf(identity) === agencyCode;
}

/** The personal ID of a citizen who asks for themselves. */
export function personalIdOf({ roles, subject }: Identity): string | undefined {
  return roles.has("citizen") ? subject : undefined;
}

/** The tax code of a business that asks for itself. */
export function taxCodeOf({ roles, subject }: Identity): string | undefined {
  return roles.has("business") ? subject : undefined;
}

/** Whether a row is about whoever asks. What the row does not say of somebody is nobody's. */
export function isAbout(
  identity: Identity,
  row: { readonly personalId?: string | null | undefined; readonly taxCode?: string | null | undefined },
): boolean {
  const personalId = personalIdOf(identity);
  const taxCode = taxCodeOf(identity);
  return (
    (personalId !== undefined && personalId === row.personalId) ||
    (taxCode !== undefined && taxCode === row.taxCode)
  );
}

export function isAllowed(
  allowances: readonly Allowance[],
  args: unknown,
  identity: Identity,
  request: unknown,
): boolean {
  if (identity.seesEverything) return true;
  return allowances.some(
    ({ roles, agency, when }) =>
      roles.some((role) => identity.roles.has(role)) &&
      (agency === undefined || worksFor(identity, agency(args as never, request as never))) &&
      (when === undefined || when(args as never)),
  );
}

/** `center-officer, center-system; agency-officer of G12.56` */
export function tellAllowed(allowances: readonly Allowance[], args: unknown, request: unknown): string {
  return allowances
    .filter(({ when }) => when === undefined || when(args as never))
    .map(({ roles, agency }) => {
      const code = agency?.(args as never, request as never);
      return code === undefined ? roles.join(", ") : `${roles.join(", ")} (${code})`;
    })
    .join("; ");
}
