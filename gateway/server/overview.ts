/**
 * The overview: a page of the services and members with their state, for people who watch the gateway, from the
 * project's own assets, with no other origin needed. Everything it asks for lies beneath its path.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type ErrorDetails, errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import { preferredLanguage } from "../language.ts";
import type { Overviews } from "../overview/overview.ts";
import { RegistryRefusal } from "../registry/client.ts";
import { type Authenticate, challenge } from "../trust/authenticate.ts";
import { createPage, serveAssets } from "./page.ts";

export interface OverviewOptions {
  readonly overviews: Overviews;
  /** `/agencies` */
  readonly path: string;
  /** Who is told; everybody where it is undefined. */
  readonly access?: OverviewAccess | undefined;
  /** Directory of the built page. */
  readonly dist?: string;
}

export interface OverviewAccess {
  readonly authenticate: Authenticate;
  /** All of which are needed, beside a token. */
  readonly scopes: readonly string[];
}

const DIST = join(import.meta.dirname, "..", "overview", "dist");

const PAGE = createPage(["style-src 'self'", "connect-src 'self'", "img-src 'self'"]);

const NOT_BUILT = "The overview is not built; run: npm run build:pages";

/**
 * Adds the page at its path, and beneath it `now.json`, `history.json?before=<id>` and `changes.json?entry=<id>`
 * (overview/told.ts). The page itself tells nothing: everybody gets it, to sign in with. Where it is not built, the log
 * and the browser say how to build it.
 */
export async function registerOverview(app: FastifyInstance, options: OverviewOptions): Promise<void> {
  const { overviews, path, access } = options;
  const dist = options.dist ?? DIST;
  const built = existsSync(join(dist, "index.html"));
  if (!built) app.log.warn(NOT_BUILT);
  const html = built
    ? pageFor(await readFile(join(dist, "index.html"), "utf8"), path, access !== undefined)
    : undefined;

  app.get(path, (request, reply) => {
    if (html === undefined) return PAGE.answer(reply, "text/plain").code(503).send(NOT_BUILT);
    const language = preferredLanguage(request.headers["accept-language"]);
    return PAGE.answer(reply, "text/html")
      .header("vary", "accept-language")
      .send(html.replace('<html lang="en"', `<html lang="${language}"`));
  });
  const guarded = { preHandler: access === undefined ? [] : [guard(path, access)] };
  app.get(`${path}/now.json`, guarded, async (_request, reply) => tell(reply, await overviews.now()));
  app.get<Asked>(`${path}/history.json`, guarded, async (request, reply) => {
    const { before } = request.query;
    const id = before === undefined ? undefined : idOf(before);
    if (before !== undefined && id === undefined) return refuse(reply, "NOT_FOUND");
    return tell(reply, await overviews.history(id));
  });
  app.get<Asked>(`${path}/changes.json`, guarded, async (request, reply) => {
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

/** Refuses whoever may not be told. */
function guard(path: string, { authenticate, scopes }: OverviewAccess) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { caller, refusal } = await authenticate(request.headers, path);
    if (caller?.isAuthenticated === true)
      return scopes.every((scope) => caller.scopes.has(scope))
        ? undefined
        : refuse(reply, "OVERVIEW_FORBIDDEN");
    const { code, reason } = refusal ?? { code: "UNAUTHENTICATED" as const };
    if (code === "UNAUTHENTICATED") reply.header("www-authenticate", challenge({ reason }));
    return refuse(reply, code, { reason });
  };
}

/** The number of an entry of the history. */
function idOf(given: unknown): number | undefined {
  return typeof given === "string" && /^[1-9]\d{0,14}$/.test(given) ? Number(given) : undefined;
}

/** The page is built with addresses relative to itself; its own has no slash at the end. */
function pageFor(html: string, path: string, isGuarded: boolean): string {
  return html
    .replaceAll('="./assets/', `="${path}/assets/`)
    .replace('data-path=""', `data-path="${path}"${isGuarded ? ' data-guarded=""' : ""}`);
}

function tell(reply: FastifyReply, what: object): FastifyReply {
  return PAGE.answer(reply, "application/json").header("cache-control", "no-store").send(what);
}

function refuse(reply: FastifyReply, code: GatewayErrorCode, details: ErrorDetails = {}): FastifyReply {
  const language = preferredLanguage(reply.request.headers["accept-language"]);
  const message = errorMessage(code, details, language);
  return PAGE.answer(reply, "application/json")
    .code(GATEWAY_ERRORS[code].status)
    .send({ errors: [{ message, extensions: { code } }] });
}
