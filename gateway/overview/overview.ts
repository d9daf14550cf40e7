/**
 * The state of all services and members, put together for whoever watches the gateway: where the graph has them, how
 * the calls to them went in all workers, what the registry knows of them. Whoever looks makes the gateway ask those that
 * nobody has asked of late, so that what is told is of now.
 */
import { randomUUID } from "node:crypto";
import { openContext } from "../context.ts";
import type { Graph, Graphs } from "../graph.ts";
import { locateMembers, type Member } from "../members.ts";
import type { RegistryAccess } from "../registry/follow.ts";
import {
  addFigures,
  type AddressState,
  type Figures,
  type Measured,
  type MeasuredCalls,
  type Measurement,
  percentile,
  WINDOW_S,
} from "../transport/measure.ts";
import { subgraphUrls } from "../transport/route.ts";
import { gatherFromWorkers } from "../workers-gather.ts";
import { digest, readServiceMap, type ServiceMap } from "./entities.ts";
import { keepFor, type Published, type RegistryView, viewRegistry } from "./registry-view.ts";
import type {
  CallFigures,
  ChangesTold,
  HistoryTold,
  MemberTold,
  Overview,
  ServiceTold,
  Standing,
  State,
  Version,
} from "./told.ts";

export interface OverviewParts {
  readonly graphs: Graphs;
  /** URLs that replace the supergraph's, by subgraph name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly measured: Measured;
  /** Milliseconds that a subgraph has for one call. */
  readonly deadline: number;
  readonly registry: RegistryAccess | undefined;
}

export interface Overviews {
  now(): Promise<Overview>;
  history(before: number | undefined): Promise<HistoryTold>;
  /** @see RegistryView.changes */
  changes(entry: number): Promise<ChangesTold | undefined>;
}

/** Milliseconds that one overview is told to all who ask. */
const KEPT_MS = 1_000;
/** Milliseconds after which an address that nobody has asked is asked, when somebody looks. */
const STALE_MS = 10_000;
/** Milliseconds that whoever looks waits for what is asked then. */
const PATIENCE_MS = 400;
/** A call is slow that takes more than this share of its deadline. */
const SLOW = 1 / 3;

/** What is known at one moment. */
interface Known {
  readonly graph: Graph;
  readonly map: ServiceMap;
  readonly calls: readonly MeasuredCalls[];
  readonly addresses: ReadonlyMap<string, AddressState>;
  readonly published: Published | undefined;
  readonly urls: ReadonlyMap<string, string>;
  readonly located: ReadonlyMap<string, string>;
  /** Milliseconds from which a call is slow. */
  readonly slowFrom: number;
  /** By what is versioned and its digest: when this process saw it first. */
  readonly firstSeen: Map<string, Version>;
}

export function createOverviews({ graphs, urls, measured, deadline, registry }: OverviewParts): Overviews {
  const gather = gatherFromWorkers(measured.measurement);
  const view = registry && viewRegistry(registry);
  const maps = new WeakMap<Graph, ServiceMap>();
  const firstSeen = new Map<string, Version>();

  async function known(): Promise<Omit<Known, "addresses" | "calls">> {
    const graph = graphs.current;
    let map = maps.get(graph);
    if (map === undefined) maps.set(graph, (map = readServiceMap(graph.supergraph.sdl)));
    const all = subgraphUrls(graph.supergraph, urls);
    const located = locateMembers(graph.directory, all);
    return { graph, map, urls: all, located, published: undefined, slowFrom: deadline * SLOW, firstSeen };
  }

  const now = keepFor(KEPT_MS, async (): Promise<Overview> => {
    const [common, gathered, { published, isAway }] = await Promise.all([
      known(),
      gather(),
      readPublished(view),
    ]);
    const addresses = latestOf(gathered.told);
    await probeStale(measured, common, addresses);
    for (const state of measured.measurement().addresses) keepLatest(addresses, state);
    const calls = gathered.told.flatMap((told) => told.calls);
    const all: Known = { ...common, calls, addresses, published };
    const members = membersOf(all);
    return {
      at: new Date().toISOString(),
      window: WINDOW_S,
      workers: { asked: gathered.asked, told: gathered.told.length },
      registry: view === undefined ? "none" : isAway ? "away" : "followed",
      graph: { loadedAt: all.graph.loadedAt.toISOString() },
      services: [...all.urls.keys()].toSorted().map((name) => serviceOf(all, name, members)),
      members,
      entities: all.map.entities.map(({ partitionedBy = null, ...entity }) => ({ ...entity, partitionedBy })),
    };
  });

  return {
    now,
    history: async (before) =>
      view === undefined ? { registry: "none", entries: [], before: null } : view.history(before),
    changes: async (entry) => view?.changes(entry),
  };
}

function readPublished(view: RegistryView | undefined) {
  return view === undefined ? { published: undefined, isAway: false } : view.published();
}

/** What was found last of each address, by whichever worker. */
function latestOf(told: readonly Measurement[]): Map<string, AddressState> {
  const addresses = new Map<string, AddressState>();
  const states = told.flatMap((one) => one.addresses).toSorted((one, other) => one.at - other.at);
  for (const state of states) keepLatest(addresses, state);
  return addresses;
}

function keepLatest(addresses: Map<string, AddressState>, state: AddressState): void {
  const known = addresses.get(state.url);
  if (known === undefined || known.at < state.at) {
    // Another worker may have noticed it before.
    const { failure } = state;
    const since = earliest([failure?.since, known?.failure?.since]);
    addresses.set(state.url, {
      ...state,
      failure: failure && { ...failure, since: since ?? failure.since },
    });
  }
}

async function probeStale(
  { probe }: Measured,
  { graph, urls, located }: Pick<Known, "graph" | "urls" | "located">,
  addresses: ReadonlyMap<string, AddressState>,
): Promise<void> {
  const targets = new Map<string, { readonly service: string; readonly member: Member | undefined }>();
  for (const member of graph.directory.members) {
    const url = located.get(member.key);
    if (url !== undefined) targets.set(url, { service: member.subgraphs[0] ?? member.base ?? "", member });
  }
  const partitioned = partitionedServices(graph);
  for (const [service, url] of urls)
    if (url !== "" && !partitioned.has(service)) targets.set(url, { service, member: undefined });
  const stale = [...targets].filter(([url]) => Date.now() - (addresses.get(url)?.at ?? 0) > STALE_MS);
  if (stale.length === 0) return;
  const probes = stale.map(([url, target]) => {
    const context = openContext(randomUUID(), {});
    context.operation = { name: undefined, kind: "query" };
    const signers = graph.signersAt(target.service, url);
    return probe({ ...target, url, signers, query: "{ __typename }", variables: {}, context });
  });
  const { promise: waited, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  await Promise.race([Promise.allSettled(probes), waited]);
  clearTimeout(timer);
}

function partitionedServices({ directory }: Graph): ReadonlySet<string> {
  return new Set(directory.members.flatMap(({ subgraphs }) => subgraphs));
}

function serviceOf(known: Known, name: string, members: readonly MemberTold[]): ServiceTold {
  const { graph, calls, map, published } = known;
  const figures = addFigures(calls.filter(({ service }) => service === name));
  const publishedAs = published?.subgraphs.find((subgraph) => subgraph.name === name);
  const version =
    publishedAs === undefined
      ? seen(known, `service ${name}`, map.digests.get(name) ?? "")
      : versionOf(publishedAs, publishedAs.hash);
  const common = { name, version, figures: figuresTold(figures) };
  if (!partitionedServices(graph).has(name))
    return { ...common, ...standing(known, known.urls.get(name), figures), members: null };
  const own = members.filter(
    ({ services, state }) => services.includes(name) && state !== "suspended" && state !== "expected",
  );
  const down = own.filter(({ state }) => state === "down");
  const state = stateOfMembers(own.map((member) => member.state));
  const first = earliest(down.map((member) => member.since));
  return {
    ...common,
    state,
    since: state === "down" ? (first ?? null) : null,
    code: state === "down" ? (down[0]?.code ?? null) : null,
    asked: null,
    members: { count: own.length, down: down.length },
  };
}

/** Of instants in RFC 3339 of one offset. */
function earliest(instants: readonly (string | null | undefined)[]): string | undefined {
  return instants.filter((at) => typeof at === "string").toSorted((one, other) => (one < other ? -1 : 1))[0];
}

function stateOfMembers(states: readonly State[]): State {
  const [first = "unknown"] = states;
  return states.every((state) => state === first) ? first : "partly";
}

/** Those of the graph, and those that only the registry knows. By their keys. */
function membersOf(known: Known): MemberTold[] {
  const { graph, calls, published, located } = known;
  const present = graph.directory.members.map((member): MemberTold => {
    const figures = addFigures(calls.filter((call) => call.member === member.key));
    const publishedAs = published?.members.find(({ key }) => key === member.key);
    return {
      ...namesOf(member),
      ...standing(known, located.get(member.key), figures),
      version:
        publishedAs === undefined
          ? seen(known, `member ${member.key}`, digest(JSON.stringify(member)))
          : versionOf(publishedAs, digest(JSON.stringify(publishedAs.entry))),
      figures: figuresTold(figures),
    };
  });
  const keys = new Set(present.map(({ key }) => key));
  const absent = (published?.members ?? [])
    .filter(({ key }) => !keys.has(key))
    .map((member): MemberTold => {
      return {
        ...namesOf(member.entry),
        state: member.suspended ? "suspended" : "expected",
        since: member.suspended ? member.publishedAt : member.validFrom,
        code: null,
        asked: null,
        version: versionOf(member, digest(JSON.stringify(member.entry))),
        figures: figuresTold(addFigures([])),
      };
    });
  return [...present, ...absent].toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

function namesOf({ key, name, subgraphs }: Published["members"][number]["entry"]) {
  return { key, name: name ?? null, services: subgraphs };
}

function standing(
  { addresses, slowFrom }: Pick<Known, "addresses" | "slowFrom">,
  url: string | undefined,
  figures: Figures,
): Standing {
  const address = addresses.get(url ?? "");
  if (address === undefined) return { state: "unknown", since: null, code: null, asked: null };
  const { at, duration, failure } = address;
  const asked = { at: new Date(at).toISOString(), duration: rounded(duration) };
  if (failure !== undefined) return { state: "down", since: failure.since, code: failure.code, asked };
  const usual = percentile(figures, 0.5) ?? duration;
  return { state: usual > slowFrom ? "slow" : "up", since: null, code: null, asked };
}

function figuresTold(figures: Figures): CallFigures {
  const { calls, failed, forged, faulty } = figures;
  const [median, p95] = [0.5, 0.95].map((share) => percentile(figures, share));
  return {
    calls,
    failed,
    forged,
    faulty,
    median: median === undefined ? null : rounded(median),
    p95: p95 === undefined ? null : rounded(p95),
  };
}

function versionOf(
  {
    id,
    publishedAt,
    publishedBy,
  }: Pick<Published["subgraphs"][number], "id" | "publishedAt" | "publishedBy">,
  hash: string,
): Version {
  return { number: id, digest: hash.slice(0, 12), changedAt: publishedAt, changedBy: publishedBy };
}

/** Without a registry nobody knows when it was made: only since when this process serves it. */
function seen({ firstSeen, graph }: Known, what: string, found: string): Version {
  const before = firstSeen.get(what);
  if (before?.digest === found) return before;
  const changedAt = graph.loadedAt.toISOString();
  const version = { number: null, digest: found, changedAt, changedBy: null };
  firstSeen.set(what, version);
  return version;
}

/** Milliseconds: whole ones, and tenths of the few. */
function rounded(milliseconds: number): number {
  return milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds);
}
