import { beforeAll, expect, test } from "vitest";
import { policePart } from "../../../subgraphs/police/own-part.ts";
import { type TestAgency, insert, insertProcedure, startAgency } from "../../setup/agency.ts";
import { statementsOf } from "../../setup/database.ts";

const CODE = "G01.56";
const DOSSIER = "H56.31.01-260302-0001";
const PERSON = "001090012345";
const MOVED = "001190054321";
const HOMELESS = "001190000001";

let police: TestAgency;
beforeAll(async () => {
  police = await startAgency(policePart, CODE);
  const { database } = police;
  await insertProcedure(database);
  for (const dossier_code of [DOSSIER, "H56.31.01-260302-0002"])
    await insert(database, "agency_case", {
      dossier_code,
      procedure_code: "1.004222",
      state: 9,
      received_at: "2026-03-02T08:00:00+07:00",
      due_at: "2026-03-04T08:00:00+07:00",
    });
  for (const [personal_id, full_name, born_on, sex] of [
    [PERSON, "Nguyễn Văn An", "1990-05-01", "MALE"],
    [MOVED, "Trần Thị Bình", "1990-12-31", "FEMALE"],
    [HOMELESS, "Lê Thị Cúc", "2000-02-29", "FEMALE"],
  ])
    await insert(database, "citizen", { personal_id, full_name, born_on, sex });
  for (const row of [
    { personal_id: PERSON, kind: "PERMANENT", address: "1 Lê Lợi", registered_on: "2010-01-01" },
    { personal_id: PERSON, kind: "TEMPORARY", address: "2 Trần Phú", registered_on: "2026-01-01" },
    {
      personal_id: MOVED,
      kind: "PERMANENT",
      address: "cũ",
      registered_on: "2020-01-01",
      deleted_on: "2025-01-01",
    },
    { personal_id: MOVED, kind: "TEMPORARY", address: "3 Hùng Vương", registered_on: "2024-01-01" },
    { personal_id: MOVED, kind: "TEMPORARY", address: "4 Hùng Vương", registered_on: "2025-01-01" },
    {
      dossier_code: DOSSIER,
      kind: "PERMANENT",
      address: "5 Nguyễn Huệ",
      registered_on: "2026-03-03",
      deleted_on: "2026-03-04",
      household_head: "Nguyễn Văn An",
    },
  ])
    await insert(database, "residence", row);
  return police.close;
});

const residenceIn = async (dossierCode: string): Promise<unknown> =>
  (
    await police.query(
      `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${dossierCode}") {
         residence { kind address registeredOn deletedOn householdHead } } }`,
    )
  ).data;

test("a case has the residence registered or deleted in it", async () => {
  expect(await residenceIn(DOSSIER)).toEqual({
    agencyCase: {
      residence: {
        kind: "PERMANENT",
        address: "5 Nguyễn Huệ",
        registeredOn: "2026-03-03",
        deletedOn: "2026-03-04",
        householdHead: "Nguyễn Văn An",
      },
    },
  });
  expect(await residenceIn("H56.31.01-260302-0002")).toEqual({ agencyCase: { residence: null } });
});

test("a citizen lives at the permanent residence that holds, else at the latest one", async () => {
  const { data } = await police.query(
    `{ permanent: citizen(personalId: "${PERSON}") { personalId fullName bornOn sex residence { kind address } }
       moved: citizen(personalId: "${MOVED}") { sex residence { kind address deletedOn householdHead } }
       homeless: citizen(personalId: "${HOMELESS}") { bornOn residence { address } } }`,
  );
  expect(data).toEqual({
    permanent: {
      personalId: PERSON,
      fullName: "Nguyễn Văn An",
      bornOn: "1990-05-01",
      sex: "MALE",
      residence: { kind: "PERMANENT", address: "1 Lê Lợi" },
    },
    moved: {
      sex: "FEMALE",
      residence: { kind: "TEMPORARY", address: "4 Hùng Vương", deletedOn: null, householdHead: null },
    },
    homeless: { bornOn: "2000-02-29", residence: null },
  });
});

test("an unknown citizen is null; a malformed personal ID is refused without being repeated", async () => {
  expect(await police.query('{ citizen(personalId: "001090099999") { fullName } }')).toMatchObject({
    data: { citizen: null },
    errors: undefined,
  });
  expect(await police.query('{ citizen(personalId: "00109009999") { fullName } }')).toMatchObject({
    data: { citizen: null },
    errors: [{ extensions: { code: "INVALID_PERSONAL_ID", value: "00*******99", allowed: "12 digits" } }],
  });
});

test("references are answered each on its own, a hundred with as many statements as one", async () => {
  const citizens = Array.from({ length: 100 }, (_, index) => ({
    __typename: "Citizen",
    personalId: [PERSON, "malformed", MOVED][index] ?? String(100_000_000_000 + index),
  }));
  const ask = (count: number) =>
    police.query<{ _entities: unknown[] }>(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Citizen { fullName residence { address } } } }`,
      { representations: citizens.slice(0, count) },
    );
  const { data, errors } = await ask(4);
  expect(data._entities).toEqual([
    { fullName: "Nguyễn Văn An", residence: { address: "1 Lê Lợi" } },
    null,
    { fullName: "Trần Thị Bình", residence: { address: "4 Hùng Vương" } },
    null,
  ]);
  expect(errors).toMatchObject([{ path: ["_entities", 1], extensions: { code: "INVALID_PERSONAL_ID" } }]);
  for (const count of [1, 100])
    expect(await statementsOf(police.database.url, () => ask(count))).toHaveLength(2);
});
