/**
 * Tokens at the gateway's door: over HTTP, server-sent events and WebSocket.
 */
import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { exportJWK, SignJWT } from "jose";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createAuthenticate } from "../../../gateway/trust/authenticate.ts";
import { readTrust, type TrustSettings } from "../../../gateway/trust/settings.ts";
import { lastErrors, subscribeBy } from "../clients.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { encoded, startIssuer, type TestIssuer } from "./tokens.ts";

const NO_VARIANTS: ReadonlyMap<string, string> = new Map();
const silent = pino({ level: "silent" });

let login: TestIssuer;
beforeAll(async () => {
  login = await startIssuer();
});
afterAll(() => login.close());

function settingsOf(issuer: TestIssuer, more: object = {}, own: object = {}): TrustSettings {
  const { issuer: name } = issuer;
  return readTrust(JSON.stringify({ issuers: [{ issuer: name, audience: "graph", ...own }], ...more }), "t");
}

async function door(issuer: TestIssuer, more: object = {}, own: object = {}) {
  const authenticate = await createAuthenticate(settingsOf(issuer, more, own), NO_VARIANTS, silent);
  return (token?: string) =>
    authenticate(token === undefined ? {} : { authorization: `Bearer ${token}` }, "/graphql");
}

describe("a token that counts", () => {
  test("says who asks, in whatever claims the issuer uses", async () => {
    const claims = { organisation: "unit.code", roles: "realm_access.roles", client: "client" };
    const policies = { inside: { "unit.code": ["N1", "N2"] }, outside: { "unit.code": ["X"] } };
    const roles = { clerk: ["orders:read", "orders:write"] };
    const enter = await door(login, { policies, roles }, { claims });
    const { caller } = await enter(
      await login.token({
        client: "desk",
        unit: { code: "N1" },
        realm_access: { roles: ["clerk"] },
        scope: "a b",
      }),
    );
    expect(caller).toMatchObject({
      isAuthenticated: true,
      subject: "s-1",
      client: "desk",
      organisation: "N1",
      roles: new Set(["clerk"]),
      scopes: new Set(["a", "b", "orders:read", "orders:write"]),
      policies: new Set(["inside"]),
    });
  });

  test("has no scopes by a role that is named as a part of every object", async () => {
    const enter = await door(login, { roles: {} });
    const { caller } = await enter(await login.token({ roles: ["constructor", "__proto__"] }));
    expect(caller?.scopes).toEqual(new Set());
  });

  test.each(["EdDSA", "RS256", "PS256", "ES384"])(
    "may be signed by %s, where that is allowed",
    async (algorithm) => {
      const issuer = await startIssuer(algorithm);
      const enter = await door(issuer, {}, { algorithms: [algorithm] });
      expect((await enter(await issuer.token())).caller?.subject).toBe("s-1");
      await issuer.close();
    },
  );

  test("may be of any of several issuers", async () => {
    const other = await startIssuer("EdDSA");
    const issuers = [login, other].map(({ issuer, jwks }) => ({
      issuer,
      jwks,
      audience: ["graph", "other"],
    }));
    const authenticate = await createAuthenticate(
      readTrust(JSON.stringify({ issuers }), "t"),
      NO_VARIANTS,
      silent,
    );
    for (const issuer of [login, other]) {
      const token = await issuer.token({ sub: issuer.issuer });
      const { caller } = await authenticate({ authorization: `bearer ${token}` }, "/graphql");
      expect(caller?.subject).toBe(issuer.issuer);
    }
    // A token that names the one and is signed by the other is of neither.
    const { refusal } = await authenticate(
      {
        authorization: `Bearer ${await other.token({ iss: login.issuer })}`,
      },
      "/graphql",
    );
    expect(refusal?.code).toBe("UNAUTHENTICATED");
    expect(other.asked.every((path) => path === "/keys")).toBe(true);
    await other.close();
  });

  test("counts a little longer than it says, as clocks differ", async () => {
    const now = Math.floor(Date.now() / 1000);
    const enter = await door(login, { clockTolerance: 30 });
    expect((await enter(await login.token({ exp: now - 20 }))).caller).toBeDefined();
    expect((await enter(await login.token({ nbf: now + 20 }))).caller).toBeDefined();
    expect((await enter(await login.token({ exp: now - 40 }))).refusal?.reason).toBe("the token has expired");
    expect((await enter(await login.token({ nbf: now + 40 }))).refusal?.reason).toBe(
      "the token does not count yet",
    );
  });

  test("counts no longer once it has expired, though it was verified before", async () => {
    const enter = await door(login, { clockTolerance: 0 });
    const token = await login.token();
    expect((await enter(token)).caller).toBeDefined();
    vi.useFakeTimers({ now: Date.now() + 601_000, toFake: ["Date"] });
    try {
      expect((await enter(token)).refusal?.reason).toBe("the token has expired");
    } finally {
      vi.useRealTimers();
    }
  });
});

const reasonOf = async (token: string, own: object = {}) =>
  (await (await door(login, {}, own))(token)).refusal;

const part = (token: string, index: number) => token.split(".")[index] ?? "";

describe("who shows no token", () => {
  test("is answered where a variant is for everybody, and nowhere else", async () => {
    const settings = settingsOf(login, { anonymous: ["public"] });
    const authenticate = await createAuthenticate(settings, new Map([["public", "/open"]]), silent);
    expect((await authenticate({}, "/open")).caller?.isAuthenticated).toBe(false);
    expect((await authenticate({}, "/graphql")).refusal).toEqual({ code: "UNAUTHENTICATED" });
    const { refusal } = await authenticate({ authorization: "Bearer a.b.c" }, "/open");
    expect(refusal?.reason).toBe("the token is malformed");
  });

  test("a variant that is not served is a fault at the start", async () => {
    await expect(
      createAuthenticate(settingsOf(login, { anonymous: ["public"] }), NO_VARIANTS, silent),
    ).rejects.toThrow('names "public", which is not a variant');
  });
});

describe("a token that does not count", () => {
  test.each([
    ["another audience", { aud: "elsewhere" }, `the token's "aud" is not as it must be`],
    ["no audience", { aud: undefined }, `the token's "aud" is not as it must be`],
    ["an unknown issuer", { iss: "http://127.0.0.1:1" }, "the token's issuer is not known"],
    ["no issuer", { iss: undefined }, "the token's issuer is not known"],
    ["no end", { exp: undefined }, `the token's "exp" is not as it must be`],
    ["no subject", { sub: undefined }, "the token names no subject"],
    ["a subject that is no text", { sub: { $ne: null } }, `the token's "sub" is not as it must be`],
  ])("has %s", async (_what, claims, reason) => {
    const refusal = await reasonOf(await login.token(claims));
    expect(refusal?.code).toBe("UNAUTHENTICATED");
    expect([reason, "the token names no subject"]).toContain(refusal?.reason);
  });

  test("is signed by nobody", async () => {
    const token = await login.token();
    for (const alg of ["none", "None", "NONE"]) {
      const forged = `${encoded({ alg, typ: "JWT" })}.${part(token, 1)}.`;
      expect((await reasonOf(forged))?.code).toBe("UNAUTHENTICATED");
    }
  });

  test("is signed by the public key taken as a secret", async () => {
    const { keys } = (await (await fetch(login.jwks)).json()) as { keys: object[] };
    const token = await login.token();
    const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${part(token, 1)}`;
    const mac = createHmac("sha256", JSON.stringify(keys[0])).update(signed).digest("base64url");
    expect((await reasonOf(`${signed}.${mac}`))?.reason).toBe("the token's algorithm is not allowed");
  });

  test("has other claims than were signed", async () => {
    const token = await login.token();
    const claims = JSON.parse(Buffer.from(part(token, 1), "base64url").toString()) as object;
    const changed = `${part(token, 0)}.${encoded({ ...claims, sub: "another" })}.${part(token, 2)}`;
    expect((await reasonOf(changed))?.reason).toBe("the token's signature is not valid");
  });

  test("brings its own key, or says where it is", async () => {
    const evil = await startIssuer();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwk = await exportJWK(publicKey);
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ iss: login.issuer, aud: "graph", sub: "x", exp: now + 60 })
      .setProtectedHeader({ alg: "ES256", kid: "key-1", jwk, jku: evil.jwks })
      .sign(privateKey);
    expect((await reasonOf(token))?.code).toBe("UNAUTHENTICATED");
    expect(evil.asked).toEqual([]);
    await evil.close();
  });

  test("is of an algorithm that is not allowed here", async () => {
    expect((await reasonOf(await login.token(), { algorithms: ["EdDSA"] }))?.reason).toBe(
      "the token's algorithm is not allowed",
    );
  });

  test("is a token for another use", async () => {
    expect((await reasonOf(await login.token({}, { typ: "logout+jwt" })))?.reason).toBe(
      "the token is no access token",
    );
  });

  test.each([
    ["a"],
    ["a.b.c"],
    ["..."],
    ["x".repeat(9_000)],
    [`${encoded({ alg: "ES256" })}.${encoded([])}.AA`],
  ])("is malformed: %.20s", async (token) => {
    expect((await reasonOf(token))?.code).toBe("UNAUTHENTICATED");
  });

  test("is not sent as Bearer", async () => {
    const authenticate = await createAuthenticate(settingsOf(login), NO_VARIANTS, silent);
    for (const authorization of ["Basic YTpi", "Bearer", "Bearer a b", `Bearer\n${await login.token()}`, ""])
      expect((await authenticate({ authorization }, "/graphql")).refusal?.code).toBe("UNAUTHENTICATED");
  });
});

describe("an issuer's keys", () => {
  test("are fetched once, and found by discovery", async () => {
    const issuer = await startIssuer();
    const enter = await door(issuer);
    for (let count = 0; count < 3; count += 1) await enter(await issuer.token({ jti: `${count}` }));
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
    await issuer.close();
  });

  test("are fetched again when a token names a new one", async () => {
    const issuer = await startIssuer();
    const enter = await door(issuer);
    await enter(await issuer.token());
    const old = await issuer.token({ sub: "of the old key" });
    await issuer.rotate(true);
    // Unknown keys make it ask again, but not for every token that somebody makes up.
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
    try {
      expect((await enter(await issuer.token({ sub: "of the new key" }))).caller?.subject).toBe(
        "of the new key",
      );
      expect((await enter(old)).caller?.subject).toBe("of the old key");
      const asked = issuer.asked.length;
      for (const kid of ["made-up-1", "made-up-2"])
        expect((await enter(await issuer.token({}, { kid }))).refusal?.reason).toBe(
          "the token's signature is not valid",
        );
      expect(issuer.asked.length).toBe(asked);
    } finally {
      vi.useRealTimers();
    }
    await issuer.close();
  });

  test("that cannot be had are no fault of the client's, and are asked for again", async () => {
    const issuer = await startIssuer();
    issuer.answerWith(500);
    const enter = await door(issuer);
    const token = await issuer.token();
    expect((await enter(token)).refusal?.code).toBe("ISSUER_UNREACHABLE");
    issuer.answerWith(200);
    expect((await enter(token)).caller).toBeDefined();
    await issuer.close();
  });

  test("outlast an issuer that is away", async () => {
    const issuer = await startIssuer();
    const enter = await door(issuer);
    await enter(await issuer.token());
    issuer.answerWith(500);
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ["Date"] });
    try {
      expect((await enter(await issuer.token({ sub: "later" }))).caller?.subject).toBe("later");
    } finally {
      vi.useRealTimers();
    }
    await issuer.close();
  });

  test("are not taken from a document of another issuer", async () => {
    const issuer = await startIssuer();
    issuer.pretend("https://login.example");
    expect((await (await door(issuer))(await issuer.token())).refusal?.code).toBe("ISSUER_UNREACHABLE");
    await issuer.close();
  });
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const SDL = "type Query { hello: String } type Subscription { told: String }";
const { supergraphSdl = "" } = composeServices([{ name: "talk", typeDefs: parse(SDL) }]);

describe("at the gateway", () => {
  let talk: Feed;
  let directory: string;
  beforeAll(async () => {
    talk = await startFeed(SDL, ["told"], { Query: { hello: () => "you" } });
    directory = await mkdtemp(join(tmpdir(), "trust-"));
  });
  afterAll(async () => {
    await talk.close();
    await rm(directory, { recursive: true });
  });

  async function start(more: object = {}): Promise<RunningGateway> {
    const trust = join(directory, "trust.json");
    const issuers = [{ issuer: login.issuer, audience: "graph" }];
    await writeFile(trust, JSON.stringify({ issuers, ...more }));
    return startGateway(supergraphSdl, [], { url: new Map([["talk", talk.url]]), trust });
  }

  test("a request with a token, or without one, is answered; one with a bad token is not", async () => {
    const gateway = await start();
    expect((await gateway.ask("{ hello }")).data).toEqual({ hello: "you" });
    expect((await gateway.ask("{ hello }", {}, bearer(await login.token()))).data).toEqual({ hello: "you" });
    const { status, headers, data, errors } = await gateway.ask(
      "{ hello }",
      {},
      {
        ...bearer(await login.token({ aud: "x" })),
        "accept-language": "vi",
      },
    );
    expect([status, data, errors[0]?.extensions]).toEqual([401, undefined, { code: "UNAUTHENTICATED" }]);
    expect(errors[0]?.message).toMatch(/^Chưa xác định/);
    expect(headers.get("www-authenticate")).toBe(
      `Bearer realm="graph", error="invalid_token", error_description="the token's 'aud' is not as it must be"`,
    );
    await gateway.close();
  });

  test("nobody is answered without a token, where that is configured", async () => {
    const gateway = await start({ anonymous: false });
    const before = talk.asked.length;
    const { status, headers } = await gateway.ask("{ hello }");
    expect([status, headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="graph"']);
    const events = await fetch(gateway.url, {
      method: "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json" },
      body: JSON.stringify({ query: "subscription { told }" }),
    });
    expect([events.status, events.headers.get("content-type")]).toEqual([
      401,
      "application/json; charset=utf-8",
    ]);
    const socket = subscribeBy.websocket(gateway.url, "{ hello }");
    await expect.poll(() => socket.end).toMatchObject({ code: 4401 });
    expect(talk.asked.length).toBe(before);
    await gateway.close();
  });

  test("health is told to everybody", async () => {
    const gateway = await start({ anonymous: false });
    expect((await fetch(`${gateway.origin}/health/ready`)).status).toBe(200);
    await gateway.close();
  });

  test("a WebSocket is opened with the token of connection_init, and closed over a bad one", async () => {
    const gateway = await start({ anonymous: false });
    const good = subscribeBy.websocket(gateway.url, "{ hello }", {}, bearer(await login.token()));
    await expect.poll(() => good.end).toBe("complete");
    expect(good.answers).toEqual([{ data: { hello: "you" } }]);
    const bad = subscribeBy.websocket(gateway.url, "{ hello }", {}, bearer("a.b.c"));
    await expect.poll(() => bad.end).toMatchObject({ code: 4401, reason: "Unauthorized" });
    await gateway.close();
  });

  test.each(["websocket", "sse"] as const)(
    "a subscription by %s ends when its token expires",
    async (way) => {
      const gateway = await start({ clockTolerance: 0 });
      const exp = Math.floor(Date.now() / 1000) + 60;
      const authorization = bearer(await login.token({ exp }));
      // The clock stands still, just before the end, until something was heard. Vitest's own would go on at every poll.
      const clock = vi.spyOn(Date, "now").mockReturnValue(exp * 1000 - 200);
      try {
        const heard = subscribeBy[way](gateway.url, "subscription { told }", {}, authorization);
        await expect.poll(() => talk.open.size).toBe(1);
        talk.emit("told", "news");
        await expect.poll(() => heard.answers[0]).toEqual({ data: { told: "news" } });
        clock.mockReturnValue(exp * 1000);
        await expect.poll(() => heard.end).toBeDefined();
        expect(lastErrors(heard)).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
        await expect.poll(() => talk.open.size).toBe(0);
      } finally {
        clock.mockRestore();
      }
      await gateway.close();
    },
  );

  test("neither the log nor an answer tells a token", async () => {
    const gateway = await start();
    const token = await login.token({ exp: 1 });
    const { errors } = await gateway.ask("{ hello }", {}, bearer(token));
    expect(JSON.stringify([gateway.log, errors])).not.toContain(token.slice(0, 40));
    await gateway.close();
  });
});
