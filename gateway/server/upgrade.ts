/**
 * Which requests for a WebSocket are refused, and how.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GatewayErrorCode } from "../errors.ts";
import { preferredLanguage } from "../language.ts";
import { rawRefusal } from "./raw-refusal.ts";
import type { WebSocketOptions } from "./websocket.ts";

/** Whether a request asks for a WebSocket: what else it might ask for instead of HTTP/1.1 (h2c) is let be. */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** Undefined when the request is to be served. @param connections that there are */
export function upgradeRefusal(
  { url, headers }: IncomingMessage,
  { graphs: byPath, subscriptions }: Pick<WebSocketOptions, "graphs" | "subscriptions">,
  connections: number,
): GatewayErrorCode | undefined {
  const graphs = byPath.get(pathOf(url));
  if (graphs === undefined) return "NOT_FOUND";
  if (!isSameOrigin(headers.origin, headers.host)) return "ORIGIN_FOREIGN";
  if (graphs.current.engine.kind === "apollo") return "SUBSCRIPTION_UNSUPPORTED";
  return connections >= subscriptions.most ? "SUBSCRIPTION_LIMIT" : undefined;
}

/** Without its query. */
export function pathOf(url: string | undefined): string {
  return url?.split("?")[0] ?? "";
}

/**
 * Browsers let every page open a WebSocket to anywhere and read what comes, and tell only whose page it is. Programs
 * that are no browsers send no origin.
 */
function isSameOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || URL.parse(origin)?.host === host?.toLowerCase();
}

export function refuseUpgrade(
  { headers }: IncomingMessage,
  stream: Duplex,
  code: GatewayErrorCode,
  limit: number,
): void {
  // Whoever asked may be gone already.
  stream.on("error", () => undefined);
  stream.end(rawRefusal(code, { limit }, preferredLanguage(headers["accept-language"])));
}
