/**
 * What the directives @authenticated, @requiresScopes and @policy ask of a caller, and grants of a caller and a purpose;
 * and whether one requirement says no more than others do together.
 */
import type { Caller } from "./caller.ts";
import { type Grant, isFor, isGrantedTo, isGrantedToService } from "./grant.ts";

/** Any of the lists, every name of that list. */
export type AnyOf = readonly (readonly string[])[];

/** What a directive of the graph asks. */
export type Guard =
  | { readonly kind: "authenticated" }
  | { readonly kind: "scopes" | "policies"; readonly anyOf: AnyOf };

/** What a provider of data asks. */
export interface GrantRequirement {
  /** That it grants the consumer anything there; or that it does so for the purpose, where it grants anything. */
  readonly kind: "granted" | "purpose";
  /** Name of the subgraph. */
  readonly provider: string;
  /** The subgraph that reads it for a field of its own, whoever asks for that; the caller where it is left out. */
  readonly reader?: string;
  readonly grants: readonly Grant[];
}

export type Requirement = Guard | GrantRequirement;

/** @param purpose that the caller names */
export function meets(caller: Caller, requirement: Requirement, purpose?: string): boolean {
  if (requirement.kind === "authenticated") return caller.isAuthenticated;
  if ("grants" in requirement) {
    const grants = consumersGrants(caller, requirement);
    if (requirement.kind === "granted") return grants.length > 0;
    return grants.length === 0 || grants.some((grant) => isFor(grant, purpose));
  }
  const held = caller[requirement.kind];
  return requirement.anyOf.some((all) => all.every((name) => held.has(name)));
}

function consumersGrants(caller: Caller, { reader, grants }: GrantRequirement): readonly Grant[] {
  return grants.filter((grant) =>
    reader === undefined ? isGrantedTo(grant, caller) : isGrantedToService(grant, reader),
  );
}

/** Beyond, a requirement is not compared. */
const MOST_TERMS = 1_000;

/** Whether whoever meets all of `others` meets `requirement`; false too where that takes too long to find out. */
export function follows(requirement: Guard, others: readonly Guard[]): boolean {
  if (requirement.kind === "authenticated") return others.some(({ kind }) => kind === "authenticated");
  let terms: AnyOf = [[]];
  for (const other of others) {
    if (other.kind === "authenticated" || other.kind !== requirement.kind) continue;
    terms = least(terms.flatMap((term) => other.anyOf.map((more) => [...new Set([...term, ...more])])));
    if (terms.length > MOST_TERMS) return false;
  }
  return terms.every((term) => requirement.anyOf.some((all) => all.every((name) => term.includes(name))));
}

/** Without the terms that ask for more than another does. */
function least(terms: AnyOf): AnyOf {
  const kept: (readonly string[])[] = [];
  for (const term of terms.toSorted((a, b) => a.length - b.length))
    if (!kept.some((smaller) => smaller.every((name) => term.includes(name)))) kept.push(term);
  return kept;
}
