/**
 * One gateway for long under one workload: whether its memory stays where it is, and how its latency does.
 */
import type { Gateway } from "../gateways.ts";
import type { Workload } from "../workloads/workload.ts";
import { type Bench, runJob } from "./measure.ts";
import { startGateway } from "./start.ts";
import { usageOf } from "./usage.ts";
import { expectPhases } from "./workload.ts";

/** Rows of the table. */
const SLICES = 20;

/** @throws Error when an answer is wrong. */
export async function soakGateway(
  gateway: Gateway,
  workload: Workload,
  minutes: number,
  bench: Bench,
  say: (text: string) => void,
): Promise<void> {
  const [phase] = await expectPhases(workload, bench);
  if (phase === undefined) throw new Error("the workload has no phase");
  const { url, child } = await startGateway(gateway, workload.graph, bench);
  try {
    const { connections, once = false, authorize = false, expected: operations } = phase;
    const job = { url, connections, once, authorize, operations, seconds: (minutes * 60) / SLICES };
    say(`### ${phase.id} for ${minutes} minutes: ${phase.title}\n`);
    say("| minutes | requests/s | p50 ms | p99 ms | CPU ms/request | resident MiB |");
    say("|--------:|-----------:|-------:|-------:|---------------:|-------------:|");
    const memory: number[] = [];
    for (let slice = 1; slice <= SLICES; slice += 1) {
      const before = usageOf(child.pid).cpuSeconds;
      const { requests, seconds, p50, p99, wrong, fault } = await runJob(bench.load, job);
      if (wrong > 0) throw new Error(`${wrong} wrong answers, the first: ${fault ?? ""}`);
      const { cpuSeconds, residentMiB } = usageOf(child.pid);
      memory.push(residentMiB);
      const cells = [
        ((minutes * slice) / SLICES).toFixed(1),
        Math.round(requests / seconds),
        p50.toFixed(1),
        p99.toFixed(1),
        (((cpuSeconds - before) * 1000) / requests).toFixed(2),
        Math.round(residentMiB),
      ];
      say(`| ${cells.join(" | ")} |`);
    }
    // The first quarter is the warm-up: caches fill, the heap finds its size.
    const settled = memory.slice(SLICES / 4);
    const halves = [settled.slice(0, settled.length >> 1), settled.slice(settled.length >> 1)].map(mean);
    const [first = 0, second = 0] = halves;
    say(
      `\nmean after the first quarter: ${Math.round(first)} MiB, then ${Math.round(second)} MiB (${(((second - first) / first) * 100).toFixed(1)} %)`,
    );
  } finally {
    await child.stop();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
