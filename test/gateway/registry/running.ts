/**
 * A registry running within the test's process, over a database of its own.
 */
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { pino } from "pino";
import {
  createRegistryClient,
  RegistryRefusal,
  type RegistryClient,
} from "../../../gateway/registry/client.ts";
import { createRegistry } from "../../../gateway/registry/registry.ts";
import { type Database, openDatabase } from "../../../process/database.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";

export const OPERATOR_KEY = "operator-key-of-the-tests";

export interface RunningRegistry {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  /** With the operator's key. */
  readonly operator: RegistryClient;
  readonly log: Record<string, unknown>[];
  /** With a new key. */
  as(owner: string, names?: string[], role?: "owner" | "gateway"): Promise<RegistryClient>;
  client(key: string, language?: "en" | "vi"): RegistryClient;
  /** Ends the registry; its database stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startRegistry(
  databaseUrl = freshDatabaseUrl(),
  port = 0,
  usageDays = 30,
  signingKeyFile?: string,
): Promise<RunningRegistry> {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const settings = { databaseUrl, operatorKey: OPERATOR_KEY, usageDays, bodyLimit: 2 ** 22, signingKeyFile };
  const server = await createRegistry(settings, pino({ level: "info" }, lines));
  await server.listen({ host: "127.0.0.1", port });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const database = openDatabase(databaseUrl, 2);
  const client = (key: string, language: "en" | "vi" = "en") => createRegistryClient({ url, key, language });
  const operator = client(OPERATOR_KEY);
  return {
    url,
    databaseUrl,
    database,
    operator,
    log,
    client,
    as: async (owner, names = [owner], role = "owner") =>
      client((await operator.issueKey({ owner, names, role })).key),
    stop: () => server.close(),
    close: async () => {
      await server.close();
      await database.close();
      await dropDatabase(databaseUrl);
    },
  };
}

/** What a call is refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<RegistryRefusal> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RegistryRefusal) return error;
    throw error;
  }
  throw new Error("was not refused");
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag"])`;

/** A subgraph with one root field of its own. */
export function small(name: string, field: string = name, more = "") {
  return {
    name,
    url: `http://${name}.example/graphql`,
    sdl: `${LINK}\ntype Query { ${field}: String }\n${more}`,
  };
}
