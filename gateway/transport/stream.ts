/**
 * Subscribing to a subgraph is an onion like asking it (transport.ts); every layer is a function of this signature:
 *
 *   routeStreams          which URL; the events of several members are merged (stream-members.ts)
 *     shareStreams        who subscribes to the same shares one stream
 *       negotiateStreams  by which protocol
 *         openSse, openWebSocket
 */
import type { HostRule } from "../hosts.ts";
import type { SubgraphTls } from "./tls.ts";
import type { SubgraphRequest, SubgraphResponse } from "./transport.ts";

/** One answer to a subscription. */
export interface StreamEvent {
  /** Among all events of this process. What several operations ask because of one event, they may ask together. */
  readonly number: number;
  /** Characters. */
  readonly size: number;
  /** The answer, a copy of its own for every reader: who executes takes its objects over. */
  readonly read: () => SubgraphResponse;
}

/** Told of a stream, never while it is being opened. */
export interface StreamListener {
  readonly event: (event: StreamEvent) => void;
  /**
   * Nothing follows.
   * @param reason `failure` or `errors`; left out when the service completed the stream
   */
  readonly end: (reason?: SubgraphResponse) => void;
}

/** Leaves a stream: the listener is told no more. May be called twice. */
export type Leave = () => void;

export type StreamTransport = (request: SubgraphRequest, listener: StreamListener) => Leave;

/** Listeners are not told while a stream is being opened. */
export function endSoon(tell: () => void): Leave {
  const soon = setImmediate(tell);
  return () => clearImmediate(soon);
}

let events = 0;

/** @param first the answer read already; `again` reads it anew for every further reader */
export function streamEvent(
  size: number,
  first: SubgraphResponse,
  again: () => SubgraphResponse,
): StreamEvent {
  events += 1;
  let fresh: SubgraphResponse | undefined = first;
  const read = (): SubgraphResponse => {
    const answer = fresh ?? again();
    fresh = undefined;
    return answer;
  };
  return { number: events, size, read };
}

/** Told by one protocol of what became of an attempt. */
export interface AttemptListener extends StreamListener {
  /** The service took the subscription. */
  readonly begin: () => void;
  /** The service does not speak the protocol, or says no; nothing follows. */
  readonly refuse: (reason: SubgraphResponse) => void;
}

/** Subscribes by one protocol at the request's URL. */
export type AttemptStream = (request: SubgraphRequest, url: string, listener: AttemptListener) => Leave;

export interface StreamLimits {
  /** Milliseconds until the service must have accepted. */
  readonly deadline: number;
  /** Characters of one event. */
  readonly maxEventSize: number;
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number;
  /** Where services may be; the usual rule when it is left out. */
  readonly hosts?: HostRule | undefined;
  readonly tls?: SubgraphTls | undefined;
}

/** A listener that hears of the end once, and nothing after it. */
export function tellOnce(
  { begin, event, end, refuse }: AttemptListener,
  close: () => void,
): AttemptListener & { readonly leave: () => void; readonly isOver: () => boolean } {
  let over = false;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    close();
    tell();
  };
  return {
    begin: () => (over ? undefined : begin()),
    event: (each) => (over ? undefined : event(each)),
    end: (reason) => finish(() => end(reason)),
    refuse: (reason) => finish(() => refuse(reason)),
    leave: () => finish(() => undefined),
    isOver: () => over,
  };
}
