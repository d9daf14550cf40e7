/** The agencies' orders of the day, from which dossier codes are made. */
import { isoDay } from "./working-time.ts";

export interface CounterRow {
  readonly agency: string;
  /** Days since 1970. */
  readonly day: number;
  readonly last: number;
}

export class DossierCounters {
  readonly #last = new Map<string, Map<number, number>>();

  /** The end of the next code of an agency on a day: `-261121-0001`. */
  next(agency: string, day: number): string {
    let days = this.#last.get(agency);
    if (days === undefined) this.#last.set(agency, (days = new Map()));
    const order = (days.get(day) ?? 0) + 1;
    days.set(day, order);
    return dayPart(day) + String(order).padStart(4, "0");
  }

  /** Where the counting stands, for those who go on. */
  rows(): CounterRow[] {
    return [...this.#last].flatMap(([agency, days]) =>
      [...days].map(([day, last]) => ({ agency, day, last })),
    );
  }
}

const DAY_PARTS = new Map<number, string>();

/** `-261121-` */
function dayPart(day: number): string {
  let part = DAY_PARTS.get(day);
  if (part === undefined) DAY_PARTS.set(day, (part = `-${isoDay(day).slice(2).replaceAll("-", "")}-`));
  return part;
}
