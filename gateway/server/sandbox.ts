/**
 * The sandbox: a page for people who explore the graph, from the project's own assets, with no other origin needed.
 * Whoever asks for HTML at `/` or at the path of the graph gets the page; every other client reaches the graph.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { createPage, serveAssets } from "./page.ts";
import { registerRoles, type RoleOptions } from "./roles.ts";

export interface SandboxOptions {
  readonly graphqlPath: string;
  /** Directory of example operations (`readExamples`). */
  readonly examples?: string | undefined;
  /** Roles that its reader may take; undefined where tokens are had elsewhere. */
  readonly roles?: RoleOptions | undefined;
  /** Directory of the built page. */
  readonly dist?: string;
}

/** An operation for a tab of the page; `variables` is JSON as it was written. */
export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

const DIST = join(import.meta.dirname, "..", "sandbox", "dist");

const PAGE = createPage([
  "worker-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  // The editor writes style elements and attributes while it works, and takes no nonce for them.
  "style-src 'self' 'unsafe-inline'",
]);

const NOT_BUILT = "The sandbox is not built; run: npm run build:pages";

/**
 * Adds the page, its assets under `/sandbox/assets/` and the examples at `/sandbox/examples.json`. Where the page is
 * not built, the log and the browser say how to build it.
 * @throws Error naming the file, when an example cannot be read.
 */
export async function registerSandbox(app: FastifyInstance, options: SandboxOptions): Promise<void> {
  const dist = options.dist ?? DIST;
  const built = existsSync(join(dist, "index.html"));
  if (!built) app.log.warn(NOT_BUILT);
  const page = built
    ? pageFor(await readFile(join(dist, "index.html"), "utf8"), options.graphqlPath)
    : NOT_BUILT;
  const examples = options.examples === undefined ? [] : await readExamples(options.examples);

  // A constraint, and not a hook: the route of the graph stays what it is for everybody who does not want HTML.
  app.addConstraintStrategy({
    name: "page",
    storage: constraintStorage,
    deriveConstraint: (request) => wantsPage(request.headers.accept) || undefined,
    validate: () => undefined,
  });
  for (const url of new Set(["/", options.graphqlPath])) {
    app.get(url, { constraints: { page: true } }, (_request, reply) =>
      PAGE.answer(reply, built ? "text/html" : "text/plain")
        .code(built ? 200 : 503)
        .header("vary", "accept")
        .send(page),
    );
  }
  await registerRoles(app, options.roles);
  app.get("/sandbox/examples.json", (_request, reply) =>
    PAGE.answer(reply, "application/json").send(examples),
  );
  if (!built) return;
  await serveAssets(app, PAGE, dist, "/sandbox/assets/");
}

/**
 * Whether a client would rather have HTML than JSON (RFC 9110, section 12.5.1). A range over all types says nothing
 * of HTML, so that command-line clients reach the graph.
 */
export function wantsPage(accept: string | undefined): boolean {
  let html = 0;
  let json = 0;
  for (const range of (accept ?? "").toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const weight = Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1);
    if (type === "text/html") html = weight;
    else if (type.endsWith("json")) json = Math.max(json, weight);
  }
  return html > json;
}

/**
 * Reads a directory of operations: `*.graphql` in the order of their names, each titled by its first line, a comment;
 * `<name>.variables.json` beside it gives the variables.
 * @throws Error naming the file that has no title, or variables that are not JSON.
 */
export async function readExamples(directory: string): Promise<Example[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".graphql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const query = await readFile(path, "utf8");
      const title = /^#+\s*(\S.*)/.exec(query)?.[1]?.trimEnd();
      if (title === undefined)
        throw new Error(`${path}: the first line must be a comment, the title of the example`);
      const variables = await readVariables(path.replace(/\.graphql$/, ".variables.json"));
      return { title, query, ...(variables !== undefined && { variables }) };
    }),
  );
}

async function readVariables(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const variables = await readFile(path, "utf8");
  try {
    JSON.parse(variables);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
  return variables.trimEnd();
}

function pageFor(html: string, graphqlPath: string): string {
  const path = graphqlPath.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return html.replace(/(data-graphql-path=)"[^"]*"/, (_attribute, name: string) => `${name}"${path}"`);
}

/** What find-my-way asks of a constraint with one value: routes that are for the page, by `true`. */
function constraintStorage<Handler>() {
  const handlers = new Map<unknown, Handler>();
  return {
    get: (value: unknown) => handlers.get(value) ?? null,
    set: (value: unknown, handler: Handler) => void handlers.set(value, handler),
  };
}
