import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Report } from "../../conformance/report.ts";
import { startProgram } from "../setup/program.ts";
import { type SampleSubgraph, startSample } from "./sample/server.ts";

let sample: SampleSubgraph;
beforeAll(async () => {
  sample = await startSample();
  return () => sample.close();
});
beforeEach(() => sample.plant());

async function run(...args: readonly string[]) {
  const program = startProgram("conformance/main.ts", args);
  const code = await program.ended();
  return { code, ...program.output };
}

describe("the program", () => {
  test("says what it does while it runs, and ends with 0 when everything passes", async () => {
    const { code, out, err } = await run(sample.url, "--only", "schema", "--only", "strangers.refused");
    expect({ code, err: err.split("\n").map((line) => line.replace(/ \(\d+ ms\)$/, "")) }).toEqual({
      code: 0,
      err: [
        "1/4 ok   schema.sdl",
        "2/4 ok   schema.case-fields",
        "3/4 ok   schema.list-fields",
        "4/4 skip strangers.refused",
        "",
      ],
    });
    expect(out).toContain(`Conformance of agency H56.30 at ${sample.url}`);
    expect(out).toMatch(/ {2}ok {3}schema +3 of +3 passed/);
    expect(out).toMatch(/Skipped\n {2}strangers\.refused: the subgraph's gateway is not known here/);
    expect(out).toMatch(/12 cases were opened for the checks, H56\.30-\d{6}-\d{9} to H56\.30-\d{6}-\d{9}\./);
    expect(out).toMatch(/3 passed, 0 failed, 1 skipped in \d+\.\d s\./);
  });

  test("ends with 1 when something fails, and tells what was wanted, what came, and how to see it", async () => {
    sample.plant("English only");
    const { code, out } = await run(sample.url, "--only", "errors.language");
    expect(code).toBe(1);
    expect(out).toMatch(
      /errors\.language\n {4}wanted: the message is English or Vietnamese.*\n +\(docs\/errors\.md\)\n {4}came: {3}to a Vietnamese reader: HTTP 200 .*\n {4}shown by:\ncurl -gsSi .*'accept-language: vi-VN/,
    );
    expect(out).toContain("The subgraph does not conform.");
  });

  test("writes JSON and JUnit's XML", async () => {
    sample.plant("English only");
    const folder = await mkdtemp(join(tmpdir(), "conformance-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const junit = join(folder, "report.xml");
    const { code, out } = await run(
      sample.url,
      "--agency",
      "000.00.30.H56",
      "--json",
      "--junit",
      junit,
      "--only",
      "errors",
      "--only",
      "strangers",
    );
    expect(code).toBe(1);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({ agency: "H56.30", passed: 5, failed: 1, skipped: 1, readOnly: false });
    const xml = await readFile(junit, "utf8");
    expect(xml).toMatch(
      /<testsuites name="conformance of H56\.30 at [^"]+" tests="7" failures="1" skipped="1" time="[\d.]+">/,
    );
    expect(xml).toMatch(/<testsuite name="errors" tests="6" failures="1" skipped="0"/);
    expect(xml).toMatch(
      /<testcase classname="errors" name="language" time="[\d.]+">\n<failure message="to a Vietnamese reader: /,
    );
    expect(xml).toContain("<skipped message=");
    expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#10;)/);
  });

  test("tells every fault of its options at once", async () => {
    const { code, err } = await run("--agency", "nobody", "--only", "everything", "--latency-limit", "none");
    expect(code).toBe(1);
    for (const part of [
      "is required",
      '"nobody" is not an agency code',
      '"everything" is no check',
      "--latency-limit",
    ])
      expect(err).toContain(part);
  });

  test("tells in one line that nobody answers", async () => {
    const { code, err } = await run("http://127.0.0.1:9/graphql");
    expect(code).toBe(1);
    expect(err).toBe(
      "error: http://127.0.0.1:9/graphql: connection broken (ECONNREFUSED)\n  Start the subgraph, or correct the URL.\n",
    );
  });

  test("--help has examples", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    expect(out).toContain("<URL>");
    expect(out).toContain("node conformance/main.ts http://localhost:4002/graphql --read-only --json");
  });
});
