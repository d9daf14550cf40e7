/**
 * Which agency of the sample province stands behind a service that is no member of a partitioned one.
 */
const AGENCIES: ReadonlyMap<string, string> = new Map([
  ["center", "H56"],
  ["tax", "G12.56"],
  ["social-insurance", "G24.56"],
  ["police", "G01.56"],
]);

/** @returns code of the agency; undefined where nobody knows */
export function agencyBehind(service: string, member: string | undefined): string | undefined {
  return member ?? AGENCIES.get(service);
}
