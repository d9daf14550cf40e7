/**
 * By which protocol a service serves subscriptions is found out by asking: by SSE first, which is an ordinary request at
 * the URL that queries go to, and, where that is refused, by WebSocket at the same URL. What worked is tried first the
 * next time.
 */
import { Agent } from "undici";
import { allowsUrl, lookupWithin, USUAL_HOSTS } from "../hosts.ts";
import { FORWARDED, type HeadersFor } from "./headers.ts";
import { FORBIDDEN_ADDRESS } from "./http.ts";
import { createLru } from "./lru.ts";
import { openSse } from "./stream-sse.ts";
import { openWebSocket } from "./stream-websocket.ts";
import {
  type AttemptStream,
  endSoon,
  type Leave,
  type StreamLimits,
  type StreamTransport,
} from "./stream.ts";
import type { SubgraphResponse } from "./transport.ts";

export interface StreamConnections {
  readonly open: StreamTransport;
  /** Breaks all streams off. */
  readonly close: () => Promise<void>;
}

type Protocol = "sse" | "websocket";

const URLS = 1_000;
const LONGEST_URL = 2_000;

/** @param headersFor what each request says of itself */
export function connectStreams(limits: StreamLimits, headersFor: HeadersFor = FORWARDED): StreamConnections {
  const { hosts = USUAL_HOSTS, tls } = limits;
  // Of its own: streams would hold the connections that queries wait for. Nothing ends a silent stream but its service.
  const agent = new Agent({
    connections: null,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: -1,
    connect: { lookup: lookupWithin(hosts), ...tls },
  });
  const attempts = {
    sse: openSse(agent, limits, headersFor),
    websocket: openWebSocket(limits, headersFor),
  };
  const open = negotiateStreams(attempts);
  return {
    open: (request, listener) =>
      request.url === undefined || allowsUrl(hosts, request.url)
        ? open(request, listener)
        : endSoon(() => listener.end({ failure: FORBIDDEN_ADDRESS })),
    close: () => agent.destroy(),
  };
}

export function negotiateStreams(attempts: Readonly<Record<Protocol, AttemptStream>>): StreamTransport {
  const spoken = createLru<{ protocol: Protocol }>(URLS, LONGEST_URL);
  return (request, { event, end }) => {
    const { url } = request;
    if (url === undefined) return endSoon(() => end({ failure: NO_URL }));
    const known = spoken.get(url, () => ({ protocol: "sse" }));
    let leave: Leave | undefined;

    /** @param refused why the service does not speak the other one */
    function attempt(protocol: Protocol, refused?: SubgraphResponse): void {
      let begun = false;
      leave = attempts[protocol](request, url as string, {
        begin: () => {
          begun = true;
          known.protocol = protocol;
        },
        event,
        // What a service says in words of GraphQL tells more than how the next attempt failed.
        end: (reason) => end(begun || refused?.errors === undefined ? reason : refused),
        refuse: (reason) => {
          // Nothing signs what comes by WebSocket.
          if (request.signers !== undefined) end(reason);
          else if (refused === undefined) attempt(protocol === "sse" ? "websocket" : "sse", reason);
          else end(reason.errors === undefined ? refused : reason);
        },
      });
    }

    attempt(request.signers === undefined ? known.protocol : "sse");
    return () => leave?.();
  };
}

const NO_URL = { code: "SUBGRAPH_UNREACHABLE", reason: "no URL is known" } as const;
