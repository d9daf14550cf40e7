import { expect, onTestFinished, test } from "vitest";
import { POWER } from "../../../province/catalogue/agencies.ts";
import { proceduresOf } from "../../../province/catalogue/procedures.ts";
import { migrate, ensureDatabase } from "../../../process/database.ts";
import { BulkLoad } from "../../../subgraphs/kit/bulk-load.ts";
import { POWER_AGENCY, POWER_MIGRATIONS } from "../../../subgraphs/power/serve.ts";
import { POWER_TABLES, PowerSeed } from "../../../subgraphs/power/seed.ts";
import { DossierGenerator } from "../../../province/seed/generator.ts";
import { type Answer, post } from "../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import { startTestGateway } from "../../setup/gateway.ts";
import { startProgram } from "../../setup/program.ts";

test("the power company answers the contract from its own software, and is worked at through it", async () => {
  expect(POWER_AGENCY).toBe(POWER);
  const databaseUrl = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(databaseUrl));
  const plans = await seed(databaseUrl);
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.close());
  const program = startProgram("subgraphs/power/main.ts", ["--port", "0", "--no-authorization"], {
    DATABASE_URL: databaseUrl,
    GATEWAY_URL: gateway.url,
  });
  const { port } = await program.ready();
  const ask = <T>(query: string, variables: object = {}): Promise<Answer<T>> =>
    post(`http://127.0.0.1:${port}/graphql`, { query, variables });

  // Everything that was planned is told as it was planned.
  const representations = plans.map(({ code }) => ({
    __typename: "AgencyCase",
    agencyCode: POWER,
    dossierCode: code,
  }));
  const { data, errors } = await ask<{ _entities: Record<string, unknown>[] }>(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on AgencyCase { dossierCode receivedAt dueAt finishedAt
       procedure { code name statutoryDuration { amount } steps { name hours } requiredDocuments { optional } }
       officer { code name } steps { name startedAt } events { sequence to at } supplements { documents requestedAt }
       delay { reason } result { number } powerConnection { voltage capacity customerCode meterNumber energisedOn } } } }`,
    { of: representations },
  );
  expect(errors).toBeUndefined();
  for (const [index, { code, played, procedure }] of plans.entries()) {
    const told = data._entities[index] as Record<string, never> & {
      events: { sequence: number; at: string }[];
      steps: { name: string; startedAt: string | null }[];
    };
    expect(told).toMatchObject({
      dossierCode: code,
      procedure: {
        code: procedure.code,
        name: procedure.name,
        statutoryDuration: { amount: procedure.statutoryDays },
        requiredDocuments: procedure.documents.map(({ optional }) => ({ optional })),
        steps: procedure.steps.map(({ name, hours }) => ({ name, hours })),
      },
      delay: played.delay === null ? null : { reason: played.delay.reason },
      result: played.resultNumber === null ? null : { number: played.resultNumber },
    });
    expect([told["receivedAt"], told["dueAt"], told["finishedAt"]].map(read)).toEqual(
      [played.receivedAt, played.dueAt, played.finishedAt].map(instant),
    );
    expect(told.events.map(({ at }) => read(at))).toEqual(played.events.map(({ at }) => instant(at)));
    expect(told.steps.map(({ startedAt }) => read(startedAt))).toEqual(
      played.steps.map(({ startedAt }) => instant(startedAt)),
    );
  }
  const connected = data._entities.filter((each) => each["powerConnection"] !== null);
  expect(connected.length).toBeGreaterThan(0);
  for (const { powerConnection } of connected)
    expect(powerConnection).toMatchObject({ voltage: expect.stringMatching(/^(LOW|MEDIUM)$/) });

  // A case goes its whole way.
  const change = async (mutation: string, args: string, key: string): Promise<unknown> => {
    const answer = await ask(
      `mutation { ${mutation}(agencyCode: "${POWER}", ${args}, idempotencyKey: "power-test-${key}") { case {
         state dueAt officer { name } supplements { documents receivedAt } delay { previousDueAt } result { number summary }
         steps { startedAt finishedAt } events { to note } } } }`,
    );
    expect(answer.errors).toBeUndefined();
    return (answer.data as Record<string, { case: unknown }>)[mutation]?.case;
  };
  const dossier = `dossierCode: "${POWER}-261120-9001"`;
  expect(
    await change(
      "openCase",
      `input: { ${dossier}, procedureCode: "2.002703", applicantName: "Lê Thị Hoa" }`,
      "open",
    ),
  ).toMatchObject({ state: "REGISTERED", events: [{ to: "REGISTERED" }] });
  await change("advanceCase", `${dossier}, to: ACCEPTED, officerCode: "CB02"`, "2");
  expect(await change("advanceCase", `${dossier}, to: IN_PROGRESS`, "4")).toMatchObject({
    steps: [{ startedAt: expect.any(String), finishedAt: null }, { startedAt: null }, { startedAt: null }],
  });
  expect(await change("finishStep", `${dossier}, nextOfficerCode: "CB03"`, "step")).toMatchObject({
    steps: [{ finishedAt: expect.any(String) }, { startedAt: expect.any(String) }, { startedAt: null }],
  });
  expect(
    await change("requestSupplement", `${dossier}, documents: ["Bản vẽ", "Giấy phép"], reason: "Thiếu"`, "5"),
  ).toMatchObject({ supplements: [{ documents: ["Bản vẽ", "Giấy phép"], receivedAt: null }] });
  expect(await change("receiveSupplement", `${dossier}, documents: ["Bản vẽ"]`, "5-4")).toMatchObject({
    state: "IN_PROGRESS",
    supplements: [{ receivedAt: expect.any(String) }],
  });
  expect(
    await change(
      "apologiseForDelay",
      `${dossier}, reason: "Mưa bão", newDueAt: "2099-01-05T08:00:00+07:00"`,
      "late",
    ),
  ).toMatchObject({ dueAt: "2099-01-05T08:00:00+07:00", delay: { previousDueAt: expect.any(String) } });
  expect(
    await change("completeCase", `${dossier}, result: { number: "7/BB", summary: "Đã đóng điện" }`, "9"),
  ).toMatchObject({ state: "COMPLETED", result: { number: "7/BB", summary: "Đã đóng điện" } });
  expect(await change("advanceCase", `${dossier}, to: RETURNED`, "10")).toMatchObject({ state: "RETURNED" });
  await gateway.arrived(6);
  expect(gateway.received.map(({ variables }) => variables["state"])).toEqual([
    "ACCEPTED",
    "IN_PROGRESS",
    "AWAITING_SUPPLEMENT",
    "IN_PROGRESS",
    "COMPLETED",
    "RETURNED",
  ]);

  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(
    /lienthong_subgraph_source_seconds_count\{agency="5601001007",service="cases\.byCodes",outcome="answered"\} \d+/,
  );
  program.child.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
});

function instant(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}

function read(text: unknown): number | null {
  return typeof text === "string" ? Date.parse(text) : null;
}

/** Fills the company's tables with some of the sample province's cases. */
async function seed(databaseUrl: string) {
  await ensureDatabase(databaseUrl);
  await migrate(databaseUrl, POWER_MIGRATIONS);
  const load = await BulkLoad.begin({ url: databaseUrl, large: false }, POWER_TABLES);
  const seeded = new PowerSeed(load, POWER);
  const generator = new DossierGenerator(Date.parse("2026-11-20T10:20:00+07:00") / 1_000);
  const plans = [];
  while (plans.length < 150) {
    const plan = generator.next();
    for (const { leg, case: played } of plan.legs) {
      if (leg.agency !== POWER || played === null) continue;
      seeded.add(plan, leg.procedure, played);
      plans.push({ code: plan.code, played, procedure: leg.procedure });
    }
  }
  await seeded.finish();
  await load.complete();
  await load.commit();
  await load.close();
  expect(proceduresOf(POWER).length).toBeGreaterThan(3);
  return plans;
}
