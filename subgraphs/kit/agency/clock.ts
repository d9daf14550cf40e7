/**
 * The clock of a case (thời hạn giải quyết): when it is due, and how a pause moves that.
 */
import type { Agency } from "./context.ts";
import type { CaseRow, ProcedureRow } from "./rows.ts";

/** The deadline of a procedure for a case received at `from`. */
export function deadline(agency: Agency, procedure: ProcedureRow, from: Date): Date {
  const { calendar } = agency;
  if (procedure.calendarDays) return calendar.addCalendarDays(from, procedure.committedDays);
  return calendar.addWorkingDays(from, procedure.committedDays, {
    cutoff: procedure.receptionCutoff.slice(0, 5),
  });
}

/** A pause by payment or suspension moves the deadline by the working time it took. */
export function resumed(agency: Agency, row: CaseRow, now: Date): CaseRow {
  if (row.pausedAt === null || row.pausedAt >= row.dueAt) return row;
  const left = agency.calendar.workingDaysBetween(row.pausedAt, row.dueAt);
  // The time that was left goes on at once: a cut-off concerns receptions only.
  return { ...row, dueAt: agency.calendar.addWorkingDays(now, left, { cutoff: "24:00" }) };
}
