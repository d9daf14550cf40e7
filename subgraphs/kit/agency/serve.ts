/**
 * Runs the contract, with an agency's own part beside it, for one agency or for several with a database each.
 */
import type { FastifyRequest } from "fastify";
import type { Logger } from "../../../process/log.ts";
import type { Access } from "../access.ts";
import { WorkingCalendar } from "../calendar.ts";
import type { Database } from "../../../process/database.ts";
import { noDatabase, openDatabase } from "../database.ts";
import { AgencyError } from "../errors.ts";
import { forAgency } from "../for-agency.ts";
import { parseAgencyCode } from "../identifiers.ts";
import { NO_OUTBOX, startOutbox } from "../outbox.ts";
import type { RowRules } from "../row-rules.ts";
import { type ResolverMap, buildServedSchema, readSdl } from "../sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../server.ts";
import { type Agency, createAgencyLoaders } from "./context.ts";
import { tablesSource } from "../sources/tables/source.ts";
import { contractResolvers } from "./resolvers.ts";
import { contractRows } from "./row-rules.ts";
import type { SourceKind } from "./source.ts";

/** What an agency adds to the contract. */
export interface OwnPart {
  /** Name of its SDL in schema/, or the file's URL. */
  readonly sdl: string | URL;
  readonly resolvers: ResolverMap;
  /** Who may see and change what of it. */
  readonly rows: RowRules;
  /** Directory of its migrations, where it has tables of its own. */
  readonly migrations?: string;
  /** Its own loaders, made anew for every request; they join the context of every resolver. */
  readonly loaders: (database: Database) => object;
}

export interface ServedAgency {
  /** Canonical agency code. */
  readonly code: string;
  /** Left out only where `source` keeps nothing in it: then nothing can be changed. */
  readonly databaseUrl?: string;
  /** Where its procedures and cases are; the kit's own tables when left out. */
  readonly source?: SourceKind;
}

export interface AgencyServerOptions {
  readonly agencies: readonly ServedAgency[];
  /** Left out by agencies that add nothing. */
  readonly own?: OwnPart;
  /** `/graphql` for one agency, `/:agency/graphql` for several. */
  readonly path: string;
  readonly host: string;
  readonly port: number;
  /** Where reports to the centre go. */
  readonly gatewayUrl: string;
  /** `{agency}` stands for an agency's code, as in URLs of databases. */
  readonly gatewayTokenFile?: string | undefined;
  readonly log: Logger;
  /** Who is answered. */
  readonly access: Access;
  /** Connections an agency's pool may hold. */
  readonly poolSize?: number;
}

/** @throws StartError when a database cannot be reached or the port is taken. */
export async function serveAgencies(options: AgencyServerOptions): Promise<SubgraphServer> {
  const { own } = options;
  const calendar = new WorkingCalendar();
  const served = await Promise.all(options.agencies.map((agency) => openAgency(agency, calendar, options)));
  const agencies = new Map(served.map((agency) => [agency.code, agency]));
  const contract = { typeDefs: readSdl("agency"), resolvers: contractResolvers, rows: contractRows };
  const server = await serveSubgraph({
    host: options.host,
    port: options.port,
    path: options.path,
    log: options.log,
    access: options.access,
    isMember: (key, request) => isAgency(key, findAgency(agencies, request)),
    schema: buildServedSchema(
      own === undefined
        ? [contract]
        : [contract, { typeDefs: readSdl(own.sdl), resolvers: own.resolvers, rows: own.rows }],
    ),
    context: (request) => {
      const agency = findAgency(agencies, request);
      return {
        agency,
        loaders: createAgencyLoaders(agency.source),
        ...own?.loaders(agency.database),
      };
    },
    ready: () => Promise.all(served.map(({ source }) => source.ready())),
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      await Promise.all(served.map(({ source }) => source.close()));
      await Promise.all(served.map(({ outbox }) => outbox.close()));
      await Promise.all(served.map(({ database }) => database.close()));
    },
  };
}

async function openAgency(
  { code, databaseUrl, source: kind = tablesSource }: ServedAgency,
  calendar: WorkingCalendar,
  { own, poolSize, gatewayUrl, gatewayTokenFile, log }: AgencyServerOptions,
): Promise<Agency> {
  await kind.prepare({ code, databaseUrl, ownMigrations: own?.migrations });
  const url = databaseUrl === undefined ? undefined : (kind.connection?.(databaseUrl) ?? databaseUrl);
  const database = url === undefined ? noDatabase(code) : openDatabase(url, poolSize);
  const source = kind.open({ code, databaseUrl: url, database, calendar });
  // Without changes there is nothing to tell.
  const outbox =
    source.changes === undefined
      ? NO_OUTBOX
      : startOutbox(
          database,
          { gatewayUrl, gatewayTokenFile: gatewayTokenFile && forAgency(gatewayTokenFile, code) },
          log.child({ agency: code }),
        );
  return { code, source, database, calendar, outbox };
}

/** Whether a member of the graph, in either spelling of its code, is the agency. */
function isAgency(key: string, { code }: Agency): boolean {
  try {
    return parseAgencyCode(key, "aud") === code;
  } catch {
    return false;
  }
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
