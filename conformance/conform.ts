/**
 * Runs the checks of the agency contract against a subgraph, whatever it is written in, over plain HTTP.
 */
import { StartError } from "../process/lifecycle.ts";
import { findAgencyCode } from "./agency-code.ts";
import { type Check, runCheck } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { openGateway } from "./gateway.ts";
import { HttpClient } from "./http/exchange.ts";
import type { CheckResult, Report } from "./report.ts";
import { Subject } from "./subject.ts";

export interface ConformOptions {
  /** Canonical code of the agency; found out when left out. */
  readonly agency?: string | undefined;
  /** File of the private keys of a gateway that the subgraph answers; where it is left out, requests are not signed. */
  readonly gatewayKey?: string | undefined;
  /** Skips the checks that open and change cases. */
  readonly readOnly?: boolean;
  /** Milliseconds that a request may take; 5,000 when left out. */
  readonly deadline?: number;
  /** Milliseconds that 99 of 100 requests for 100 entities may take; 1,000 when left out. */
  readonly latencyLimit?: number;
  /** Ids of checks, or of groups (`hostile`): only these run. */
  readonly only?: readonly string[];
  /** Told of each check when it is done, with how many there are. */
  readonly onResult?: (result: CheckResult, total: number) => void;
}

/**
 * Opens cases of its own at the agency, unless it only reads: it needs a test agency.
 * @param url the subgraph's GraphQL endpoint
 * @throws StartError when the subgraph does not answer at all, its agency's code cannot be found out, or a gateway's key
 * is named that cannot be read, or no agency with it
 */
export async function conform(url: string, options: ConformOptions = {}): Promise<Report> {
  const { readOnly = false, deadline = 5_000, latencyLimit = 1_000, only = [] } = options;
  const { gatewayKey, agency: given } = options;
  if (gatewayKey !== undefined && given === undefined)
    throw new StartError("--gateway-key needs --agency CODE.", "The signature says for whom it is.");
  const gateway = gatewayKey && given ? await openGateway(gatewayKey, given) : undefined;
  const client = new HttpClient(url, deadline, gateway?.headers);
  try {
    const [startedAt, began] = [new Date().toISOString(), performance.now()];
    const agency = await findAgencyCode(url, options.agency, client);
    const subject = new Subject({ url, agency, client, gateway, readOnly, latencyLimit });
    const chosen = CHECKS.filter((check) => only.length === 0 || only.some((name) => isNamed(check, name)));
    const results: CheckResult[] = [];
    for (const check of chosen) {
      const result = await runCheck(check, subject);
      results.push(result);
      options.onResult?.(result, chosen.length);
    }
    const count = (kind: CheckResult["outcome"]["kind"]): number =>
      results.filter(({ outcome }) => outcome.kind === kind).length;
    return {
      url,
      agency,
      startedAt,
      duration: performance.now() - began,
      readOnly,
      opened: [...subject.opened],
      passed: count("passed"),
      failed: count("failed"),
      skipped: count("skipped"),
      results,
    };
  } finally {
    client.close();
  }
}

/** Whether a name given to `only` means the check: its id, or its group. */
export function isNamed({ id }: Pick<Check, "id">, name: string): boolean {
  return id === name || id.startsWith(`${name}.`);
}
