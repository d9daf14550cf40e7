/**
 * An agency as its own tests need it: really served, on a free port, over a database of its own that goes with it.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../../process/log.ts";
import { seededMigrations, startLocalDatabase } from "./local-database.ts";
import { type OwnPart, serveAgencies } from "./serve.ts";
import type { SourceKind } from "./source.ts";

export interface TestAgencyOptions {
  /** Canonical agency code. */
  readonly code: string;
  readonly own?: OwnPart;
  /** Where its procedures and cases are; the kit's own tables when left out. */
  readonly source?: SourceKind;
  /** SQL of the first rows. */
  readonly seed?: URL;
}

export interface TestAgency {
  readonly url: string;
  ask(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly data: unknown; readonly errors: readonly { readonly message: string }[] }>;
  close(): Promise<void>;
}

/** Nobody listens there: reports to the centre wait. */
const NO_GATEWAY = "http://127.0.0.1:1/graphql";

/** @throws StartError when it cannot start */
export async function startTestAgency({ code, own, source, seed }: TestAgencyOptions): Promise<TestAgency> {
  const directory = await mkdtemp(join(tmpdir(), "agency-"));
  const local = { directory, temporary: true, ...(seed && { seed }) };
  const database = await startLocalDatabase(local, seededMigrations(own, source === undefined));
  const server = await serveAgencies({
    agencies: [{ code, databaseUrl: database.url, ...(source && { source }) }],
    ...(own && { own }),
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: NO_GATEWAY,
    access: { authorization: false },
    log: createLogger("test").child({}, { level: "error" }),
  });
  const url = `${server.url}/graphql`;
  return {
    url,
    ask: async (query, variables = {}) => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors = [] } = (await response.json()) as {
        data: unknown;
        errors?: { message: string }[];
      };
      return { data, errors };
    },
    close: async () => {
      await server.close();
      await database.stop();
    },
  };
}
