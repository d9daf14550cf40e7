/**
 * A graph from a registry: asked for at the start, and from then on held by a request that the registry answers as soon
 * as there is another. The last good graph is kept in a file, to start from when the registry is away.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import type { Logger } from "../../process/log.ts";
import { statedGrantSchema } from "../trust/grant.ts";
import { answerKeysSchema, NO_ANSWER_KEYS, readAnswerKeys } from "../answer-keys.ts";
import type { GraphInput, GraphSource } from "../graph-source.ts";
import { memberSchema, readMembers } from "../members.ts";
import { readSupergraph } from "../supergraph.ts";
import { createRegistryClient, RegistryRefusal } from "./client.ts";
import type { ServedGraph } from "./feed.ts";

export interface RegistryAccess {
  readonly url: string;
  readonly key: string;
  readonly cacheFile: string | undefined;
}

/** Seconds that a request waits for another graph. */
const WAIT_S = 25;
/** A registry that is away is asked again so often that a change is not missed for longer than this. */
const RETRY_MS = 500;
const DEADLINE_MS = (WAIT_S + 10) * 1000;
/** At the start nobody is served yet: a registry that is slower is left for later, where there is a file. */
const START_DEADLINE_MS = 3_000;

const cachedSchema = z.object({
  version: z.string(),
  composition: z.number(),
  supergraph: z.string(),
  members: z.array(memberSchema),
  // Files that an earlier version kept have none.
  answerKeys: answerKeysSchema.default(NO_ANSWER_KEYS),
  grants: z.array(statedGrantSchema).default([]),
  variants: z.array(z.object({ name: z.string(), supergraph: z.string() })),
});

export function registrySource(access: RegistryAccess, log: Logger): GraphSource {
  const { url, key, cacheFile } = access;
  const client = createRegistryClient({ url, key, deadline: DEADLINE_MS });
  const origin = `the registry at ${url}`;
  /** The graph told last, and by what input it is known to the gateway. */
  let told: ServedGraph | undefined;
  const graphs = new WeakMap<GraphInput, ServedGraph>();

  async function begin(): Promise<ServedGraph> {
    try {
      const graph = await client.graph(undefined, 0, AbortSignal.timeout(START_DEADLINE_MS));
      if (graph !== undefined) return graph;
      throw new StartError(`${origin} has no graph yet.`, "Publish a subgraph first.");
    } catch (error) {
      if (!(error instanceof RegistryRefusal)) throw error;
      const kept = await readCache(cacheFile);
      if (kept === undefined)
        throw new StartError(
          error.message,
          error.status === 401
            ? "Give a gateway's key with --registry-key-file."
            : "Start the registry, or give --registry-cache the file of an earlier run.",
          { cause: error },
        );
      log.warn({ error: error.message, version: kept.version }, "started from the cached graph");
      return kept;
    }
  }

  return {
    faulty: "the registry's new graph is faulty, the last good one stays",
    origin,
    async load(before) {
      told ??= await begin();
      const { supergraph, members, answerKeys, grants, variants } = told;
      const input = {
        supergraph:
          before?.supergraph.sdl === supergraph ? before.supergraph : readSupergraph(supergraph, origin),
        directory: readMembers(JSON.stringify({ members }), origin),
        grants: { text: JSON.stringify(grants), grants },
        answerKeys: readAnswerKeys(JSON.stringify(answerKeys), origin),
        variants: new Map(variants.map((variant) => [variant.name, variant.supergraph])),
      };
      graphs.set(input, told);
      return input;
    },
    watch(changed) {
      const ended = new AbortController();
      void follow(ended.signal, (graph) => {
        told = graph;
        changed();
      });
      return () => ended.abort();
    },
    async served(input) {
      const graph = graphs.get(input);
      if (cacheFile === undefined || graph === undefined) return;
      await keep(cacheFile, graph).catch((error: unknown) => {
        log.error({ error: String(error) }, "the graph cannot be kept in --registry-cache");
      });
    },
  };

  async function follow(ended: AbortSignal, tell: (graph: ServedGraph) => void): Promise<void> {
    let isAway = false;
    while (!ended.aborted) {
      try {
        const graph = await client.graph(told?.version, isAway ? 0 : WAIT_S, ended);
        if (isAway) log.info("the registry is back");
        isAway = false;
        if (graph !== undefined) tell(graph);
      } catch (error) {
        if (ended.aborted) return;
        if (!isAway) log.error({ error: String(error) }, "the registry is away, the last good graph stays");
        isAway = true;
        await pause(RETRY_MS, ended);
      }
    }
  }
}

async function readCache(file: string | undefined): Promise<ServedGraph | undefined> {
  if (file === undefined) return undefined;
  try {
    return cachedSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Not there, or not whole: then there is nothing to start from.
    return undefined;
  }
}

/** Renamed into place, so that whoever starts at this moment finds the old or the new one whole. */
async function keep(file: string, graph: ServedGraph): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Several gateways may share the file: each writes its own.
  const written = `${file}.${process.pid}.new`;
  await writeFile(written, JSON.stringify(graph));
  await rename(written, file);
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
