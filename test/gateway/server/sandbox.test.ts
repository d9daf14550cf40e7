import { execFile } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fastify, { type FastifyInstance } from "fastify";
import mercurius from "mercurius";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { acceptedFormat, sendParts } from "../../../gateway/server/multipart.ts";
import { readExamples, registerSandbox, wantsPage } from "../../../gateway/server/sandbox.ts";
import { type Browser, hasBrowser, startBrowser, type Visit } from "./browser.ts";

const BROWSER_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

const CALLS = [
  { service: "shelves", startedAt: 0.6, duration: 8.25, status: 200, entities: 2 },
  {
    service: "loans",
    member: "north",
    memberName: "Chi nhánh Bắc",
    startedAt: 9,
    duration: 31,
    status: 200,
    entities: 1,
  },
  {
    service: "loans",
    member: "south",
    startedAt: 9,
    duration: 120,
    code: "SERVICE_TIMEOUT",
  },
];

/** Tells that the shelf has been found, which was deferred. */
const shelving = new EventEmitter();
/** Sends an answer to an open subscription. */
const lending = new Set<(answer: object) => void>();

let directory: string;
let examples: string;
let app: FastifyInstance;
let origin: string;
let browser: Browser;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-sandbox-"));
  examples = join(directory, "examples");
  await mkdir(examples);
  await writeFile(
    join(examples, "02-one-book.graphql"),
    "# One book\nquery OneBook($id: ID!) { book(id: $id) { title } }\n",
  );
  await writeFile(join(examples, "02-one-book.variables.json"), '{ "id": "7" }\n');
  await writeFile(
    join(examples, "01-all-books.graphql"),
    "# Tất cả sách\nquery AllBooks { books { title } }\n",
  );
  await promisify(execFile)(process.execPath, ["gateway/build-pages.ts", "--if-missing"]);
  app = await startGraph();
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  await app?.close();
  await rm(directory, { recursive: true, force: true });
});

describe("the page and the graph on one path", () => {
  test.each(["/", "/graphql"])("a browser at %s gets the page", async (path) => {
    const response = await fetch(origin + path, { headers: { accept: BROWSER_ACCEPT } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("vary")).toBe("accept");
    expect(response.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'self';",
    );
    expect(await response.text()).toContain('data-graphql-path="/graphql"');
  });

  test.each(["application/json", "application/graphql-response+json", "*/*"])(
    "a client that accepts %s reaches the graph",
    async (accept) => {
      const response = await fetch(`${origin}/graphql?query={books{title}}`, { headers: { accept } });
      expect(await response.json()).toEqual({ data: { books: [{ title: "Số đỏ" }, { title: "Lão Hạc" }] } });
    },
  );

  test("a browser that posts reaches the graph too", async () => {
    const response = await fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { accept: BROWSER_ACCEPT, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ books { title } }" }),
    });
    expect(await response.json()).toHaveProperty("data.books");
  });

  test.each([
    [undefined, false],
    ["*/*", false],
    [BROWSER_ACCEPT, true],
    ["text/html", true],
    ["application/json, text/html;q=0.5", false],
    ["TEXT/HTML; q=0.9, application/json; q=0.2", true],
    ["text/html;q=0", false],
  ])("Accept: %s → page: %s", (accept, page) => {
    expect(wantsPage(accept)).toBe(page);
  });

  test("assets are compressed beforehand and kept for good", async () => {
    const page = await (await fetch(origin, { headers: { accept: "text/html" } })).text();
    const script = /src="(\/sandbox\/assets\/[^"]+\.js)"/.exec(page)?.[1];
    const response = await fetch(`${origin}${script}`, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).toContain("import");
  });

  test("a page that is not built says how to build it", async () => {
    const bare = fastify();
    await registerSandbox(bare, { graphqlPath: "/graphql", dist: join(directory, "nothing") });
    const response = await bare.inject({ url: "/graphql", headers: { accept: BROWSER_ACCEPT } });
    expect(response.statusCode).toBe(503);
    expect(response.body).toBe("The sandbox is not built; run: npm run build:pages");
    await bare.close();
  });
});

describe("examples", () => {
  test("come in the order of their names, titled by their first line", async () => {
    expect(await (await fetch(`${origin}/sandbox/examples.json`)).json()).toEqual([
      { title: "Tất cả sách", query: expect.stringContaining("AllBooks") },
      { title: "One book", query: expect.stringContaining("OneBook"), variables: '{ "id": "7" }' },
    ]);
  });

  test.each([
    ["untitled.graphql", "{ books { title } }", "the first line must be a comment"],
    ["broken.variables.json", "{ id: 7 }", "JSON"],
  ])("a faulty file is named: %s", async (name, text, message) => {
    const faulty = await mkdtemp(join(directory, "faulty-"));
    await writeFile(join(faulty, "broken.graphql"), "# Broken\n{ books { title } }");
    await writeFile(join(faulty, name), text);
    await expect(readExamples(faulty)).rejects.toThrow(new RegExp(`${name}: .*${message}`));
  });
});

describe.runIf(hasBrowser())("in a browser", { timeout: 90_000 }, () => {
  let visit: Visit;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  afterEach(async () => {
    const faults = await visit.close();
    if (faults.length > 0) throw new Error(faults.join("\n"));
  });

  test("opens with the examples in tabs, runs one by keyboard and shows its calls", async () => {
    visit = await openPage("en-US");
    const { page } = visit;
    expect(await page.title()).toBe("Liên Thông · Sandbox");
    expect(await tabTitles(page)).toEqual(["Tất cả sách", "One book"]);

    await page
      .getByRole("tab", { name: "One book" })
      .getByRole("button", { name: "One book" })
      .press("Enter");
    await page.locator(".graphiql-query-editor .view-line", { hasText: "OneBook" }).waitFor();
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+Enter");
    await page.locator(".graphiql-response .view-line", { hasText: "Lão Hạc" }).waitFor();

    const panel = page.getByRole("region", { name: "Calls" });
    expect(await panel.getByRole("status").textContent()).toBe("3 calls in 129 ms, 1 failed");
    const rows = panel.getByRole("list", { name: "Calls in the order asked" }).getByRole("listitem");
    expect(await rows.allInnerTexts().then((texts) => texts.map((text) => text.split(/\s*\n\s*/)))).toEqual([
      ["1", "shelves", "8.3 ms", "2 entities", "from 0.6 to 8.9 ms"],
      ["2", "Chi nhánh Bắc", "31 ms", "loans · north", "1 entity", "from 9 to 40 ms"],
      ["3", "south", "120 ms", "loans · south", "from 9 to 129 ms", "failed SERVICE_TIMEOUT"],
    ]);
    const bars = await rows
      .locator(".calls-track b")
      .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().x));
    expect(bars[1]).toBe(bars[2]);
    expect(bars[1]).toBeGreaterThan(bars[0] ?? Number.NaN);
    // The report is for the panel; the answer is what was asked for.
    expect(await page.locator(".graphiql-response").innerText()).not.toContain("extensions");
  });

  test("a subscription shows every event and what it cost, until it is stopped", async () => {
    visit = await openPage("en-US");
    const { page } = visit;
    await page.locator(".graphiql-query-editor .view-line", { hasText: "AllBooks" }).waitFor();
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("subscription { lent { title } }");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => lending.size).toBe(1);
    for (const [title, duration] of [
      ["Số đỏ", 5],
      ["Lão Hạc", 7],
    ] as const) {
      const extensions = { calls: [{ service: "shelves", startedAt: 0, duration }] };
      for (const send of lending) send({ data: { lent: { title } }, extensions });
      await page.locator(".graphiql-response .view-line", { hasText: title }).waitFor();
      await page.getByText(`1 call in ${duration} ms`).waitFor();
    }
    expect(await page.locator(".graphiql-response").innerText()).not.toContain("extensions");
    await page.locator(".graphiql-execute-button").click();
    await expect.poll(() => lending.size).toBe(0);
  });

  test("what is deferred is shown when it comes, with what it cost", async () => {
    visit = await openPage("en-US");
    const { page } = visit;
    await page.locator(".graphiql-query-editor .view-line", { hasText: "AllBooks" }).waitFor();
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("{ books { title ... @defer { shelf } } }");
    await page.keyboard.press("Control+Enter");
    const answer = page.locator(".graphiql-response");
    await answer.locator(".view-line", { hasText: "Số đỏ" }).waitFor();
    await page.getByText("1 call in 5 ms").waitFor();
    expect(await answer.innerText()).not.toContain("A-12");
    shelving.emit("found");
    await answer.locator(".view-line", { hasText: "A-12" }).waitFor();
    await page.getByText("2 calls in 70 ms").waitFor();
    expect(await answer.innerText()).not.toMatch(/extensions|hasNext|pending/);
  });

  test("speaks Vietnamese to a Vietnamese browser, and says so when there is nothing to show", async () => {
    visit = await openPage("vi-VN");
    const { page } = visit;
    const panel = page.getByRole("region", { name: "Lượt gọi" });
    expect(await panel.getByRole("status").textContent()).toContain("Chạy một truy vấn");
    await page.getByRole("button", { name: "Headers" }).click();
    await page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) textarea").focus();
    await page.keyboard.insertText('{ "X-Trace-Calls": "0" }');
    await page.keyboard.press("Control+Enter");
    await panel.getByText("Câu trả lời này không kèm báo cáo lượt gọi.").waitFor();
  });

  test("documents the schema with its descriptions, and keeps the user's own tabs", async () => {
    visit = await openPage("en-US");
    const { page } = visit;
    await page.getByRole("button", { name: "Show Documentation Explorer" }).press("Enter");
    await page.locator(".graphiql-doc-explorer").getByRole("link", { name: "Query" }).click();
    await page.getByText("Every book (mọi cuốn sách).").waitFor();

    await page.locator(".graphiql-query-editor .view-line", { hasText: "AllBooks" }).waitFor();
    await page.locator(".graphiql-query-editor textarea").focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("# Của tôi\n{ books { title } }");
    await page.waitForFunction(() => localStorage.getItem("graphiql:tabState")?.includes("# Của tôi"));
    await page.reload();
    await page.locator(".graphiql-query-editor .view-line", { hasText: "Của tôi" }).waitFor();
    expect(await tabTitles(page)).toEqual(["Của tôi", "One book"]);
  });
});

async function openPage(locale: string): Promise<Visit> {
  const opened = await browser.visit({ origin, locale });
  await opened.page.goto(`${origin}/graphql`);
  await opened.page.locator(".graphiql-query-editor .view-line").first().waitFor();
  return opened;
}

async function tabTitles(page: Page): Promise<string[]> {
  return page.getByRole("tab").locator(".graphiql-tab-button").allInnerTexts();
}

/** A small graph that reports calls when it is asked to, as the gateway does. */
async function startGraph(): Promise<FastifyInstance> {
  // A browser opens connections ahead of need; closing must not wait for their first request.
  const graph = fastify({ forceCloseConnections: true });
  const books = [
    { id: "1", title: "Số đỏ" },
    { id: "7", title: "Lão Hạc" },
  ];
  await graph.register(mercurius, {
    schema: `
      directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
      type Query {
        "Every book (mọi cuốn sách)."
        books: [Book!]!
        "One book by its number (một cuốn sách)."
        book(id: ID!): Book
      }
      "A book (cuốn sách)."
      type Book { title: String! shelf: String }
      type Subscription { lent: Book }
    `,
    resolvers: {
      Query: { books: () => books, book: (_root, { id }) => books.find((book) => book.id === id) },
    },
  });
  graph.graphql.addHook("onResolution", async (execution, context) => {
    if (context.reply.request.headers["x-trace-calls"] === "1") execution.extensions = { calls: CALLS };
  });
  graph.addHook("preHandler", async (request, reply) => {
    if (request.headers.accept !== "text/event-stream") return;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
    const send = (answer: object) => void raw.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`);
    lending.add(send);
    raw.on("close", () => lending.delete(send));
  });
  graph.addHook("preHandler", async (request, reply) => {
    const { query } = (request.body ?? {}) as { query?: string };
    const format = acceptedFormat(request.headers.accept);
    if (format === undefined || !query?.includes("... @defer")) return;
    const calls = [
      { service: "shelves", startedAt: 0, duration: 5 },
      { service: "loans", startedAt: 5, duration: 65 },
    ];
    const first = {
      data: { books: [{ title: "Số đỏ" }] },
      extensions: { calls: calls.slice(0, 1) },
      pending: [{ id: "0", path: ["books", 0] }],
      hasNext: true,
    };
    const last = {
      incremental: [{ id: "0", data: { shelf: "A-12" } }],
      completed: [{ id: "0" }],
      extensions: { calls },
      hasNext: false,
    };
    async function* texts() {
      await once(shelving, "found");
      yield JSON.stringify(last);
    }
    await sendParts(reply, JSON.stringify(first), { format, texts: texts(), cancel: () => undefined });
  });
  await registerSandbox(graph, { graphqlPath: "/graphql", examples });
  await graph.listen({ host: "127.0.0.1", port: 0 });
  return graph;
}
