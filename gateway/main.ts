/**
 * The gateway: one GraphQL endpoint over the subgraphs of a Federation 2 supergraph.
 *
 *     node gateway/main.ts --supergraph supergraph.graphql --port 4000
 */
import cluster from "node:cluster";
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { z } from "zod";
import { announceReady, onStop, runProgram, StartError, stop } from "../process/lifecycle.ts";
import { createLogger, type Logger } from "../process/log.ts";
import { type OptionValues, readOptions, wholeNumber } from "../process/options.ts";
import { createGateway } from "./gateway.ts";
import { readHosts } from "./hosts.ts";
import { LIMIT_OPTIONS, readLimits } from "./limits/limits.ts";
import type { RegistryAccess } from "./registry/follow.ts";
import { GRAPHQL_PATH } from "./server/http.ts";
import { listen } from "./server/listen.ts";
import { followPrimary, startWorkers, waitToListen, workerCount } from "./workers.ts";

const PROGRAM = {
  name: "gateway",
  summary: "serves one graph over the subgraphs of a Federation 2 supergraph",
  options: {
    supergraph: {
      schema: z.string().optional(),
      help: "Composed supergraph SDL; loaded anew when the file changes.",
      env: "SUPERGRAPH",
      placeholder: "FILE",
    },
    members: {
      schema: z.string().optional(),
      help: "Members of partitioned subgraphs (JSON); loaded anew when the file changes.",
      env: "MEMBERS",
      placeholder: "FILE",
    },
    registry: {
      schema: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).optional(),
      help: "Registry to have supergraph, members and variants from, in place of files.",
      env: "REGISTRY",
      placeholder: "URL",
    },
    registryKeyFile: {
      schema: z.string().optional(),
      help: "File with this gateway's key to the registry.",
      env: "REGISTRY_KEY_FILE",
      placeholder: "FILE",
    },
    registryCache: {
      schema: z.string().optional(),
      help: "File that keeps the last graph of the registry, to start from when it is away.",
      env: "REGISTRY_CACHE",
      placeholder: "FILE",
    },
    variant: {
      schema: z.array(z.string()).default([]).transform(readVariants),
      help: "Variant of the registry to serve at a path of its own, /NAME/graphql by default; may be repeated.",
      env: "VARIANTS",
      placeholder: "NAME[=/PATH]",
      multiple: true,
    },
    url: {
      schema: z.array(z.string()).default([]).transform(readUrls),
      help: "URL of a subgraph instead of the supergraph's; may be repeated.",
      env: "SUBGRAPH_URLS",
      placeholder: "NAME=URL",
      multiple: true,
    },
    allowHost: {
      schema: z.array(z.string()).default([]).transform(readHosts),
      help: "Host that subgraphs may be at (name, *.name, address, range); may be repeated. All but forbidden ones by default.",
      env: "ALLOW_HOSTS",
      placeholder: "HOST",
      multiple: true,
    },
    h2c: {
      schema: z
        .array(z.string())
        .default([])
        .transform((names): ReadonlySet<string> => new Set(names)),
      help: "Subgraph that speaks HTTP/2 without TLS; may be repeated. With TLS it is found out.",
      env: "H2C",
      placeholder: "NAME",
      multiple: true,
    },
    port: {
      schema: wholeNumber(0, 65_535).default(4000),
      help: "Port to listen on, 0 for any free one; 4000 by default.",
      env: "PORT",
      placeholder: "N",
    },
    host: {
      schema: z.string().default("127.0.0.1"),
      help: "Address to listen on; 127.0.0.1 by default, 0.0.0.0 for every network.",
      env: "HOST",
      placeholder: "ADDRESS",
    },
    subgraphDeadline: {
      schema: wholeNumber(1, 600_000).default(3000),
      help: "Milliseconds that a subgraph has for one call; 3000 by default.",
      env: "SUBGRAPH_DEADLINE",
      placeholder: "MS",
    },
    maxResponseSize: {
      schema: wholeNumber(1024, 2 ** 30).default(10 * 2 ** 20),
      help: "Bytes that a subgraph may answer one call with; 10 MiB by default.",
      env: "MAX_RESPONSE_SIZE",
      placeholder: "BYTES",
    },
    bodyLimit: {
      schema: wholeNumber(1024, 2 ** 30).default(2 ** 20),
      help: "Bytes that a client may send in one request; 1 MiB by default.",
      env: "BODY_LIMIT",
      placeholder: "BYTES",
    },
    requestTimeout: {
      schema: wholeNumber(100, 600_000).default(30_000),
      help: "Milliseconds that a client has to send a request; 30000 by default.",
      env: "REQUEST_TIMEOUT",
      placeholder: "MS",
    },
    tlsCertFile: {
      schema: z.string().optional(),
      help: "Certificate (PEM) to serve TLS with; none by default.",
      env: "TLS_CERT_FILE",
      placeholder: "FILE",
    },
    tlsKeyFile: {
      schema: z.string().optional(),
      help: "Its private key (PEM).",
      env: "TLS_KEY_FILE",
      placeholder: "FILE",
    },
    subgraphCaFile: {
      schema: z.string().optional(),
      help: "Certificates (PEM) that subgraphs' must lead to, in place of the authorities that Node knows.",
      env: "SUBGRAPH_CA_FILE",
      placeholder: "FILE",
    },
    subgraphCertFile: {
      schema: z.string().optional(),
      help: "The gateway's certificate (PEM) for subgraphs that ask for one (mutual TLS).",
      env: "SUBGRAPH_CERT_FILE",
      placeholder: "FILE",
    },
    subgraphKeyFile: {
      schema: z.string().optional(),
      help: "Its private key (PEM).",
      env: "SUBGRAPH_KEY_FILE",
      placeholder: "FILE",
    },
    ...LIMIT_OPTIONS,
    manifest: {
      schema: z.string().optional(),
      help: "File of the operations that clients were built with (Apollo's manifest or Relay's map); loaded anew when it changes.",
      env: "MANIFEST",
      placeholder: "FILE",
    },
    safelist: {
      schema: z.boolean().default(false),
      help: "Execute nothing that is not in the manifest; off by default.",
      env: "SAFELIST",
    },
    automaticPersistedQueries: {
      schema: z.boolean().default(true),
      help: "Let clients name an operation by its hash once they have sent it; on by default.",
      env: "AUTOMATIC_PERSISTED_QUERIES",
    },
    maxSubscriptions: {
      schema: wholeNumber(0, 1_000_000).default(10_000),
      help: "Subscribers at once, and WebSocket connections; 10000 by default.",
      env: "MAX_SUBSCRIPTIONS",
      placeholder: "N",
    },
    maxSubscriptionsPerConnection: {
      schema: wholeNumber(1, 1_000_000).default(100),
      help: "Operations at once on one WebSocket connection; 100 by default.",
      env: "MAX_SUBSCRIPTIONS_PER_CONNECTION",
      placeholder: "N",
    },
    heartbeat: {
      schema: wholeNumber(100, 600_000).default(15_000),
      help: "Milliseconds between two signs of life on a connection of subscriptions; 15000 by default.",
      env: "HEARTBEAT",
      placeholder: "MS",
    },
    dedupeRequests: {
      schema: z.boolean().default(false),
      help: "Answer identical queries under way from one execution, for clients of one identity; off by default.",
      env: "DEDUPE_REQUESTS",
    },
    workers: {
      schema: z
        .union([z.literal("auto"), wholeNumber(1, 256)], {
          error: "must be auto, or a whole number from 1 to 256",
        })
        .default(1),
      help: "Processes that serve, auto for one on each core; 1 by default. One that dies is replaced.",
      env: "WORKERS",
      placeholder: "N",
    },
    trust: {
      schema: z.string().optional(),
      help: "File of the issuers whose tokens count, and of what tokens mean (JSON); without it nobody is known.",
      env: "TRUST",
      placeholder: "FILE",
    },
    record: {
      schema: z.string().optional(),
      help: "File that says where readings of personal data are recorded (JSON); nowhere without it.",
      env: "RECORD",
      placeholder: "FILE",
    },
    authorization: {
      schema: z.boolean().default(true),
      help: "Enforce the supergraph's @authenticated, @requiresScopes and @policy; on by default, --no-authorization lets everybody read everything.",
      env: "AUTHORIZATION",
    },
    engine: {
      schema: z.enum(["native", "apollo"], { error: "must be native or apollo" }).default("native"),
      help: "native, or apollo for the stock @apollo/gateway as a reference; native by default.",
      env: "ENGINE",
      placeholder: "NAME",
    },
    sandbox: {
      schema: z.boolean().default(true),
      help: "Give browsers a page to explore the graph; on by default, --no-sandbox turns it off.",
      env: "SANDBOX",
    },
    overview: {
      schema: z.boolean().default(true),
      help: "Give browsers a page of the services and members; on by default, --no-overview turns it off.",
      env: "OVERVIEW",
    },
    overviewPath: {
      schema: z
        .string()
        .regex(/^(?!\/(?:graphql|health|sandbox)(?:\/|$))(?:\/[\w.-]+)+$/, {
          error: "must be a path of its own, such as /agencies",
        })
        .default("/agencies"),
      help: "Path of that page; /agencies by default.",
      env: "OVERVIEW_PATH",
      placeholder: "/PATH",
    },
    examples: {
      schema: z.string().optional(),
      help: "Directory of example operations (*.graphql) that the page opens with.",
      env: "EXAMPLES",
      placeholder: "DIR",
    },
  },
  check: (values: Readonly<Record<string, unknown>>) => [...trustFaults(values), ...faultsTogether(values)],
  examples: [
    "node gateway/main.ts --supergraph supergraph.graphql",
    "node gateway/main.ts --registry http://127.0.0.1:4090 --registry-key-file gateway.key --variant public",
    "node gateway/main.ts --supergraph supergraph.graphql --url stock=http://127.0.0.1:4001/graphql --port 4100",
  ],
};

// How much garbage may gather before it is collected, in percent of what lives. By itself V8 lets several times as much
// gather where the machine has memory to spare: a third more memory, and no time saved (README.md, "Measured").
setFlagsFromString("--heap-growing-percent=100");

/** Milliseconds. The primary waits for its workers, which give up a little earlier. */
const STOP_WITHIN = cluster.isPrimary ? 11_000 : 10_000;

runProgram(async () => {
  const options = readOptions(PROGRAM);
  const log = createLogger("gateway");
  const count = workerCount(options.workers);
  if (cluster.isPrimary && count > 1) await serveByWorkers(count, log);
  else await serve(options, log);
}, STOP_WITHIN);

async function serveByWorkers(count: number, log: Logger): Promise<void> {
  const workers = await startWorkers(count, log);
  if (workers === undefined) return stop(1);
  onStop(workers.stop);
  const { url, port } = workers.address;
  log.info({ url, workers: count }, "gateway listens");
  announceReady({ url, port });
}

async function serve(options: OptionValues<(typeof PROGRAM)["options"]>, log: Logger): Promise<void> {
  const { registry, registryKeyFile, registryCache, overview, overviewPath, ...settings } = options;
  const leave = cluster.isWorker ? followPrimary() : undefined;
  const access = await accessTo(registry, registryKeyFile, registryCache);
  const server = await createGateway(
    {
      ...settings,
      limits: readLimits(options),
      registry: access,
      overview: overview ? overviewPath : undefined,
    },
    log,
  );
  onStop(() => server.close());
  if (leave !== undefined) {
    onStop(leave);
    await waitToListen();
  }
  const { port, origin } = await listen(server, options.host, options.port);
  const url = `${origin}${GRAPHQL_PATH}`;
  if (cluster.isPrimary) log.info({ url }, "gateway listens");
  announceReady({ url, port });
}

/** What would let everybody read everything must be said by itself. */
function trustFaults({
  trust,
  record,
  authorization,
  engine,
}: Readonly<Record<string, unknown>>): readonly string[] {
  const recordFaults =
    record !== undefined && engine === "apollo"
      ? ["--record: not with --engine apollo, which does not know what personal data is"]
      : [];
  if (trust === undefined) return recordFaults;
  return [
    ...recordFaults,
    ...(authorization === false ? ["--no-authorization: not together with --trust"] : []),
    ...(engine === "apollo" ? ["--trust: not with --engine apollo, which does not ask who asks"] : []),
  ];
}

/** Where the graph comes from must be clear. */
function faultsTogether({
  supergraph,
  registry,
  registryKeyFile,
  variant,
  overview,
  overviewPath,
}: Readonly<Record<string, unknown>>): readonly string[] {
  if (overview === true && variant instanceof Map && [...variant.values()].includes(overviewPath))
    return ["--overview-path: is the path of a variant"];
  if (registry === undefined) {
    const hasVariants = variant instanceof Map && variant.size > 0;
    return [
      ...(supergraph === undefined
        ? ["SUPERGRAPH (or --supergraph): is required: the file of the composed supergraph; or --registry"]
        : []),
      ...(hasVariants ? ["--variant: needs --registry, which composes variants"] : []),
    ];
  }
  return [
    ...(supergraph === undefined ? [] : ["--registry: in place of --supergraph, not beside it"]),
    ...(registryKeyFile === undefined ? ["--registry: needs --registry-key-file"] : []),
  ];
}

async function accessTo(
  url: string | undefined,
  keyFile: string | undefined,
  cacheFile: string | undefined,
): Promise<RegistryAccess | undefined> {
  if (url === undefined || keyFile === undefined) return undefined;
  const key = await readFile(keyFile, "utf8").catch((error: Error) => {
    throw new StartError(
      `cannot read ${keyFile}: ${error.message}.`,
      "Put this gateway's key there; the registry's operator issues it.",
    );
  });
  return { url, key: key.trim(), cacheFile };
}

function readVariants(pairs: readonly string[], faults: z.RefinementCtx): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const pair of pairs) {
    const [, name, path = `/${name}${GRAPHQL_PATH}`] =
      /^([A-Za-z][\w-]*)(?:=(\/[\w/.-]+))?$/.exec(pair) ?? [];
    if (name !== undefined && path !== GRAPHQL_PATH) paths.set(name, path);
    else
      faults.addIssue({
        code: "custom",
        message: `"${pair}" is not NAME, or NAME=/PATH with a path other than ${GRAPHQL_PATH}`,
      });
  }
  return paths;
}

function readUrls(pairs: readonly string[], faults: z.RefinementCtx): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const pair of pairs) {
    const [, name, url] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (name !== undefined && url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url))
      urls.set(name, url);
    else faults.addIssue({ code: "custom", message: `"${pair}" is not NAME=URL with an http or https URL` });
  }
  return urls;
}
