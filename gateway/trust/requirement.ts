/**
 * What the directives @authenticated, @requiresScopes and @policy ask of a caller, and whether one requirement says no
 * more than others do together.
 */
import type { Caller } from "./caller.ts";

/** Any of the lists, every name of that list. */
export type AnyOf = readonly (readonly string[])[];

export type Requirement =
  | { readonly kind: "authenticated" }
  | { readonly kind: "scopes" | "policies"; readonly anyOf: AnyOf };

export function meets(caller: Caller, requirement: Requirement): boolean {
  if (requirement.kind === "authenticated") return caller.isAuthenticated;
  const held = caller[requirement.kind];
  return requirement.anyOf.some((all) => all.every((name) => held.has(name)));
}

/** Beyond, a requirement is not compared. */
const MOST_TERMS = 1_000;

/** Whether whoever meets all of `others` meets `requirement`; false too where that takes too long to find out. */
export function follows(requirement: Requirement, others: readonly Requirement[]): boolean {
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
