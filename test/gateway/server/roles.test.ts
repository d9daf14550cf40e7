/**
 * Roles to try in the sandbox: who gets tokens, and what the page does with them.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureDevelopmentKey } from "../../../gateway/trust/development.ts";
import { link } from "../execute/graphs/graph.ts";
import { ask, type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { startIssuer } from "../trust/tokens.ts";
import { type Browser, hasBrowser, startBrowser } from "./browser.ts";

const SDL = `${link("@policy @requiresScopes")}
  type Query { secret: String @requiresScopes(scopes: [["read"]]) ours: String @policy(policies: [["north"]]) }`;
const EXAMPLE = "# Both\n{ secret ours }\n";

let service: TestServer;
let directory: string;
let supergraph: string;
let gateway: RunningGateway;

beforeAll(async () => {
  service = await startSubgraph(SDL, { Query: { secret: () => "S3CRET", ours: () => "N0RTH" } });
  const { supergraphSdl = "" } = composeServices([{ name: "main", url: service.url, typeDefs: parse(SDL) }]);
  supergraph = supergraphSdl;
  directory = await mkdtemp(join(tmpdir(), "lienthong-roles-"));
  await ensureDevelopmentKey(join(directory, "key.json"));
  await writeFile(join(directory, "01-both.graphql"), EXAMPLE);
  await promisify(execFile)(process.execPath, ["gateway/build-pages.ts", "--if-missing"]);
  gateway = await start("development.json", {
    development: { keyFile: "key.json" },
    roles: { clerk: ["read"], guest: [] },
    policies: { north: { organisation: ["N1"] } },
  });
}, 120_000);
afterAll(async () => {
  await gateway?.close();
  await service?.close();
  await rm(directory, { recursive: true });
});

async function start(name: string, settings: object): Promise<RunningGateway> {
  const trust = join(directory, name);
  await writeFile(trust, JSON.stringify(settings));
  return startGateway(supergraph, [], { trust, sandbox: true, examples: directory });
}

async function wish(body: object, origin = gateway.origin) {
  const response = await fetch(`${origin}/sandbox/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as { token?: string } };
}

test("a role's token has its rights, those of its organisation, and no more", async () => {
  expect(await (await fetch(`${gateway.origin}/sandbox/roles.json`)).json()).toEqual({
    names: ["clerk", "guest"],
    first: null,
  });
  const answers = async (body: object) => {
    const { token } = (await wish(body)).body;
    return (await ask(gateway.url, "{ secret ours }", {}, { authorization: `Bearer ${token}` })).data;
  };
  expect(await answers({ role: "clerk" })).toEqual({ secret: "S3CRET", ours: null });
  expect(await answers({ role: "guest", organisation: "N1" })).toEqual({ secret: null, ours: "N0RTH" });
});

test("a token is of whom the wish names, and of the sandbox otherwise", async () => {
  for (const [body, subject] of [
    [{ role: "guest", subject: "an.nguyen" }, "an.nguyen"],
    [{ role: "guest" }, "sandbox"],
  ] as const)
    expect(decodeJwt((await wish(body)).body.token ?? "").sub).toBe(subject);
});

test.each([[{}], [{ role: "king" }], [{ role: "clerk", organisation: 7 }], [{ role: "clerk", subject: "" }]])(
  "%j is no wish",
  async (body) => {
    expect(await wish(body)).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: "BODY_MALFORMED" } }] },
    });
  },
);

test("a page whose name only leads here gets nothing", async () => {
  const { port } = new URL(gateway.origin);
  const told = (path: string, method: string, body = "") =>
    new Promise<[number | undefined, string]>((resolve, reject) => {
      const headers = { host: `evil.example:${port}`, "content-type": "application/json" };
      const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
        text(response).then((answer) => resolve([response.statusCode, answer]), reject);
      });
      sent.on("error", reject).end(body);
    });
  expect(await told("/sandbox/roles.json", "GET")).toEqual([200, '{"names":[],"first":null}']);
  const [status, answer] = await told("/sandbox/token", "POST", JSON.stringify({ role: "clerk" }));
  expect([status, answer.includes("token")]).toEqual([404, false]);
});

test("readers begin as whom the trust file says, which must be one of its roles", async () => {
  const roles = { clerk: ["read"], guest: [] };
  const begun = await start("first.json", { development: { keyFile: "key.json", role: "guest" }, roles });
  expect(await (await fetch(`${begun.origin}/sandbox/roles.json`)).json()).toMatchObject({ first: "guest" });
  await begun.close();
  const faulty = start("faulty.json", { development: { keyFile: "key.json", role: "king" }, roles });
  await expect(faulty).rejects.toThrow("development.role: is none of the roles");
});

test("a real issuer leaves no role to try", async () => {
  const issuer = await startIssuer();
  const real = await start("real.json", {
    issuers: [{ issuer: issuer.issuer, audience: "graph" }],
    roles: { clerk: [] },
  });
  expect(await (await fetch(`${real.origin}/sandbox/roles.json`)).json()).toEqual({
    names: [],
    first: null,
  });
  expect((await wish({ role: "clerk" }, real.origin)).status).toBe(404);
  await real.close();
  await issuer.close();
});

describe.runIf(hasBrowser())("in a browser", { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("the answer is that of the role chosen, which stays chosen", async () => {
    const visit = await browser.visit({ origin: gateway.origin, locale: "en-US" });
    const { page } = visit;
    const run = async (answer: string) => {
      await page.locator(".graphiql-query-editor textarea").focus();
      await page.keyboard.press("Control+Enter");
      await page.locator(".result-window .view-line", { hasText: answer }).first().waitFor();
    };
    await page.goto(gateway.origin);
    await run("FORBIDDEN");
    await page.getByLabel("Role").selectOption("clerk");
    await run("S3CRET");
    await page.getByLabel("Organisation code").fill("N1");
    await run("N0RTH");
    await page.reload();
    expect(await page.getByLabel("Role").inputValue()).toBe("clerk");
    await run("N0RTH");
    await page.getByLabel("Role").selectOption("");
    await page.reload();
    expect(await page.getByLabel("Role").inputValue()).toBe("");
    expect(await visit.close()).toEqual([]);
  });

  test("whoever has chosen nothing begins with the role that the trust file says", async () => {
    const begun = await start("begun.json", {
      development: { keyFile: "key.json", role: "clerk" },
      roles: { guest: [], clerk: ["read"] },
    });
    const visit = await browser.visit({ origin: begun.origin, locale: "en-US" });
    const { page } = visit;
    await page.goto(begun.origin);
    expect(await page.getByLabel("Role").inputValue()).toBe("clerk");
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+Enter");
    await page.locator(".result-window .view-line", { hasText: "S3CRET" }).first().waitFor();
    expect(await visit.close()).toEqual([]);
    await begun.close();
  });
});
