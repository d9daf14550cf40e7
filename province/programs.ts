/**
 * The programs of the province: how each is started on its port.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Rate } from "../gateway/limits/rate.ts";
import { GATEWAY_KEYS_PATH } from "../gateway/server/gateway-keys.ts";
import { AGENCIES, CENTER, POLICE, POWER, SOCIAL_INSURANCE, TAX, type Server } from "./catalogue/agencies.ts";
import { forAgency } from "../subgraphs/kit/for-agency.ts";
import type { ChildProgram } from "./child.ts";
import { databaseUrl } from "./databases.ts";
import { PERSON_ROLES } from "./record.ts";
import type { RegistryFiles } from "./registry.ts";
import type { TrustFiles } from "./trust-files.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Every program listens here; only the gateway can be told otherwise. */
export const LOOPBACK = "127.0.0.1";

export const OVERVIEW_PATH = "/agencies";

/** What serves a subgraph: an agency's program, or the data tracker, which is of no agency. */
export type SubgraphServer = Server | "tracker";

/**
 * For an address whose callers nobody knows, and for everybody who asks for themselves, known as they are: more than
 * people ask for, less than guessing takes.
 */
export const RATE_OF_PEOPLE: Rate = { units: 3_000, seconds: 60 };

/** In the order of their ports, which follow the gateway's where those are free. */
export const SERVERS: readonly SubgraphServer[] = [
  "center",
  "tax",
  "social-insurance",
  "police",
  "departments",
  "power",
  "tracker",
];

const AGENCY_OF: Readonly<Record<Exclude<Server, "departments">, string>> = {
  center: CENTER,
  tax: TAX,
  "social-insurance": SOCIAL_INSURANCE,
  police: POLICE,
  power: POWER,
};

/** What every program is told. */
export interface Surroundings {
  readonly gatewayUrl: string;
  /** Compiled code is kept here from one start to the next. */
  readonly cacheDirectory: string;
  /** Whether an earlier start has left compiled code there. */
  readonly cacheIsWarm: boolean;
  /** Undefined where everybody may read everything. */
  readonly trust: TrustFiles | undefined;
  /** The gateway's record file, where readings of personal data are recorded. */
  readonly record: string | undefined;
}

export interface Databases {
  /** URL of the PostgreSQL server, with user and password. */
  readonly server: string;
  /** What the databases' names begin with. */
  readonly prefix: string;
}

export function subgraphProgram(
  server: SubgraphServer,
  port: number,
  surroundings: Surroundings,
): ChildProgram {
  const codes = AGENCIES.filter((agency) => agency.server === server).map(({ code }) => code);
  const command = [join(ROOT, "subgraphs", server, "main.ts"), `--host=${LOOPBACK}`, `--port=${port}`];
  if (server === "tracker") {
    const { record } = surroundings;
    return {
      name: server,
      command: [...command, ...(record === undefined ? [] : [`--record=${record}`])],
      env: childEnvironment(server, surroundings),
    };
  }
  return {
    name: server,
    command: [...command, ...(server === "departments" ? [`--agencies=${codes.join(",")}`] : [])],
    env: childEnvironment(server, surroundings),
  };
}

/** What a subgraph is told of its database. */
export function databaseEnvironment(server: SubgraphServer, databases: Databases): NodeJS.ProcessEnv {
  // Not as a flag: everybody on the machine can read the flags of a process, and this holds the password.
  return server === "tracker" ? {} : { DATABASE_URL: databaseUrlFor(server, databases) };
}

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Where the graph comes from: flags. */
  readonly graph: readonly string[];
  readonly sandbox: boolean;
  /** Whether there is a page of all subgraphs and members. */
  readonly overview: boolean;
  readonly workers: number | "auto";
  readonly engine: "native" | "apollo";
}

/** The graph of a composed file. */
export function graphOfFile(supergraph: string): readonly string[] {
  return [`--supergraph=${supergraph}`, `--members=${join(ROOT, "schema", "members.json")}`];
}

/** The graph of a registry, each of the variants at a path of its own. */
export function graphOfRegistry(
  url: string,
  files: RegistryFiles,
  variants: readonly string[],
): readonly string[] {
  return [
    `--registry=${url}`,
    `--registry-key-file=${files.gatewayKey}`,
    `--registry-cache=${files.cache}`,
    ...variants.map((name) => `--variant=${name}=${variantPath(name)}`),
  ];
}

export function variantPath(name: string): string {
  return `/${name}/graphql`;
}

export function registryProgram(
  port: number,
  files: RegistryFiles,
  { server, prefix }: Databases,
  surroundings: Surroundings,
): ChildProgram {
  const url = new URL(server);
  url.pathname = `/${prefix}registry`;
  return {
    name: "registry",
    command: [
      join(ROOT, "gateway", "registry", "main.ts"),
      `--host=${LOOPBACK}`,
      `--port=${port}`,
      `--operator-key-file=${files.operatorKey}`,
      ...(surroundings.trust === undefined ? [] : [`--signing-key-file=${surroundings.trust.signingKeys}`]),
    ],
    env: { ...childEnvironment("registry", surroundings), DATABASE_URL: url.href },
  };
}

export function gatewayProgram(options: GatewayOptions, surroundings: Surroundings): ChildProgram {
  return {
    name: "gateway",
    command: [
      // A third less memory, and no more time (gateway/README.md, "Measured").
      "--max-semi-space-size=32",
      join(ROOT, "gateway", "main.ts"),
      `--host=${options.host}`,
      `--port=${options.port}`,
      ...options.graph,
      `--examples=${join(ROOT, "schema", "examples")}`,
      `--workers=${options.workers}`,
      `--engine=${options.engine}`,
      options.sandbox ? "--sandbox" : "--no-sandbox",
      surroundings.trust === undefined ? "--no-authorization" : `--trust=${surroundings.trust.trust}`,
      ...(surroundings.record === undefined ? [] : [`--record=${surroundings.record}`]),
      ...(options.overview ? [`--overview-path=${OVERVIEW_PATH}`] : ["--no-overview"]),
    ],
    env: childEnvironment("gateway", surroundings),
  };
}

/** Address of each subgraph in the supergraph. All members of `agencies` have addresses of their own. */
export function subgraphUrls(ports: ReadonlyMap<SubgraphServer, number>): Record<string, string> {
  const urls = Object.fromEntries(
    [...ports].map(([server, port]) => [server, `http://${LOOPBACK}:${port}/graphql`]),
  );
  return { ...urls, agencies: urls["departments"] ?? "" };
}

function databaseUrlFor(program: Server, { server, prefix }: Databases): string {
  if (program !== "departments") return databaseUrl(server, AGENCY_OF[program], prefix);
  // Braces must stay as they are: the program puts each agency's code in their place.
  const url = new URL(server);
  url.pathname = "/database";
  return url.href.replace("/database", `/${prefix}{agency}`);
}

/** Whom a subgraph answers, signing: its gateway, where anybody is asked who asks. */
function accessTo(
  program: SubgraphServer,
  gatewayUrl: string,
  trust: TrustFiles | undefined,
): NodeJS.ProcessEnv {
  if (trust === undefined) return { AUTHORIZATION: "off" };
  return {
    GATEWAY_KEYS: new URL(GATEWAY_KEYS_PATH, gatewayUrl).href,
    ANSWER_KEY_FILE: answerKeyFile(trust.answerKey, program),
  };
}

/** @param pattern `answerKey` of the trust files */
export function answerKeyFile(pattern: string, server: SubgraphServer): string {
  return pattern.replace("{server}", server);
}

function childEnvironment(
  program: SubgraphServer | "gateway" | "registry",
  { gatewayUrl, cacheDirectory, cacheIsWarm, trust }: Surroundings,
): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, GATEWAY_URL: gatewayUrl };
  // A process writes what it compiled when it ends. All subgraphs load much the same: one to begin with is enough.
  if (cacheIsWarm || program === "gateway" || program === "center")
    environment["NODE_COMPILE_CACHE"] = cacheDirectory;
  // Flags give these; what the shell around the province holds is meant for other programs.
  for (const name of ["DATABASE_URL", "SUBGRAPH_URLS", "AGENCIES", "TRUST", "RECORD", "GATEWAY_TOKEN_FILE"])
    Reflect.deleteProperty(environment, name);
  for (const name of ["GATEWAY_KEYS", "SIGNING_KEY_FILE", "ANSWER_KEY_FILE", "AUTHORIZATION"])
    Reflect.deleteProperty(environment, name);
  if (program !== "gateway")
    for (const name of ["TLS_CERT_FILE", "TLS_KEY_FILE", "TLS_CLIENT_CA_FILE"])
      Reflect.deleteProperty(environment, name);
  if (program !== "gateway" && program !== "registry")
    Object.assign(environment, accessTo(program, gatewayUrl, trust));
  if (trust !== undefined) {
    const { systemToken } = trust;
    environment["GATEWAY_TOKEN_FILE"] = program === "center" ? forAgency(systemToken, CENTER) : systemToken;
    const rate = `${RATE_OF_PEOPLE.units}/${RATE_OF_PEOPLE.seconds}`;
    environment["RATE_ADDRESS"] ??= rate;
    environment["RATE_ROLES"] ??= PERSON_ROLES.map((role) => `${role}=${rate}`).join(",");
    environment["INTROSPECTION"] ??= "known";
  }
  return environment;
}
