/**
 * A report in JUnit's XML, as build servers read it: a test suite for each group of checks.
 */
import { writeFile } from "node:fs/promises";
import { StartError } from "../process/lifecycle.ts";
import type { CheckResult, Report } from "./report.ts";

/** @throws StartError when the file cannot be written */
export async function writeJunitReport(file: string, report: Report): Promise<void> {
  try {
    await writeFile(file, junitReport(report));
  } catch (error) {
    throw new StartError(
      `${file}: ${(error as Error).message}`,
      "Name a file that can be written with --junit.",
    );
  }
}

export function junitReport({ url, agency, startedAt, duration, results, failed, skipped }: Report): string {
  const suites = [...Map.groupBy(results, ({ id }) => id.split(".")[0] ?? "")].map(([group, members]) =>
    element("testsuite", { name: group, ...counts(members), timestamp: startedAt }, members.map(testCase)),
  );
  const attributes = {
    name: `conformance of ${agency} at ${url}`,
    tests: results.length,
    failures: failed,
    skipped,
    time: seconds(duration),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes, suites)}\n`;
}

function counts(members: readonly CheckResult[]) {
  const of = (kind: string): number => members.filter(({ outcome }) => outcome.kind === kind).length;
  const time = members.reduce((sum, { duration }) => sum + duration, 0);
  return { tests: members.length, failures: of("failed"), skipped: of("skipped"), time: seconds(time) };
}

function testCase({ id, wants, reference, duration, outcome }: CheckResult): string {
  const [group = "", ...name] = id.split(".");
  const attributes = { classname: group, name: name.join("."), time: seconds(duration) };
  if (outcome.kind === "passed") return element("testcase", attributes, []);
  if (outcome.kind === "skipped")
    return element("testcase", attributes, [element("skipped", { message: outcome.why }, [])]);
  const text = outcome.failures.map(({ came, curl }) => `came: ${came}\nshown by:\n${curl}`).join("\n\n");
  return element("testcase", attributes, [
    element("failure", { message: outcome.failures[0]?.came ?? "" }, [
      escaped(`wanted: ${wants} (${reference})\n\n${text}`),
    ]),
  ]);
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const opening = `<${name}${given.join("")}`;
  return children.length === 0 ? `${opening}/>` : `${opening}>\n${children.join("\n")}\n</${name}>`;
}

/** XML 1.0 has no control characters, not even escaped. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\n\t]|[\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
