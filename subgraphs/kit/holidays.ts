/**
 * Public holidays of Vietnam (Labour Code 2019, article 112), with the days off in lieu that the government announced
 * or that follow from a weekend. Lunar dates (Tết, Hùng Kings) are given by their solar days. Later years are data to
 * be added when announced.
 */
import type { Day } from "./calendar.ts";

export const HOLIDAYS: readonly Day[] = [
  // 2025: New Year; Tết Ất Tỵ 25/1–2/2; Hùng Kings; Reunification and Labour Day; National Day
  "2025-01-01",
  ...["2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31"],
  "2025-04-07",
  ...["2025-04-30", "2025-05-01", "2025-05-02"],
  ...["2025-09-01", "2025-09-02"],
  // 2026: New Year; Tết Bính Ngọ 14/2–22/2; Hùng Kings 26/4, in lieu 27/4; 30/4 and 1/5; National Day 1–2/9
  ...["2026-01-01", "2026-01-02"],
  ...["2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"],
  "2026-04-27",
  ...["2026-04-30", "2026-05-01"],
  ...["2026-09-01", "2026-09-02"],
  // 2027: New Year; Tết Đinh Mùi (6/2 is new year's day); Hùng Kings 16/4; 30/4, 1/5 in lieu 3/5; National Day 2–3/9
  "2027-01-01",
  ...["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"],
  "2027-04-16",
  ...["2027-04-30", "2027-05-03"],
  ...["2027-09-02", "2027-09-03"],
];
