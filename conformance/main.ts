/**
 * Checks a subgraph of the agency contract.
 *
 *     node conformance/main.ts http://localhost:4002/graphql
 */
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { runProgram, StartError, stop } from "../process/lifecycle.ts";
import { readOptions, wholeNumber } from "../process/options.ts";
import { parseAgencyCode } from "../subgraphs/kit/identifiers.ts";
import { CHECKS } from "./checks.ts";
import { conform, isNamed } from "./conform.ts";
import { junitReport } from "./junit-report.ts";
import { progressLine, textReport } from "./text-report.ts";

const PROGRAM = {
  name: "conformance",
  summary: "checks a subgraph of the agency contract over HTTP; opens cases, so it needs a test agency",
  options: {
    url: {
      schema: z.url({
        protocol: /^https?$/,
        error: "is required: the subgraph's GraphQL endpoint, such as http://localhost:4002/graphql",
      }),
      help: "The subgraph's GraphQL endpoint.",
      placeholder: "URL",
      positional: true,
    },
    agency: {
      schema: z.string().optional().transform(readAgency),
      help: "Code of the agency; left out, the URL's path or the subgraph itself tells.",
      placeholder: "CODE",
    },
    readOnly: {
      schema: z.boolean().default(false),
      help: "Skip every check that opens or changes cases.",
    },
    only: {
      schema: z.array(z.string()).default([]).transform(readNames),
      help: "Only this check or group of checks (entities.order, hostile); may be repeated.",
      placeholder: "NAME",
      multiple: true,
    },
    json: { schema: z.boolean().default(false), help: "The report as JSON on standard output." },
    junit: {
      schema: z.string().optional(),
      help: "Write the report as JUnit XML to this file too.",
      placeholder: "FILE",
    },
    deadline: {
      schema: wholeNumber(1, 600_000).default(5_000),
      help: "Milliseconds that the subgraph has for one request; 5000 by default.",
      placeholder: "MS",
    },
    latencyLimit: {
      schema: wholeNumber(1, 600_000).default(1_000),
      help: "Milliseconds that 99 of 100 requests for 100 entities may take; 1000 by default.",
      placeholder: "MS",
    },
  },
  examples: [
    "node conformance/main.ts http://localhost:4002/graphql",
    "node conformance/main.ts http://localhost:4005/H56.14/graphql --agency H56.14 --junit report.xml",
    "node conformance/main.ts http://localhost:4002/graphql --read-only --json > report.json",
    "node conformance/main.ts http://localhost:4002/graphql --only idempotency --only entities.order",
  ],
} as const;

runProgram(async () => {
  const { url, json, junit, ...options } = readOptions(PROGRAM);
  let done = 0;
  const report = await conform(url, {
    ...options,
    onResult: (result, total) => process.stderr.write(`${progressLine(result, ++done, total)}\n`),
  });
  if (junit !== undefined) await write(junit, junitReport(report));
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textReport(report));
  await stop(report.failed > 0 ? 1 : 0);
});

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new StartError(
      `${file}: ${(error as Error).message}`,
      "Name a file that can be written with --junit.",
    );
  }
}

function readAgency(code: string | undefined, check: z.RefinementCtx): string | undefined {
  if (code === undefined) return undefined;
  try {
    return parseAgencyCode(code, "agency");
  } catch (error) {
    check.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}

function readNames(names: readonly string[], check: z.RefinementCtx): readonly string[] {
  for (const name of names)
    if (!CHECKS.some((each) => isNamed(each, name)))
      check.addIssue({
        code: "custom",
        message: `"${name}" is no check; docs/conformance.md lists them all`,
      });
  return names;
}
