/**
 * A subgraph that answers its gateway only: what it takes for the gateway's request, and what it says of others.
 */
import { createServer } from "node:http";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { parse } from "graphql";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ANONYMOUS } from "../../../gateway/trust/caller.ts";
import { identityTokens } from "../../../gateway/trust/identity-token.ts";
import { signedHeaders, signingBy } from "../../../gateway/trust/signer.ts";
import { newSigningKey, privateKeyOf, publicSigningKeys } from "../../../gateway/trust/signing-keys.ts";
import type { Access } from "../../../subgraphs/kit/access.ts";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { type SubgraphServer, serveSubgraph } from "../../../subgraphs/kit/server.ts";
import { type SignedRequest, startSigning, type TestSigning } from "../../setup/signing.ts";

const typeDefs = parse(
  "type Query { who: String } type Mutation { change: String } type Subscription { told: String }",
);
const QUERY = JSON.stringify({ query: "{ who }" });
const AUDIENCE = "stock/N1";
const NOT_ITS = "the signature is not of this message by the key that it names";

let gateway: TestSigning;
let stranger: TestSigning;
let server: SubgraphServer;
let changes = 0;
let logged: Record<string, unknown>[] = [];
const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });

beforeAll(async () => {
  gateway = await startSigning();
  stranger = await startSigning();
  server = await serve({ gatewayKeys: gateway.file, service: "center" });
});
beforeEach(() => {
  logged = [];
});
afterAll(async () => {
  await server.close();
  await gateway.close();
  await stranger.close();
});

describe("the gateway", () => {
  test("is answered, and what it says of who asks reaches the resolvers", async () => {
    const caller = {
      subject: "s-1",
      client: "desk",
      organisation: "N1",
      roles: new Set(["clerk"]),
      scopes: new Set(["a", "b"]),
    };
    expect(await ask({ caller, purpose: "support" })).toEqual({
      isAuthenticated: true,
      ...caller,
      roles: ["clerk"],
      scopes: ["a", "b"],
      purpose: "support",
      seesEverything: false,
    });
    expect(logged).toEqual([]);
  });

  test("asks for nobody known, too", async () => {
    expect(await ask()).toEqual({ isAuthenticated: false, roles: [], scopes: [], seesEverything: false });
  });

  test("asks by the service's name, or the member's at the path", async () => {
    expect(await ask({ audience: "center" })).toBeDefined();
    expect(await ask({ audience: "other/N1" })).toBeDefined();
  });

  test("asks by GET, with the query signed", async () => {
    const target = `/N1/graphql?query=${encodeURIComponent("{ who }")}`;
    const response = await send({ method: "GET", target, body: undefined }, { method: "GET", body: null });
    expect(response.status).toBe(200);
  });

  test("subscribes, and each event knows who asks", async () => {
    const body = JSON.stringify({ query: "subscription { told }" });
    const caller = { subject: "s-1" };
    const response = await send({ body, caller }, { body, headers: { accept: "text/event-stream" } });
    expect(await response.text()).toContain('data: {"data":{"told":"s-1"}}');
  });

  test("sends its body in pieces", async () => {
    const pieces = new ReadableStream({
      start(controller) {
        for (const piece of QUERY) controller.enqueue(Buffer.from(piece));
        controller.close();
      },
    });
    const response = await send({}, { body: pieces, duplex: "half" } as RequestInit);
    expect(response.status).toBe(200);
  });

  test("may have a clock that is up to 30 seconds ahead, or a minute behind", async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await ask({ now: now + 25 })).toBeDefined();
    expect(await ask({ now: now - 45 })).toBeDefined();
  });
});

describe("whoever else asks is refused, and learns nothing of why", () => {
  test.each<[string, string, SignedRequest | undefined, RequestInit?]>([
    ["without a signature", "there is no signature", undefined],
    ["for another service", 'the identity token is for "tax"', { audience: "tax" }],
    ["for another member", 'the identity token is for "stock/N2"', { audience: "stock/N2" }],
    ["for another path", NOT_ITS, { audience: AUDIENCE, target: "/N2/graphql" }],
    ["by another method", NOT_ITS, { audience: AUDIENCE, method: "GET" }, {}],
    ["with another body", "the body is not the one that was signed", { audience: AUDIENCE, body: "{}" }],
    [
      "too late",
      "the signature has expired",
      { audience: AUDIENCE, now: Math.floor(Date.now() / 1000) - 3_600 },
    ],
    [
      "too early",
      "the signature is of the future",
      { audience: AUDIENCE, now: Math.floor(Date.now() / 1000) + 3_600 },
    ],
    [
      "with a query that was not signed",
      'the signature does not cover "@query"',
      { audience: AUDIENCE, target: "/N1/graphql" },
      { method: "GET", body: null },
    ],
  ])("%s", async (_how, reason, request, init = {}) => {
    const isGet = init.method === "GET";
    const url = `${server.url}/N1/graphql${isGet ? "?query={who}" : ""}`;
    const signed = isGet ? { ...request!, method: "GET" as const, body: undefined } : request;
    const headers =
      signed === undefined ? {} : gateway.headers({ target: "/N1/graphql", body: QUERY, ...signed });
    const response = await fetch(url, {
      method: "POST",
      body: QUERY,
      ...init,
      headers: { "content-type": "application/json", ...headers },
    });
    await expectRefused(response);
    expect(reasons()).toEqual([reason]);
  });

  test("by another key", async () => {
    const headers = stranger.headers({ audience: AUDIENCE, target: "/N1/graphql", body: QUERY });
    await expectRefused(await sendWith(headers));
    expect(reasons()).toEqual([`the key "${stranger.keys[0].kid}" is none of the gateway's`]);
  });

  test("by another key under the gateway's name", async () => {
    const [own] = stranger.keys;
    const pretender = await startSigning([{ ...own, kid: gateway.keys[0].kid }]);
    onTestFinished(() => pretender.close());
    await expectRefused(
      await sendWith(pretender.headers({ audience: AUDIENCE, target: "/N1/graphql", body: QUERY })),
    );
    expect(reasons()).toEqual([NOT_ITS]);
  });

  test("what the gateway has sent before", async () => {
    const headers = gateway.headers({ audience: AUDIENCE, target: "/N1/graphql", body: QUERY });
    expect((await sendWith(headers)).status).toBe(200);
    await expectRefused(await sendWith(headers));
    expect(reasons()).toEqual(["the request was sent before"]);
  });

  test("with another token than the one that was signed", async () => {
    const one = gateway.headers({ audience: AUDIENCE, target: "/N1/graphql", body: QUERY });
    const other = gateway.headers({
      audience: AUDIENCE,
      target: "/N1/graphql",
      body: QUERY,
      caller: { subject: "s-2" },
    });
    await expectRefused(await sendWith({ ...one, "gateway-identity": other["gateway-identity"]! }));
    expect(reasons()).toEqual([NOT_ITS]);
  });

  test.each([
    ["of an hour ago", -3_600, '"exp" claim timestamp check failed'],
    ["of the future", 3_600, '"iat" claim timestamp check failed (it should be in the past)'],
  ])("with a token %s, signed now", async (_when, offset, why) => {
    const now = Math.floor(Date.now() / 1000);
    const [key] = gateway.keys;
    const tokens = identityTokens("north", key.kid, privateKeyOf(key));
    const wish = { caller: ANONYMOUS, purpose: undefined, audience: AUDIENCE };
    const token = tokens(wish, now + offset);
    const target = "/N1/graphql";
    // A signing whose token is the one of another time.
    const signing = { ...signingBy("north", gateway.keys), tokens: () => token };
    await expectRefused(
      await sendWith(signedHeaders(signing, wish, { method: "POST", target, body: QUERY }, now)),
    );
    expect(reasons()).toEqual([`the identity token does not count: ${why}`]);
  });

  test("where no digest is signed", async () => {
    const { "content-digest": _none, ...headers } = gateway.headers({
      audience: AUDIENCE,
      target: "/N1/graphql",
      body: undefined,
    });
    await expectRefused(await sendWith(headers));
    expect(reasons()).toEqual(['the signature does not cover "content-digest"']);
  });

  test("before anything is executed", async () => {
    const body = JSON.stringify({ query: "mutation { change }" });
    const headers = gateway.headers({ audience: AUDIENCE, target: "/N1/graphql", body: QUERY });
    await expectRefused(await sendWith(headers, body));
    expect(changes).toBe(0);
  });

  test("in Vietnamese, too", async () => {
    const response = await sendWith({ "accept-language": "vi" });
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toMatch(/^dịch vụ này chỉ trả lời cổng liên thông/);
  });

  test("for an event stream", async () => {
    const body = JSON.stringify({ query: "subscription { told }" });
    const response = await sendWith({ accept: "text/event-stream" }, body);
    expect(response.headers.get("content-type")).toMatch("application/json");
    await expectRefused(response);
  });
});

test.each(["/health/live", "/health/ready", "/metrics"])("%s stays open", async (path) => {
  expect((await fetch(server.url + path)).status).toBe(200);
});

test("--no-authorization answers whoever comes, shows every row, and says so", async () => {
  const open = await serve({ authorization: false });
  onTestFinished(() => open.close());
  const response = await fetch(`${open.url}/N1/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: QUERY,
  });
  const { data } = (await response.json()) as { data: { who: string } };
  expect(JSON.parse(data.who)).toMatchObject({ isAuthenticated: false, seesEverything: true });
  expect(logged).toContainEqual(
    expect.objectContaining({ level: 40, msg: expect.stringMatching("sees every row") }),
  );
});

describe("the gateway's keys", () => {
  test("are read anew when a request names one that is not known", async () => {
    const signing = await startSigning();
    onTestFinished(() => signing.close());
    const rotating = await serve({ gatewayKeys: signing.file, service: "center" });
    onTestFinished(() => rotating.close());
    const fresh = await startSigning([await newSigningKey(), ...signing.keys]);
    onTestFinished(() => fresh.close());
    const url = `${rotating.url}/N1/graphql`;
    expect((await signing.ask(url, "{ who }", { audience: AUDIENCE })).status).toBe(200);
    await writeFile(signing.file, JSON.stringify(publicSigningKeys(fresh.keys)));
    await expect.poll(async () => (await fresh.ask(url, "{ who }", { audience: AUDIENCE })).status).toBe(200);
    // Both count while both are published.
    expect((await signing.ask(url, "{ who }", { audience: AUDIENCE })).status).toBe(200);
  });

  test("are fetched from its address, once for many requests, and not for every stranger's", async () => {
    let asked = 0;
    const address = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify(publicSigningKeys(gateway.keys)));
    });
    await once(address.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void address.close());
    const { port } = address.address() as AddressInfo;
    const fetching = await serve({ gatewayKeys: `http://127.0.0.1:${port}/keys`, service: "center" });
    onTestFinished(() => fetching.close());
    const url = `${fetching.url}/N1/graphql`;
    const all = await Promise.all(
      [1, 2, 3, 4, 5].map(() => gateway.ask(url, "{ who }", { audience: AUDIENCE })),
    );
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    // All at once: strangers a second apart do make it ask again.
    await Promise.all([1, 2, 3, 4, 5].map(() => stranger.ask(url, "{ who }", { audience: AUDIENCE })));
    expect(asked).toBeLessThan(4);
  });

  test("that cannot be had leave nobody answered", async () => {
    const waiting = await serve({ gatewayKeys: "http://127.0.0.1:1/keys", service: "center" });
    onTestFinished(() => waiting.close());
    const { status, errors } = await gateway.ask(`${waiting.url}/N1/graphql`, "{ who }", {
      audience: AUDIENCE,
    });
    expect(status).toBe(503);
    expect(errors).toMatchObject([{ extensions: { code: "GATEWAY_KEYS_UNREACHABLE" } }]);
  });

  test.each([
    ["not there", undefined, /^--gateway-keys .*ENOENT/],
    ["not JSON", "keys", /not valid JSON/],
    ["of another kind", '{"keys":[{"kty":"RSA","kid":"k"}]}', /there is no Ed25519 key with a kid in it/],
  ])("in a file that is %s keep the server from starting", async (_how, text, fault) => {
    const file = text === undefined ? `${gateway.file}.missing` : `${gateway.file}.faulty`;
    if (text !== undefined) await writeFile(file, text);
    await expect(serve({ gatewayKeys: file, service: "center" })).rejects.toThrow(fault);
  });
});

function serve(access: Access): Promise<SubgraphServer> {
  return serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/:member/graphql",
    log,
    access,
    isMember: (key, { params }) => key === (params as { member: string }).member,
    schema: buildServedSchema([
      {
        typeDefs,
        rows: {
          types: {},
          fields: { "Query.who": "public", "Mutation.change": "public", "Subscription.told": "public" },
        },
        resolvers: {
          Query: {
            who: (_: unknown, __: unknown, context: { identity: Identity }) => told(context.identity),
          },
          Mutation: { change: () => String((changes += 1)) },
          Subscription: {
            told: {
              subscribe: async function* () {
                yield {};
              },
              resolve: (_: unknown, __: unknown, { identity }: { identity: Identity }) => identity.subject,
            },
          },
        },
      },
    ]),
    context: () => ({}),
    ready: async () => undefined,
  });
}

function told({ roles, scopes, ...identity }: Identity): string {
  return JSON.stringify({ ...identity, roles: [...roles], scopes: [...scopes] });
}

async function ask(request: Partial<SignedRequest> = {}): Promise<unknown> {
  const response = await send(request, {});
  const { data } = (await response.json()) as { data: { who: string } };
  return JSON.parse(data.who);
}

function send(request: Partial<SignedRequest>, init: RequestInit): Promise<Response> {
  const target = request.target ?? "/N1/graphql";
  const headers = gateway.headers({ audience: AUDIENCE, body: QUERY, ...request, target });
  return fetch(server.url + target, {
    method: "POST",
    body: QUERY,
    ...init,
    headers: { "content-type": "application/json", ...headers, ...(init.headers as Record<string, string>) },
  });
}

function sendWith(headers: Record<string, string>, body = QUERY): Promise<Response> {
  return fetch(`${server.url}/N1/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

async function expectRefused(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe("Signature");
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message:
          "this service answers its gateway only: ask there; its log says why this request is not the gateway's",
        extensions: { code: "NOT_FROM_GATEWAY" },
      },
    ],
  });
}

function reasons(): unknown[] {
  return logged.filter(({ level }) => level === 40).map(({ reason }) => reason);
}
