/**
 * One workload: what the right answers are, then every gateway in turn, as often as asked, and the tables.
 */
import { GATEWAYS, REFERENCE, type Gateway } from "../gateways.ts";
import type { Result } from "../load/main.ts";
import { phaseTable, type Row, summarise } from "../report.ts";
import type { Workload } from "../workloads/workload.ts";
import { expectAnswers } from "./expect.ts";
import { type Bench, type ExpectedPhase, measure, runJob, type Sample } from "./measure.ts";
import { startGateway } from "./start.ts";

export interface Outcome {
  readonly samples: readonly Sample[];
  /** One line for each gateway that took no part, with the reason. */
  readonly leftOut: readonly string[];
}

/** The stock engine: what the others are compared with. */
export function referenceGateway(): Gateway {
  const reference = GATEWAYS.find(({ id }) => id === REFERENCE);
  if (reference === undefined) throw new Error("the reference is not among the gateways");
  return reference;
}

/** @param say prints as it goes */
export async function runWorkload(
  workload: Workload,
  gateways: readonly Gateway[],
  runs: number,
  bench: Bench,
  say: (text: string) => void,
): Promise<Outcome> {
  const phases = await expectPhases(workload, bench);
  const samples: Sample[] = [];
  const faults = new Map<string, string>();
  // Round after round, so that a change of the machine's mood meets all of them.
  for (let run = 1; run <= runs; run += 1)
    for (const gateway of gateways) {
      const reason = faults.get(gateway.id) ?? gateway.cannot(workload.graph);
      if (reason !== undefined) {
        faults.set(gateway.id, reason);
        continue;
      }
      progress(`${workload.title}: run ${run} of ${runs}, ${gateway.title}`);
      try {
        samples.push(...(await measure(gateway, workload, phases, bench)));
      } catch (error) {
        faults.set(gateway.id, (error as Error).message);
      }
    }
  progress("");
  for (const phase of phases) {
    const ofPhase = samples.filter((sample) => sample.phase === phase.id);
    const rows = gateways
      .map(({ id }) => summarise(ofPhase.filter(({ gateway }) => gateway === id)))
      .filter((row): row is Row => row !== undefined);
    say(`\n${phaseTable(phase, rows, await measureDirectly(phase, bench))}`);
    for (const { gateway, profile } of ofPhase)
      if (profile !== undefined) say(`\n${gateway}, self time: ${profile}`);
  }
  const leftOut = [...faults].map(([id, reason]) => `left out: ${id}: ${reason}`);
  for (const line of leftOut) say(line);
  return { samples, leftOut };
}

/** The stock engine's answers, from a process of its own that is not measured. */
export async function expectPhases(
  { phases, graph }: Workload,
  { pinning }: Pick<Bench, "pinning">,
): Promise<readonly ExpectedPhase[]> {
  const { url, child } = await startGateway(referenceGateway(), graph, { pinning });
  try {
    const expectedPhases: ExpectedPhase[] = [];
    for (const phase of phases) {
      const expected = await expectAnswers(url, phase.operations);
      const expectedWarmUp = phase.warmUp ? await expectAnswers(url, phase.warmUp) : expected;
      const bytes = expected.reduce((sum, { expected: text }) => sum + text.length, 0) / expected.length;
      const title = `${phase.title}; ${Math.max(0.1, bytes / 1000).toFixed(1)} kB an answer`;
      expectedPhases.push({ ...phase, title, expected, expectedWarmUp });
    }
    return expectedPhases;
  } finally {
    await child.stop();
  }
}

async function measureDirectly(
  { direct, connections, expected }: ExpectedPhase,
  { load, seconds, warmUp }: Bench,
): Promise<Result | undefined> {
  if (direct === undefined) return undefined;
  const job = { url: direct, operations: expected, connections, once: false, authorize: false };
  await runJob(load, { ...job, seconds: warmUp });
  return runJob(load, { ...job, seconds });
}

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
