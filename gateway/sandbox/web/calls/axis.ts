/** One time axis for all bars: from 0 to the end of the last call, marked at round times. */
import type { Call } from "./store.ts";

export interface Axis {
  /** Milliseconds at the right end. */
  readonly end: number;
  /** Milliseconds of each mark, from 0. */
  readonly marks: readonly number[];
}

const MOST_MARKS = 5;

export function axisOf(calls: readonly Call[]): Axis {
  const end = Math.max(1, ...calls.map(endOf));
  const step = roundStep(end / MOST_MARKS);
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  return { end, marks };
}

/** When a call ended; when it began, where the report does not know. */
export function endOf(call: Call): number {
  return call.startedAt + (call.duration ?? 0);
}

/** Where a time stands on the axis, as a CSS percentage. */
export function place(axis: Axis, milliseconds: number): string {
  return `${((100 * milliseconds) / axis.end).toFixed(3)}%`;
}

/** The smallest of 1, 2, 5 × a power of ten that is not less. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
