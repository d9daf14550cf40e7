/**
 * What the publisher of a graph should know of its grants: nothing is wrong with it, but somebody may not read what they
 * think they may.
 */
import { buildASTSchema, parse } from "graphql";
import { readLinks } from "../plan/links.ts";
import type { StatedGrant } from "../trust/grant.ts";
import { readGrants } from "../trust/grants.ts";

export interface HintsJob {
  readonly kind: "hints";
  readonly supergraph: string;
  /** What is granted beside the SDL. */
  readonly grants: readonly StatedGrant[];
}

/** None of a graph in which nobody grants anything: there gateways ask for no grants. */
export function grantHints({ supergraph, grants }: Omit<HintsJob, "kind">): readonly string[] {
  if (grants.length === 0 && !/@grant\s*\(/.test(supergraph)) return [];
  const document = parse(supergraph, { noLocation: true });
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  return readGrants(document, readLinks(document), schema, grants).hints;
}
