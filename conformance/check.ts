/**
 * One check of the contract, and how it tells what it found.
 */
import { curlOf } from "./http/curl.ts";
import type { Exchange } from "./http/exchange.ts";
import type { CheckResult, Failure, Outcome } from "./report.ts";
import type { Subject } from "./subject.ts";

export interface Check {
  /** Group and name: `entities.order`. */
  readonly id: string;
  /** What the contract wants, one sentence. */
  readonly wants: string;
  /** Where it stands: a file of the project, or a section of a specification. */
  readonly reference: string;
  /** Opens or changes cases. */
  readonly writes: boolean;
  run(subject: Subject, findings: Findings): Promise<void> | void;
}

/** Nothing more can be checked: what was needed for it failed. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly exchange: Exchange;
  constructor(came: string, exchange: Exchange) {
    super(came);
    this.exchange = exchange;
  }
}

/** The check does not apply here. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}

/** Differences shown of one check; the rest would tell the same again. */
const MOST_FAILURES = 5;

export class Findings {
  readonly #failures: Failure[] = [];
  #note: string | undefined;

  /** @param came in one line, what came instead of what the contract wants */
  fail(came: string, exchange: Exchange): void {
    this.#failures.push({ came: oneLine(came), curl: curlOf(exchange.request) });
  }

  /** Fails unless `isRight`. */
  expect(isRight: boolean, came: string | (() => string), exchange: Exchange): void {
    if (!isRight) this.fail(typeof came === "string" ? came : came(), exchange);
  }

  /** Fails unless both have the same JSON. */
  same(what: string, came: unknown, wanted: unknown, exchange: Exchange): void {
    const [given, expected] = [JSON.stringify(came), JSON.stringify(wanted)];
    if (given !== expected) this.fail(`${what} is ${given}, not ${expected}`, exchange);
  }

  /** What was measured. */
  note(text: string): void {
    this.#note = text;
  }

  outcome(): Outcome {
    if (this.#failures.length === 0)
      return this.#note === undefined ? { kind: "passed" } : { kind: "passed", note: this.#note };
    const more = this.#failures.length - MOST_FAILURES;
    const failures = this.#failures
      .slice(0, MOST_FAILURES)
      .map((failure, index) =>
        more > 0 && index === MOST_FAILURES - 1
          ? { ...failure, came: `${failure.came} (and ${more} more)` }
          : failure,
      );
    return { kind: "failed", failures };
  }
}

/** Runs a check; never rejects for what the subgraph did. */
export async function runCheck(check: Check, subject: Subject): Promise<CheckResult> {
  const began = performance.now();
  const outcome = await outcomeOf(check, subject);
  const { id, wants, reference } = check;
  return { id, wants, reference, duration: performance.now() - began, outcome };
}

async function outcomeOf(check: Check, subject: Subject): Promise<Outcome> {
  if (check.writes && subject.readOnly) return { kind: "skipped", why: "it writes (--read-only)" };
  const findings = new Findings();
  try {
    await check.run(subject, findings);
  } catch (error) {
    if (error instanceof Skipped) return { kind: "skipped", why: error.message };
    if (!(error instanceof Stopped)) throw error;
    findings.fail(error.message, error.exchange);
  }
  return findings.outcome();
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 400 ? line : `${line.slice(0, 400)}…`;
}
