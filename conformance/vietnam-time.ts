/**
 * Instants and days as the contract writes them: RFC 3339 with Vietnam's offset, ISO 8601 days of Vietnam.
 */

/** `2026-11-21T08:30:00+07:00`; fractions of a second are allowed. */
export const VIETNAM_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+07:00$/;

const DAY_MS = 86_400_000;
const OFFSET_MS = 7 * 3_600_000;

/** The day in Vietnam of an instant. */
export function dayOf(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 10);
}

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `time` is `HH:MM:SS`. */
export function instantOn(day: string, time: string): string {
  return `${day}T${time}+07:00`;
}
