/**
 * The working calendar (lịch làm việc): deadlines count working time only, in Vietnam time.
 * Source: Decree 61/2018/NĐ-CP; hours and holidays differ by place and year, so both are configuration.
 */
import { HOLIDAYS } from "./holidays.ts";

/** A calendar day in Vietnam time, ISO 8601: `2026-11-21`. */
export type Day = string;

export interface CalendarOptions {
  /** Working hours of a day, `HH:MM` local, in order, not overlapping. Default: 07:00–11:30 and 13:30–17:00, 8 hours. */
  readonly hours?: readonly (readonly [from: string, to: string])[];
  /** Weekdays off, 0 = Sunday. Default: Saturday and Sunday. */
  readonly weekend?: readonly number[];
  /** Days off beside weekends. Default: the public holidays of `holidays.ts`. */
  readonly holidays?: Iterable<Day>;
  /** Weekend days worked in exchange for a bridge day. */
  readonly workedWeekends?: Iterable<Day>;
}

export interface DeadlineOptions {
  /** Reception from this hour on (`HH:MM`) counts from the opening of the next working day. Default `15:00`. */
  readonly cutoff?: string;
}

/** Vietnam has had one offset and no summer time since 1975. */
const OFFSET_MINUTES = 7 * 60;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DEFAULT_HOURS = [
  ["07:00", "11:30"],
  ["13:30", "17:00"],
] as const;

export class WorkingCalendar {
  readonly #spans: readonly (readonly [from: number, to: number])[];
  readonly #minutesPerDay: number;
  readonly #weekend: ReadonlySet<number>;
  readonly #holidays: ReadonlySet<Day>;
  readonly #workedWeekends: ReadonlySet<Day>;

  constructor(options: CalendarOptions = {}) {
    this.#spans = (options.hours ?? DEFAULT_HOURS).map(
      ([from, to]) => [minutesOf(from), minutesOf(to)] as const,
    );
    this.#minutesPerDay = this.#spans.reduce((sum, [from, to]) => sum + to - from, 0);
    if (this.#minutesPerDay <= 0) throw new RangeError("a working day needs working hours");
    this.#weekend = new Set(options.weekend ?? [0, 6]);
    if (this.#weekend.size > 6) throw new RangeError("a week needs at least one working day");
    this.#holidays = new Set(options.holidays ?? HOLIDAYS);
    this.#workedWeekends = new Set(options.workedWeekends);
  }

  isWorkingDay(day: Day): boolean {
    if (this.#workedWeekends.has(day)) return true;
    return !this.#weekend.has(weekdayOf(day)) && !this.#holidays.has(day);
  }

  /** The first working day after `day`. */
  nextWorkingDay(day: Day): Day {
    let next = plusDays(day, 1);
    while (!this.isWorkingDay(next)) next = plusDays(next, 1);
    return next;
  }

  /**
   * The instant at which `days` working days (halves allowed; 1 day = all working hours of a day) have passed since
   * `from`. A reception outside working hours counts from the next opening; after the cut-off, from the next day's.
   * @throws RangeError when `days` is negative or not finite.
   */
  addWorkingDays(from: Date, days: number, options: DeadlineOptions = {}): Date {
    if (!(days >= 0 && Number.isFinite(days)))
      throw new RangeError(`working days must be 0 or more, got ${days}`);
    let { day, minute } = this.#opening(from, options.cutoff);
    let left = Math.round(days * this.#minutesPerDay);
    for (;;) {
      for (const [opens, closes] of this.#spans) {
        const begin = Math.max(opens, minute);
        if (begin >= closes) continue;
        if (left <= closes - begin) return instantOf(day, begin + left);
        left -= closes - begin;
      }
      day = this.nextWorkingDay(day);
      minute = 0;
    }
  }

  /** `days` calendar days after `from`, at the close of that day; moved to the next working day when it is off. */
  addCalendarDays(from: Date, days: number): Date {
    let day = plusDays(dayOf(from), days);
    if (!this.isWorkingDay(day)) day = this.nextWorkingDay(day);
    return instantOf(day, this.#spans.at(-1)?.[1] ?? 0);
  }

  /** Working days (with fractions) between two instants; negative when `to` is before `from`. */
  workingDaysBetween(from: Date, to: Date): number {
    if (to < from) return -this.workingDaysBetween(to, from);
    let minutes = 0;
    const [first, last] = [dayOf(from), dayOf(to)];
    for (let day = first; day <= last; day = plusDays(day, 1)) {
      if (!this.isWorkingDay(day)) continue;
      const begin = day === first ? minuteOf(from) : 0;
      const end = day === last ? minuteOf(to) : 24 * 60;
      for (const [opens, closes] of this.#spans)
        minutes += Math.max(0, Math.min(closes, end) - Math.max(opens, begin));
    }
    return minutes / this.#minutesPerDay;
  }

  /** Where counting begins for a reception at `from`. */
  #opening(from: Date, cutoff = "15:00"): { day: Day; minute: number } {
    const day = dayOf(from);
    const minute = minuteOf(from);
    const closing = this.#spans.at(-1)?.[1] ?? 0;
    if (!this.isWorkingDay(day) || minute >= minutesOf(cutoff) || minute >= closing)
      return { day: this.nextWorkingDay(day), minute: 0 };
    return { day, minute };
  }
}

/** The calendar day of an instant in Vietnam time. */
export function dayOf(instant: Date): Day {
  return new Date(instant.getTime() + OFFSET_MINUTES * MINUTE_MS).toISOString().slice(0, 10);
}

/** The instant of a minute of a day in Vietnam time; minute 0 is midnight. */
export function instantOf(day: Day, minute = 0): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + (minute - OFFSET_MINUTES) * MINUTE_MS);
}

/** `days` calendar days after `day`. */
export function plusDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Late by date (trễ hẹn): finished, or still open now, on a later day than the deadline's.
 * Lateness is judged by the day, not by the hour (DOMAIN.md, đúng hẹn / trễ hẹn).
 */
export function isLate(dueAt: Date, finishedAt: Date | null, now = new Date()): boolean {
  return dayOf(finishedAt ?? now) > dayOf(dueAt);
}

function minuteOf(instant: Date): number {
  return Math.floor((instant.getTime() - instantOf(dayOf(instant)).getTime()) / MINUTE_MS);
}

function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

function minutesOf(time: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = time.split(":").map(Number);
  const total = hours * 60 + minutes;
  if (!(total >= 0 && total <= 24 * 60)) throw new RangeError(`not a time of day (HH:MM): "${time}"`);
  return total;
}
