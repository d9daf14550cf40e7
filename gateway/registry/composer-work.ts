/**
 * What the registry computes away from its own thread: composition, variants, comparisons. Pure functions of their job.
 */
import { type Composed, type CompositionFault, composeSubgraphs, type SubgraphSource } from "./compose.ts";
import { compareGraphs, type ComparedGraphs, type UsedOperation } from "./compare.ts";
import { applyFilter, type VariantFilter } from "./contracts.ts";
import { grantHints, type HintsJob } from "./grant-hints.ts";
import { REMEDIES } from "./remedies.ts";

export interface ComposeJob {
  readonly kind: "compose";
  readonly sources: readonly SubgraphSource[];
  readonly variants: readonly VariantFilter[];
}

export interface CompareJob {
  readonly kind: "compare";
  /** Supergraph SDL; undefined when there was none. */
  readonly before: string | undefined;
  readonly after: string;
  readonly operations: readonly UsedOperation[];
}

export type Job = ComposeJob | CompareJob | HintsJob;

export type ComposedGraph =
  | {
      readonly supergraph: string;
      /** Supergraph SDL by variant. */
      readonly variants: ReadonlyMap<string, string>;
      readonly faults?: undefined;
    }
  | { readonly supergraph?: undefined; readonly faults: readonly CompositionFault[] };

export interface Results {
  readonly compose: ComposedGraph;
  readonly compare: ComparedGraphs;
  readonly hints: readonly string[];
}

export function work(job: Job): Results[Job["kind"]] | Promise<Results[Job["kind"]]> {
  if (job.kind === "hints") return grantHints(job);
  return job.kind === "compose" ? compose(job) : compareGraphs(job);
}

function compose({ sources, variants: filters }: ComposeJob): ComposedGraph {
  const composed: Composed = composeSubgraphs(sources);
  if (composed.faults) return composed;
  const variants = new Map<string, string>();
  const faults: CompositionFault[] = [];
  for (const filter of filters) {
    const varied = applyFilter(composed.supergraph, filter);
    if (varied.faults)
      faults.push(
        ...varied.faults.map((message) => ({
          code: "VARIANT_INVALID",
          message: `variant "${filter.name}": ${message}`,
          places: [],
          remedy: REMEDIES["VARIANT_INVALID"]!,
        })),
      );
    else variants.set(filter.name, varied.supergraph);
  }
  return faults.length > 0 ? { faults } : { supergraph: composed.supergraph, variants };
}
