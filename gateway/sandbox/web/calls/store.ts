/** The calls of the operation that ran last, from the fetcher to the panel. */

/** One call of the gateway to a service, as it reports it in `extensions.calls`. Times in milliseconds. */
export interface Call {
  readonly service: string;
  /** Key of the member asked, where the service has several. */
  readonly member?: string;
  readonly memberName?: string;
  /** From the beginning of the request. */
  readonly startedAt: number;
  /** Undefined when the answer left before the call had ended. */
  readonly duration?: number;
  /** Code of the error, when the call failed. */
  readonly code?: string;
  /** How many entities were asked for; undefined for root fields. */
  readonly entities?: number;
}

/** `calls` is undefined when the answer brought no report, or there was no answer. */
export type Run =
  | { readonly state: "none" | "running" }
  | { readonly state: "done"; readonly calls?: readonly Call[] };

let run: Run = { state: "none" };
const listeners = new Set<() => void>();

export function currentRun(): Run {
  return run;
}

export function onRunChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startRun(): void {
  change({ state: "running" });
}

export function endRun(calls: readonly Call[] | undefined): void {
  change({ state: "done", ...(calls && { calls }) });
}

function change(next: Run): void {
  run = next;
  for (const listener of listeners) listener();
}
