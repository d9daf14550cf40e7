/**
 * Supergraphs that were composed before Federation 2.3 (join v0.1 and v0.2) do not say in which subgraph a member of a
 * union is, those of Federation 1 not even where a type is. Hive's planner must be told. So the subgraphs are read out of
 * such a supergraph, which Apollo's library can, and composed again. What clients see stays as it was composed first.
 */
import { compose } from "@apollo/composition";
import { FeatureVersion, joinIdentity, Supergraph } from "@apollo/federation-internals";

export interface PlannableGraph {
  readonly sdl: string;
  readonly graph: Supergraph;
}

/** The first version whose supergraphs say all that is needed. */
const COMPLETE = new FeatureVersion(0, 3);

/** @throws Error when the subgraphs of an older supergraph do not compose any more */
export function plannableGraph(sdl: string, graph: Supergraph): PlannableGraph {
  const join = graph.schema.coreFeatures?.getByIdentity(joinIdentity);
  if (join === undefined || !join.url.version.lt(COMPLETE)) return { sdl, graph };
  // That every field can be reached was found when it was composed first.
  const { supergraphSdl, errors } = compose(graph.subgraphs(), { runSatisfiability: false });
  if (errors)
    throw new Error(
      `a supergraph of join v${join.url.version.toString()} has to be composed again, and does not compose: ${errors.join("; ")}`,
    );
  return { sdl: supergraphSdl, graph: Supergraph.build(supergraphSdl, { supportedFeatures: null }) };
}
