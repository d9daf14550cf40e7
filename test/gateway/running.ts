/**
 * A gateway running within the test's process, with its log at hand.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { createGateway, type GatewaySettings } from "../../gateway/gateway.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly {
    message: string;
    path?: (string | number)[];
    extensions: Record<string, unknown>;
  }[];
  readonly extensions: Record<string, unknown> | undefined;
}

export interface RunningGateway {
  readonly url: string;
  readonly origin: string;
  readonly supergraphFile: string;
  readonly membersFile: string;
  /** Parsed lines of the log. */
  readonly log: Record<string, unknown>[];
  ask(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Ends the gateway; its files stay until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startGateway(
  supergraph: string,
  members: readonly object[] = [],
  settings: Partial<GatewaySettings> = {},
): Promise<RunningGateway> {
  const directory = await mkdtemp(join(tmpdir(), "gateway-"));
  const supergraphFile = join(directory, "supergraph.graphql");
  const membersFile = join(directory, "members.json");
  await writeFile(supergraphFile, supergraph);
  await writeFile(membersFile, JSON.stringify({ members }));
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const server = await createGateway(
    {
      supergraph: supergraphFile,
      members: membersFile,
      url: new Map(),
      subgraphDeadline: 3000,
      maxResponseSize: 2 ** 20,
      bodyLimit: 2 ** 16,
      engine: "native",
      sandbox: false,
      examples: undefined,
      h2c: new Set(),
      dedupeRequests: false,
      maxSubscriptions: 5_000,
      maxSubscriptionsPerConnection: 100,
      heartbeat: 60_000,
      ...settings,
    },
    pino({ level: "debug" }, lines),
  );
  await server.listen({ host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const url = `${origin}/graphql`;
  return {
    url,
    origin,
    supergraphFile,
    membersFile,
    log,
    ask: (query, variables, headers) => ask(url, query, variables, headers),
    stop: () => server.close(),
    async close() {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

export async function ask(
  url: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Partial<Answer>;
  return {
    status: response.status,
    headers: response.headers,
    data: body.data,
    errors: body.errors ?? [],
    extensions: body.extensions,
  };
}
