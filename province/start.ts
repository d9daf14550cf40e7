/**
 * A whole sample province on one machine, from PostgreSQL to the gateway.
 *
 * Loading modules takes most of a start: the programs do it while the database starts, and begin when they are told to.
 */
import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { onStop, runProgram, StartError } from "../process/lifecycle.ts";
import { Child, type ChildProgram } from "./child.ts";
import { cacheDirectoryOf, DEFAULT_DATA, isCacheWarm } from "./data-directory.ts";
import { DatabaseServer, withoutPassword } from "./database-server.ts";
import { fillProvince } from "./fill.ts";
import { firstQuery, tokenToTry } from "./first-query.ts";
import { lockDirectory } from "./lock.ts";
import { type ProvinceOptions, readProvinceOptions } from "./options.ts";
import { freePort, freePortsNear, isFree } from "../process/ports.ts";
import {
  databaseEnvironment,
  gatewayProgram,
  graphOfFile,
  graphOfRegistry,
  LOOPBACK,
  OVERVIEW_PATH,
  registryProgram,
  SERVERS,
  type SubgraphServer,
  subgraphProgram,
  subgraphUrls,
  variantPath,
} from "./programs.ts";
import { prepareRecord, recordFile } from "./record.ts";
import { fillRegistry, PUBLIC_VARIANT, registryFiles } from "./registry.ts";
import { ensureSupergraph } from "./supergraph.ts";
import { say, table, warn } from "./terminal.ts";
import { prepareTrust } from "./trust.ts";
import { trustFiles } from "./trust-files.ts";

/** How long a first signal waits for each before it is cut off. */
const GATEWAY_GRACE_MS = 8_000;
const SUBGRAPH_GRACE_MS = 8_000;
/** It may have much to write to disk; cut off, it would have to do so at the next start. */
const DATABASE_GRACE_MS = 60_000;
const STOP_WITHIN_MS = 80_000;

const stopping = new AbortController();
/** A second signal hurries: nothing is waited for any more. */
const hurry = new AbortController();
/** npm passes a Ctrl-C on that the terminal has sent already: two signals within this time are one. */
const SAME_SIGNAL_MS = 300;

let signalledAt: number | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    if (signalledAt === undefined) {
      signalledAt = performance.now();
      say("stopping; a second Ctrl-C hurries");
      stopping.abort();
    } else if (performance.now() - signalledAt > SAME_SIGNAL_MS) hurry.abort();
  });

runProgram(async () => {
  try {
    await startProvince(readProvinceOptions());
  } catch (error) {
    // What a stop cuts short fails, and nobody wants to read how.
    if (!stopping.signal.aborted) throw error;
  }
}, STOP_WITHIN_MS);

async function startProvince(options: ProvinceOptions): Promise<void> {
  const began = performance.now();
  const data = resolve(options.data);
  onStop(await lockDirectory(data));
  const { gatewayPort, subgraphPorts } = await choosePorts(options);
  const database = new DatabaseServer({
    url: options.databaseUrl,
    directory: join(data, "postgres"),
    port: options.databasePort,
    fill: (url) => fillProvince(url, options.databasePrefix, options.dossiers),
    signal: stopping.signal,
    tell: warn,
  });
  onStop(() => database.stop(patience(DATABASE_GRACE_MS)));
  const add = await launcher(join(data, "logs"));

  const { host, sandbox, overview, workers, engine, databasePrefix } = options;
  const supergraph = join(data, "supergraph.graphql");
  const gatewayUrl = gatewayUrlOf(host, gatewayPort);
  const trust = options.trust ? trustFiles(data) : undefined;
  const surroundings = {
    gatewayUrl,
    cacheDirectory: cacheDirectoryOf(data),
    cacheIsWarm: isCacheWarm(),
    trust,
    record: options.record ? recordFile(data) : undefined,
  };
  const urls = subgraphUrls(subgraphPorts);
  const addGateway = (graph: readonly string[]): Child =>
    add(gatewayProgram({ host, port: gatewayPort, graph, sandbox, overview, workers, engine }, surroundings));
  const shownGateway = gatewayUrlOf(host === LOOPBACK ? "localhost" : host, gatewayPort);
  const subgraphs = [...subgraphPorts].map(([server, port]) => ({
    server,
    program: add(subgraphProgram(server, port, surroundings)),
  }));
  for (const { program } of subgraphs) program.prepare();
  const gatewayOnFile = options.registry ? undefined : addGateway(graphOfFile(supergraph));
  gatewayOnFile?.prepare();
  const trustPrepared = options.trust ? prepareTrust(data, options.registry) : undefined;
  const startGatewayOnFile = async (): Promise<void> => {
    say(`supergraph    ${shown(supergraph)}`);
    await ensureSupergraph({
      schema: resolve(options.schema),
      urls,
      output: supergraph,
      signal: stopping.signal,
    });
    await Promise.all([recordPrepared, trustPrepared]);
    await gatewayOnFile?.start();
  };
  /** Returns what is served beside the graph, and where. */
  const startGatewayOnRegistry = async (server: string): Promise<[string, string][]> => {
    const directory = join(data, "registry");
    const port = options.registryPort === 0 ? await freePort() : options.registryPort;
    const url = `http://${LOOPBACK}:${port}`;
    say(`registry      keys in ${shown(directory)}`);
    const files = await registryFiles(directory);
    const answerKeys = (await trustPrepared)?.answerKeys;
    await add(registryProgram(port, files, { server, prefix: databasePrefix }, surroundings)).start();
    const missing = await fillRegistry(url, files, resolve(options.schema), urls, answerKeys);
    if (missing !== undefined) warn(`no ${PUBLIC_VARIANT} variant: ${missing}`);
    const variants = missing === undefined ? [PUBLIC_VARIANT] : [];
    await recordPrepared;
    await addGateway(graphOfRegistry(url, files, variants)).start();
    return [
      ...variants.map((name): [string, string] => [name, new URL(variantPath(name), shownGateway).href]),
      ["registry", url],
    ];
  };
  const startDatabase = (): Promise<string> => {
    say(`PostgreSQL    ${options.databaseUrl ? "the one of DATABASE_URL" : shown(join(data, "postgres"))}`);
    return database.start();
  };
  const startSubgraphs = async (databaseServer: string): Promise<void> => {
    const databases = { server: databaseServer, prefix: databasePrefix };
    say(`programs      logs in ${shown(join(data, "logs"))}`);
    await Promise.all([recordPrepared, trustPrepared]);
    await Promise.all(
      subgraphs.map(({ server, program }) => program.start(databaseEnvironment(server, databases))),
    );
  };
  // Without a registry and a record the gateway needs no database, and does not wait for it.
  const started = startDatabase();
  const recordPrepared = options.record
    ? started.then((server) => prepareRecord(data, server, databasePrefix))
    : undefined;
  const [serverUrl, beside] = await Promise.all([
    started,
    options.registry ? started.then(startGatewayOnRegistry) : startGatewayOnFile().then(() => []),
    started.then(startSubgraphs),
    recordPrepared,
    trustPrepared,
  ]);

  table([
    ["gateway", shownGateway, "ready"],
    ...(overview ? [["agencies", new URL(OVERVIEW_PATH, shownGateway).href, "ready"]] : []),
    ...[...subgraphPorts].map(([server, port]) => [server, urlOf(server, port), "ready"]),
    ...beside.map(([name, url]) => [name, url, "ready"]),
    ["postgresql", withoutPassword(serverUrl), "ready"],
  ]);
  say(`${((performance.now() - began) / 1000).toFixed(1)} s; Ctrl-C stops everything`);
  if (options.record) say(`record        npx lienthong audit verify --record ${shown(recordFile(data))}`);
  if (trust !== undefined) {
    const { role, token } = await tokenToTry(trust);
    const ofData = options.data === DEFAULT_DATA ? "" : ` --data ${shown(data)}`;
    say(
      `tokens        npx lienthong token --role ${role}${ofData}; such a one, for eight hours:\n\nTOKEN=${token}`,
    );
  }
  say(`${firstQuery(shownGateway, trust !== undefined)}\n`);
  say("ready");
}

/** The gateway's port must be the one asked for; the subgraphs' follow it, or are free ones, unless given. */
async function choosePorts(
  options: ProvinceOptions,
): Promise<{ gatewayPort: number; subgraphPorts: Map<SubgraphServer, number> }> {
  const gatewayPort = options.port === 0 ? await freePort() : options.port;
  await requireFree(gatewayPort, options.host, "--port");
  const given = new Map(options.subgraphPort.map((entry) => entry.split("=") as [SubgraphServer, string]));
  const wanted = SERVERS.map((server, index) => Number(given.get(server) ?? gatewayPort + 1 + index));
  for (const [index, server] of SERVERS.entries())
    if (given.has(server)) await requireFree(wanted[index] ?? 0, LOOPBACK, `--subgraph-port ${server}=`);
  const ports = await freePortsNear(wanted, LOOPBACK);
  return { gatewayPort, subgraphPorts: new Map(SERVERS.map((server, index) => [server, ports[index] ?? 0])) };
}

async function requireFree(port: number, host: string, flag: string): Promise<void> {
  const free = await isFree(port, host).catch((error: Error) => {
    throw new StartError(
      `cannot listen on ${host}: ${error.message}`,
      "Give an address of this machine with --host.",
    );
  });
  if (!free)
    throw new StartError(
      `port ${port} is taken`,
      `Choose another with ${flag}${flag.endsWith("=") ? "" : " "}N, or stop what uses it.`,
    );
}

/**
 * Takes programs on, which can be started then, and stops all of them at the end: the gateway first, so that nobody asks a
 * subgraph that is gone.
 */
async function launcher(logDirectory: string): Promise<(program: ChildProgram) => Child> {
  await mkdir(logDirectory, { recursive: true });
  const children: Child[] = [];
  onStop(() =>
    stopAll(
      children.filter(({ name }) => name !== "gateway"),
      SUBGRAPH_GRACE_MS,
    ),
  );
  onStop(() =>
    stopAll(
      children.filter(({ name }) => name === "gateway"),
      GATEWAY_GRACE_MS,
    ),
  );
  onStop(() => stopping.abort());
  return (program) => {
    // A start that is still on its way must not add programs behind the back of the stop.
    stopping.signal.throwIfAborted();
    const child = new Child(program, { logDirectory, tell: warn });
    children.push(child);
    return child;
  };
}

async function stopAll(children: readonly Child[], graceMs: number): Promise<void> {
  const impatient = patience(graceMs);
  await Promise.all(children.map((child) => child.stop(impatient)));
}

function patience(graceMs: number): AbortSignal {
  return AbortSignal.any([hurry.signal, AbortSignal.timeout(graceMs)]);
}

/** Where the gateway is asked from this machine. */
function gatewayUrlOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? LOOPBACK : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}/graphql`;
}

function urlOf(server: SubgraphServer, port: number): string {
  return `http://localhost:${port}${server === "departments" ? "/{agency code}" : ""}/graphql`;
}

/** As short as the user would write it. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
