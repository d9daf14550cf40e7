/**
 * The project's own subgraphs conform to the contract that they publish.
 */
import { expect, test } from "vitest";
import { conform } from "../../conformance/conform.ts";
import { departmentPart } from "../../subgraphs/departments/own-part.ts";
import { policePart } from "../../subgraphs/police/own-part.ts";
import { insurancePart } from "../../subgraphs/social-insurance/own-part.ts";
import { taxPart } from "../../subgraphs/tax/own-part.ts";
import { insertProcedure, startAgency } from "../setup/agency.ts";
import { failuresOf } from "./failures.ts";

/** The machine runs other tests at the same time: what is measured here is not the subgraph alone. */
const LATENCY_LIMIT = 30_000;

test.concurrent.for([
  ["departments", departmentPart, "H56.14"],
  ["tax", taxPart, "G12.56"],
  ["social-insurance", insurancePart, "G24.56"],
  ["police", policePart, "G01.56"],
] as const)("%s passes every check", { timeout: 180_000 }, async ([, part, code], { onTestFinished }) => {
  const agency = await startAgency(part, code);
  onTestFinished(agency.close);
  for (const procedure of ["1.004222", "2.002621", "1.001193"])
    await insertProcedure(agency.database, { code: procedure });
  const report = await conform(agency.url, { agency: code, latencyLimit: LATENCY_LIMIT, deadline: 30_000 });
  expect(failuresOf(report)).toEqual([]);
  expect(report.results.filter(({ outcome }) => outcome.kind === "skipped").map(({ id }) => id)).toEqual([
    "strangers.refused",
  ]);
  expect(report.opened.length).toBeGreaterThan(50);
});
