/**
 * The power company in the sample province: its software, and the mapping by which the kit reads and changes what it holds.
 * Where real software stands behind the subgraph, only the mapping and its address are left of this.
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { openDatabase, prepareDatabase } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import type { OwnPart } from "../kit/agency/serve.ts";
import type { SourceKind } from "../kit/agency/source.ts";
import { KIT_MIGRATIONS } from "../kit/database.ts";
import { readRestMapping } from "../kit/sources/rest/mapping.ts";
import { REST_MIGRATIONS, restSource } from "../kit/sources/rest/source.ts";
import { Connections } from "./connections.ts";
import { createPowerLoaders } from "./context.ts";
import { serveLegacy } from "./legacy/server.ts";
import { powerResolvers } from "./resolvers.ts";
import { powerRows } from "./row-rules.ts";

export const POWER_AGENCY = "5601001007";

/** What the subgraph keeps, and the tables of the software behind it. */
export const POWER_MIGRATIONS: readonly string[] = [
  KIT_MIGRATIONS,
  REST_MIGRATIONS,
  fileURLToPath(new URL("./legacy/migrations", import.meta.url)),
];

const MAPPING = fileURLToPath(new URL("./mapping.json", import.meta.url));
const LEGACY_POOL = 4;

export interface PowerSystem {
  readonly source: SourceKind;
  readonly own: OwnPart;
  /** Ends the software. */
  close(): Promise<void>;
}

/**
 * Starts the company's software over its database, and reads the mapping onto it.
 * @throws StartError when the database cannot be reached
 */
export async function startPowerSystem(databaseUrl: string, log: Logger): Promise<PowerSystem> {
  await prepareDatabase(databaseUrl, POWER_MIGRATIONS);
  const database = openDatabase(databaseUrl, LEGACY_POOL);
  const session = randomBytes(16).toString("hex");
  const legacy = await serveLegacy({ database, session, log });
  const mapping = readRestMapping(MAPPING, { POWER_URL: legacy.url, POWER_SESSION: session });
  const connections = new Connections(POWER_AGENCY, mapping, session);
  return {
    source: restSource(mapping),
    own: {
      sdl: "power",
      resolvers: powerResolvers,
      rows: powerRows,
      loaders: () => createPowerLoaders(connections),
    },
    close: async () => {
      connections.close();
      await legacy.close();
      await database.close();
    },
  };
}
