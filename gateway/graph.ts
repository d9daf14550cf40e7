/**
 * The graph that is served now: a supergraph with its engine, its variants, and the members with the transport to them.
 * When its source has another, the graph is replaced as a whole, or, when that is faulty, kept.
 */
import type { GraphQLSchema } from "graphql";
import { StartError } from "../process/lifecycle.ts";
import type { Logger } from "../process/log.ts";
import { locateSigners, NO_ANSWER_KEYS, type SignersAt } from "./answer-keys.ts";
import type { StockEngine } from "./execute/apollo.ts";
import { type AccessSettings, createNativeEngine, type NativeEngine } from "./execute/engine.ts";
import type { GraphInput, GraphSource } from "./graph-source.ts";
import type { Limits } from "./limits/limits.ts";
import { locateMembers, type MemberDirectory } from "./members.ts";
import type { Supergraph } from "./supergraph.ts";
import { routeSubgraphs, subgraphUrls } from "./transport/route.ts";
import { routeStreams, type StreamRoutes } from "./transport/stream-route.ts";
import type { StreamTransport } from "./transport/stream.ts";
import type { Transport } from "./transport/transport.ts";
import type { GrantDirectory } from "./trust/grants-file.ts";
import { unmasked, withoutGuards } from "./trust/unguarded.ts";

export type Engine = NativeEngine | StockEngine;

export interface Graph {
  readonly supergraph: Supergraph;
  readonly directory: MemberDirectory;
  readonly engine: Engine;
  /** Engines of the variants that are served, over the same transport. */
  readonly variants: ReadonlyMap<string, Engine>;
  readonly transport: Transport;
  readonly streams: StreamRoutes;
  /** Whose answers must be signed. */
  readonly signersAt: SignersAt;
  readonly loadedAt: Date;
}

export interface GraphSources {
  readonly source: GraphSource;
  /** Names of the variants to serve. */
  readonly variants: readonly string[];
  /** URLs that replace the supergraph's, by subgraph name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly engine: Engine["kind"];
  /** Of clients' documents. */
  readonly limits?: Limits | undefined;
  /** What becomes of what a caller may not read. */
  readonly access?: AccessSettings | undefined;
  /** Names of the variants that mask for everybody what they mask for anybody. */
  readonly masked?: readonly string[] | undefined;
  /** Whether only what is granted may be read. */
  readonly needsGrants?: boolean;
  /** How a located subgraph is asked. */
  readonly ask: Transport;
  /** How it is subscribed to. */
  readonly stream: StreamTransport;
  readonly log: Logger;
}

export interface Graphs {
  readonly current: Graph;
  /** The graph of a schema: a request stays with the one it was parsed for. */
  withSchema(schema: GraphQLSchema): Graph;
  /** Called after a new graph took the place of the one before, whatever has changed. */
  onGraph(listener: (graph: Graph) => void): void;
  /** Called after a new schema took the place of the one before. Returns how to end that. */
  onSchema(listener: (graph: Graph) => void): () => void;
  /** Ends the watch on the source. */
  close(): void;
}

/**
 * Loads the graph, and watches its source.
 * @throws StartError when there is no graph to begin with.
 */
export async function openGraphs(sources: GraphSources): Promise<Graphs> {
  const { source, log } = sources;
  for (const name of sources.masked ?? [])
    if (!sources.variants.includes(name))
      throw new StartError(
        `the trust file's masked names "${name}", which is not a variant that is served.`,
        "Serve it with --variant, or leave its name out.",
      );
  const graphs = new WeakMap<GraphQLSchema, Graph>();
  const listeners = new Set<(graph: Graph) => void>();
  const followers: ((graph: Graph) => void)[] = [];
  let input = await source.load();
  const newest: SignersAt = (service, url) => current.signersAt(service, url);
  let current: Graph = await build(sources, newest, input);
  graphs.set(current.engine.schema, current);

  async function reload(): Promise<void> {
    const loaded = await source.load(input);
    if (isSame(loaded, input)) return;
    const before = current;
    const next = await keepOnFault(log, source.faulty, before, () => build(sources, newest, loaded, before));
    if (next === before) return;
    input = loaded;
    graphs.set(next.engine.schema, next);
    current = next;
    for (const follow of followers) follow(next);
    if (next.engine !== before.engine) for (const listener of listeners) listener(next);
    const { supergraph, directory } = next;
    log.info({ subgraphs: supergraph.subgraphs.size, members: directory.members.length }, "graph reloaded");
    await source.served?.(loaded);
  }

  // One reload after another: a slow one must not overtake the next.
  let reloading = Promise.resolve();
  const changed = () => {
    reloading = reloading.then(reload).catch((error: unknown) => {
      log.error({ err: error }, "reload failed, the last good graph stays");
    });
  };
  await source.served?.(input);
  const endWatch = source.watch(changed);

  return {
    get current() {
      return current;
    },
    withSchema(schema) {
      const graph = graphs.get(schema);
      if (graph === undefined) throw new Error("a request names a schema that was never loaded");
      return graph;
    },
    onGraph: (listener) => void followers.push(listener),
    onSchema(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: endWatch,
  };
}

/** The graphs as one of their variants shows them. */
export function variantOf(graphs: Graphs, name: string): Graphs {
  const shown = new WeakMap<Graph, Graph>();
  return {
    ...graphs,
    get current() {
      const { current } = graphs;
      let graph = shown.get(current);
      if (graph === undefined) {
        graph = showVariant(current, name);
        shown.set(current, graph);
      }
      return graph;
    },
  };
}

/** Its transport is one of its own: what is shared on the way is shared within one variant, not between them. */
function showVariant(graph: Graph, name: string): Graph {
  const engine = graph.variants.get(name);
  if (engine === undefined) throw new Error(`variant "${name}" is not served`);
  const { transport, streams } = graph;
  return { ...graph, engine, transport: (request) => transport(request), streams: { ...streams } };
}

function isSame(one: GraphInput, other: GraphInput): boolean {
  return (
    one.supergraph.sdl === other.supergraph.sdl &&
    one.directory.text === other.directory.text &&
    JSON.stringify(one.answerKeys) === JSON.stringify(other.answerKeys) &&
    one.grants.text === other.grants.text &&
    one.variants.size === other.variants.size &&
    [...one.variants].every(([name, sdl]) => other.variants.get(name) === sdl)
  );
}

/**
 * @param newest keys of the graph that is served by then
 * @param before its engines, with the plans they have made, are kept where only something else changes
 */
async function build(
  sources: GraphSources,
  newest: SignersAt,
  input: GraphInput,
  before?: Graph,
): Promise<Graph> {
  const { urls, ask, stream } = sources;
  const { supergraph, directory } = input;
  // Whoever is answered by everybody, and answers everybody, holds nobody to a signature.
  const answerKeys = sources.access?.enforced === false ? NO_ANSWER_KEYS : input.answerKeys;
  const known = subgraphUrls(supergraph, urls);
  const signersAt = locateSigners(answerKeys, directory, locateMembers(directory, known), known);
  const signers = followNewest(signersAt, newest);
  const transport = routeSubgraphs(askSigned(ask, signers), supergraph, directory, urls);
  const streams = routeStreams(openSigned(stream, signers), supergraph, directory, urls);
  const grants = sources.needsGrants === true ? input.grants : undefined;
  const engine = await engineOf(sources, supergraph, before?.engine, grants);
  const variants = new Map<string, Engine>();
  for (const name of sources.variants) {
    const sdl = input.variants.get(name);
    if (sdl === undefined)
      throw new StartError(
        `${sources.source.origin} has no variant "${name}"${input.variants.size === 0 ? "" : ` (${[...input.variants.keys()].join(", ")})`}.`,
        "Define it in the registry, or leave --variant out.",
      );
    const access = { ...sources.access, masksForEverybody: sources.masked?.includes(name) ?? false };
    const previous = before?.variants.get(name);
    variants.set(name, await engineOf({ ...sources, access }, { sdl }, previous, grants));
  }
  return { supergraph, directory, engine, variants, transport, streams, signersAt, loadedAt: new Date() };
}

/**
 * A key counts from the moment that it is known, and no longer once it was given up: for requests under way and running
 * subscriptions too. Only who is not in the newest graph is held against the keys of the graph that asks.
 */
function followNewest(own: SignersAt, newest: SignersAt): SignersAt {
  return (service, url) => {
    const atFirst = newest(service, url) ?? own(service, url);
    return atFirst && { find: (kid, at) => (newest(service, url) ?? atFirst).find(kid, at) };
  };
}

function askSigned(ask: Transport, signersAt: SignersAt): Transport {
  return (request) => ask({ ...request, signers: signersAt(request.service, request.url) });
}

function openSigned(open: StreamTransport, signersAt: SignersAt): StreamTransport {
  return (request, listener) =>
    open({ ...request, signers: signersAt(request.service, request.url) }, listener);
}

/** What an engine was made of: its SDL, and what is granted beside. */
const MADE_OF = new WeakMap<Engine, string>();

/**
 * @param before what it was asked last is planned before the new engine takes its place
 * @param grants where nothing else may be read
 */
async function engineOf(
  { engine: kind, limits, access, source, log }: GraphSources,
  { sdl, document }: Pick<Supergraph, "sdl"> & Partial<Supergraph>,
  before: Engine | undefined,
  grants: GrantDirectory | undefined,
): Promise<Engine> {
  const madeOf = `${grants?.text ?? ""}\n${sdl}`;
  if (before !== undefined && MADE_OF.get(before) === madeOf) return before;
  try {
    const engine =
      kind === "apollo"
        ? await stockEngine(access?.enforced === false ? withoutGuards(sdl) : unmasked(sdl), log)
        : await createNativeEngine(sdl, limits, document, { ...access, grants: grants?.grants });
    if (engine.kind === "native" && before?.kind === "native") await engine.warmFrom(before);
    MADE_OF.set(engine, madeOf);
    if (engine.kind === "native") for (const hint of engine.hints) log.warn({ hint }, "grants");
    return engine;
  } catch (error) {
    throw new StartError(
      `${source.origin} cannot be served: ${(error as Error).message}`,
      "Compose the supergraph anew (Federation 2).",
      { cause: error },
    );
  }
}

/** Loaded where it is asked for: with its packages it would take a fifth of the memory of a gateway at rest. */
async function stockEngine(sdl: string, log: Logger): Promise<StockEngine> {
  const { createStockEngine } = await import("./execute/apollo.ts");
  return createStockEngine(sdl, log);
}

async function keepOnFault<T>(log: Logger, faulty: string, lastGood: T, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.error({ fault: error.message }, faulty);
    return lastGood;
  }
}
