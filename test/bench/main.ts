/**
 * `npm run bench`: this gateway beside others, in one run, on the same subgraphs. See README.md.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { onStop, runProgram, stop } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";
import { GATEWAY_IDS, GATEWAYS, takesPart } from "./gateways.ts";
import { describeMachine } from "./report.ts";
import { measureAlone } from "./run/alone.ts";
import { Child } from "./run/child.ts";
import { pinMyself, pinningFault } from "./run/cores.ts";
import type { Bench, Sample } from "./run/measure.ts";
import { soakGateway } from "./run/soak.ts";
import { runWorkload } from "./run/workload.ts";
import type { Announced } from "./subgraphs/main.ts";
import { openWorkloads } from "./workloads/open.ts";
import { type Letter, LETTERS } from "./workloads/workload.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** A province under way has a PostgreSQL to stop. */
const STOP_WITHIN_MS = 80_000;

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
    schema: number(0.5, 600).default(4),
    placeholder: "N",
    help: "How long each measurement takes; 4 by default.",
  },
  warmUp: {
    schema: number(0, 600).default(3),
    placeholder: "N",
    help: "Seconds of the same load before each measurement; 3 by default.",
  },
  runs: {
    schema: number(1, 25).int("must be whole").default(3),
    placeholder: "N",
    help: "Each gateway is started and measured so many times, in turn; medians count. 3 by default.",
  },
  soak: {
    schema: number(0.1, 600).optional(),
    placeholder: "MINUTES",
    help: "Instead of all that: this gateway so long under the first workload of --only, and what memory it takes.",
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
  say(await measureAlone(announced.shop, bench));
  if (options.soak !== undefined) {
    await soak(options.only[0] ?? "a", options.soak, announced, directory, bench);
    return stop();
  }
  const gateways = GATEWAYS.filter(({ id }) => options.gateways.includes(id));
  const samples: Sample[] = [];
  const leftOut = new Set<string>();
  for (const letter of options.only) {
    const { workloads, close } = await openWorkloads(letter, announced, join(directory, letter), bench);
    for (const { workload, bench: own } of workloads) {
      const taking = gateways.filter((gateway) => takesPart(gateway, letter));
      const outcome = await runWorkload(workload, taking, options.runs, own, say);
      samples.push(...outcome.samples);
      for (const line of outcome.leftOut) leftOut.add(`${workload.title}: ${line}`);
    }
    await close();
  }
  if (options.json !== undefined)
    await writeFile(
      options.json,
      JSON.stringify({ machine, options, samples, leftOut: [...leftOut] }, null, 2),
    );
  await stop(samples.some(({ gateway, wrong }) => gateway === "own" && wrong > 0) ? 1 : 0);
}, STOP_WITHIN_MS);

/** This gateway alone, for long: its memory must stay where it is. */
async function soak(
  letter: Letter,
  minutes: number,
  announced: Announced,
  directory: string,
  bench: Bench,
): Promise<void> {
  const { workloads, close } = await openWorkloads(letter, announced, join(directory, letter), bench);
  const [first] = workloads;
  const gateway = GATEWAYS.find(({ id }) => id === "own");
  if (first === undefined || gateway === undefined) throw new Error("there is nothing to soak");
  await soakGateway(gateway, first.workload, minutes, first.bench, say);
  await close();
}

function startOwn(name: string, pinning: boolean): Child {
  return new Child({ command: [process.execPath, join(HERE, name, "main.ts")], place: "rest", pinning });
}

function number(least: number, most: number) {
  const error = `must be a number from ${least} to ${most}`;
  return z.coerce.number({ error }).min(least, error).max(most, error);
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
