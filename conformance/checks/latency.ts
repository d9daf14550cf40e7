/**
 * How long a hundred entities take.
 */
import type { Check } from "../check.ts";
import { caseKey, existingDossiers } from "../samples.ts";
import { type Subject, summary } from "../subject.ts";

const ENTITIES = 100;
const WARM_UP = 10;
const MEASURED = 100;
/** A slow subgraph is measured fewer times, and no longer than this. */
const LONGEST_MS = 2_000;
const LEAST_MEASURED = 20;

export const latencyChecks: readonly Check[] = [
  {
    id: "latency.hundred-entities",
    wants: "100 cases in one request, 99 times of 100 within the limit (--latency-limit)",
    reference: "docs/conformance.md, what the gateway may send",
    writes: false,
    run: async (subject, findings) => {
      const dossiers = await existingDossiers(subject);
      const representations = Array.from({ length: ENTITIES }, (_, index) =>
        caseKey(subject, dossiers[index % dossiers.length] ?? ""),
      );
      for (let count = 0; count < WARM_UP; count++) await ask(subject, representations);
      const times: number[] = [];
      const began = performance.now();
      let slowest = await ask(subject, representations);
      while (
        times.length < MEASURED &&
        (times.length < LEAST_MEASURED || performance.now() - began < LONGEST_MS)
      ) {
        const answer = await ask(subject, representations);
        if (answer.list?.length !== ENTITIES)
          return findings.fail(
            `no list of ${ENTITIES} entities: ${summary(answer.exchange)}`,
            answer.exchange,
          );
        times.push(answer.exchange.duration);
        if (answer.exchange.duration > slowest.exchange.duration) slowest = answer;
      }
      const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
      const measured = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms over ${times.length} requests, ${dossiers.length} different cases`;
      findings.note(measured);
      findings.expect(
        p99 <= subject.latencyLimit,
        `${measured}; the limit is ${subject.latencyLimit} ms`,
        slowest.exchange,
      );
    },
  },
];

function ask(subject: Subject, representations: readonly object[]) {
  return subject.entities(
    "... on AgencyCase { dossierCode state dueAt finishedAt procedure { code name } }",
    representations,
  );
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}
