/**
 * The parts of a gateway put together: the onion of the transport, the graph from its files, the server.
 */
import type { FastifyInstance } from "fastify";
import { StartError } from "../process/lifecycle.ts";
import type { Logger } from "../process/log.ts";
import { fileSource } from "./files.ts";
import { type Engine, openGraphs } from "./graph.ts";
import type { GraphSource } from "./graph-source.ts";
import type { HostRule } from "./hosts.ts";
import type { Limits } from "./limits/limits.ts";
import { openManifest } from "./limits/manifest.ts";
import { createTexts } from "./limits/texts.ts";
import { type RegistryAccess, registrySource } from "./registry/follow.ts";
import { reportUsage } from "./registry/reporter.ts";
import { readTls } from "../process/tls-files.ts";
import { noteAnswers } from "./record/answers.ts";
import { createRecorder } from "./record/recorder.ts";
import { readRecordFile } from "./record/settings.ts";
import { registerGatewayKeys } from "./server/gateway-keys.ts";
import { createServer } from "./server/http.ts";
import type { RoleOptions } from "./server/roles.ts";
import { registerOverview } from "./server/overview.ts";
import { createOverviews } from "./overview/overview.ts";
import { recordCalls } from "./transport/calls.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { createHttpTransport } from "./transport/http.ts";
import { readSubgraphTls, type SubgraphTlsSettings } from "./transport/tls.ts";
import { measureCalls } from "./transport/measure.ts";
import { checkEntities } from "./transport/response.ts";
import { rememberFailures } from "./transport/since.ts";
import { logStreams } from "./transport/stream-log.ts";
import { connectStreams } from "./transport/stream-negotiate.ts";
import { shareStreams } from "./transport/stream-share.ts";
import { createAuthenticate, EVERYBODY_ANONYMOUS } from "./trust/authenticate.ts";
import { readTrustFile, type TrustSettings } from "./trust/settings.ts";
import { createSigner } from "./trust/signer.ts";

export interface GatewaySettings extends SubgraphTlsSettings {
  /** Undefined where a registry has it. */
  readonly supergraph: string | undefined;
  readonly members: string | undefined;
  readonly registry?: RegistryAccess | undefined;
  /** Path by name of the variant. */
  readonly variant?: ReadonlyMap<string, string>;
  /** URLs that replace the supergraph's, by subgraph name. */
  readonly url: ReadonlyMap<string, string>;
  /** Where subgraphs may be; the usual rule when it is left out. */
  readonly allowHost?: HostRule;
  /** Names of the subgraphs that speak HTTP/2 without TLS. */
  readonly h2c: ReadonlySet<string>;
  /** Milliseconds for one call to a subgraph. */
  readonly subgraphDeadline: number;
  /** Bytes of a subgraph's answer. */
  readonly maxResponseSize: number;
  /** Bytes of a client's request. */
  readonly bodyLimit: number;
  /** Milliseconds for it to arrive; 30 seconds where it is undefined. */
  readonly requestTimeout?: number;
  /** Files of the certificate and its key, where TLS is served. */
  readonly tlsCertFile?: string | undefined;
  readonly tlsKeyFile?: string | undefined;
  /** Of what clients ask for; the defaults where it is undefined. */
  readonly limits?: Limits;
  /** File of the operations that clients were built with. */
  readonly manifest?: string | undefined;
  /** Whether nothing else is executed. */
  readonly safelist?: boolean;
  /** Whether clients may register what they send by its hash. */
  readonly automaticPersistedQueries?: boolean;
  /** File that says whose tokens count; nobody's where there is none. */
  readonly trust?: string | undefined;
  /** File that says where readings of personal data are recorded; nowhere where there is none. */
  readonly record?: string | undefined;
  /** Whether the supergraph's @authenticated, @requiresScopes and @policy count; they do when it is left out. */
  readonly authorization?: boolean;
  readonly engine: Engine["kind"];
  readonly sandbox: boolean;
  readonly examples: string | undefined;
  /** Path of the page of services and members; undefined when there is none. */
  readonly overview?: string | undefined;
  /** Whether identical queries under way are answered from one execution. */
  readonly dedupeRequests: boolean;
  /** At once, of all clients. */
  readonly maxSubscriptions: number;
  /** Operations at once on one WebSocket. */
  readonly maxSubscriptionsPerConnection: number;
  /** Milliseconds between two signs of life on a quiet connection. */
  readonly heartbeat: number;
}

/** Milliseconds. */
const REQUEST_TIMEOUT = 30_000;

/**
 * Loads the graph and builds the server; it does not listen yet. Closing the server lets the requests under way end,
 * then closes the rest.
 * @throws StartError when a file is missing or faulty.
 */
export async function createGateway(settings: GatewaySettings, log: Logger): Promise<FastifyInstance> {
  const { registry, variant: variants = new Map<string, string>() } = settings;
  const trust = settings.trust === undefined ? undefined : await readTrustFile(settings.trust);
  if (settings.safelist === true && settings.manifest === undefined)
    throw new StartError("--safelist: needs the list, --manifest FILE.", "See docs/limits.md.");
  if (settings.safelist === true && settings.engine === "apollo")
    throw new StartError("--safelist: is not kept by --engine apollo.", "Leave one of both out.");
  const manifests = settings.manifest === undefined ? undefined : await openManifest(settings.manifest, log);
  const recordSettings = settings.record === undefined ? undefined : await readRecordFile(settings.record);
  if (recordSettings?.requirePurpose === true && Object.keys(trust?.purposes ?? {}).length === 0)
    throw new StartError(
      "requirePurpose in the record file needs purposes: the trust file lists none.",
      "State them there, each with its legal basis; see docs/trust.md.",
    );
  const recorder = recordSettings && (await createRecorder(recordSettings, log, trust?.purposes));
  const signer = trust?.signing === undefined ? undefined : await createSigner(trust.signing, log);
  const tls = await readSubgraphTls(settings);
  const http = createHttpTransport({
    tls,
    deadline: settings.subgraphDeadline,
    maxResponseSize: settings.maxResponseSize,
    // The stock engine is the reference: it gets nothing of what makes the own one fast.
    shareQueries: settings.engine === "native",
    digests: recorder !== undefined,
    h2c: settings.h2c,
    hosts: settings.allowHost,
    headersFor: signer?.headersFor,
  });
  const streamLimits = {
    tls,
    hosts: settings.allowHost,
    deadline: settings.subgraphDeadline,
    maxEventSize: settings.maxResponseSize,
    heartbeat: settings.heartbeat,
  };
  const connections = connectStreams(streamLimits, signer?.headersFor);
  const subscriptions = createSubscriptions(settings.maxSubscriptions, log);
  const measured = measureCalls(rememberFailures(checkEntities(http.ask), log));
  const graphs = await openGraphs({
    source: sourceOf(settings, trust, log),
    variants: [...variants.keys()],
    urls: settings.url,
    engine: settings.engine,
    masked: trust?.masked,
    access: {
      enforced: settings.authorization ?? true,
      refuse: trust?.refuse,
      purposes: trust?.purposes,
      recorder,
    },
    needsGrants: trust?.grants !== undefined,
    limits: settings.limits,
    ask: recorder === undefined ? recordCalls(measured.ask) : noteAnswers(recordCalls(measured.ask)),
    stream: shareStreams(logStreams(connections.open, log)),
    log,
  });
  graphs.onGraph(({ streams }) => subscriptions.follow(streams));
  const { supergraph, directory } = graphs.current;
  for (const name of settings.h2c)
    if (!supergraph.subgraphs.has(name))
      throw new StartError(
        `--h2c ${name}: the supergraph has no subgraph "${name}".`,
        `Its subgraphs are: ${[...supergraph.subgraphs.keys()].join(", ")}.`,
      );
  log.info({ subgraphs: supergraph.subgraphs.size, members: directory.members.length }, "graph loaded");
  const authenticate =
    trust === undefined ? EVERYBODY_ANONYMOUS : await createAuthenticate(trust, variants, log);
  const server = await createServer({
    graphs,
    log,
    bodyLimit: settings.bodyLimit,
    connections: {
      requestTimeout: settings.requestTimeout ?? REQUEST_TIMEOUT,
      tls: await readTls(settings.tlsCertFile, settings.tlsKeyFile),
    },
    limits: settings.limits,
    texts: createTexts({
      manifest: () => manifests?.current,
      safelist: settings.safelist ?? false,
      automatic: settings.automaticPersistedQueries ?? true,
    }),
    sandbox: settings.sandbox ? { examples: settings.examples, roles: rolesToTry(trust) } : undefined,
    variants,
    usage: registry && reportUsage(registry, log),
    dedupeRequests: settings.dedupeRequests,
    subscriptions,
    authenticate,
    maxSubscriptionsPerConnection: settings.maxSubscriptionsPerConnection,
    heartbeat: settings.heartbeat,
  });
  if (settings.overview !== undefined) {
    const { url: urls, subgraphDeadline: deadline } = settings;
    const overviews = createOverviews({ graphs, urls, measured, deadline, registry });
    const access = trust && { authenticate, scopes: trust.overview?.scopes ?? [] };
    await registerOverview(server, { overviews, path: settings.overview, access });
  }
  if (signer !== undefined) registerGatewayKeys(server, signer);
  server.addHook("onClose", async () => signer?.close());
  server.addHook("onClose", async () => manifests?.close());
  server.addHook("onClose", http.close);
  if (recorder !== undefined) server.addHook("onClose", () => recorder.close());
  server.addHook("onClose", connections.close);
  return server;
}

/** Where only the development issuer's tokens count. */
function rolesToTry(trust: TrustSettings | undefined): RoleOptions | undefined {
  if (trust?.development === undefined) return undefined;
  const { keyFile, role: first } = trust.development;
  return { keyFile, names: Object.keys(trust.roles), first };
}

function sourceOf(
  { supergraph, members, registry }: GatewaySettings,
  trust: TrustSettings | undefined,
  log: Logger,
): GraphSource {
  if (registry !== undefined && trust?.answerKeys !== undefined)
    throw new StartError("answerKeys in the trust file: the registry has them.", "Leave one of both out.");
  const grantsFile = typeof trust?.grants === "string" ? trust.grants : undefined;
  if (registry !== undefined && grantsFile !== undefined)
    throw new StartError("grants in the trust file: the registry has them.", 'Write "grants": true there.');
  if (registry !== undefined) return registrySource(registry, log);
  if (supergraph !== undefined)
    return fileSource(supergraph, { members, answerKeys: trust?.answerKeys, grants: grantsFile }, log);
  throw new Error("a gateway needs a supergraph or a registry");
}
