import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fastify } from "fastify";
import { registerOverview } from "../../../gateway/server/overview.ts";
import { type RunningRegistry, startRegistry } from "../registry/running.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { startStock, startNotes, startOrders, SDL, composeShop } from "../shop.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { type Browser, hasBrowser, type Reader, startBrowser, type Visit } from "./browser.ts";

const SHELVES = "{ order(id: 1) { shelves { store count } } }";

const servers: { close(): Promise<unknown> }[] = [];
let registry: RunningRegistry;
/** It follows the registry. */
let gateway: RunningGateway;
/** It has its graph from files. */
let filed: RunningGateway;
let south: TestServer;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ["gateway/build-pages.ts", "--if-missing"]);
  registry = await startRegistry();
  const orders = await startOrders([
    { store: "N1", code: "a" },
    { store: "S1", code: "b" },
  ]);
  const north = await startStock({ "N1/a": 5 });
  south = await startStock({ "S1/b": 7 });
  const notes = await startNotes();
  const { key } = await registry.operator.issueKey({ owner: "gateway-1", role: "gateway" });
  await registry.operator.publish({
    subgraphs: [
      { name: "orders", url: orders.url, sdl: SDL.orders },
      { name: "stock", sdl: SDL.stock },
    ],
  });
  for (const member of [
    { key: "N1", name: "Cửa hàng Bắc", url: north.url, subgraphs: ["stock"] },
    { key: "S1", url: south.url, subgraphs: ["stock"] },
  ])
    await registry.operator.addMember({ member });
  const access = { url: registry.url, key, cacheFile: undefined };
  gateway = await startGateway("", [], { supergraph: undefined, registry: access, overview: "/agencies" });
  filed = await startGateway(composeShop({ orders: orders.url, notes: notes.url, stock: notes.url }), [], {
    overview: "/watch/it",
  });
  servers.push(orders, north, notes, registry, filed, gateway);
}, 120_000);
afterAll(async () => {
  for (const server of servers.toReversed()) await server.close();
});

const rowOf = (page: Page, table: RegExp, name: RegExp) =>
  page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: name });

describe("the page", () => {
  test.each([
    ["en-GB,en;q=0.9,vi;q=0.1", "en"],
    ["vi-VN,vi;q=0.9", "vi"],
    ["fr", "en"],
  ])("for a reader of %s is in %s, and allows nothing from elsewhere", async (accepted, language) => {
    const response = await fetch(`${filed.origin}/watch/it`, { headers: { "accept-language": accepted } });
    const html = await response.text();
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('data-path="/watch/it"');
    expect(response.headers.get("vary")).toBe("accept-language");
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const [script = ""] = /\/watch\/it\/assets\/[^"]+\.js/.exec(html) ?? [];
    const asset = await fetch(filed.origin + script, { headers: { "accept-encoding": "br" } });
    expect(asset.headers.get("content-encoding")).toBe("br");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    await asset.arrayBuffer();
  });

  test("says how to build it where it is not built", async () => {
    const bare = fastify();
    const overviews = { now: null as never, history: null as never, changes: null as never };
    await registerOverview(bare, { overviews, path: "/agencies", dist: "/nowhere" });
    const response = await bare.inject("/agencies");
    expect(response.statusCode).toBe(503);
    expect(response.body).toBe("The overview is not built; run: npm run build:pages");
    await bare.close();
  });

  test("is not there where nobody wants it", async () => {
    const without = await startGateway(
      composeShop({ orders: "http://x", notes: "http://x", stock: "http://x" }),
    );
    expect((await fetch(`${without.origin}/agencies`)).status).toBe(404);
    expect((await fetch(`${without.origin}/agencies/now.json`)).status).toBe(404);
    await without.close();
  });
});

describe.runIf(hasBrowser())("in a browser", { timeout: 90_000 }, () => {
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => void (await gateway.ask(SHELVES)));
  afterEach(async () => {
    const faults = await visit.close();
    if (faults.length > 0) throw new Error(faults.join("\n"));
  });

  async function open(reader: Omit<Reader, "origin">, from = gateway, path = "/agencies"): Promise<Page> {
    visit = await browser.visit({ ...reader, origin: from.origin });
    await visit.page.goto(from.origin + path);
    await visit.page.locator("#entities-title").waitFor();
    return visit.page;
  }

  test("shows services and members with state, version, last change, calls and latency", async () => {
    const page = await open({ locale: "en-GB" });
    expect(await page.title()).toBe("Services and members · Liên Thông");
    const [published] = await registry.operator.subgraphs();
    const orders = await rowOf(page, /^Services/, /^orders/).innerText();
    expect(orders).toContain("Up");
    expect(orders).toContain(`#${published?.id} ${published?.hash.slice(0, 12)}`);
    expect(orders).toContain("by operator");
    expect(orders).toMatch(/95 % within [\d.,]+ ms/);
    expect(await rowOf(page, /^Services/, /^stock/).innerText()).toContain("2 members");
    expect(await rowOf(page, /^Members/, /^N1/).innerText()).toMatch(/Cửa hàng Bắc[\s\S]*stock[\s\S]*Up/);
  });

  test.each(["light", "dark"] as const)("can be read and used by everybody (%s)", async (colorScheme) => {
    const page = await open({ locale: "en-GB", colorScheme });
    await page
      .getByRole("button", { name: /What changed/ })
      .first()
      .press("Enter");
    await page.getByText(/^Composition \d+ against \d+:$/).waitFor();
    expect(await page.evaluate(accessibilityFaults)).toEqual([]);
    // The check itself finds what is wrong.
    await page.evaluate(() => {
      document.querySelector("caption")?.remove();
      document.querySelector("th")?.removeAttribute("scope");
    });
    expect(await page.evaluate(accessibilityFaults)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^no caption/), expect.stringMatching(/^no scope/)]),
    );
  });

  test("every control is reached by keyboard, in the order of the page, and shows that it has the focus", async () => {
    const page = await open({ locale: "en-GB" });
    const walked: string[] = [];
    for (;;) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        if (element === document.body) return undefined;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const { width, height } = element.getBoundingClientRect();
        const isSeen = outlineStyle !== "none" && outlineWidth !== "0px" && width > 1 && height > 1;
        const name = element.textContent.trim() || element.id;
        return `${isSeen ? "" : "unseen "}${element.getAttribute("role") ?? element.tagName} ${name.slice(0, 40)}`;
      });
      if (at === undefined || walked.length > 60) break;
      walked.push(at);
    }
    expect(walked.filter((control) => control.startsWith("unseen"))).toEqual([]);
    expect(walked.slice(0, 8)).toEqual([
      "A Skip to the content",
      "BUTTON Tiếng Việt",
      "BUTTON English",
      "A Services",
      "A Members",
      "A History",
      "A Entities",
      "BUTTON Pause updates",
    ]);
    expect(walked.filter((control) => control.startsWith("region"))).toHaveLength(4);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  });

  test("an entry of the history tells which member came in with it", async () => {
    const page = await open({ locale: "en-GB" });
    const entry = page
      .getByRole("list", { name: "History" })
      .getByRole("listitem")
      .filter({ hasText: "registered member S1" });
    const button = entry.getByRole("button", { name: /^What changed: composition \d+$/ });
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    await button.press("Enter");
    await entry.getByText("added member S1").waitFor();
    expect(await button.getAttribute("aria-expanded")).toBe("true");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("What changed");
  });

  test("the drawing of entities says in words what it shows", async () => {
    const page = await open({ locale: "en-GB" });
    const drawing = page.getByRole("img", { name: /2 services and 2 entities, joined by 3 lines/ });
    expect(await drawing.locator("text").allTextContents()).toEqual(["orders", "stock", "Order", "Shelf"]);
    const rows = await page
      .getByRole("table", { name: /^Who knows/ })
      .getByRole("row")
      .allInnerTexts();
    expect(rows.map((row) => row.split(/\s*[\t\n]\s*/))).toEqual([
      ["Entity", "Service", "Key", "Adds"],
      ["Order", "orders", "id", "title, shelves"],
      ["Shelf", "one member for each store", "orders", "store code", "adds nothing"],
      ["stock", "store code", "count, refused"],
    ]);
  });

  test("speaks Vietnamese to a Vietnamese browser; the language that is chosen is kept", async () => {
    const page = await open({ locale: "vi-VN" });
    const heading = page.getByRole("heading", { level: 1 });
    expect(await heading.innerText()).toBe("Dịch vụ và thành viên");
    expect(await rowOf(page, /^Các dịch vụ/, /^orders/).innerText()).toContain("Hoạt động");
    expect(await page.evaluate(accessibilityFaults)).toEqual([]);
    await page.getByRole("button", { name: "English" }).press("Enter");
    expect(await heading.innerText()).toBe("Services and members");
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    await page.reload();
    expect(await heading.innerText()).toBe("Services and members");
    expect(await page.getByRole("button", { name: "English" }).getAttribute("aria-pressed")).toBe("true");
  });

  test("nothing moves for those who ask for that, and updates can be paused", async () => {
    const page = await open({ locale: "en-GB", reducedMotion: "reduce" });
    expect(
      await page.evaluate(() => [
        getComputedStyle(document.documentElement).scrollBehavior,
        document.getAnimations().length,
      ]),
    ).toEqual(["auto", 0]);
    let asked = 0;
    page.on("request", () => void (asked += 1));
    await page.clock.install();
    await page.reload();
    await page.locator("#entities-title").waitFor();
    await page.getByRole("button", { name: "Pause updates" }).click();
    await page.getByRole("button", { name: "Resume updates" }).waitFor();
    const before = asked;
    await page.clock.runFor(60_000);
    expect(asked).toBe(before);
    await page.getByRole("button", { name: "Resume updates" }).click();
    await page.clock.runFor(5_000);
    await expect.poll(() => asked).toBeGreaterThan(before);
  });

  test("without a registry it says that there is no history, and why", async () => {
    const page = await open({ locale: "en-GB" }, filed, "/watch/it");
    const history = page.getByRole("region", { name: "History" });
    expect(await history.innerText()).toContain("There is no history: this gateway has its graph from files");
    expect(await page.getByRole("region", { name: "Members" }).innerText()).toContain("no members");
    expect(await rowOf(page, /^Services/, /^orders/).innerText()).toContain("served since");
    expect(await page.evaluate(accessibilityFaults)).toEqual([]);
  });

  test("a member that is stopped is down, and since when, without the reader losing the place", async () => {
    const page = await open({ locale: "en-GB" });
    const filter = page.getByLabel("Show only members whose key or name contains");
    await filter.fill("s1");
    await page.getByText("1 of 2 members").waitFor();
    const row = rowOf(page, /^Members/, /^S1/);
    expect(await row.innerText()).toContain("Up");
    await south.close();
    await gateway.ask(SHELVES);
    await row.getByText(/Down since .*\d\d:\d\d.* \(cannot be reached\)/).waitFor();
    expect(await filter.inputValue()).toBe("s1");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    const said = page.locator("[aria-live=polite][data-announcement]");
    expect(await said.textContent()).toMatch(/stock: Partly up\..*S1: Down since/);
    expect(await page.evaluate(accessibilityFaults)).toEqual([]);
    expect(await rowOf(page, /^Services/, /^stock/).innerText()).toContain("1 of 2 members down");
  });
});
