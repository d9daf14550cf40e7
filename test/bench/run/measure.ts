/**
 * One gateway under one workload: started, warmed up, measured, stopped.
 */
import { rm } from "node:fs/promises";
import type { Gateway } from "../gateways.ts";
import type { ExpectedOperation, Job, Result } from "../load/main.ts";
import { topFunctions } from "../profile.ts";
import type { Counts } from "../subgraphs/counts.ts";
import type { Phase, Workload } from "../workloads/workload.ts";
import type { Child } from "./child.ts";
import { startGateway } from "./start.ts";
import { usageOf } from "./usage.ts";

export interface Sample extends Result {
  readonly phase: string;
  readonly gateway: string;
  /** Of the gateway, milliseconds of processor time for each request. */
  readonly cpuPerRequest: number;
  /** Share of one core that the gateway used, and that subgraphs and load generator used together. */
  readonly gatewayBusy: number;
  readonly restBusy: number;
  /** Since the gateway's start. */
  readonly peakMiB: number;
  /** What the subgraphs were asked for each request; undefined where that is not counted. */
  readonly calls: number | undefined;
  /** Its functions with the most self time, where that was asked for. */
  readonly profile?: string | undefined;
}

export interface ExpectedPhase extends Phase {
  readonly expected: readonly ExpectedOperation[];
  readonly expectedWarmUp: readonly ExpectedOperation[];
}

export interface Bench {
  readonly load: Child;
  /** Whatever answers the gateways, for its share of the processor. */
  readonly answering: readonly Child[];
  readonly countsUrl: string;
  readonly pinning: boolean;
  /** Of measuring, and of warming up. */
  readonly seconds: number;
  readonly warmUp: number;
  /** Where the profiles of gateways on Node go; undefined when none are wanted. */
  readonly profiles: string | undefined;
}

/** For operations that are sent once: a gateway that is slow beyond measure. */
const LONGEST_ONCE_SECONDS = 120;

/** @throws Error when the gateway does not start. */
export async function measure(
  gateway: Gateway,
  { graph }: Workload,
  phases: readonly ExpectedPhase[],
  bench: Bench,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  // A profile begins with its process and ends with it: to tell phases apart, each then has a process of its own.
  const startsWith = bench.profiles === undefined ? [phases] : phases.map((phase) => [phase]);
  for (const measured of startsWith) {
    const { url, child } = await startGateway(gateway, graph, bench);
    try {
      for (const phase of measured) samples.push(await measurePhase(gateway, url, child, phase, bench));
    } finally {
      await child.stop();
    }
    const last = samples.pop();
    if (last !== undefined)
      samples.push({ ...last, profile: await takeProfile(bench.profiles, last.seconds) });
  }
  return samples;
}

async function measurePhase(
  gateway: Gateway,
  url: string,
  child: Child,
  phase: ExpectedPhase,
  bench: Bench,
): Promise<Sample> {
  const { id, connections, once = false, authorize = false, tokens, expected, expectedWarmUp } = phase;
  const job = { url, connections, authorize, tokens, once };
  const warmUpSeconds = once ? LONGEST_ONCE_SECONDS : bench.warmUp;
  await runJob(bench.load, { ...job, operations: expectedWarmUp, seconds: warmUpSeconds });
  await readCounts(bench.countsUrl);
  const others = [bench.load, ...bench.answering];
  const before = { gateway: cpuOf([child]), rest: cpuOf(others) };
  const seconds = once ? LONGEST_ONCE_SECONDS : bench.seconds;
  const result = await runJob(bench.load, { ...job, operations: expected, seconds });
  const used = { gateway: cpuOf([child]) - before.gateway, rest: cpuOf(others) - before.rest };
  const counts = await readCounts(bench.countsUrl);
  const fault =
    result.fault ??
    (authorize && counts.authorizations < result.requests
      ? `of ${result.requests} identities ${counts.authorizations} were passed on to the subgraphs`
      : undefined);
  return {
    ...result,
    wrong: fault === undefined ? 0 : Math.max(1, result.wrong),
    fault,
    phase: id,
    gateway: gateway.id,
    cpuPerRequest: (used.gateway * 1000) / result.requests,
    gatewayBusy: used.gateway / result.seconds,
    restBusy: used.rest / result.seconds,
    peakMiB: usageOf(child.pid).peakMiB,
    calls: counts.requests === 0 ? undefined : counts.requests / result.requests,
  };
}

/** What the gateway that has just stopped left there. */
async function takeProfile(directory: string | undefined, seconds: number): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  const top = await topFunctions(directory, seconds);
  await rm(directory, { recursive: true, force: true });
  return top;
}

export async function runJob(load: Child, job: Job): Promise<Result> {
  const result = load.message<Result>();
  load.process.send(job);
  return result;
}

async function readCounts(url: string): Promise<Counts> {
  const response = await fetch(url);
  return (await response.json()) as Counts;
}

function cpuOf(children: readonly Child[]): number {
  return children.reduce((sum, { pid }) => sum + usageOf(pid).cpuSeconds, 0);
}
