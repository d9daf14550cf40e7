/**
 * A subgraph that signs its answers, asked by a gateway that believes it with a signature only.
 */
import { EventEmitter, on } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "graphql";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AnswerKey, locateSigners, type Verifiers } from "../../../gateway/answer-keys.ts";
import { NO_MEMBERS } from "../../../gateway/members.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import { connectStreams, type StreamConnections } from "../../../gateway/transport/stream-negotiate.ts";
import { createSigner, type Signer } from "../../../gateway/trust/signer.ts";
import { ensureSigningKeys } from "../../../gateway/trust/signing-keys.ts";
import { createSigningKeyFile } from "../../../process/signing-key.ts";
import { accessFaults } from "../../../subgraphs/kit/options.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { serveSubgraph, type SubgraphServer } from "../../../subgraphs/kit/server.ts";
import { newContext, request } from "../../gateway/transport/asking.ts";

const typeDefs = parse("type Query { hello: String breaks: String } type Subscription { told: String }");
const log = pino({ level: "silent" });
const emitter = new EventEmitter();
let directory: string;
let keyFile: string;
let key: AnswerKey;
let signer: Signer;
let server: SubgraphServer;
let http: HttpTransport;
let streams: StreamConnections;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "answer-signer-"));
  const gatewayFile = join(directory, "gateway.json");
  await ensureSigningKeys(gatewayFile);
  signer = await createSigner({ name: "gateway", keyFile: gatewayFile }, log);
  await writeFile(join(directory, "gateway-keys.json"), JSON.stringify(signer.publicKeys()));
  keyFile = join(directory, "answer.json");
  key = await createSigningKeyFile(keyFile);
  server = await serve();
  const limits = { deadline: 3_000, maxEventSize: 2 ** 20, heartbeat: 60_000 };
  const { headersFor } = signer;
  http = createHttpTransport({ deadline: 3_000, maxResponseSize: 2 ** 20, shareQueries: false, headersFor });
  streams = connectStreams(limits, headersFor);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await http.close();
  await streams.close();
  signer.close();
  await server.close();
  await rm(directory, { recursive: true });
});

function serve(answerKeyFile: string | undefined = keyFile): Promise<SubgraphServer> {
  return serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/graphql",
    access: { gatewayKeys: join(directory, "gateway-keys.json"), service: "stock", answerKeyFile },
    log,
    ready: async () => undefined,
    context: () => ({}),
    schema: buildServedSchema([
      {
        typeDefs,
        rows: {
          types: {},
          fields: { "Query.hello": "public", "Query.breaks": "public", "Subscription.told": "public" },
        },
        resolvers: {
          Query: {
            hello: () => "Xin chào",
            breaks: () => {
              throw new Error("broken");
            },
          },
          Subscription: {
            told: { subscribe: () => on(emitter, "told"), resolve: ([said]: [string]) => said },
          },
        },
      },
    ]),
  });
}

const signersOf = (known: AnswerKey): Verifiers => {
  const url = `${server.url}/graphql`;
  const signers = { subgraphs: { stock: [known] }, members: {} };
  return locateSigners(signers, NO_MEMBERS, new Map(), new Map([["stock", url]]))("stock", url)!;
};
const asking = (query: string, known = key) =>
  request({ query, url: `${server.url}/graphql`, context: newContext(), signers: signersOf(known) });

test.each([
  ["{ hello }", 200],
  ["{ breaks }", 200],
  ["{ nothing }", 400],
  ["{", 400],
])("what is answered to %s is signed, errors too", async (query, status) => {
  const { failure, proof } = await http.ask(asking(query));
  expect(failure).toBeUndefined();
  expect(proof).toMatchObject({ key: key.kid, status });
});

test("so is a body that cannot be read, and nothing of another path", async () => {
  const signed = { signature: `gateway=:${Buffer.alloc(64).toString("base64")}:` };
  const refused = await fetch(`${server.url}/graphql`, { method: "POST", headers: signed, body: "x" });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("signature")).toMatch(/^answer=:/);
  const health = await fetch(`${server.url}/health/live`, { headers: signed });
  expect(health.headers.get("signature")).toBeNull();
  const unbound = await fetch(`${server.url}/graphql`, { method: "POST", body: "{}" });
  expect(unbound.headers.get("signature")).toBeNull();
});

test("a new key in the file signs without a restart", async () => {
  const next = await createSigningKeyFile(join(directory, "next.json"));
  await rename(join(directory, "next.json"), keyFile);
  await expect.poll(async () => (await http.ask(asking("{ hello }", next))).proof?.key).toBe(next.kid);
  expect((await http.ask(asking("{ hello }"))).failure?.code).toBe("SUBGRAPH_SIGNATURE_INVALID");
  key = next;
});

test("every event of a subscription is signed, in its order", async () => {
  const heard: unknown[] = [];
  let ended: unknown;
  const leave = streams.open(asking("subscription { told }"), {
    event: (event) => void heard.push(event.read().data),
    end: (reason) => {
      ended = reason ?? "complete";
    },
  });
  closing.push(async () => leave());
  await expect.poll(() => emitter.listenerCount("told")).toBe(1);
  for (const said of ["một", "hai", "ba"]) emitter.emit("told", said);
  await expect.poll(() => heard).toEqual([{ told: "một" }, { told: "hai" }, { told: "ba" }]);
  expect(ended).toBeUndefined();
});

test("whoever answers everybody signs nothing: a signature would say whose request it answers", () => {
  expect(accessFaults({ authorization: false, answerKeyFile: "a.json" })).toEqual([
    "--answer-key-file: not together with --no-authorization",
  ]);
  expect(accessFaults({ authorization: true, gatewayKeys: "k.json", answerKeyFile: "a.json" })).toEqual([]);
});

test("a file without a key keeps the subgraph from starting", async () => {
  await writeFile(join(directory, "faulty.json"), "{}");
  await expect(serve(join(directory, "faulty.json"))).rejects.toThrow(/faulty\.json: kty: must be OKP/);
});
