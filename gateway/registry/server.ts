/**
 * The registry over HTTP: bodies validated, keys checked, refusals told in the reader's language.
 */
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
} from "fastify";
import { ZodError } from "zod";
import type { Database } from "../../process/database.ts";
import { sqlState } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import { followUnused } from "../../process/unused-connections.ts";
import { errorMessage, type ErrorDetails, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import type { HostRule } from "../hosts.ts";
import { preferredLanguage } from "../language.ts";
import type { ChangeSurroundings } from "./change.ts";
import { RegistryError } from "./errors.ts";
import type { Feed } from "./feed.ts";
import { registerChangeRoutes } from "./routes-change.ts";
import { registerGatewayRoutes } from "./routes-gateway.ts";
import { registerReadRoutes } from "./routes-read.ts";

export interface RegistryParts {
  readonly database: Database;
  readonly changes: ChangeSurroundings;
  readonly feed: Feed;
  readonly operatorKey: string;
  /** Where what is registered may be. */
  readonly hosts: HostRule;
  readonly log: Logger;
  /** Bytes of one request's body. */
  readonly bodyLimit: number;
}

/** Builds the server; it does not listen yet. */
export function createRegistryServer(parts: RegistryParts): FastifyInstance {
  const { database, log, bodyLimit } = parts;
  const loggerInstance: FastifyBaseLogger = log;
  const stopping = new AbortController();
  const app = fastify({
    bodyLimit,
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
  });
  const closeUnused = followUnused(app.server);
  app.addHook("preClose", async () => {
    stopping.abort();
    closeUnused();
  });
  app.addHook("onSend", async (_request, reply) => {
    // A kept-alive connection would hold the stop back until its client lets go.
    if (stopping.signal.aborted) reply.header("connection", "close");
  });
  app.addHook("onResponse", async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const isQuiet = method === "GET" || routeOptions.url === "/v1/usage";
    log[isQuiet ? "debug" : "info"](
      { method, route: routeOptions.url, status: statusCode, ms: Math.round(elapsedTime) },
      "request",
    );
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const language = preferredLanguage(request.headers["accept-language"]);
    const { code, details, extensions } = refusalOf(error, bodyLimit, request.id);
    if (code === "INTERNAL_SERVER_ERROR")
      log.error({ requestId: request.id, err: error }, "a request failed");
    const message = errorMessage(code, details, language);
    return reply
      .code(GATEWAY_ERRORS[code].status)
      .send({ errors: [{ message, extensions: { code, ...extensions } }] });
  });
  app.setNotFoundHandler(() => {
    throw new RegistryError("NOT_FOUND", {});
  });
  app.get("/health/live", async () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    if (stopping.signal.aborted) return reply.code(503).send({ status: "stopping" });
    try {
      await database.query("select 1");
      return { status: "ready" };
    } catch {
      return reply.code(503).send({ status: "the database does not answer" });
    }
  });
  registerChangeRoutes(app, parts);
  registerReadRoutes(app, parts);
  registerGatewayRoutes(app, parts, stopping.signal);
  return app;
}

interface Told {
  readonly code: GatewayErrorCode;
  readonly details: ErrorDetails;
  readonly extensions: Readonly<Record<string, unknown>>;
}

function refusalOf(error: FastifyError, limit: number, requestId: string): Told {
  if (error instanceof RegistryError) return told(error.code, error.details, error.extensions);
  if (error instanceof ZodError) {
    const faults = error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
    const reason = faults
      .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))
      .join("; ");
    return told("INPUT_INVALID", { reason }, { faults });
  }
  // PostgreSQL stores every character but NUL.
  if (sqlState(error) === "22021" || sqlState(error) === "22P05")
    return told("INPUT_INVALID", { reason: "\\u0000" });
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return told("BODY_TOO_LARGE", { limit });
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return told("MEDIA_TYPE_UNSUPPORTED");
  if (error.statusCode !== undefined && error.statusCode < 500) return told("BODY_MALFORMED");
  return told("INTERNAL_SERVER_ERROR", { requestId });
}

function told(code: GatewayErrorCode, details: ErrorDetails = {}, extensions = {}): Told {
  return { code, details, extensions };
}
