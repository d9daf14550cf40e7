/**
 * Remembers since when an address has been failing, so that an error can say it; and logs when that begins and ends.
 * Answers that prove not to be their service's are an alert: an error in the log, when the first of a row comes.
 */
import type { Logger } from "../../process/log.ts";
import type { Failure, Transport } from "./transport.ts";

interface Failing {
  readonly since: string;
  forged: boolean;
}

export function rememberFailures(ask: Transport, log: Logger): Transport {
  const failing = new Map<string, Failing>();
  return async (request) => {
    const response = await ask(request);
    if (request.url === undefined) return response;
    const { url, service, member } = request;
    const before = failing.get(url);
    if (response.failure === undefined) {
      if (before !== undefined) {
        failing.delete(url);
        log.info({ service, member: member?.key, url, since: before.since }, "subgraph answers again");
      }
      return response;
    }
    const { code, reason } = response.failure;
    const now = before ?? { since: new Date().toISOString(), forged: false };
    if (before === undefined) failing.set(url, now);
    const about = { service, member: member?.key, url, code, reason };
    if (isForgery(response.failure)) {
      if (!now.forged) log.error(about, "an answer is not what its subgraph signed, it was not used");
      now.forged = true;
    } else if (before === undefined) log.warn(about, "subgraph began to fail");
    return { ...response, failure: { ...response.failure, since: now.since } };
  };
}

/** Whether somebody else may have answered. */
export function isForgery({ code }: Failure): boolean {
  return code === "SUBGRAPH_SIGNATURE_MISSING" || code === "SUBGRAPH_SIGNATURE_INVALID";
}
