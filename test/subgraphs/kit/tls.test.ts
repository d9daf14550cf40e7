/**
 * A subgraph behind TLS that answers only who shows a certificate, asked by the gateway's own transport.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "graphql";
import { pino } from "pino";
import { Agent, fetch } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { connectStreams } from "../../../gateway/transport/stream-negotiate.ts";
import { readSubgraphTls, type SubgraphTls } from "../../../gateway/transport/tls.ts";
import { accessFaults } from "../../../subgraphs/kit/options.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../../../subgraphs/kit/server.ts";
import { request } from "../../gateway/transport/asking.ts";
import { CERTIFICATE, KEY } from "../../gateway/transport/certificate.ts";

let directory: string;
let server: SubgraphServer;
let url: string;
let tls: SubgraphTls;
const logged: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tls-"));
  const certificate = join(directory, "certificate.pem");
  const key = join(directory, "key.pem");
  await writeFile(certificate, CERTIFICATE);
  await writeFile(key, KEY);
  tls = await readSubgraphTls({
    subgraphCaFile: certificate,
    subgraphCertFile: certificate,
    subgraphKeyFile: key,
  });
  server = await serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/graphql",
    log,
    access: {
      authorization: false,
      tls: { tlsCertFile: certificate, tlsKeyFile: key, tlsClientCaFile: certificate },
    },
    schema: buildServedSchema([
      {
        typeDefs: parse("type Query { a: Int } type Subscription { told: Int }"),
        rows: { types: {}, fields: { "Query.a": "public", "Subscription.told": "public" } },
        resolvers: {
          Query: { a: () => 1 },
          Subscription: {
            told: {
              subscribe: async function* () {
                yield { told: 1 };
              },
            },
          },
        },
      },
    ]),
    context: () => ({}),
    ready: async () => undefined,
  });
  url = `${server.url}/graphql`;
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

async function ask(shown: SubgraphTls) {
  const http = createHttpTransport({
    deadline: 5_000,
    maxResponseSize: 10_000,
    shareQueries: false,
    tls: shown,
  });
  try {
    return await http.ask(request({ query: "{ a }", url }));
  } finally {
    await http.close();
  }
}

test("who shows a certificate of the authority is answered", async () => {
  expect(url).toMatch(/^https:/);
  expect(await ask(tls)).toMatchObject({ status: 200, data: { a: 1 } });
});

test("who shows none is refused, and the reason is for the log", async () => {
  logged.length = 0;
  const { ca = "" } = tls;
  expect(await ask({ ca })).toMatchObject({ status: 401 });
  expect(logged.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^no certificate that counts/)]);
});

test("a subgraph whose certificate leads to no known authority is not asked", async () => {
  const { ca: _ca, ...own } = tls;
  expect((await ask(own)).failure).toMatchObject({ code: "SUBGRAPH_UNREACHABLE" });
});

test("whoever watches the server needs no certificate", async () => {
  const agent = new Agent({ connect: { ca: CERTIFICATE } });
  const response = await fetch(`${server.url}/health/ready`, { dispatcher: agent });
  expect([response.status, await response.json()]).toEqual([200, { status: "ready" }]);
  await agent.close();
});

test("subscriptions show it, too", async () => {
  const limits = { deadline: 5_000, maxEventSize: 10_000, heartbeat: 5_000, tls };
  const streams = connectStreams(limits);
  const events: unknown[] = [];
  await new Promise<void>((resolve) => {
    streams.open(request({ query: "subscription { told }", url }), {
      event: ({ read }) => void events.push(read().data),
      end: () => resolve(),
    });
  });
  expect(events).toEqual([{ told: 1 }]);
  await streams.close();
});

test("faults are told with what is missing", async () => {
  expect(accessFaults({ gatewayKeys: "k", authorization: true, tlsClientCaFile: "ca.pem" })).toEqual([
    "--tls-client-ca-file: needs --tls-cert-file and --tls-key-file",
  ]);
  await expect(readSubgraphTls({ subgraphCertFile: "a" })).rejects.toThrow("--subgraph-key-file");
  await expect(readSubgraphTls({ subgraphCaFile: join(directory, "key.pem") })).rejects.toThrow(
    "no certificate",
  );
});
