/**
 * Whoever pretends to be somebody else, on both sides of the gateway: clients with forged tokens or with the gateway's own
 * headers, and subgraphs that answer for others, send the gateway elsewhere, or stand where nobody's service is.
 */
import { createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../gateway/trust/development.ts";
import { ensureSigningKeys } from "../../gateway/trust/signing-keys.ts";
import { signAnswer } from "../../process/answer-signature.ts";
import { link } from "../gateway/execute/graphs/graph.ts";
import { type RunningGateway, startGateway } from "../gateway/running.ts";
import { startRaw, startSubgraph, type TestServer } from "../gateway/servers.ts";
import { type Front, makeAnswerKey, signedBy, startFront, UNSIGNED } from "../gateway/signers.ts";
import { gql, isRefusal, LEAKS, send } from "./asking.ts";
import { forgeries, type Known } from "./forgeries.ts";

const SDL = {
  files: `${link("@requiresScopes")}
    type Query { secret: String @requiresScopes(scopes: [["read"]]) open: String }`,
  other: `${link("@key")} type Query { other: String }`,
};
const KEY = makeAnswerKey("files");
const OTHERS = makeAnswerKey("other");

let directory: string;
let files: TestServer;
let other: TestServer;
let front: Front;
let elsewhere: TestServer;
let gateway: RunningGateway;
let known: Known;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "forgery-"));
  files = await startSubgraph(SDL.files, { Query: { secret: () => "S3CRET", open: () => "open" } });
  other = await startSubgraph(SDL.other, { Query: { other: () => "other" } });
  front = await startFront(files.url, signedBy(KEY));
  elsewhere = await startRaw((_request, response) => response.end('{"keys":[],"data":{"open":"stolen"}}'));
  await ensureDevelopmentKey(join(directory, "key.json"));
  await ensureSigningKeys(join(directory, "gateway.json"));
  const keys = { subgraphs: { files: [KEY.jwk], other: [OTHERS.jwk] } };
  await writeFile(join(directory, "answer-keys.json"), JSON.stringify(keys));
  await writeFile(
    join(directory, "trust.json"),
    JSON.stringify({
      development: { keyFile: "key.json" },
      signing: { name: "gateway", keyFile: "gateway.json" },
      answerKeys: "answer-keys.json",
      roles: { clerk: ["read"] },
    }),
  );
  gateway = await start({ files: front.url, other: other.url });
  const key = await readDevelopmentKey(join(directory, "key.json"));
  const { kty, crv, x, d } = key;
  known = {
    key,
    token: await issueToken(key, { subject: "somebody", role: "clerk", lifetime: 600 }),
    issuer: createPrivateKey({ key: { kty, crv, x, d }, format: "jwk" }),
    elsewhere: elsewhere.url,
  };
});
afterEach(() => {
  front.reply = signedBy(KEY);
});
afterAll(async () => {
  await gateway?.close();
  for (const server of [front, files, other, elsewhere]) await server?.close();
  await rm(directory, { recursive: true });
});

function start(urls: Readonly<Record<keyof typeof SDL, string>>): Promise<RunningGateway> {
  const { supergraphSdl = "" } = composeServices(
    Object.entries(SDL).map(([name, sdl]) => ({
      name,
      url: urls[name as keyof typeof SDL],
      typeDefs: parse(sdl),
    })),
  );
  return startGateway(supergraphSdl, [], { trust: join(directory, "trust.json") });
}

beforeEach(() => {
  files.asked.length = 0;
  elsewhere.asked.length = 0;
  gateway.log.length = 0;
});

test("a token that counts is believed", async () => {
  const { data } = await gateway.ask("{ secret }", {}, { authorization: `Bearer ${known.token}` });
  expect(data).toEqual({ secret: "S3CRET" });
});

describe("forged tokens", () => {
  // The names are known before the keys are.
  const sample: Known = { ...placeholder(), elsewhere: "" };
  test.each(Object.keys(forgeries(sample)))("%s", async (name) => {
    const authorization = forgeries(known)[name] ?? "";
    for (const query of ["{ secret }", "{ open }"]) {
      const reply = await send(gateway.origin, { name, headers: { authorization }, body: gql(query) });
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.text)).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
      expect(reply.text).not.toMatch(LEAKS);
      expect(reply.text).not.toContain("data");
    }
    expect([files.asked.length, elsewhere.asked.length]).toEqual([0, 0]);
    expect(gateway.log.filter(({ level, msg }) => Number(level) >= 50 || msg === "forged")).toEqual([]);
    // Short ones hold nothing of a token, and may stand in any text.
    const end = authorization.length > 40 ? authorization.slice(-30) : authorization.padEnd(40, ".");
    expect(JSON.stringify(gateway.log)).not.toContain(end);
  });
});

describe("a client's own headers", () => {
  test.each<[string, Record<string, string>]>([
    ["an identity", { "gateway-identity": "e30.eyJzdWIiOiJraW5nIn0.x" }],
    ["a signature", { signature: "gateway=:AAAA:", "signature-input": 'gateway=("@method");keyid="k"' }],
    ["a digest", { "content-digest": "sha-256=:AAAA:" }],
    ["claims of a proxy", { "x-user": "king", "x-roles": "clerk", "x-forwarded-user": "king" }],
    ["claims by other names", { sub: "king", roles: "clerk", scope: "read", "x-scopes": "read" }],
    ["a cookie", { cookie: "token=king; role=clerk" }],
  ])("%s neither counts nor reaches a subgraph", async (_name, headers) => {
    const { data, errors } = await gateway.ask("{ open secret }", {}, headers);
    expect(data).toEqual({ open: "open", secret: null });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["FORBIDDEN"]);
    // The front asks anew; what it was sent is what the gateway says.
    expect(seen).toHaveLength(1);
    const [sent = {}] = seen;
    for (const [name, value] of Object.entries(headers)) expect(sent[name]).not.toBe(value);
    const identity = decodeJwt(String(sent["gateway-identity"]));
    expect([identity.sub, identity.iss, identity.aud, identity["roles"]]).toEqual([
      undefined,
      "gateway",
      "files",
      [],
    ]);
  });

  /** Headers that the gateway has sent. */
  const seen: Record<string, unknown>[] = [];
  let watched: TestServer;
  let kept: RunningGateway;
  beforeAll(async () => {
    watched = await startRaw((request, response) => {
      seen.push(request.headers);
      const body = '{"data":{"open":"open"}}';
      const requestSignature = String(request.headers["signature"]);
      const headers = signAnswer({ status: 200, body, requestSignature }, KEY.signing, now());
      response.writeHead(200, { "content-type": "application/json", ...headers }).end(body);
    });
    kept = gateway;
    gateway = await start({ files: watched.url, other: other.url });
  });
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    gateway = kept;
    await watched.close();
  });
});

describe("answers of somebody else", () => {
  let older: ReturnType<Front["reply"]> | undefined;
  const STOLEN = '{"data":{"open":"stolen"}}';
  test.each<[string, Front["reply"]]>([
    ["unsigned", UNSIGNED],
    ["signed by a stranger", signedBy(makeAnswerKey("stranger"))],
    ["signed by a stranger under the service's name", signedBy(makeAnswerKey("files"))],
    ["signed by another service of the graph", signedBy(OTHERS)],
    ["of an earlier request", (answer, signature) => (older ??= signedBy(KEY)(answer, signature))],
    ["with another body", (answer, signature) => ({ ...signedBy(KEY)(answer, signature), body: STOLEN })],
    [
      "with another body and its digest",
      (answer, signature) => {
        const stolen = signedBy(makeAnswerKey("files"))({ ...answer, body: STOLEN }, signature);
        const { headers } = signedBy(KEY)(answer, signature);
        return {
          ...stolen,
          headers: { ...headers, "content-digest": stolen.headers["content-digest"] ?? "" },
        };
      },
    ],
    [
      "signed for another status",
      (answer, signature) => {
        const { headers } = signedBy(KEY)({ ...answer, status: 500 }, signature);
        return { ...answer, headers };
      },
    ],
    [
      "signed an hour ago",
      ({ status, body }, requestSignature) => ({
        status,
        body,
        headers: { ...signAnswer({ status, body, requestSignature }, KEY.signing, now() - 3600) },
      }),
    ],
    [
      "signed tomorrow",
      ({ status, body }, requestSignature) => ({
        status,
        body,
        headers: { ...signAnswer({ status, body, requestSignature }, KEY.signing, now() + 86_400) },
      }),
    ],
    [
      "signed over the digest alone",
      (answer, signature) => {
        const { headers } = signedBy(KEY)(answer, signature);
        const input = String(headers["signature-input"]).replace(/\([^)]*\)/, '("content-digest")');
        return { ...answer, headers: { ...headers, "signature-input": input } };
      },
    ],
    [
      "with a signature that is none",
      (answer) => ({ ...answer, headers: { signature: "answer=:%%%:", "signature-input": "answer=(" } }),
    ],
    [
      "with a thousand signatures",
      (answer) => ({
        ...answer,
        headers: {
          signature: Array.from({ length: 100 }, (_, n) => `s${n}=:AAAA:`).join(", "),
          "signature-input": Array.from({ length: 100 }, (_, n) => `s${n}=("@status")`).join(", "),
        },
      }),
    ],
    [
      "a redirect, signed",
      (answer, signature) => {
        const moved = signedBy(KEY)({ ...answer, status: 307 }, signature);
        return { ...moved, headers: { ...moved.headers, location: elsewhere.url } };
      },
    ],
  ])("%s", async (name, reply) => {
    front.reply = reply;
    // An earlier request there must have been.
    if (name === "of an earlier request") await gateway.ask("{ open }");
    const answer = await gateway.ask("{ open }");
    expect(answer.data).toEqual({ open: null });
    const [error] = answer.errors;
    expect(error?.extensions["code"]).toMatch(/^SUBGRAPH_(SIGNATURE_(MISSING|INVALID)|HTTP_ERROR)$/);
    expect(error?.message).not.toMatch(LEAKS);
    expect(JSON.stringify(answer)).not.toContain("stolen");
    expect(elsewhere.asked).toEqual([]);
    front.reply = signedBy(KEY);
    expect((await gateway.ask("{ open }")).data).toEqual({ open: "open" });
  });
});

describe("addresses of nobody's service", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://224.0.0.1/",
  ])("%s is not asked", async (url) => {
    const led = await start({ files: url, other: other.url });
    onTestFinished(() => led.close());
    const { data, errors } = await led.ask("{ open }");
    expect(data).toEqual({ open: null });
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["SUBGRAPH_UNREACHABLE"]);
    expect(JSON.stringify(errors)).not.toContain(new URL(url).hostname);
    // The operator learns why.
    expect(JSON.stringify(led.log)).toContain("no service may be at its address");
  });

  test.each([301, 302, 303, 307, 308])("a redirect by %i leads nowhere", async (status) => {
    const leading = await startRaw((_request, response) => {
      response.writeHead(status, { location: elsewhere.url }).end();
    });
    onTestFinished(() => leading.close());
    const led = await start({ files: front.url, other: leading.url });
    onTestFinished(() => led.close());
    const reply = await send(led.origin, { name: "redirect", body: gql("{ other }") });
    expect(isRefusal(reply)).toBe(true);
    expect(reply.text).not.toContain("stolen");
    expect(reply.text).not.toMatch(LEAKS);
    expect(elsewhere.asked).toEqual([]);
  });
});

/** Seconds since 1970. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Any key and token: only the names of what is made of them count. */
function placeholder(): Omit<Known, "elsewhere"> {
  const { privateJwk, signing } = KEY;
  return { key: privateJwk, token: "e30.e30.AAAA", issuer: signing.key };
}
