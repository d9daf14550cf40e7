/**
 * Who is told what the overview shows, where a trust file says who is known.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../../../gateway/trust/development.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startNotes, startOrders } from "../shop.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { type Browser, hasBrowser, startBrowser } from "./browser.ts";

const ROLES = { watcher: ["state:read"], clerk: ["orders:read"] };
const DATA = ["now.json", "history.json", "changes.json?entry=1"];

let directory: string;
let services: TestServer[];
let guarded: RunningGateway;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ["gateway/build-pages.ts", "--if-missing"]);
  services = [await startOrders([]), await startNotes()];
  directory = await mkdtemp(join(tmpdir(), "overview-access-"));
  await ensureDevelopmentKey(join(directory, "key.json"));
  guarded = await start({ overview: { scopes: ["state:read"] } });
}, 120_000);
afterAll(async () => {
  await guarded?.close();
  for (const service of services ?? []) await service.close();
  await rm(directory, { recursive: true });
});

async function start(settings: object, sandbox = true): Promise<RunningGateway> {
  const [orders, notes] = services as [TestServer, TestServer];
  const trust = join(directory, "trust.json");
  await writeFile(trust, JSON.stringify({ development: { keyFile: "key.json" }, roles: ROLES, ...settings }));
  return startGateway(composeShop({ orders: orders.url, notes: notes.url, stock: notes.url }), [], {
    trust,
    sandbox,
    overview: "/agencies",
  });
}

async function tokenOf(role: string): Promise<string> {
  const key = await readDevelopmentKey(join(directory, "key.json"));
  return issueToken(key, { subject: "somebody", role, lifetime: 60 });
}

async function told(gateway: RunningGateway, name: string, token?: string, language = "en") {
  const response = await fetch(`${gateway.origin}/agencies/${name}`, {
    headers: {
      "accept-language": language,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
  const body = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    code: body.errors?.[0]?.extensions.code,
    message: body.errors?.[0]?.message,
    keys: Object.keys(body),
  };
}

test.each(DATA)("%s is told to whom the trust file lets see it, and to nobody else", async (name) => {
  expect(await told(guarded, name)).toMatchObject({
    status: 401,
    code: "UNAUTHENTICATED",
    challenge: 'Bearer realm="graph"',
    keys: ["errors"],
  });
  expect(await told(guarded, name, "not.a.token")).toMatchObject({
    status: 401,
    code: "UNAUTHENTICATED",
    challenge: expect.stringContaining("invalid_token") as unknown,
  });
  expect(await told(guarded, name, await tokenOf("clerk"), "vi")).toMatchObject({
    status: 403,
    code: "OVERVIEW_FORBIDDEN",
    message: "Bạn không được phép xem trạng thái của các dịch vụ và thành viên.",
    keys: ["errors"],
  });
  const { status, code } = await told(guarded, name, await tokenOf("watcher"));
  // Files keep no history: there is no entry 1.
  expect([status, code]).toEqual(name.startsWith("changes") ? [404, "NOT_FOUND"] : [200, undefined]);
});

test("where the trust file names no scope, any token will do, and none will not", async () => {
  const known = await start({});
  expect((await told(known, "now.json")).status).toBe(401);
  expect((await told(known, "now.json", await tokenOf("clerk"))).status).toBe(200);
  await known.close();
});

test("the page is everybody's, and tells nothing by itself", async () => {
  const response = await fetch(`${guarded.origin}/agencies`);
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain('data-path="/agencies" data-guarded=""');
  expect(html).not.toContain("orders");
});

describe.runIf(hasBrowser())("in a browser", { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("the page asks who asks, and shows what the role chosen may see", async () => {
    const visit = await browser.visit({ origin: guarded.origin, locale: "en-GB" });
    const { page } = visit;
    await page.goto(`${guarded.origin}/agencies`);
    await page.getByText("Who asks is not known").waitFor();
    expect(await page.evaluate(accessibilityFaults)).toEqual([]);
    await page.getByLabel("Role").selectOption("watcher");
    const table = page.getByRole("table", { name: /^Services/ });
    await table.waitFor();
    expect(await table.innerText()).toContain("orders");
    await page.reload();
    await table.waitFor();
    await page.getByLabel("Role").selectOption("clerk");
    await page.getByText("This page is not for whom you have chosen.").waitFor();
    expect(await table.count()).toBe(0);
    const faults = await visit.close();
    expect(faults.filter((fault) => !fault.includes("403"))).toEqual([]);
  });

  test("without roles to choose it takes a token", async () => {
    const bare = await start({ overview: { scopes: ["state:read"] } }, false);
    const visit = await browser.visit({ origin: bare.origin, locale: "vi-VN" });
    const { page } = visit;
    await page.goto(`${bare.origin}/agencies`);
    await page.getByLabel("Token truy cập").fill(await tokenOf("watcher"));
    await page.getByRole("button", { name: "Dùng token này" }).click();
    await page.getByRole("table", { name: /^Các dịch vụ/ }).waitFor();
    const faults = await visit.close();
    // There is no sandbox, so nobody offers roles.
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
    await bare.close();
  });
});
