/**
 * Public holidays of Vietnam (Labour Code 2019, article 112), with the days off in lieu that the government announced
 * or that follow from a weekend. Lunar dates (Tết, Hùng Kings) are given by their solar days. Later years are data to
 * be added when announced.
 */
import type { Day } from "./calendar.ts";

/** Month and day of the days off, by year. */
const BY_YEAR: Readonly<Record<string, string>> = {
  // New Year; Tết Ất Tỵ; Hùng Kings; Reunification and Labour Day; National Day
  2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
  // New Year with its bridge day; Tết Bính Ngọ; Hùng Kings in lieu; Reunification and Labour Day; National Day
  2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 09-01 09-02",
  // New Year; Tết Đinh Mùi; Hùng Kings; Reunification Day, Labour Day in lieu; National Day
  2027: "01-01 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03",
};

export const HOLIDAYS: readonly Day[] = Object.entries(BY_YEAR).flatMap(([year, days]) =>
  days.split(" ").map((day) => `${year}-${day}`),
);
