/**
 * Runs the centre's subgraph (schema/center.graphql): its database, its outbox, its server.
 */
import { fileURLToPath } from "node:url";
import type { Logger } from "../../process/log.ts";
import { WorkingCalendar } from "../kit/calendar.ts";
import { prepareDatabase } from "../../process/database.ts";
import { KIT_MIGRATIONS, openDatabase } from "../kit/database.ts";
import { hearNotices } from "../kit/notices.ts";
import { startOutbox } from "../kit/outbox.ts";
import { buildServedSchema, readSdl } from "../kit/sdl.ts";
import type { Access } from "../kit/access.ts";
import { type SubgraphServer, serveSubgraph } from "../kit/server.ts";
import { type Center, createCenterLoaders } from "./context.ts";
import { centerResolvers } from "./resolvers.ts";
import { audienceOf, centerRows } from "./row-rules.ts";
import { DOSSIER_CHANGED } from "./sql.ts";

export interface CenterServerOptions {
  readonly databaseUrl: string;
  /** Where messages to the agencies go. */
  readonly gatewayUrl: string;
  readonly gatewayTokenFile?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  /** Who is answered. */
  readonly access: Access;
  /** Connections its pool may hold. */
  readonly poolSize?: number;
}

/** Directories whose migrations make the centre's database. */
export const CENTER_MIGRATIONS: readonly string[] = [
  KIT_MIGRATIONS,
  fileURLToPath(new URL("./migrations", import.meta.url)),
];

/** @throws StartError when the database cannot be reached or the port is taken. */
export async function serveCenter(options: CenterServerOptions): Promise<SubgraphServer> {
  await prepareDatabase(options.databaseUrl, CENTER_MIGRATIONS);
  const database = openDatabase(options.databaseUrl, options.poolSize);
  const outbox = startOutbox(database, options, options.log);
  const changes = hearNotices(options.databaseUrl, DOSSIER_CHANGED, options.log);
  const center: Center = { database, outbox, calendar: new WorkingCalendar(), changes };
  const close = async (): Promise<void> => {
    await changes.close();
    await outbox.close();
    await database.close();
  };
  try {
    const server = await serveSubgraph({
      host: options.host,
      port: options.port,
      path: "/graphql",
      log: options.log,
      access: options.access,
      schema: buildServedSchema([
        { typeDefs: readSdl("center"), resolvers: centerResolvers, rows: centerRows },
      ]),
      context: (_request, identity) => ({
        center,
        loaders: createCenterLoaders(database, audienceOf(identity)),
      }),
      ready: () => database.query("select 1"),
    });
    return {
      ...server,
      close: async () => {
        await server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
