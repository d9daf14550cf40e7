import { beforeAll, expect, test } from "vitest";
import { insurancePart } from "../../../subgraphs/social-insurance/own-part.ts";
import { type TestAgency, insert, insertProcedure, startAgency } from "../../setup/agency.ts";
import { statementsOf } from "../../setup/database.ts";

const CODE = "G24.56";
const DOSSIER = "H56.31.01-260302-0001";
const NUMBER = "0123456789";
const PERSON = "001090012345";

let insurance: TestAgency;
beforeAll(async () => {
  insurance = await startAgency(insurancePart, CODE);
  const { database } = insurance;
  await insertProcedure(database);
  for (const dossier_code of [DOSSIER, "H56.31.01-260302-0002"])
    await insert(database, "agency_case", {
      dossier_code,
      procedure_code: "1.004222",
      state: 9,
      received_at: "2026-03-02T08:00:00+07:00",
      due_at: "2026-03-04T08:00:00+07:00",
    });
  await insert(database, "insured_person", {
    insurance_number: NUMBER,
    personal_id: PERSON,
    name: "Nguyễn Văn An",
    contribution_months: 120,
  });
  await insert(database, "insured_person", { insurance_number: "001190054321", name: "Trần Thị Bình" });
  const card = { insurance_number: NUMBER, hospital: "Bệnh viện Đa khoa tỉnh" };
  await insert(database, "health_card", {
    ...card,
    number: "0123400001",
    valid_from: "2024-01-01",
    valid_to: "2024-12-31",
  });
  await insert(database, "health_card", {
    ...card,
    number: "0123400002",
    valid_from: "2026-01-01",
    valid_to: "2026-12-31",
  });
  await insert(database, "health_card", {
    number: "TE1560123456789",
    dossier_code: DOSSIER,
    valid_from: "2026-03-03",
    valid_to: "2032-09-30",
    hospital: "Trạm y tế phường",
  });
  const allowance = { insurance_number: NUMBER, kind: "Mai táng phí" };
  await insert(database, "allowance", {
    ...allowance,
    amount: 18_000_000,
    decided_at: "2026-03-03T08:00:00+07:00",
    dossier_code: DOSSIER,
  });
  await insert(database, "allowance", {
    ...allowance,
    kind: "Tuất một lần",
    amount: 50_000_000,
    decided_at: "2026-03-04T08:00:00+07:00",
    paid_at: "2026-03-05T08:00:00+07:00",
    dossier_code: DOSSIER,
  });
  return insurance.close;
});

const CARD = "{ number validFrom validTo hospital }";

test("a case has the card issued and the allowances decided in it, oldest first", async () => {
  const { data, errors } = await insurance.query(
    `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") {
         state healthCard ${CARD} allowances { kind amount decidedAt paidAt } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    agencyCase: {
      state: "COMPLETED",
      healthCard: {
        number: "TE1560123456789",
        validFrom: "2026-03-03",
        validTo: "2032-09-30",
        hospital: "Trạm y tế phường",
      },
      allowances: [
        { kind: "Mai táng phí", amount: 18_000_000, decidedAt: "2026-03-03T08:00:00+07:00", paidAt: null },
        {
          kind: "Tuất một lần",
          amount: 50_000_000,
          decidedAt: "2026-03-04T08:00:00+07:00",
          paidAt: "2026-03-05T08:00:00+07:00",
        },
      ],
    },
  });
});

test("a case without them has none", async () => {
  const { data } = await insurance.query(
    `{ agencyCase(agencyCode: "${CODE}", dossierCode: "H56.31.01-260302-0002") { healthCard ${CARD} allowances { kind } } }`,
  );
  expect(data).toEqual({ agencyCase: { healthCard: null, allowances: [] } });
});

test("an insured person has the card that is valid longest, and allowances latest first", async () => {
  const { data } = await insurance.query(
    `{ insuredPerson(insuranceNumber: "${NUMBER}") { insuranceNumber name contributionMonths citizen { personalId }
         healthCard { number } allowances { kind } } }`,
  );
  expect(data).toEqual({
    insuredPerson: {
      insuranceNumber: NUMBER,
      name: "Nguyễn Văn An",
      contributionMonths: 120,
      citizen: { personalId: PERSON },
      healthCard: { number: "0123400002" },
      allowances: [{ kind: "Tuất một lần" }, { kind: "Mai táng phí" }],
    },
  });
});

test("an insured person who is not linked to the population register has no citizen, card or allowance", async () => {
  const { data } = await insurance.query(
    '{ insuredPerson(insuranceNumber: "001190054321") { name contributionMonths citizen { personalId } healthCard { number } allowances { kind } } }',
  );
  expect(data).toEqual({
    insuredPerson: {
      name: "Trần Thị Bình",
      contributionMonths: 0,
      citizen: null,
      healthCard: null,
      allowances: [],
    },
  });
});

test("an unknown number is null, a malformed one is refused", async () => {
  expect(await insurance.query('{ insuredPerson(insuranceNumber: "9999999999") { name } }')).toMatchObject({
    data: { insuredPerson: null },
    errors: undefined,
  });
  expect(await insurance.query('{ insuredPerson(insuranceNumber: "12345") { name } }')).toMatchObject({
    data: { insuredPerson: null },
    errors: [{ extensions: { code: "INVALID_INSURANCE_NUMBER", value: "12*45" } }],
  });
});

test("a person is found by insurance number and by personal ID, each reference on its own", async () => {
  const { data, errors } = await insurance.query(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
       ... on InsuredPerson { name } ... on Citizen { personalId insuredPerson { insuranceNumber } } } }`,
    {
      representations: [
        { __typename: "Citizen", personalId: PERSON },
        { __typename: "InsuredPerson", insuranceNumber: NUMBER },
        { __typename: "InsuredPerson", insuranceNumber: "x" },
        { __typename: "Citizen", personalId: "001090099999" },
        { __typename: "InsuredPerson", insuranceNumber: "9999999999" },
      ],
    },
  );
  expect(data).toEqual({
    _entities: [
      { personalId: PERSON, insuredPerson: { insuranceNumber: NUMBER } },
      { name: "Nguyễn Văn An" },
      null,
      { personalId: "001090099999", insuredPerson: null },
      null,
    ],
  });
  expect(errors).toMatchObject([
    { path: ["_entities", 2], extensions: { code: "INVALID_INSURANCE_NUMBER" } },
  ]);
});

const statementsFor = (count: number): Promise<string[]> =>
  statementsOf(insurance.database.url, () =>
    insurance.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Citizen { insuredPerson { healthCard { number } allowances { kind } } }
         ... on AgencyCase { healthCard { number } allowances { kind } } } }`,
      {
        representations: Array.from({ length: count }, (_, index) => [
          { __typename: "Citizen", personalId: index === 0 ? PERSON : String(100_000_000_000 + index) },
          {
            __typename: "AgencyCase",
            agencyCode: CODE,
            dossierCode: `H56.31.01-260302-${String(index + 1).padStart(4, "0")}`,
          },
        ]).flat(),
      },
    ),
  );

test("a hundred references cost as many statements as one", async () => {
  const one = await statementsFor(1);
  expect(await statementsFor(100)).toHaveLength(one.length);
  expect(one).toHaveLength(6);
});
