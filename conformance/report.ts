/**
 * What a run of the checks found.
 */

/** A difference between what the contract wants and what came. */
export interface Failure {
  /** What came instead, in one line. */
  readonly came: string;
  /** The request that shows it, as a command for a shell. */
  readonly curl: string;
}

export type Outcome =
  | { readonly kind: "passed"; readonly note?: string }
  | { readonly kind: "failed"; readonly failures: readonly Failure[] }
  | { readonly kind: "skipped"; readonly why: string };

export interface CheckResult {
  /** Group and name: `entities.order`. */
  readonly id: string;
  /** What the contract wants. */
  readonly wants: string;
  /** Where it stands. */
  readonly reference: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly outcome: Outcome;
}

export interface Report {
  readonly url: string;
  /** Canonical code of the agency that answers there. */
  readonly agency: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly readOnly: boolean;
  /** Dossier codes of the cases that the run opened. */
  readonly opened: readonly string[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly CheckResult[];
}
