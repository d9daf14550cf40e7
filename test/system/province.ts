/**
 * A whole province within the test's process: every subgraph over its own seeded database, and the gateway before them,
 * all talking HTTP on free ports.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { inject } from "vitest";
import { createGateway } from "../../gateway/gateway.ts";
import type { Engine } from "../../gateway/graph.ts";
import { DEFAULT_LIMITS } from "../../gateway/limits/limits.ts";
import { GATEWAY_KEYS_PATH } from "../../gateway/server/gateway-keys.ts";
import { answerKeyFile } from "../../province/programs.ts";
import { AGENCIES, CENTER, POWER, type Server } from "../../province/catalogue/agencies.ts";
import { databaseUrl, DATABASE_OWNERS } from "../../province/databases.ts";
import { freePort } from "../../process/ports.ts";
import { RATE_OF_PEOPLE } from "../../province/programs.ts";
import { PERSON_ROLES } from "../../province/record.ts";
import type { TrustFiles } from "../../province/trust-files.ts";
import { serveCenter } from "../../subgraphs/center/serve.ts";
import { departmentPart } from "../../subgraphs/departments/own-part.ts";
import type { Access } from "../../subgraphs/kit/access.ts";
import { type OwnPart, serveAgencies } from "../../subgraphs/kit/agency/serve.ts";
import { forAgency } from "../../subgraphs/kit/for-agency.ts";
import { statementChannel } from "../../process/database.ts";
import type { SubgraphServer } from "../../subgraphs/kit/server.ts";
import { policePart } from "../../subgraphs/police/own-part.ts";
import { startPowerSystem } from "../../subgraphs/power/serve.ts";
import { insurancePart } from "../../subgraphs/social-insurance/own-part.ts";
import { taxPart } from "../../subgraphs/tax/own-part.ts";
import { serveTracker } from "../../subgraphs/tracker/serve.ts";
import { type Answer, ask } from "../gateway/running.ts";
import { dropDatabase } from "../setup/database.ts";
import { createFilledDatabases } from "./filled.ts";

const PARTS: Readonly<Record<Exclude<Server, "center" | "power">, OwnPart>> = {
  tax: taxPart,
  "social-insurance": insurancePart,
  police: policePart,
  departments: departmentPart,
};
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface TestProvince {
  /** Of the gateway. */
  readonly url: string;
  ask(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  /** How many SQL statements each database is sent while `work` runs, by its name without the prefix. */
  statements(work: () => Promise<unknown>): Promise<Record<string, number>>;
  /** Where a subgraph's server listens. */
  urlOf(server: Server): string;
  /** Stops a subgraph's server. */
  stop(server: Server): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param trust asks who asks; everybody may read everything when it is left out
 * @param record file of the record; nothing is recorded when it is left out
 */
export async function startProvince(
  engine: Engine["kind"] = "native",
  trust?: TrustFiles,
  record?: string,
): Promise<TestProvince> {
  const prefix = `test_${randomBytes(6).toString("hex")}_`;
  const urlOf = (agency: string) => databaseUrl(inject("postgresUrl"), agency, prefix);
  await createFilledDatabases(urlOf);
  const log = pino({ level: "silent" });
  const common = { host: "127.0.0.1", port: 0, log, gatewayTokenFile: trust?.systemToken };
  // The subgraphs send their messages to the gateway, which is built last, because it must know where they are.
  const gatewayPort = await freePort();
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}/graphql`;
  const gatewayKeys = new URL(GATEWAY_KEYS_PATH, gatewayUrl).href;
  const accessOf = (service: Server | "tracker"): Access =>
    trust === undefined
      ? { authorization: false }
      : { gatewayKeys, service, answerKeyFile: answerKeyFile(trust.answerKey, service) };
  const servers = new Map<Server, SubgraphServer>();
  servers.set(
    "center",
    await serveCenter({
      ...common,
      access: accessOf("center"),
      gatewayTokenFile: trust && forAgency(trust.systemToken, CENTER),
      databaseUrl: urlOf(CENTER),
      gatewayUrl,
    }),
  );
  for (const [name, own] of Object.entries(PARTS) as [Exclude<Server, "center" | "power">, OwnPart][]) {
    const agencies = AGENCIES.filter(({ server }) => server === name).map(({ code }) => ({
      code,
      databaseUrl: urlOf(code),
    }));
    const path = name === "departments" ? "/:agency/graphql" : "/graphql";
    const access = accessOf(name);
    servers.set(
      name,
      await serveAgencies({ ...common, access, agencies, own, path, gatewayUrl, poolSize: 2 }),
    );
  }
  const power = await startPowerSystem(urlOf(POWER), log);
  const powerAgency = { code: POWER, databaseUrl: urlOf(POWER), source: power.source };
  servers.set(
    "power",
    await serveAgencies({
      ...common,
      access: accessOf("power"),
      agencies: [powerAgency],
      own: power.own,
      path: "/graphql",
      gatewayUrl,
      poolSize: 2,
    }),
  );
  const tracker = await serveTracker({ ...common, access: accessOf("tracker"), record });
  const gateway = await createGateway(
    {
      supergraph: `${ROOT}schema/supergraph.graphql`,
      members: `${ROOT}schema/members.json`,
      url: new Map(
        [...servers, ["tracker", tracker] as const].map(([name, { port }]) => [
          name,
          `http://127.0.0.1:${port}/graphql`,
        ]),
      ),
      subgraphDeadline: 3_000,
      maxResponseSize: 2 ** 22,
      bodyLimit: 2 ** 20,
      engine,
      trust: trust?.trust,
      record,
      authorization: trust !== undefined,
      ...(trust && {
        limits: {
          ...DEFAULT_LIMITS,
          rateAddress: RATE_OF_PEOPLE,
          rateRoles: new Map(PERSON_ROLES.map((role) => [role, RATE_OF_PEOPLE])),
        },
      }),
      sandbox: false,
      examples: undefined,
      h2c: new Set(),
      dedupeRequests: false,
      maxSubscriptions: 1_000,
      maxSubscriptionsPerConnection: 100,
      heartbeat: 15_000,
    },
    log,
  );
  await gateway.listen({ host: "127.0.0.1", port: gatewayPort });

  const stop = async (name: Server): Promise<void> => {
    await servers.get(name)?.close();
    servers.delete(name);
  };
  return {
    url: gatewayUrl,
    urlOf: (server) => servers.get(server)?.url ?? "",
    ask: (query, variables, headers) => ask(gatewayUrl, query, variables, headers),
    stop,
    async statements(work) {
      const counts: Record<string, number> = {};
      const count = (message: unknown): void => {
        const name = (message as { database: string }).database.slice(prefix.length);
        counts[name] = (counts[name] ?? 0) + 1;
      };
      statementChannel.subscribe(count);
      await work().finally(() => statementChannel.unsubscribe(count));
      return counts;
    },
    async close() {
      await gateway.close();
      for (const name of servers.keys()) await stop(name);
      await tracker.close();
      await power.close();
      await Promise.all(DATABASE_OWNERS.map((agency) => dropDatabase(urlOf(agency))));
    },
  };
}
