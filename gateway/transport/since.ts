/**
 * Remembers since when an address has been failing, so that an error can say it; and logs when that begins and ends.
 */
import type { Logger } from "../../process/log.ts";
import type { Transport } from "./transport.ts";

export function rememberFailures(ask: Transport, log: Logger): Transport {
  const failingSince = new Map<string, string>();
  return async (request) => {
    const response = await ask(request);
    if (request.url === undefined) return response;
    const { url, service, member } = request;
    const since = failingSince.get(url);
    if (response.failure === undefined) {
      if (since !== undefined) {
        failingSince.delete(url);
        log.info({ service, member: member?.key, url, since }, "subgraph answers again");
      }
      return response;
    }
    const { code, reason } = response.failure;
    if (since === undefined) {
      failingSince.set(url, new Date().toISOString());
      log.warn({ service, member: member?.key, url, code, reason }, "subgraph began to fail");
    }
    return { ...response, failure: { ...response.failure, since: failingSince.get(url) } };
  };
}
