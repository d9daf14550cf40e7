/**
 * The overview: a page of the services and members with their state, for people who watch the gateway, from the
 * project's own assets, with no other origin needed. Everything it asks for lies beneath its path.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import { preferredLanguage } from "../language.ts";
import type { Overviews } from "../overview/overview.ts";
import { RegistryRefusal } from "../registry/client.ts";
import { createPage, serveAssets } from "./page.ts";

export interface OverviewOptions {
  readonly overviews: Overviews;
  /** `/agencies` */
  readonly path: string;
  /** Directory of the built page. */
  readonly dist?: string;
}

const DIST = join(import.meta.dirname, "..", "overview", "dist");

const PAGE = createPage(["style-src 'self'", "connect-src 'self'", "img-src 'self'"]);

const NOT_BUILT = "The overview is not built; run: npm run build:pages";

/**
 * Adds the page at its path, and beneath it `now.json`, `history.json?before=<id>` and `changes.json?entry=<id>`
 * (overview/told.ts). Where the page is not built, the log and the browser say how to build it.
 */
export async function registerOverview(app: FastifyInstance, options: OverviewOptions): Promise<void> {
  const { overviews, path } = options;
  const dist = options.dist ?? DIST;
  const built = existsSync(join(dist, "index.html"));
  if (!built) app.log.warn(NOT_BUILT);
  const html = built ? pageFor(await readFile(join(dist, "index.html"), "utf8"), path) : undefined;

  app.get(path, (request, reply) => {
    if (html === undefined) return PAGE.answer(reply, "text/plain").code(503).send(NOT_BUILT);
    const language = preferredLanguage(request.headers["accept-language"]);
    return PAGE.answer(reply, "text/html")
      .header("vary", "accept-language")
      .send(html.replace('<html lang="en"', `<html lang="${language}"`));
  });
  app.get(`${path}/now.json`, async (_request, reply) => tell(reply, await overviews.now()));
  app.get<Asked>(`${path}/history.json`, async (request, reply) => {
    const { before } = request.query;
    const id = before === undefined ? undefined : idOf(before);
    if (before !== undefined && id === undefined) return refuse(reply, "NOT_FOUND");
    return tell(reply, await overviews.history(id));
  });
  app.get<Asked>(`${path}/changes.json`, async (request, reply) => {
    const entry = idOf(request.query.entry);
    if (entry === undefined) return refuse(reply, "NOT_FOUND");
    try {
      const changes = await overviews.changes(entry);
      return changes === undefined ? refuse(reply, "NOT_FOUND") : tell(reply, changes);
    } catch (error) {
      if (error instanceof RegistryRefusal) return refuse(reply, "REGISTRY_AWAY");
      throw error;
    }
  });
  if (!built) return;
  await serveAssets(app, PAGE, dist, `${path}/assets/`);
}

interface Asked {
  Querystring: { readonly before?: string; readonly entry?: string };
}

/** The number of an entry of the history. */
function idOf(given: unknown): number | undefined {
  return typeof given === "string" && /^[1-9]\d{0,14}$/.test(given) ? Number(given) : undefined;
}

/** The page is built with addresses relative to itself; its own has no slash at the end. */
function pageFor(html: string, path: string): string {
  return html.replaceAll('="./assets/', `="${path}/assets/`).replace('data-path=""', `data-path="${path}"`);
}

function tell(reply: FastifyReply, what: object): FastifyReply {
  return PAGE.answer(reply, "application/json").header("cache-control", "no-store").send(what);
}

function refuse(reply: FastifyReply, code: GatewayErrorCode): FastifyReply {
  const language = preferredLanguage(reply.request.headers["accept-language"]);
  const message = errorMessage(code, {}, language);
  return PAGE.answer(reply, "application/json")
    .code(GATEWAY_ERRORS[code].status)
    .send({ errors: [{ message, extensions: { code } }] });
}
