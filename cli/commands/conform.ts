import { conform } from "../../conformance/conform.ts";
import { writeJunitReport } from "../../conformance/junit-report.ts";
import { conformOptions } from "../../conformance/options.ts";
import { progressLine, textReport } from "../../conformance/text-report.ts";
import { defineCommand } from "../command.ts";

export const conformCommand = defineCommand({
  options: conformOptions,
  examples: [
    "lienthong conform http://127.0.0.1:4100/graphql",
    "lienthong conform http://127.0.0.1:4100/graphql --read-only --junit report.xml",
    "lienthong conform http://127.0.0.1:4100/graphql --only idempotency --json",
  ],
  async run({ url, junit, ...options }) {
    let done = 0;
    const report = await conform(url, {
      ...options,
      // Standard output is the report's.
      onResult: (result, total) => process.stderr.write(`${progressLine(result, ++done, total)}\n`),
    });
    if (junit !== undefined) await writeJunitReport(junit, report);
    return { ok: report.failed === 0, data: report, lines: [textReport(report)] };
  },
});
