/**
 * A subgraph written without the kit conforms; with any one of many faults it does not, by the very check that is meant
 * to find that fault.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CHECKS } from "../../conformance/checks.ts";
import { conform } from "../../conformance/conform.ts";
import { FAULTS, type Fault } from "./sample/faults.ts";
import { type SampleSubgraph, startSample } from "./sample/server.ts";
import { CODE } from "./sample/store.ts";
import { failuresOf } from "./failures.ts";

const run = promisify(execFile);

/** What is measured is not under test, but for the one fault that is slower than this. */
const PATIENT = { latencyLimit: 30_000, deadline: 30_000 };
const IMPATIENT = { latencyLimit: 15, deadline: 1_000 };

let sample: SampleSubgraph;
beforeAll(async () => {
  sample = await startSample();
  return () => sample.close();
});
beforeEach(() => sample.plant());

test("without a fault it passes every check", { timeout: 180_000 }, async () => {
  const report = await conform(sample.url, { ...PATIENT, agency: CODE });
  expect(failuresOf(report)).toEqual([]);
  expect(report.passed).toBe(CHECKS.length - 1);
});

describe("with a fault it fails the check that is meant for it:", () => {
  test.each(Object.entries(FAULTS) as [Fault, string][])("%s", async (fault, check) => {
    sample.plant(fault);
    const isSlow = fault === "slow" || fault === "unknown methods hang";
    const report = await conform(sample.url, {
      ...(isSlow ? IMPATIENT : PATIENT),
      agency: CODE,
      only: [check],
    });
    expect(report.results.map(({ id, outcome }) => [id, outcome.kind])).toEqual([[check, "failed"]]);
  });
});

test("the command of a failure shows it, and without the fault shows nothing", async () => {
  sample.plant("days with a time");
  const report = await conform(sample.url, { ...PATIENT, agency: CODE, only: ["time.dates"] });
  const [result] = report.results;
  const curl = result?.outcome.kind === "failed" ? result.outcome.failures[0]?.curl : undefined;
  expect((await run("/bin/sh", ["-c", curl ?? "exit 1"])).stdout).toContain(
    '"issuedOn":"2025-06-20T00:00:00Z"',
  );
  sample.plant();
  expect((await run("/bin/sh", ["-c", curl ?? "exit 1"])).stdout).toContain('"issuedOn":"2025-06-20"');
});

test("a run that only reads opens nothing, and says what it skipped", async () => {
  const report = await conform(sample.url, {
    ...PATIENT,
    agency: CODE,
    readOnly: true,
    only: ["entities", "work"],
  });
  expect(report.opened).toEqual([]);
  const skipped = report.results.filter(({ outcome }) => outcome.kind === "skipped").map(({ id }) => id);
  expect(skipped).toEqual(CHECKS.filter(({ id }) => id.startsWith("work.")).map(({ id }) => id));
  expect(report.passed).toBe(CHECKS.filter(({ id }) => id.startsWith("entities.")).length);
});

test("the agency's code is told by the subgraph when nobody gives it", async () => {
  expect((await conform(sample.url, { only: ["protocol.nulls"] })).agency).toBe(CODE);
});

test("every check finds a fault, but those that nothing can fail yet and the many hostile requests", () => {
  const proven = new Set<string>(Object.values(FAULTS));
  const unproven = CHECKS.filter(({ id }) => !id.startsWith("hostile.") && !proven.has(id)).map(
    ({ id }) => id,
  );
  expect(unproven).toEqual(["strangers.refused"]);
});
