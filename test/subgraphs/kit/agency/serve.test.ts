import { pino } from "pino";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { departmentPart } from "../../../../subgraphs/departments/own-part.ts";
import { serveAgencies } from "../../../../subgraphs/kit/agency/serve.ts";
import { KIT_MIGRATIONS } from "../../../../subgraphs/kit/database.ts";
import { TABLES_MIGRATIONS } from "../../../../subgraphs/kit/sources/tables/source.ts";
import { createDatabase, dropDatabase, freshDatabaseUrl } from "../../../setup/database.ts";
import {
  type TestAgency,
  insert,
  insertProcedure,
  post,
  startAgencies,
  startAgency,
} from "../../../setup/agency.ts";

const CODES = ["H56.01", "H56.02", "H56.03"];
const DOSSIER = "H56.01-260302-0001";

let agencies: readonly TestAgency[];
let origin: string;
beforeAll(async () => {
  const started = await startAgencies(departmentPart, CODES);
  ({ agencies, origin } = started);
  for (const { code, database } of agencies) {
    await insertProcedure(database, { name: `Thủ tục của ${code}` });
    await insert(database, "agency_case", {
      dossier_code: DOSSIER,
      procedure_code: "1.004222",
      state: 2,
      received_at: "2026-03-02T08:00:00+07:00",
      due_at: "2026-03-12T08:00:00+07:00",
    });
  }
  return started.close;
});

const caseOf = (code: string): string =>
  `{ agencyCase(agencyCode: "${code}", dossierCode: "${DOSSIER}") { agencyCode state procedure { name } } }`;

const advance = (agency: TestAgency) =>
  agency.query(
    `mutation { advanceCase(agencyCode: "${agency.code}", dossierCode: "${DOSSIER}", to: IN_PROGRESS,
       idempotencyKey: "the-same-key") { case { agencyCode state } } }`,
  );

describe("several agencies in one process", () => {
  test("each answer from a database of their own, also at the same moment", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => agencies)
        .flat()
        .map(async (agency) => [agency.code, (await agency.query(caseOf(agency.code))).data] as const),
    );
    for (const [code, data] of answers)
      expect(data).toEqual({
        agencyCase: { agencyCode: code, state: "ACCEPTED", procedure: { name: `Thủ tục của ${code}` } },
      });
  });

  test("are written to apart, and one idempotency key names a request at each", async () => {
    const [first, second, third] = agencies as [TestAgency, TestAgency, TestAgency];
    expect((await advance(first)).data).toEqual({
      advanceCase: { case: { agencyCode: "H56.01", state: "IN_PROGRESS" } },
    });
    expect((await advance(second)).errors).toBeUndefined();
    expect((await third.query(caseOf(third.code))).data).toMatchObject({ agencyCase: { state: "ACCEPTED" } });
    expect(first.gateway.received.map(({ variables }) => variables["agencyCode"])).toEqual([
      "H56.01",
      "H56.02",
    ]);
  });

  test("are named by the path in either spelling, and the path must agree with the request", async () => {
    const query = caseOf("H56.02");
    const reversed = await post<unknown>(`${origin}/000.00.02.H56/graphql`, { query });
    expect(reversed.data).toMatchObject({ agencyCase: { agencyCode: "H56.02" } });
    const other = await post<unknown>(`${origin}/H56.01/graphql`, { query });
    expect(other).toMatchObject({ status: 200, data: { agencyCase: null } });
    expect(other.errors).toMatchObject([
      { path: ["agencyCase"], extensions: { code: "UNKNOWN_AGENCY", agency: "H56.02", allowed: "H56.01" } },
    ]);
  });

  test("are the only ones there", async () => {
    const unknown = await post<unknown>(
      `${origin}/H56.09/graphql`,
      { query: caseOf("H56.09") },
      { "accept-language": "vi" },
    );
    expect(unknown.status).toBe(404);
    expect(unknown.data).toBeFalsy();
    expect(unknown.errors).toMatchObject([
      {
        message: "không có cơ quan H56.09; cho phép: H56.01, H56.02, H56.03",
        extensions: { code: "UNKNOWN_AGENCY", agency: "H56.09" },
      },
    ]);
    const malformed = await post<unknown>(`${origin}/nobody/graphql`, { query: "{ __typename }" });
    expect(malformed).toMatchObject({
      status: 404,
      errors: [{ extensions: { code: "INVALID_AGENCY_CODE" } }],
    });
  });
});

test("an agency without its database is live but not ready, and says nothing of its inside", async () => {
  const agency = await startAgency(departmentPart, "H56.04");
  onTestFinished(agency.close);
  const health = async (path: string): Promise<number> => (await fetch(new URL(path, agency.url))).status;
  expect(await health("/health/ready")).toBe(200);
  await dropDatabase(agency.database.url);
  expect(await health("/health/ready")).toBe(503);
  expect(await health("/health/live")).toBe(200);
  const { status, data, errors } = await agency.query(caseOf("H56.04"), {}, { "x-request-id": "lost-1" });
  expect({ status, data }).toEqual({ status: 200, data: { agencyCase: null } });
  expect(errors).toMatchObject([{ path: ["agencyCase"], extensions: { code: "INTERNAL_ERROR" } }]);
  expect(JSON.stringify(errors)).not.toContain(agency.database.name);
  expect(agency.logged).toContainEqual(
    expect.objectContaining({
      reqId: "lost-1",
      msg: "failed",
      err: expect.objectContaining({ message: expect.stringContaining(agency.database.name) }),
    }),
  );
});

test("a start on a database that is there already finds what it left", async () => {
  const database = await createDatabase([
    KIT_MIGRATIONS,
    TABLES_MIGRATIONS,
    String(departmentPart.migrations),
  ]);
  await insertProcedure(database);
  const options = {
    agencies: [{ code: "H56.05", databaseUrl: database.url }],
    own: departmentPart,
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: "http://127.0.0.1:9/graphql",
    access: { authorization: false } as const,
    log: pino({ level: "silent" }),
  };
  for (let start = 1; start <= 2; start++) {
    const server = await serveAgencies(options);
    const { data } = await post(`${server.url}/graphql`, {
      query: '{ procedure(agencyCode: "H56.05", code: "1.004222") { code } }',
    });
    expect(data).toEqual({ procedure: { code: "1.004222" } });
    await server.close();
  }
  await database.close();
});

test("a database that cannot be reached is said in one line, naming host and mending", async () => {
  const url = new URL(freshDatabaseUrl());
  url.password = "wrong";
  const start = serveAgencies({
    agencies: [{ code: "H56.06", databaseUrl: url.href }],
    own: departmentPart,
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: "http://127.0.0.1:9/graphql",
    access: { authorization: false } as const,
    log: pino({ level: "silent" }),
  });
  await expect(start).rejects.toThrow(
    /^PostgreSQL at 127\.0\.0\.1:\d+ refuses the login: .*\n {2}Check user and password/,
  );
});
