/**
 * The parts of a registry put together: database, composer, feed, server.
 */
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { type Database, ensureDatabase, migrate, openDatabase } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import { type HostRule, USUAL_HOSTS } from "../hosts.ts";
import { createSigner } from "../trust/signer.ts";
import { createComposer } from "./composer.ts";
import { openFeed } from "./feed.ts";
import { createRegistryServer } from "./server.ts";
import { forgetUsage } from "./usage-sql.ts";

export interface RegistrySettings {
  readonly databaseUrl: string;
  readonly operatorKey: string;
  /** Days within which an operation counts as used. */
  readonly usageDays: number;
  /** Bytes of one request's body. */
  readonly bodyLimit: number;
  /** Where what is registered may be; the usual rule when it is left out. */
  readonly allowHost?: HostRule;
  /** File of the gateway's keys, where members answer their gateway only. */
  readonly signingKeyFile?: string | undefined;
}

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));
const FORGET_EVERY_MS = 3_600_000;

/**
 * Makes the database where it is missing, and builds the server; it does not listen yet. Closing it closes everything.
 * @throws StartError when the database cannot be had.
 */
export async function createRegistry(settings: RegistrySettings, log: Logger): Promise<FastifyInstance> {
  const { databaseUrl, operatorKey, usageDays, bodyLimit, allowHost: hosts = USUAL_HOSTS } = settings;
  const { signingKeyFile: keyFile } = settings;
  const signer = keyFile === undefined ? undefined : await createSigner({ name: "registry", keyFile }, log);
  await ensureDatabase(databaseUrl);
  await migrate(databaseUrl, [MIGRATIONS]);
  const database = openDatabase(databaseUrl);
  // Changes wait for each other in any case: one connection, so that they leave the others to whoever reads.
  const changing = inTurn(openDatabase(databaseUrl, 1));
  const composer = createComposer();
  const feed = await openFeed(databaseUrl, database, log);
  const forget = (): void => {
    database
      .transaction((tx) => forgetUsage(tx, usageDays))
      .catch((error: unknown) => log.warn({ error: String(error) }, "old usage is not forgotten yet"));
  };
  const forgetting = setInterval(forget, FORGET_EVERY_MS);
  const app = createRegistryServer({
    database,
    changes: { database: changing, composer, usageDays, signer },
    feed,
    operatorKey,
    hosts,
    log,
    bodyLimit,
  });
  app.addHook("onClose", async () => {
    clearInterval(forgetting);
    signer?.close();
    await feed.close();
    await composer.close();
    await changing.close();
    await database.close();
  });
  return app;
}

/** Transactions one after another. Whoever waits here waits as long as it takes; a pool would give up. */
function inTurn(database: Database): Database {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...database,
    transaction(work) {
      const done = last.then(() => database.transaction(work));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
