/**
 * A report for people.
 */
import type { CheckResult, Report } from "./report.ts";

/** One line for a check, as it is done. */
export function progressLine({ id, duration, outcome }: CheckResult, done: number, total: number): string {
  const place = `${String(done).padStart(String(total).length)}/${total}`;
  const note = outcome.kind === "passed" && outcome.note !== undefined ? `: ${outcome.note}` : "";
  return `${place} ${MARKS[outcome.kind]} ${id} (${Math.round(duration)} ms)${note}`;
}

const MARKS = { passed: "ok  ", failed: "FAIL", skipped: "skip" } as const;

export function textReport(report: Report): string {
  const { url, agency, results, opened, passed, failed, skipped, duration } = report;
  return [
    `Conformance of agency ${agency} at ${url}`,
    "",
    ...groups(results),
    ...section("Skipped", results.flatMap(skippedLines)),
    ...section("Failed", results.flatMap(failedLines)),
    "",
    opened.length === 0
      ? "No case was opened."
      : `${opened.length} cases were opened for the checks, ${opened[0]} to ${opened.at(-1)}.`,
    `${passed} passed, ${failed} failed, ${skipped} skipped in ${(duration / 1000).toFixed(1)} s.`,
    failed === 0
      ? "The subgraph conforms to the contract as far as it was checked."
      : "The subgraph does not conform.",
    "",
  ].join("\n");
}

function groups(results: readonly CheckResult[]): string[] {
  const byGroup = Map.groupBy(results, ({ id }) => id.split(".")[0] ?? "");
  return [...byGroup].map(([group, members]) => {
    const passed = members.filter(({ outcome }) => outcome.kind === "passed").length;
    const failed = members.filter(({ outcome }) => outcome.kind === "failed").length;
    const notes = members.flatMap(({ outcome }) =>
      outcome.kind === "passed" && outcome.note !== undefined ? [outcome.note] : [],
    );
    const counts = `${String(passed).padStart(3)} of ${String(members.length).padStart(3)} passed`;
    const measured = group === "latency" && notes.length > 0 ? `  ${notes.join("; ")}` : "";
    return `  ${failed > 0 ? MARKS.failed : MARKS.passed} ${group.padEnd(12)} ${counts}${measured}`;
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function skippedLines({ id, outcome }: CheckResult): string[] {
  return outcome.kind === "skipped" ? [`  ${id}: ${outcome.why}`] : [];
}

function failedLines({ id, wants, reference, outcome }: CheckResult): string[] {
  if (outcome.kind !== "failed") return [];
  return [
    `  ${id}`,
    `    wanted: ${wants}`,
    `            (${reference})`,
    ...outcome.failures.flatMap(({ came, curl }) => [`    came:   ${came}`, `    shown by:`, curl, ""]),
  ];
}
