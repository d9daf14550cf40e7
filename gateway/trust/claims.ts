/**
 * What a verified token says, in the gateway's terms.
 */
import type { JWTPayload } from "jose";
import type { Caller } from "./caller.ts";
import type { ClaimNames, TrustSettings } from "./settings.ts";

/** What claims mean beside their names. */
export type Meaning = Pick<TrustSettings, "roles" | "policies" | "clockTolerance">;

/** Undefined when the token does not say who its subject is, or names several. */
export function callerOf(
  payload: JWTPayload,
  names: ClaimNames,
  { roles: scopesOfRoles, policies, clockTolerance }: Meaning,
): Caller | undefined {
  const text = (name: string) => valuesOf(payload, name)[0];
  // Not one of several: whoever wrote them did not mean this one.
  const subject = claim(payload, names.subject);
  if (typeof subject !== "string" || subject === "") return undefined;
  const roles = new Set(valuesOf(payload, names.roles));
  const scopes = new Set(valuesOf(payload, names.scopes).flatMap((value) => value.split(" ")));
  for (const role of roles)
    if (Object.hasOwn(scopesOfRoles, role)) for (const scope of scopesOfRoles[role] ?? []) scopes.add(scope);
  scopes.delete("");
  const satisfied = Object.entries(policies).filter(([, conditions]) =>
    Object.entries(conditions).every(([name, allowed]) =>
      valuesOf(payload, name).some((value) => allowed.includes(value)),
    ),
  );
  return {
    isAuthenticated: true,
    subject,
    client: text(names.client) ?? text("client_id"),
    organisation: text(names.organisation),
    roles,
    scopes,
    policies: new Set(satisfied.map(([policy]) => policy)),
    expiresAt: ((payload.exp ?? 0) + clockTolerance) * 1000,
  };
}

/** The texts of a claim: one, or those of a list; none where the claim is missing or of another kind. */
function valuesOf(payload: JWTPayload, name: string): readonly string[] {
  const value = claim(payload, name);
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");
}

/** By its whole name first: names of claims are often URLs, with dots of their own. */
function claim(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
