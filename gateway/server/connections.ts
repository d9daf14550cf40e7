/**
 * Connections of clients: TLS where it is configured, how long a request may take to arrive, and what is answered where
 * no request came of it.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TlsFiles } from "../../process/tls-files.ts";
import type { GatewayErrorCode } from "../errors.ts";
import { rawRefusal } from "./raw-refusal.ts";
import { asksForWebSocket } from "./upgrade.ts";

export interface ConnectionSettings {
  /** Milliseconds for a whole request to arrive. */
  readonly requestTimeout: number;
  readonly tls?: TlsFiles | undefined;
}

/** Milliseconds; who sends headers slowly has nothing to send. */
const HEADERS_WITHIN = 10_000;
/** How often a request is looked for that takes too long, of all the time it has. */
const LOOKS = 4;

/** Settings of the HTTP server, for Fastify. */
export function connectionOptions({ requestTimeout, tls }: ConnectionSettings) {
  const server = {
    shouldUpgradeCallback: asksForWebSocket,
    headersTimeout: Math.min(HEADERS_WITHIN, requestTimeout),
    connectionsCheckingInterval: Math.min(HEADERS_WITHIN, requestTimeout) / LOOKS,
  };
  return {
    requestTimeout,
    clientErrorHandler: refuseConnection,
    ...(tls === undefined
      ? { http: server }
      : { https: { ...server, cert: tls.cert, key: tls.key, minVersion: "TLSv1.2" as const } }),
  };
}

/** What is no HTTP, or takes too long, is answered in English: whose language it is was not told. */
function refuseConnection({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === "ECONNRESET" || socket.destroyed) return;
  const refused: GatewayErrorCode =
    code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "REQUEST_TOO_SLOW"
      : code === "HPE_HEADER_OVERFLOW"
        ? "HEADERS_TOO_LARGE"
        : "HTTP_MALFORMED";
  // An answer that has begun cannot be taken back. As Node finds out.
  const { _httpMessage: begun } = socket as { readonly _httpMessage?: ServerResponse | null };
  if (socket.writable && begun?.headersSent !== true) socket.write(rawRefusal(refused, {}, "en"));
  socket.destroySoon();
}
