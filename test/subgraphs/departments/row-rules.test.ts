import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { beforeAll, expect, test } from "vitest";
import { departmentPart } from "../../../subgraphs/departments/own-part.ts";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { insert, insertProcedure } from "../../setup/agency.ts";
import {
  AUDITOR,
  CENTER,
  citizen,
  NOBODY,
  officer,
  openAgency,
  type OpenAgency,
  system,
} from "../../setup/people.ts";

const CODE = "H56.14";
const DOSSIER = "H56.14-260302-0001";
const PERSON = "001090012345";

let department: OpenAgency;
beforeAll(async () => {
  department = await openAgency(departmentPart, CODE);
  const { database } = department;
  await insertProcedure(database);
  await insert(database, "agency_case", {
    dossier_code: DOSSIER,
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
    personal_id: PERSON,
  });
  const licence = { holder: "An", subject: "Karaoke", issued_on: "2026-03-02" };
  await insert(database, "licence", { ...licence, number: "1/GP", dossier_code: DOSSIER });
  await insert(database, "licence", { ...licence, number: "2/GP" });
  await insert(database, "licence", { ...licence, number: "3/GP", dossier_code: "H56.14-260302-0009" });
  await insert(database, "land_record", {
    dossier_code: DOSSIER,
    map_sheet: 12,
    parcel: 45,
    area: 120.5,
    purpose: "Đất ở",
    address: "1 Lê Lợi",
  });
  return department.close;
});

/** Whether the licence of the person's case is seen, and those of no case that is known. */
test.each([
  ["the department", officer(CODE), true, true],
  ["its software", system(CODE), true, true],
  ["the centre", CENTER, true, true],
  ["the applicant", citizen(PERSON), true, false],
  ["another person", citizen("001090012346"), false, false],
  ["another department", officer("H56.10"), false, false],
  ["an auditor", AUDITOR, false, false],
  ["nobody known", NOBODY, false, false],
] as readonly (readonly [string, Identity, boolean, boolean])[])(
  "%s sees the licences and parcels that concern them",
  async (_who, identity, sees, seesAll) => {
    const licence = (number: string) => `licence(agencyCode: "${CODE}", number: "${number}") { holder }`;
    const { data } = await department.ask(
      identity,
      `{ x: ${licence("1/GP")} y: ${licence("2/GP")} z: ${licence("3/GP")}
         agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { state licence { number } landRecords { address } } }`,
    );
    expect(data).toEqual({
      x: sees ? { holder: "An" } : null,
      y: seesAll ? { holder: "An" } : null,
      z: seesAll ? { holder: "An" } : null,
      agencyCase: {
        state: "IN_PROGRESS",
        licence: sees ? { number: "1/GP" } : null,
        landRecords: sees ? [{ address: "1 Lê Lợi" }] : null,
      },
    });
  },
);

/** What somebody is told of a licence's number, and the statements that takes. */
async function told(number: string, identity: Identity) {
  const statements: string[] = [];
  const listen = (message: unknown) => void statements.push((message as { text: string }).text);
  subscribe("lienthong:sql", listen);
  const query = `{ licence(agencyCode: "${CODE}", number: "${number}") { holder } }`;
  const answer = await department.ask(identity, query);
  unsubscribe("lienthong:sql", listen);
  return { answer, statements };
}

test("a number that is unknown and one that is not shown are the same, by answer and by work", async () => {
  for (const identity of [citizen("001090012346"), officer("H56.10"), AUDITOR, NOBODY]) {
    const unknown = await told("9/GP", identity);
    expect(unknown.answer).toEqual({ data: { licence: null }, codes: [] });
    for (const number of ["1/GP", "2/GP", "3/GP"]) expect(await told(number, identity)).toEqual(unknown);
  }
});
