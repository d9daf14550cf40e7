import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { progressLine, showProgress } from "../../../province/seed/progress.ts";

describe("progressLine", () => {
  it("shows share, count, rate and time left", () => {
    const progress = { phase: "dossiers", done: 250_000, total: 1_000_000 } as const;
    expect(progressLine(progress, 10, false)).toBe(
      "dossiers 25 %  250,000 of 1,000,000  25,000/s  30 s left",
    );
    expect(progressLine(progress, 10, true)).toBe(
      `dossiers [${"#".repeat(7)}${"·".repeat(21)}] 25 %  250,000 of 1,000,000  25,000/s  30 s left`,
    );
  });

  it("shows no rate of few things, and no time left at the end", () => {
    expect(progressLine({ phase: "databases", done: 3, total: 22 }, 10, false)).toBe(
      "databases 13 %  3 of 22",
    );
    expect(progressLine({ phase: "dossiers", done: 10, total: 10 }, 1, false)).toBe(
      "dossiers 100 %  10 of 10  10/s",
    );
  });

  it("holds for nothing to do", () => {
    expect(progressLine({ phase: "dossiers", done: 0, total: 0 }, 0, false)).toBe("dossiers 100 %  0 of 0");
  });
});

describe("showProgress", () => {
  it("prints few plain lines where nobody watches", async () => {
    const lines = (await shown(false)).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines).toContainEqual(expect.stringMatching(/^dossiers 100 %/));
    expect(lines.at(-1)).toMatch(/^indexes and commit 100 %/);
  });

  it("moves one line per phase on a terminal", async () => {
    const output = await shown(true);
    expect(output.split("\n")).toHaveLength(3);
    expect(output).toContain("\r\u001b[K");
  });
});

/** What two phases leave on a stream. */
async function shown(isTTY: boolean): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  const show = showProgress(stream);
  for (let done = 1; done <= 100; done++) show({ phase: "dossiers", done, total: 100 });
  for (let done = 1; done <= 2; done++) show({ phase: "indexes", done, total: 2 });
  stream.end();
  return text(stream);
}
