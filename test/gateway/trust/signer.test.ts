/**
 * What a subgraph can verify of its gateway's requests, at a server that writes down what came.
 */
import { createPublicKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { createLocalJWKSet, jwtVerify } from "jose";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openContext } from "../../../gateway/context.ts";
import { ANONYMOUS } from "../../../gateway/trust/caller.ts";
import { createSigner } from "../../../gateway/trust/signer.ts";
import {
  newSigningKey,
  publicSigningKeys,
  type SigningKeys,
  writeSigningKeys,
} from "../../../gateway/trust/signing-keys.ts";
import { isDigestOf } from "../../../process/content-digest.ts";
import { component } from "../../../process/http-components.ts";
import { readSignature, signatureFault } from "../../../process/http-signature.ts";
import { subscribeBy } from "../clients.ts";
import { type Protocol, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startIssuer, type TestIssuer } from "./tokens.ts";

interface Came {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
  type Query { hello: String }
  type Subscription { told: String }`;

let directory: string;
let keyFile: string;
let keys: SigningKeys;
let login: TestIssuer;
const came: Came[] = [];
const subgraph = createServer((request, response) => void answer(request, response));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "signer-"));
  keyFile = join(directory, "gateway.key");
  keys = [await newSigningKey()];
  await writeSigningKeys(keyFile, keys);
  login = await startIssuer();
  await new Promise<void>((resolve) => void subgraph.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  subgraph.closeAllConnections();
  subgraph.close();
  await login.close();
  await rm(directory, { recursive: true });
});

describe("a request to a subgraph", () => {
  test("says who asks and for what, and is signed with what it says", async () => {
    await using gateway = await startSigning();
    const token = await login.token({ azp: "desk", organisation: "N1", roles: ["clerk"], scope: "a b" });
    await gateway.ask("{ hello }", {}, { authorization: `Bearer ${token}`, "x-purpose": "support" });
    const last = came.at(-1)!;
    const { payload, protectedHeader } = await verifiedIdentity(last.headers, "stock");
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: "gateway-identity+jwt", kid: keys[0].kid });
    expect(payload).toEqual({
      iss: "north",
      aud: "stock",
      iat: expect.any(Number),
      exp: payload.iat! + 60,
      sub: "s-1",
      client: "desk",
      organisation: "N1",
      roles: ["clerk"],
      scopes: ["a", "b"],
      purpose: "support",
    });
    expect(last.headers).not.toHaveProperty("authorization");
    expect(isDigestOf(last.headers["content-digest"] as string, last.body)).toBe(true);
    expect(faultOf(last, ['"content-digest"', '"@query"'])).toBeUndefined();
    expect(last.target).toBe("/graphql?tenant=1");
  });

  test("of nobody known names no subject", async () => {
    await using gateway = await startSigning();
    await gateway.ask("{ hello }");
    const { payload } = await verifiedIdentity(came.at(-1)!.headers, "stock");
    expect(payload).toEqual({
      iss: "north",
      aud: "stock",
      iat: payload.iat,
      exp: payload.exp,
      roles: [],
      scopes: [],
    });
  });

  test("is signed where the page of services makes it, too", async () => {
    await using gateway = await startSigning({ overview: "/agencies" });
    const before = came.length;
    const authorization = `Bearer ${await login.token()}`;
    await fetch(`${gateway.origin}/agencies/now.json`, { headers: { authorization } });
    await expect.poll(() => came.length).toBeGreaterThan(before);
    expect(faultOf(came.at(-1)!, ['"content-digest"'])).toBeUndefined();
  });

  test("is not signed without a key, and has the client's token as it came", async () => {
    await using gateway = await startOn({ issuers: [{ issuer: login.issuer, audience: "graph" }] });
    const authorization = `Bearer ${await login.token()}`;
    await gateway.ask("{ hello }", {}, { authorization });
    const { headers } = came.at(-1)!;
    expect(headers.authorization).toBe(authorization);
    expect(headers).not.toHaveProperty("signature");
    expect(headers).not.toHaveProperty("gateway-identity");
  });
});

test.each(["sse", "websocket"] satisfies Protocol[])("a subscription by %s is signed", async (protocol) => {
  const feed = await startFeed(SDL, ["told"], {}, [protocol]);
  try {
    await using gateway = await startSigning({}, feed.url);
    const authorization = `Bearer ${await login.token()}`;
    const heard = subscribeBy.sse(gateway.url, "subscription { told }", {}, { authorization });
    await expect.poll(() => feed.opened).toHaveLength(1);
    const { headers } = feed.opened[0]!;
    expect((await verifiedIdentity(headers, "stock")).payload.sub).toBe("s-1");
    expect(headers).not.toHaveProperty("authorization");
    const isHandshake = protocol === "websocket";
    const method = isHandshake ? "GET" : "POST";
    const request = { method, target: "/graphql", headers, body: "" };
    expect(faultOf(request, isHandshake ? [] : ['"content-digest"'])).toBeUndefined();
    heard.leave();
  } finally {
    await feed.close();
  }
});

describe("the signing key", () => {
  test("is rotated by changing the file, and both are published", async () => {
    await using gateway = await startSigning();
    const [old] = keys;
    const fresh = await newSigningKey();
    try {
      await writeSigningKeys(keyFile, [fresh, old]);
      const signedWith = async () => {
        await gateway.ask("{ hello }");
        return keyIdOf(came.at(-1)!.headers);
      };
      await expect.poll(signedWith).toBe(fresh.kid);
      const published = await fetch(`${gateway.origin}/.well-known/gateway-keys.json`);
      expect(published.headers.get("content-type")).toMatch("application/jwk-set+json");
      expect(await published.json()).toEqual({
        keys: [fresh, old].map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: "EdDSA", use: "sig" })),
      });
    } finally {
      await writeSigningKeys(keyFile, [old]);
    }
  });

  test("stays what it was when the file is faulty", async () => {
    await using gateway = await startSigning();
    try {
      await writeFile(keyFile, "{}");
      await expect
        .poll(() => gateway.log.map(({ msg }) => msg))
        .toContain("signing keys are faulty; those of before stay");
      await gateway.ask("{ hello }");
      expect(keyIdOf(came.at(-1)!.headers)).toBe(keys[0].kid);
    } finally {
      await writeSigningKeys(keyFile, keys);
    }
  });
});

test("a member is named in the audience of what it is asked", async () => {
  const signer = await createSigner({ name: "north", keyFile }, pino({ level: "silent" }));
  const context = openContext("r-1", {});
  const member = { key: "N1", aliases: [], subgraphs: ["stock"] };
  const request = { service: "stock", member, context, query: "", variables: {} };
  const headers = signer.headersFor(request, { method: "POST", target: "/graphql", body: "{}" });
  signer.close();
  expect(context.caller).toBe(ANONYMOUS);
  await verifiedIdentity(headers, "stock/N1");
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url: target = "", headers } = request;
  came.push({ method, target, headers, body: await text(request) });
  response.setHeader("content-type", "application/json").end('{"data":{"hello":"you","__typename":"Query"}}');
}

function startSigning(settings: object = {}, url?: string) {
  const issuers = [{ issuer: login.issuer, audience: "graph" }];
  return startOn({ issuers, signing: { name: "north", keyFile } }, settings, url);
}

async function startOn(
  trust: object,
  settings: object = {},
  url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql?tenant=1`,
): Promise<RunningGateway & AsyncDisposable> {
  const { supergraphSdl } = composeServices([{ name: "stock", url, typeDefs: parse(SDL) }]);
  const file = join(directory, "trust.json");
  await writeFile(file, JSON.stringify(trust));
  const gateway = await startGateway(supergraphSdl!, [], { trust: file, ...settings });
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.close() };
}

function verifiedIdentity(headers: Readonly<Record<string, unknown>>, audience: string) {
  const set = createLocalJWKSet(publicSigningKeys(keys));
  return jwtVerify(headers["gateway-identity"] as string, set, { audience, issuer: "north" });
}

/** Why the request's signature does not count. */
function faultOf({ method, target, headers }: Came, more: readonly string[]): string | undefined {
  const signature = readSignature(headers, "gateway");
  if ("fault" in signature) return signature.fault;
  const { kid: _kid, d: _private, ...jwk } = keys[0];
  return signatureFault({ method, target, headers }, signature, {
    components: ['"@method"', '"@path"', '"gateway-identity"', ...more].map(component),
    key: createPublicKey({ key: jwk, format: "jwk" }),
    now: Math.floor(Date.now() / 1000),
    lifetime: 5,
    tolerance: 1,
  });
}

function keyIdOf(headers: IncomingHttpHeaders): string | undefined {
  const signature = readSignature(headers, "gateway");
  return "fault" in signature ? undefined : signature.keyId;
}
