/**
 * Checks a subgraph of the agency contract.
 *
 *     node conformance/main.ts http://localhost:4002/graphql
 */
import { z } from "zod";
import { runProgram, stop } from "../process/lifecycle.ts";
import { readOptions } from "../process/options.ts";
import { conform } from "./conform.ts";
import { writeJunitReport } from "./junit-report.ts";
import { conformOptions } from "./options.ts";
import { progressLine, textReport } from "./text-report.ts";

const PROGRAM = {
  name: "conformance",
  summary: "checks a subgraph of the agency contract over HTTP; opens cases, so it needs a test agency",
  options: {
    ...conformOptions,
    json: { schema: z.boolean().default(false), help: "The report as JSON on standard output." },
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
  if (junit !== undefined) await writeJunitReport(junit, report);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textReport(report));
  await stop(report.failed > 0 ? 1 : 0);
});
