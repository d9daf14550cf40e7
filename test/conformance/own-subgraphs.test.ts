/**
 * The project's own subgraphs conform to the contract that they publish.
 */
import { expect, test } from "vitest";
import { conform } from "../../conformance/conform.ts";
import type { Report } from "../../conformance/report.ts";
import { POWER } from "../../province/catalogue/agencies.ts";
import { ensureDatabase, migrate } from "../../process/database.ts";
import { BulkLoad } from "../../subgraphs/kit/bulk-load.ts";
import { departmentPart } from "../../subgraphs/departments/own-part.ts";
import { policePart } from "../../subgraphs/police/own-part.ts";
import { POWER_TABLES, PowerSeed } from "../../subgraphs/power/seed.ts";
import { POWER_MIGRATIONS } from "../../subgraphs/power/serve.ts";
import { insurancePart } from "../../subgraphs/social-insurance/own-part.ts";
import { taxPart } from "../../subgraphs/tax/own-part.ts";
import { insertProcedure, startAgency } from "../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../setup/database.ts";
import { startSigning } from "../setup/signing.ts";
import { startTestGateway } from "../setup/gateway.ts";
import { startProgram } from "../setup/program.ts";
import { failuresOf } from "./failures.ts";

/** The machine runs other tests at the same time: what is measured here is not the subgraph alone. */
const LATENCY_LIMIT = 30_000;

test.concurrent.for([
  ["departments", departmentPart, "H56.14"],
  ["social-insurance", insurancePart, "G24.56"],
  ["police", policePart, "G01.56"],
] as const)("%s passes every check", { timeout: 180_000 }, async ([, part, code], { onTestFinished }) => {
  const agency = await startAgency(part, code);
  onTestFinished(agency.close);
  for (const procedure of ["1.004222", "2.002621", "1.001193"])
    await insertProcedure(agency.database, { code: procedure });
  const report = await conform(agency.url, { agency: code, latencyLimit: LATENCY_LIMIT, deadline: 30_000 });
  expect(failuresOf(report)).toEqual([]);
  expectWhole(report);
});

test("tax passes every check, asked by its gateway, and refuses everybody else", {
  timeout: 180_000,
}, async ({ onTestFinished }) => {
  const signing = await startSigning();
  onTestFinished(() => signing.close());
  const agency = await startAgency(taxPart, "G12.56", { gatewayKeys: signing.file, service: "tax" });
  onTestFinished(agency.close);
  for (const procedure of ["1.004222", "2.002621", "1.001193"])
    await insertProcedure(agency.database, { code: procedure });
  const report = await conform(agency.url, {
    agency: "G12.56",
    gatewayKey: signing.keyFile,
    latencyLimit: LATENCY_LIMIT,
    deadline: 30_000,
  });
  expect(failuresOf(report)).toEqual([]);
  expect(report.results.filter(({ outcome }) => outcome.kind === "skipped")).toEqual([]);
  expect(report.opened.length).toBeGreaterThan(50);
});

test("whoever answers strangers is told of each", async ({ onTestFinished }) => {
  const signing = await startSigning();
  onTestFinished(() => signing.close());
  const agency = await startAgency(taxPart, "G12.56");
  onTestFinished(agency.close);
  const options = { agency: "G12.56", gatewayKey: signing.keyFile, only: ["strangers"] };
  const { results } = await conform(agency.url, options);
  expect(results.map(({ outcome }) => outcome.kind)).toEqual(["failed"]);
  const nobody = conform(agency.url, { gatewayKey: signing.keyFile });
  await expect(nobody).rejects.toThrow("--gateway-key needs --agency CODE.");
});

test("the power company passes every check, from its own software", { timeout: 180_000 }, async ({
  onTestFinished,
}) => {
  const databaseUrl = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(databaseUrl));
  await seedProcedures(databaseUrl);
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const environment = { DATABASE_URL: databaseUrl, GATEWAY_URL: gateway.url };
  const program = startProgram("subgraphs/power/main.ts", ["--port", "0", "--no-authorization"], environment);
  const { port } = await program.ready();
  const limits = { latencyLimit: LATENCY_LIMIT, deadline: 30_000 };
  // A company's code has one spelling only.
  const onlyOneSpelling = ["keys.agency-entities", "keys.agency-fields", "keys.agency-mutations"];
  const report = await conform(`http://127.0.0.1:${port}/graphql`, { agency: POWER, ...limits });
  expect(failuresOf(report)).toEqual([]);
  expectWhole(report, onlyOneSpelling);
  program.child.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
});

function expectWhole(report: Report, skipped: readonly string[] = []): void {
  expect(report.results.filter(({ outcome }) => outcome.kind === "skipped").map(({ id }) => id)).toEqual([
    ...skipped,
    "strangers.refused",
  ]);
  expect(report.opened.length).toBeGreaterThan(50);
}

/** What the company's software offers. */
async function seedProcedures(databaseUrl: string): Promise<void> {
  await ensureDatabase(databaseUrl);
  await migrate(databaseUrl, POWER_MIGRATIONS);
  const load = await BulkLoad.begin({ url: databaseUrl, large: false }, POWER_TABLES);
  await new PowerSeed(load, POWER).finish();
  await load.complete();
  await load.commit();
  await load.close();
}
