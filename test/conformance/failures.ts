/**
 * What a run found, in the form that a failing test shows best.
 */
import type { Report } from "../../conformance/report.ts";

export function failuresOf({ results }: Report): string[] {
  return results.flatMap(({ id, outcome }) =>
    outcome.kind === "failed" ? outcome.failures.map(({ came, curl }) => `${id}: ${came}\n${curl}`) : [],
  );
}
