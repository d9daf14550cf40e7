/**
 * A real browser on a page of the gateway, which fails the test for everything that goes wrong in it, and for every
 * request that would leave this machine.
 */
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium, type BrowserContext, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=AutofillServerCommunication,NetworkTimeServiceQuerying,OptimizationHints",
  "--gaia-url=http://127.0.0.1:9",
  "--component-updater=url-source=http://127.0.0.1:9/",
];

export interface Visit {
  readonly page: Page;
  /** Closes the window; everything that went wrong in it, and every request that would have left this machine. */
  close(): Promise<string[]>;
}

export interface Reader {
  /** The one that the page may ask. */
  readonly origin: string;
  readonly locale: string;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
}

/** Whether there is one to try pages in; in CI there must be. */
export function hasBrowser(): boolean {
  const isRunnable = existsSync(CHROMIUM) || process.env["CI"] !== undefined;
  if (!isRunnable)
    process.stderr.write(`No ${CHROMIUM}: no page is tried in a browser. CHROMIUM_PATH names another.\n`);
  return isRunnable;
}

export interface Browser {
  /** A reader's own window, with nothing kept from before. */
  visit(reader: Reader): Promise<Visit>;
  close(): Promise<void>;
}

/** @throws Error when there is none */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`${CHROMIUM} is missing: apt-get install chromium, or name one in CHROMIUM_PATH`);
  const left: string[] = [];
  const outside = await startOutside(left);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    // Chromium goes past a proxy for loopback addresses, and only for these.
    args: [...FLAGS, `--proxy-server=127.0.0.1:${(outside.address() as AddressInfo).port}`],
  });
  return {
    async visit(reader) {
      const faults: string[] = [];
      const context = await browser.newContext({ ...reader, viewport: { width: 1440, height: 900 } });
      watch(context, reader.origin, faults);
      const page = await context.newPage();
      return {
        page,
        async close() {
          await context.close();
          return [...faults, ...left.splice(0)];
        },
      };
    },
    async close() {
      await browser.close();
      outside.closeAllConnections();
      await new Promise((closed) => outside.close(closed));
    },
  };
}

function watch(context: BrowserContext, origin: string, faults: string[]): void {
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    const local = request.url().startsWith(`${origin}/`) || protocol === "data:" || protocol === "blob:";
    if (!local) faults.push(`asked ${host}: ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  // A violation of the content security policy is reported here, too.
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => void faults.push(`error: ${error.error().message}`));
}

/** Stands for the world outside: a proxy that records what is asked of it, and answers nothing. */
async function startOutside(faults: string[]): Promise<Server> {
  const proxy = createServer((request, response) => {
    faults.push(`left the machine: ${request.url}`);
    response.writeHead(502).end();
  });
  proxy.on("connect", (request, socket) => {
    faults.push(`left the machine: ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  return proxy;
}
