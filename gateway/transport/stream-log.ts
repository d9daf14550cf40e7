/**
 * Logs streams that break off: the first of a row at one address as a warning, until an event comes from there again.
 */
import type { Logger } from "../../process/log.ts";
import type { StreamTransport } from "./stream.ts";

export function logStreams(open: StreamTransport, log: Logger): StreamTransport {
  const failing = new Set<string>();
  return (request, { event, end }) => {
    const { url = "", service, member } = request;
    return open(request, {
      event: (each) => {
        if (failing.delete(url))
          log.info({ service, member: member?.key, url }, "subgraph sends events again");
        event(each);
      },
      end: (reason) => {
        if (reason?.failure !== undefined) {
          const { code, reason: why } = reason.failure;
          const level = failing.has(url) ? "debug" : "warn";
          failing.add(url);
          log[level]({ service, member: member?.key, url, code, reason: why }, "subscription broken off");
        }
        end(reason);
      },
    });
  };
}
