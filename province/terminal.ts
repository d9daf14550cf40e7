/**
 * What the user of `npm start` reads: what it does now, what went wrong, where everything is.
 */

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rows of equally many cells, aligned. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows)
    say(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

/** In a file or a pipe, where a line cannot be written over, one line at most in this time. */
const PIPE_INTERVAL_MS = 2_000;

/** A line that tells how far something is: written over on a terminal. */
export class ProgressLine {
  #label = "";
  #toldAt = 0;

  update(label: string, done: number, total: number): void {
    if (process.stdout.isTTY) {
      if (label !== this.#label) this.end();
      process.stdout.write(`\r${describe(label, done, total)}`);
    } else if (done === total || performance.now() - this.#toldAt > PIPE_INTERVAL_MS) {
      this.#toldAt = performance.now();
      say(describe(label, done, total));
    }
    this.#label = label;
  }

  end(): void {
    if (process.stdout.isTTY && this.#label !== "") process.stdout.write("\n");
    this.#label = "";
  }
}

function describe(label: string, done: number, total: number): string {
  return `${label.padEnd(13)} ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}
