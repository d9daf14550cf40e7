import { beforeAll, expect, test } from "vitest";
import { departmentPart } from "../../../subgraphs/departments/own-part.ts";
import { type TestAgency, insert, insertProcedure, startAgencies } from "../../setup/agency.ts";
import { statementsOf } from "../../setup/database.ts";

const LAND = "H56.14";
const CULTURE = "H56.10";
const DOSSIER = "H56.14-260302-0001";

let land: TestAgency;
let culture: TestAgency;
beforeAll(async () => {
  const started = await startAgencies(departmentPart, [LAND, CULTURE]);
  [land, culture] = started.agencies as [TestAgency, TestAgency];
  for (const { database } of started.agencies) {
    await insertProcedure(database);
    for (let order = 1; order <= 100; order++)
      await insert(database, "agency_case", {
        dossier_code: `H56.14-260302-${String(order).padStart(4, "0")}`,
        procedure_code: "1.004222",
        state: 4,
        received_at: "2026-03-02T08:00:00+07:00",
        due_at: "2026-03-12T08:00:00+07:00",
      });
  }
  const record = { dossier_code: DOSSIER, area: 120.5, purpose: "Đất ở đô thị", address: "1 Lê Lợi" };
  await insert(land.database, "land_record", {
    ...record,
    map_sheet: 12,
    parcel: 45,
    certificate: "CT 123456",
  });
  await insert(land.database, "land_record", { ...record, map_sheet: 7, parcel: 99 });
  await insert(land.database, "land_record", { ...record, map_sheet: 12, parcel: 7 });
  const licence = { dossier_code: DOSSIER, holder: "Công ty Giải trí", subject: "Kinh doanh karaoke" };
  await insert(culture.database, "licence", {
    ...licence,
    number: "1/GP",
    issued_on: "2026-03-02",
    valid_to: "2031-03-02",
  });
  await insert(culture.database, "licence", { ...licence, number: "2/GP", issued_on: "2026-03-09" });
  return started.close;
});

test("a case has the land records concerned, in the order of the map", async () => {
  const { data, errors } = await land.query(
    `{ agencyCase(agencyCode: "${LAND}", dossierCode: "${DOSSIER}") {
         landRecords { mapSheet parcel area purpose address certificate } licence { number } } }`,
  );
  expect(errors).toBeUndefined();
  const record = { area: 120.5, purpose: "Đất ở đô thị", address: "1 Lê Lợi" };
  expect(data).toEqual({
    agencyCase: {
      landRecords: [
        { mapSheet: 7, parcel: 99, ...record, certificate: null },
        { mapSheet: 12, parcel: 7, ...record, certificate: null },
        { mapSheet: 12, parcel: 45, ...record, certificate: "CT 123456" },
      ],
      licence: null,
    },
  });
});

test("a case has the licence issued last in it", async () => {
  const { data } = await culture.query(
    `{ agencyCase(agencyCode: "${CULTURE}", dossierCode: "${DOSSIER}") { licence { number validTo } landRecords { area } } }`,
  );
  expect(data).toEqual({ agencyCase: { licence: { number: "2/GP", validTo: null }, landRecords: [] } });
});

const licenceAt = (department: TestAgency, agencyCode: string) =>
  department.query(
    `{ licence(agencyCode: "${agencyCode}", number: "1/GP") { number subject holder issuedOn validTo } }`,
  );

test("a licence is found by its number at the department that issued it, in either spelling, and nowhere else", async () => {
  const licence = {
    number: "1/GP",
    subject: "Kinh doanh karaoke",
    holder: "Công ty Giải trí",
    issuedOn: "2026-03-02",
    validTo: "2031-03-02",
  };
  expect((await licenceAt(culture, CULTURE)).data).toEqual({ licence });
  expect((await licenceAt(culture, "000.00.10.H56")).data).toEqual({ licence });
  expect(await licenceAt(land, LAND)).toMatchObject({ data: { licence: null }, errors: undefined });
  expect(await licenceAt(land, CULTURE)).toMatchObject({
    data: { licence: null },
    errors: [{ extensions: { code: "UNKNOWN_AGENCY", agency: CULTURE, allowed: LAND } }],
  });
});

const statementsFor = (count: number): Promise<string[]> =>
  statementsOf(land.database.url, async () => {
    const { data, errors } = await land.query<{ _entities: unknown[] }>(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on AgencyCase { licence { number } landRecords { area } } } }`,
      {
        representations: Array.from({ length: count }, (_, index) => ({
          __typename: "AgencyCase",
          agencyCode: LAND,
          dossierCode: `H56.14-260302-${String(index + 1).padStart(4, "0")}`,
        })),
      },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).not.toContain(null);
  });

test("a hundred cases cost as many statements as one", async () => {
  expect(await statementsFor(1)).toHaveLength(3);
  expect(await statementsFor(100)).toHaveLength(3);
});
