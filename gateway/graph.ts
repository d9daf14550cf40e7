/**
 * The graph that is served now: a supergraph with its engine, and the members with the transport to them.
 * Both come from files; when one changes, the graph is replaced as a whole, or, when it is faulty, kept.
 */
import { readFile } from "node:fs/promises";
import type { GraphQLSchema } from "graphql";
import { StartError } from "../process/lifecycle.ts";
import type { Logger } from "../process/log.ts";
import { createStockEngine, type StockEngine } from "./execute/apollo.ts";
import { createNativeEngine, type NativeEngine } from "./execute/engine.ts";
import { NO_MEMBERS, readMembers, type MemberDirectory } from "./members.ts";
import { readSupergraph, type Supergraph } from "./supergraph.ts";
import { routeSubgraphs } from "./transport/route.ts";
import { routeStreams, type StreamRoutes } from "./transport/stream-route.ts";
import type { StreamTransport } from "./transport/stream.ts";
import type { Transport } from "./transport/transport.ts";
import { watchFile } from "./watch.ts";

export type Engine = NativeEngine | StockEngine;

export interface Graph {
  readonly supergraph: Supergraph;
  readonly directory: MemberDirectory;
  readonly engine: Engine;
  readonly transport: Transport;
  readonly streams: StreamRoutes;
  readonly loadedAt: Date;
}

export interface GraphSources {
  readonly supergraphFile: string;
  readonly membersFile: string | undefined;
  /** URLs that replace the supergraph's, by subgraph name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly engine: Engine["kind"];
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
  /** Ends the watch on the files. */
  close(): void;
}

/**
 * Loads the graph, and watches its files.
 * @throws StartError when a file cannot be read or is faulty.
 */
export async function openGraphs(sources: GraphSources): Promise<Graphs> {
  const { supergraphFile, membersFile, log } = sources;
  const graphs = new WeakMap<GraphQLSchema, Graph>();
  const listeners = new Set<(graph: Graph) => void>();
  const followers: ((graph: Graph) => void)[] = [];
  let current = await build(sources, await loadSupergraph(supergraphFile), await loadMembers(membersFile));
  graphs.set(current.engine.schema, current);

  async function reload(): Promise<void> {
    const supergraph = await keepOnFault(log, current.supergraph, () => loadSupergraph(supergraphFile));
    const directory = await keepOnFault(log, current.directory, () => loadMembers(membersFile));
    if (supergraph.sdl === current.supergraph.sdl && directory.text === current.directory.text) return;
    const before = current;
    const next = await keepOnFault(log, before, () => build(sources, supergraph, directory, before));
    if (next === before) return;
    graphs.set(next.engine.schema, next);
    current = next;
    for (const follow of followers) follow(next);
    if (next.engine !== before.engine) for (const listener of listeners) listener(next);
    log.info({ subgraphs: supergraph.subgraphs.size, members: directory.members.length }, "graph reloaded");
  }

  // One reload after another: a slow one must not overtake the next.
  let reloading = Promise.resolve();
  const changed = () => {
    reloading = reloading.then(reload).catch((error: unknown) => {
      log.error({ err: error }, "reload failed, the last good graph stays");
    });
  };
  const watches = [supergraphFile, ...(membersFile === undefined ? [] : [membersFile])].map((file) =>
    watchFile(file, changed),
  );

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
    close() {
      for (const end of watches) end();
    },
  };
}

/** @param before its engine, with the plans it has made, is kept when only the members change */
async function build(
  { supergraphFile, urls, engine: kind, ask, stream, log }: GraphSources,
  supergraph: Supergraph,
  directory: MemberDirectory,
  before?: Graph,
): Promise<Graph> {
  const transport = routeSubgraphs(ask, supergraph, directory, urls);
  const streams = routeStreams(stream, supergraph, directory, urls);
  const engine =
    before?.supergraph.sdl === supergraph.sdl
      ? before.engine
      : await createEngine(kind, supergraph.sdl, log, before).catch((error: unknown) => {
          throw new StartError(
            `${supergraphFile} cannot be served: ${(error as Error).message}`,
            "Compose the supergraph anew (Federation 2).",
            { cause: error },
          );
        });
  return { supergraph, directory, engine, transport, streams, loadedAt: new Date() };
}

/** @param before what it was asked last is planned before the new engine takes its place */
async function createEngine(kind: Engine["kind"], sdl: string, log: Logger, before?: Graph): Promise<Engine> {
  if (kind === "apollo") return createStockEngine(sdl, log);
  const engine = createNativeEngine(sdl);
  if (before?.engine.kind === "native") await engine.warmFrom(before.engine);
  return engine;
}

async function loadSupergraph(file: string): Promise<Supergraph> {
  return readSupergraph(await read(file, "supergraph"), file);
}

async function loadMembers(file: string | undefined): Promise<MemberDirectory> {
  return file === undefined ? NO_MEMBERS : readMembers(await read(file, "members"), file);
}

async function read(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (error as Error).message;
    throw new StartError(
      `cannot read ${file}: ${reason}.`,
      `Give the path of a readable file with --${option}.`,
    );
  }
}

async function keepOnFault<T>(log: Logger, lastGood: T, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.error({ fault: error.message }, "a changed file is faulty, the last good one stays");
    return lastGood;
  }
}
