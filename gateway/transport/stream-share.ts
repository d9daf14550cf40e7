/**
 * Who subscribes to the same, for the same reader, shares one stream: a thousand subscribers cost their service one
 * subscription. Each hears what comes from the moment it joins; when the last has left, the stream is left.
 */
import type { Leave, StreamListener, StreamTransport } from "./stream.ts";

interface Shared {
  readonly listeners: Set<StreamListener>;
  leave: Leave;
}

export function shareStreams(open: StreamTransport): StreamTransport {
  const streams = new Map<string, Shared>();
  return (request, listener) => {
    const { url, query, variables, operationName, context } = request;
    const key = JSON.stringify([url, context.identity, query, variables, operationName]);
    let shared = streams.get(key);
    if (shared === undefined) {
      const opened: Shared = { listeners: new Set(), leave: () => undefined };
      streams.set(key, opened);
      opened.leave = open(request, {
        event: (event) => {
          for (const each of opened.listeners) each.event(event);
        },
        end: (reason) => {
          streams.delete(key);
          for (const each of opened.listeners) each.end(reason);
        },
      });
      shared = opened;
    }
    // One listener may join several streams, and one stream twice.
    const joined = { ...listener };
    const { listeners, leave } = shared;
    listeners.add(joined);
    return () => {
      if (!listeners.delete(joined) || listeners.size > 0) return;
      if (streams.get(key)?.listeners === listeners) streams.delete(key);
      leave();
    };
  };
}
