import { expect, test } from "vitest";
import { junitReport } from "../../conformance/junit-report.ts";

test("what XML cannot hold is escaped or replaced", () => {
  const xml = junitReport({
    url: 'http://x/?a=1&b="2"',
    agency: "H56.14",
    startedAt: "2026-11-21T01:30:00.000Z",
    duration: 1_234,
    readOnly: false,
    opened: [],
    passed: 0,
    failed: 1,
    skipped: 0,
    results: [
      {
        id: "hostile.nul-bytes",
        wants: "a < b",
        reference: "here",
        duration: 5,
        outcome: {
          kind: "failed",
          failures: [{ came: "\u0000\u001b[2J\ud800 & more", curl: "curl 'x'\n| sh" }],
        },
      },
    ],
  });
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="conformance of H56.14 at http://x/?a=1&amp;b=&quot;2&quot;" tests="1" failures="1" skipped="0" time="1.234">
<testsuite name="hostile" tests="1" failures="1" skipped="0" time="0.005" timestamp="2026-11-21T01:30:00.000Z">
<testcase classname="hostile" name="nul-bytes" time="0.005">
<failure message="\ufffd\ufffd[2J\ufffd &amp; more">
wanted: a &lt; b (here)&#10;&#10;came: \ufffd\ufffd[2J\ufffd &amp; more&#10;shown by:&#10;curl 'x'&#10;| sh
</failure>
</testcase>
</testsuite>
</testsuites>
`);
});
