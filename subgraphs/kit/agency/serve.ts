/**
 * Runs the contract, with an agency's own part beside it, for one agency or for several with a database each.
 */
import { fileURLToPath } from "node:url";
import type { FastifyRequest } from "fastify";
import type { Logger } from "../../../process/log.ts";
import { WorkingCalendar } from "../calendar.ts";
import { type Database, ensureDatabase, migrate } from "../../../process/database.ts";
import { KIT_MIGRATIONS, openDatabase } from "../database.ts";
import { AgencyError } from "../errors.ts";
import { parseAgencyCode } from "../identifiers.ts";
import { startOutbox } from "../outbox.ts";
import { type ResolverMap, buildServedSchema, readSdl } from "../sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../server.ts";
import { type Agency, createAgencyLoaders } from "./context.ts";
import { contractResolvers } from "./resolvers.ts";

/** What an agency adds to the contract. */
export interface OwnPart {
  /** Name of its SDL in schema/. */
  readonly sdl: string;
  readonly resolvers: ResolverMap;
  /** Directory of its migrations. */
  readonly migrations: string;
  /** Its own loaders, made anew for every request; they join the context of every resolver. */
  readonly loaders: (database: Database) => object;
}

export interface ServedAgency {
  /** Canonical agency code. */
  readonly code: string;
  readonly databaseUrl: string;
}

export interface AgencyServerOptions {
  readonly agencies: readonly ServedAgency[];
  readonly own: OwnPart;
  /** `/graphql` for one agency, `/:agency/graphql` for several. */
  readonly path: string;
  readonly host: string;
  readonly port: number;
  /** Where reports to the centre go. */
  readonly gatewayUrl: string;
  readonly log: Logger;
  /** Connections an agency's pool may hold. */
  readonly poolSize?: number;
}

const CONTRACT_MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

/** Directories whose migrations make an agency's database. */
export function agencyMigrations(own: Pick<OwnPart, "migrations">): readonly string[] {
  return [KIT_MIGRATIONS, CONTRACT_MIGRATIONS, own.migrations];
}

/** @throws StartError when a database cannot be reached or the port is taken. */
export async function serveAgencies(options: AgencyServerOptions): Promise<SubgraphServer> {
  const calendar = new WorkingCalendar();
  const served = await Promise.all(
    options.agencies.map(async ({ code, databaseUrl }): Promise<Agency> => {
      await ensureDatabase(databaseUrl);
      await migrate(databaseUrl, agencyMigrations(options.own));
      const database = openDatabase(databaseUrl, options.poolSize);
      const log = options.log.child({ agency: code });
      return { code, database, calendar, outbox: startOutbox(database, options.gatewayUrl, log) };
    }),
  );
  const agencies = new Map(served.map((agency) => [agency.code, agency]));
  const server = await serveSubgraph({
    host: options.host,
    port: options.port,
    path: options.path,
    log: options.log,
    schema: buildServedSchema([
      { typeDefs: readSdl("agency"), resolvers: contractResolvers },
      { typeDefs: readSdl(options.own.sdl), resolvers: options.own.resolvers },
    ]),
    context: (request) => {
      const agency = findAgency(agencies, request);
      return {
        agency,
        loaders: createAgencyLoaders(agency.database),
        ...options.own.loaders(agency.database),
      };
    },
    ready: () => Promise.all(served.map(({ database }) => database.query("select 1"))),
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      await Promise.all(served.map(({ outbox }) => outbox.close()));
      await Promise.all(served.map(({ database }) => database.close()));
    },
  };
}

/** By the path's parameter, in either spelling; a server of one agency needs none. */
function findAgency(agencies: ReadonlyMap<string, Agency>, request: FastifyRequest): Agency {
  const { agency: given } = request.params as { agency?: string };
  const [only] = agencies.values();
  if (given === undefined && only !== undefined) return only;
  const code = parseAgencyCode(given ?? "", "path");
  const agency = agencies.get(code);
  if (agency === undefined)
    throw new AgencyError("UNKNOWN_AGENCY", { agency: code, allowed: [...agencies.keys()].join(", ") });
  return agency;
}
