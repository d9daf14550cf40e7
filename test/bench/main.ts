/**
 * `npm run bench`: this gateway beside others, in one run, on the same subgraphs. See README.md.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { onStop, runProgram, stop } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";
import { GATEWAY_IDS, GATEWAYS, REFERENCE, type Gateway } from "./gateways.ts";
import { composeGraph } from "./graph.ts";
import { describeMachine, phaseTable, summarise, type Row } from "./report.ts";
import { Child } from "./run/child.ts";
import { pinMyself, pinningFault } from "./run/cores.ts";
import { expectAnswers } from "./run/expect.ts";
import { type Bench, type ExpectedPhase, measure, runJob, type Sample } from "./run/measure.ts";
import { askText, startGateway } from "./run/start.ts";
import type { Announced } from "./subgraphs/main.ts";
import { codeOf } from "./subgraphs/stores.ts";
import type { Operation } from "./workloads/operations.ts";
import { startProvince, statusWorkload } from "./workloads/province.ts";
import { authorizedWorkload, coldWorkload, deepWorkload, smallWorkload } from "./workloads/shop.ts";
import { partitionWorkloads, REGISTERED } from "./workloads/stores.ts";
import { type Letter, LETTERS, type Workload } from "./workloads/workload.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const OPTIONS = {
  only: {
    schema: listOf(LETTERS).default([...LETTERS]),
    placeholder: "LETTERS",
    help: `Workloads, separated by commas; all by default (${LETTERS.join(",")}).`,
  },
  gateways: {
    schema: listOf(GATEWAY_IDS).default([...GATEWAY_IDS]),
    placeholder: "NAMES",
    help: `Gateways, separated by commas; all by default (${GATEWAY_IDS.join(",")}).`,
  },
  seconds: {
    schema: z.coerce.number().min(0.5, "must be 0.5 at least").max(600, "must be 600 at most").default(5),
    placeholder: "N",
    help: "How long each measurement takes; 5 by default.",
  },
  warmUp: {
    schema: z.coerce.number().min(0, "must not be negative").max(600, "must be 600 at most").default(3),
    placeholder: "N",
    help: "Seconds of the same load before each measurement; 3 by default.",
  },
  runs: {
    schema: z.coerce
      .number()
      .int("must be whole")
      .min(1, "must be 1 at least")
      .max(25, "must be 25 at most")
      .default(3),
    placeholder: "N",
    help: "Each gateway is started and measured so many times, in turn; medians count. 3 by default.",
  },
  profile: {
    schema: z.boolean().default(false),
    help: "Tell in which functions a gateway on Node spent its time (slows it down a little).",
  },
  json: {
    schema: z.string().optional(),
    placeholder: "FILE",
    help: "Where every single measurement goes, as JSON.",
  },
};

runProgram(async () => {
  const options = readOptions({
    name: "npm run bench --",
    summary: "measures this gateway beside others, in one run, on the same subgraphs.",
    options: OPTIONS,
    examples: ["npm run bench -- --only a,d --gateways own,apollo --seconds 2 --runs 1"],
  });
  const fault = pinningFault();
  const pinning = fault === undefined;
  if (pinning) pinMyself();
  const machine = describeMachine(fault);
  say(machine);

  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  onStop(() => rm(directory, { recursive: true, force: true }));
  const load = startOwn("load", pinning);
  const subgraphs = startOwn("subgraphs", pinning);
  const [announced] = await Promise.all([subgraphs.message<Announced>(), load.message()]);
  const bench: Bench = {
    load,
    answering: [subgraphs],
    countsUrl: announced.countsUrl,
    pinning,
    seconds: options.seconds,
    warmUp: options.warmUp,
    profiles: options.profile ? join(directory, "profiles") : undefined,
  };
  const gateways = GATEWAYS.filter(({ id }) => options.gateways.includes(id));
  const samples: Sample[] = [];
  const leftOut = new Set<string>();
  for (const letter of options.only) {
    const { workloads, bench: own, close } = await openWorkloads(letter, announced, directory, bench);
    for (const workload of workloads)
      samples.push(...(await runWorkload(workload, gateways, options.runs, own, leftOut)));
    await close();
  }
  if (options.json !== undefined)
    await writeFile(
      options.json,
      JSON.stringify({ machine, options, samples, leftOut: [...leftOut] }, null, 2),
    );
  await stop(samples.some(({ gateway, wrong }) => gateway === "own" && wrong > 0) ? 1 : 0);
});

function startOwn(name: string, pinning: boolean): Child {
  return new Child({ command: [process.execPath, join(HERE, name, "main.ts")], place: "rest", pinning });
}

interface Opened {
  readonly workloads: readonly Workload[];
  readonly bench: Bench;
  readonly close: () => Promise<void>;
}

async function openWorkloads(
  letter: Letter,
  { shop, directory: stores, stock }: Announced,
  parent: string,
  bench: Bench,
): Promise<Opened> {
  const directory = join(parent, letter);
  await mkdir(directory);
  const opened = (...workloads: readonly Workload[]): Opened => ({ workloads, bench, close: async () => {} });
  if (letter === "c") {
    say("\nstarting a province…");
    const { child, graph } = await startProvince(directory, bench.pinning);
    const reference = await startGateway(referenceGateway(), graph, { pinning: bench.pinning });
    const workload = await statusWorkload(graph, async (operation: Operation) => {
      const { data } = JSON.parse(await askText(reference.url, operation)) as { data: unknown };
      return data;
    });
    await reference.child.stop();
    return { workloads: [workload], bench: { ...bench, answering: [child] }, close: () => child.stop() };
  }
  if (letter === "e") {
    const [first] = stock;
    if (first === undefined) throw new Error("there are no stores");
    const graphOf = async (registered: number) => {
      const members = stock
        .slice(0, registered)
        .map(({ url }, store) => ({ key: codeOf(store), url, subgraphs: ["stock"] }));
      const ownDirectory = join(directory, `${registered}`);
      await mkdir(ownDirectory);
      return composeGraph("stores", ownDirectory, [stores, { ...first, url: "" }], members);
    };
    return opened(...partitionWorkloads(await graphOf(REGISTERED.many), await graphOf(REGISTERED.few)));
  }
  const graph = await composeGraph("shop", directory, shop);
  const make = { a: deepWorkload, b: authorizedWorkload, d: smallWorkload, f: coldWorkload }[letter];
  return opened(make(graph));
}

async function runWorkload(
  workload: Workload,
  gateways: readonly Gateway[],
  runs: number,
  bench: Bench,
  leftOut: Set<string>,
): Promise<readonly Sample[]> {
  const phases = await expectPhases(workload, bench);
  const samples: Sample[] = [];
  const faulty = new Map<string, string>();
  for (let run = 1; run <= runs; run += 1)
    for (const gateway of gateways) {
      const reason = faulty.get(gateway.id) ?? gateway.cannot(workload.graph);
      if (reason !== undefined) {
        faulty.set(gateway.id, reason);
        continue;
      }
      progress(`${workload.title}: run ${run} of ${runs}, ${gateway.title}`);
      try {
        samples.push(...(await measure(gateway, workload, phases, bench)));
      } catch (error) {
        faulty.set(gateway.id, (error as Error).message);
      }
    }
  progress("");
  for (const phase of phases) {
    const rows = gateways
      .map(({ id }) =>
        summarise(samples.filter((sample) => sample.gateway === id && sample.phase === phase.id)),
      )
      .filter((row): row is Row => row !== undefined);
    const direct = await measureDirectly(phase, bench);
    say(`\n${phaseTable(phase, rows, direct)}`);
    for (const { gateway, profile, phase: of } of samples)
      if (of === phase.id && profile !== undefined) say(`\n${gateway}, self time: ${profile}`);
  }
  for (const [id, reason] of faulty) {
    const line = `left out: ${id}: ${reason}`;
    if (!leftOut.has(`${workload.title}: ${line}`)) say(line);
    leftOut.add(`${workload.title}: ${line}`);
  }
  return samples;
}

/** The stock engine's answers, from a process of its own that is not measured. */
async function expectPhases({ phases, graph }: Workload, bench: Bench): Promise<readonly ExpectedPhase[]> {
  const { url, child } = await startGateway(referenceGateway(), graph, { pinning: bench.pinning });
  try {
    const expectedPhases: ExpectedPhase[] = [];
    for (const phase of phases) {
      const expected = await expectAnswers(url, phase.operations);
      const expectedWarmUp = phase.warmUp ? await expectAnswers(url, phase.warmUp) : expected;
      const sizes = expected.map((operation) => operation.expected.length);
      const size = sizes.reduce((sum, length) => sum + length, 0) / sizes.length;
      const title = `${phase.title}; ${Math.max(0.1, size / 1000).toFixed(1)} kB an answer`;
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
) {
  if (direct === undefined) return undefined;
  const job = { url: direct, operations: expected, connections, once: false, authorize: false };
  await runJob(load, { ...job, seconds: warmUp });
  return runJob(load, { ...job, seconds });
}

function referenceGateway(): Gateway {
  const reference = GATEWAYS.find(({ id }) => id === REFERENCE);
  if (reference === undefined) throw new Error("the reference is not among the gateways");
  return reference;
}

function listOf<const T extends string>(allowed: readonly T[]) {
  return z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(z.enum(allowed, { error: `must be some of ${allowed.join(",")}` })).min(1));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
