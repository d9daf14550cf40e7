/**
 * Supergraphs that were composed before Federation 2.3 (join v0.1 and v0.2) do not say in which subgraph a member of a
 * union is, those of Federation 1 not even where a type is. Hive's planner must be told. So the subgraphs are read out of
 * such a supergraph, which Apollo's library can, and composed again. What clients see stays as it was composed first.
 */
import { compose } from "@apollo/composition";
import { Supergraph } from "@apollo/federation-internals";
import { parse } from "graphql";
import type { Schemas } from "./schemas.ts";

/** @throws Error when it is no supergraph, or one whose subgraphs do not compose any more */
export function olderSchemas(sdl: string): Schemas {
  const composed = Supergraph.build(sdl, { supportedFeatures: null });
  const api = composed.apiSchema().toGraphQLJSSchema({ includeDefer: true });
  // That every field can be reached was found when it was composed first.
  const { supergraphSdl, schema, errors } = compose(composed.subgraphs(), { runSatisfiability: false });
  if (errors)
    throw new Error(
      `a supergraph this old has to be composed again, and does not compose: ${errors.join("; ")}`,
    );
  const document = parse(supergraphSdl, { noLocation: true });
  return { api, full: schema.toGraphQLJSSchema(), sdl: supergraphSdl, document };
}
