import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BIRTH,
  COMMUNE,
  type DossierSample,
  INSURANCE,
  POLICE,
  type TestCenter,
  insertDossiers,
  startCenter,
} from "./fixture.ts";

const OPENED = "2026-03-04T10:00:00+07:00";
const DOSSIERS = Array.from({ length: 50 }, (_, index): DossierSample => {
  const number = String(index + 1).padStart(4, "0");
  return {
    code: `${COMMUNE}-260304-${number}`,
    procedureCode: BIRTH,
    agencyCode: COMMUNE,
    receivedAt: OPENED,
    state: "IN_PROGRESS",
    // Twenty-five citizens with two dossiers each.
    personalId: `05619000${String(index % 25).padStart(4, "0")}`,
    legs: [
      { agencyCode: COMMUNE, openedAt: OPENED, reported: "COMPLETED" },
      { agencyCode: POLICE, dependsOn: [1], openedAt: OPENED },
      { agencyCode: INSURANCE, dependsOn: [1], openedAt: OPENED },
    ],
  };
});

let center: TestCenter;
beforeAll(async () => {
  center = await startCenter("center_context");
  await insertDossiers(center.database, DOSSIERS);
});
afterAll(() => center.close());

/** SQL statements of a query that must answer without errors. */
function statements(query: string, variables: object): Promise<string[]> {
  return center.statements(async () => {
    const { errors } = await center.ask(query, variables);
    expect(errors).toBeUndefined();
  });
}

describe("loaders", () => {
  test.each([
    ["dossiers alone", "code", 1],
    ["with legs and cases", "code legs { order case { agencyCode dossierCode } }", 2],
    [
      "with legs, their agencies, and the history",
      "leadAgency { name } legs { agency { name } } events { sequence }",
      5,
    ],
    [
      "with routes and receipts",
      "procedure { route { legs { agency { name } } } } receipt { returnPlace }",
      4,
    ],
    [
      "with the other dossiers of their applicants",
      "applicant { citizen { dossiers(first: 5) { nodes { legs { order } } } } }",
      3,
    ],
  ])("%s: as many statements for 50 as for 1", async (_name, fields, count) => {
    const query = `query ($first: Int) { dossiers(first: $first) { nodes { ${fields} } } }`;
    const one = await statements(query, { first: 1 });
    const fifty = await statements(query, { first: 50 });
    expect(fifty).toHaveLength(count);
    expect(one).toHaveLength(count);
  });

  test("the combined status of 50 dossiers takes two statements", async () => {
    const query = `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Dossier { status statusWithout } } }`;
    const refs = DOSSIERS.map(({ code }) => ({
      __typename: "Dossier",
      code,
      legs: [{ case: { state: "COMPLETED" } }, { case: { state: "IN_PROGRESS" } }, { case: null }],
    }));
    expect(await statements(query, { refs })).toHaveLength(2);
    expect(await statements(query, { refs: refs.slice(0, 1) })).toHaveLength(2);
  });

  test("many dossiers by code in one request are read together", async () => {
    const fields = DOSSIERS.slice(0, 10).map(
      ({ code }, index) => `d${index}: dossier(code: "${code}") { code }`,
    );
    expect(await statements(`{ ${fields.join(" ")} }`, {})).toHaveLength(1);
  });

  test("applicants asked for different pages get each their own", async () => {
    const query = `{ one: dossiers(first: 1) { nodes { applicant { citizen { two: dossiers(first: 2) { nodes { code } }
      single: dossiers(first: 1) { nodes { code } pageInfo { hasNextPage } } } } } } }`;
    const { data } = await center.ask(query);
    const { two, single } = data.one.nodes[0].applicant.citizen;
    expect(two.nodes).toHaveLength(2);
    expect(single).toEqual({ nodes: [two.nodes[0]], pageInfo: { hasNextPage: true } });
  });

  test("nothing is kept from one request to the next", async () => {
    const query = "query ($code: ID!) { dossier(code: $code) { procedureName } }";
    const code = DOSSIERS[0]?.code;
    await center.ask(query, { code });
    await center.database.query("update dossier set procedure_name = 'Tên mới' where code = $1", [code]);
    expect((await center.ask(query, { code })).data.dossier.procedureName).toBe("Tên mới");
  });
});
