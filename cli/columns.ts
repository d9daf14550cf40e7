/** Rows of equally many cells as aligned lines, the first row as their heads. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** An instant as people of this machine's time zone read it: `2026-11-21 20:37:35`. */
export function instant(rfc3339: string): string {
  return new Date(rfc3339).toLocaleString("sv-SE");
}
