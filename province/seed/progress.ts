/** Shows how far the seeding is: a bar that moves on a terminal, a plain line now and then elsewhere. */
import type { SeedProgress } from "./load.ts";

const BAR_WIDTH = 28;
const TERMINAL_EVERY_MS = 100;
const LINE_EVERY_MS = 2_000;

const PHASES = {
  databases: "databases",
  dossiers: "dossiers",
  indexes: "indexes and commit",
} as const satisfies Record<SeedProgress["phase"], string>;

/** A listener for progress that writes to `stream`, standard error by default. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): (progress: SeedProgress) => void {
  let phase: SeedProgress["phase"] | undefined;
  let began = 0;
  let shown = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.phase !== phase) {
      phase = progress.phase;
      began = now;
      shown = 0;
    }
    const isLast = progress.done === progress.total;
    if (!isLast && now - shown < (stream.isTTY ? TERMINAL_EVERY_MS : LINE_EVERY_MS)) return;
    shown = now;
    const line = progressLine(progress, (now - began) / 1_000, stream.isTTY);
    stream.write(stream.isTTY ? `\r\x1b[K${line}${isLast ? "\n" : ""}` : `${line}\n`);
  };
}

/** `dossiers [#####·····] 50 %  500,000 of 1,000,000  24,000/s  21 s left`; the bar only on a terminal. */
export function progressLine({ phase, done, total }: SeedProgress, seconds: number, bar: boolean): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR_WIDTH);
  const parts = [
    `${PHASES[phase]}${bar ? ` [${"#".repeat(filled)}${"·".repeat(BAR_WIDTH - filled)}]` : ""} ${Math.floor(share * 100)} %`,
    `${count(done)} of ${count(total)}`,
  ];
  // The others are few: a rate of them tells nothing.
  if (phase === "dossiers" && seconds > 0.5 && done > 0) {
    const rate = done / seconds;
    parts.push(`${count(Math.round(rate))}/s`);
    if (done < total) parts.push(`${Math.ceil((total - done) / rate)} s left`);
  }
  return parts.join("  ");
}

function count(number: number): string {
  return number.toLocaleString("en");
}
