/**
 * The workloads by their letters, with whatever they need started.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { composeGraph, type Graph } from "../graph.ts";
import type { Announced as Remembering } from "../remembering/main.ts";
import { Child } from "../run/child.ts";
import type { Bench } from "../run/measure.ts";
import { askText, startGateway } from "../run/start.ts";
import { referenceGateway } from "../run/workload.ts";
import type { Announced } from "../subgraphs/main.ts";
import { codeOf } from "../subgraphs/stores.ts";
import type { Operation } from "./operations.ts";
import { startProvince, statusOperations, statusWorkload } from "./province.ts";
import { authorizedWorkload, coldWorkload, deepWorkload, smallWorkload } from "./shop.ts";
import { openTrust } from "./trust.ts";
import { partitionWorkloads, REGISTERED } from "./stores.ts";
import type { Letter, Workload } from "./workload.ts";

export interface Opened {
  /** Each with the programs that answer its gateways. */
  readonly workloads: readonly { readonly workload: Workload; readonly bench: Bench }[];
  readonly close: () => Promise<void>;
}

const REMEMBERING = fileURLToPath(new URL("../remembering/main.ts", import.meta.url));

/** @param directory does not exist yet, and becomes this letter's own */
export async function openWorkloads(
  letter: Letter,
  announced: Announced,
  directory: string,
  bench: Bench,
): Promise<Opened> {
  const { shop, directory: stores, stock } = announced;
  await mkdir(directory);
  if (letter === "trust") {
    const { workload, close } = await openTrust(announced, directory);
    return { workloads: [{ workload, bench }], close };
  }
  if (letter === "c") return openProvince(directory, bench);
  const opened = (...workloads: readonly Workload[]): Opened => ({
    workloads: workloads.map((workload) => ({ workload, bench })),
    close: async () => {},
  });
  if (letter === "e") {
    const [first] = stock;
    if (first === undefined) throw new Error("there are no stores");
    const graphOf = async (registered: number): Promise<Graph> => {
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

async function openProvince(directory: string, bench: Bench): Promise<Opened> {
  const { child, graph } = await startProvince(directory, bench.pinning);
  const reference = await startGateway(referenceGateway(), graph, { pinning: bench.pinning });
  const operations = await statusOperations(async (operation: Operation) => {
    const { data } = JSON.parse(await askText(reference.url, operation)) as { data: unknown };
    return data;
  });
  await reference.child.stop();

  const servers = [...graph.urls].map(([name, url]) => ({ name, url: new URL(url) }));
  const remembering = new Child({
    command: [process.execPath, REMEMBERING, ...servers.map(({ url }) => `--target=${url.origin}`)],
    place: "rest",
    pinning: bench.pinning,
  });
  const { countsUrl, origins } = await remembering.message<Remembering>();
  const urls = new Map(
    servers.map(({ name, url }, index) => [name, `${origins[index] ?? ""}${url.pathname}`]),
  );
  return {
    workloads: [
      {
        workload: statusWorkload({ ...graph, urls }, operations, true),
        bench: { ...bench, answering: [remembering, child], countsUrl },
      },
      { workload: statusWorkload(graph, operations, false), bench: { ...bench, answering: [child] } },
    ],
    async close() {
      await remembering.stop();
      await child.stop();
    },
  };
}
