/**
 * The working calendar as a straight line: whole seconds of working time since the first day of a table, so that the
 * generator adds and compares plain numbers. Agrees with `WorkingCalendar`, which is too slow for millions of deadlines;
 * a test compares both.
 */
import { plusDays, WorkingCalendar } from "../../subgraphs/kit/calendar.ts";

/** Working seconds of a day: 07:00–11:30 and 13:30–17:00. */
export const DAY = 8 * 3600;
const MORNING = 4.5 * 3600;
const MORNING_OPENS = 7 * 3600;
const AFTERNOON_OPENS = 13.5 * 3600;
const OFFSET = 7 * 3600;
const CALENDAR_DAY = 24 * 3600;

export class WorkingTime {
  /** Vietnamese days since 1970 of each working day. */
  readonly #days: readonly number[];
  /** For each day from the first on: how many working days came before. */
  readonly #before: readonly number[];
  readonly #firstDay: number;

  /** Covers the days from `from` to `to`, both in seconds since 1970. */
  constructor(from: number, to: number, calendar = new WorkingCalendar()) {
    this.#firstDay = vietnamDay(from);
    const days: number[] = [];
    const before: number[] = [];
    for (let day = this.#firstDay; day <= vietnamDay(to); day++) {
      before.push(days.length);
      if (calendar.isWorkingDay(isoDay(day))) days.push(day);
    }
    this.#days = days;
    this.#before = before;
  }

  /** Working seconds passed at an instant; outside working hours, those passed at the last closing. */
  at(instant: number): number {
    const day = vietnamDay(instant);
    const index = this.#before[day - this.#firstDay];
    if (index === undefined) throw outside(instant);
    if (this.#days[index] !== day) return index * DAY;
    const second = (instant + OFFSET) % CALENDAR_DAY;
    const morning = Math.min(Math.max(second - MORNING_OPENS, 0), MORNING);
    const afternoon = Math.min(Math.max(second - AFTERNOON_OPENS, 0), DAY - MORNING);
    return index * DAY + morning + afternoon;
  }

  /** The instant at which work stands at `working`; at a day's edge, the opening of the later day. */
  instant(working: number): number {
    const index = Math.floor(working / DAY);
    const second = working - index * DAY;
    return (
      this.#opening(index) + (second < MORNING ? MORNING_OPENS + second : AFTERNOON_OPENS + second - MORNING)
    );
  }

  /** The instant of a deadline: like `instant`, but at an edge the closing of the earlier half-day. */
  deadline(working: number): number {
    const index = Math.ceil(working / DAY) - 1;
    const second = working - index * DAY;
    return (
      this.#opening(index) + (second <= MORNING ? MORNING_OPENS + second : AFTERNOON_OPENS + second - MORNING)
    );
  }

  /**
   * Working seconds of the deadline `days` after a reception. From `cutoff` (seconds of working time into the day) on,
   * a reception counts from the next working day; leave it out where no counter is concerned.
   */
  due(received: number, days: number, cutoff = Infinity): number {
    const start = received % DAY >= cutoff ? (Math.floor(received / DAY) + 1) * DAY : received;
    // Deadlines are whole minutes.
    return Math.floor(start / 60) * 60 + days * DAY;
  }

  #opening(index: number): number {
    const day = this.#days[index];
    if (day === undefined) throw outside(index);
    return day * CALENDAR_DAY - OFFSET;
  }
}

/** `15:00` → seconds of working time into the day. */
export function cutoffOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const second = hours * 3600 + minutes * 60;
  return second < AFTERNOON_OPENS
    ? Math.min(second - MORNING_OPENS, MORNING)
    : second - AFTERNOON_OPENS + MORNING;
}

/** Vietnamese days since 1970. */
export function vietnamDay(instant: number): number {
  return Math.floor((instant + OFFSET) / CALENDAR_DAY);
}

const ISO_DAYS = new Map<number, string>();

/** `2026-11-21` */
export function isoDay(day: number): string {
  let text = ISO_DAYS.get(day);
  if (text === undefined) ISO_DAYS.set(day, (text = plusDays("1970-01-01", day)));
  return text;
}

function outside(value: number): RangeError {
  return new RangeError(`${value} lies outside the table of working days`);
}
