import { beforeAll, expect, test } from "vitest";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { insurancePart } from "../../../subgraphs/social-insurance/own-part.ts";
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

const CODE = "G24.56";
const DOSSIER = "H56.31.01-260302-0001";
const NUMBER = "0123456789";
const PERSON = "001090012345";

let insurance: OpenAgency;
beforeAll(async () => {
  insurance = await openAgency(insurancePart, CODE);
  const { database } = insurance;
  await insertProcedure(database);
  await insert(database, "insured_person", { insurance_number: NUMBER, personal_id: PERSON, name: "An" });
  await insert(database, "insured_person", { insurance_number: "0123456780", name: "không số" });
  for (const [number, column, value] of [
    ["0123400001", "insurance_number", NUMBER],
    ["TE1560123456789", "dossier_code", DOSSIER],
  ] as const)
    await insert(database, "health_card", {
      number,
      [column]: value,
      valid_from: "2026-01-01",
      valid_to: "2026-12-31",
      hospital: "Trạm y tế",
    });
  await insert(database, "allowance", {
    insurance_number: NUMBER,
    dossier_code: DOSSIER,
    kind: "Mai táng phí",
    amount: 18_000_000,
    decided_at: "2026-03-03T08:00:00+07:00",
  });
  await insert(database, "agency_case", {
    dossier_code: DOSSIER,
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
    personal_id: PERSON,
  });
  return insurance.close;
});

/** Whether the person is seen, and one who is known by no personal ID. */
test.each([
  ["the insurance office", officer(CODE), true, true],
  ["its software", system(CODE), true, true],
  ["the centre", CENTER, true, true],
  ["the person", citizen(PERSON), true, false],
  ["another person", citizen("001090012346"), false, false],
  ["another agency", officer("G12.56"), false, false],
  ["an auditor", AUDITOR, false, false],
  ["nobody known", NOBODY, false, false],
] as readonly (readonly [string, Identity, boolean, boolean])[])(
  "%s sees whom it concerns",
  async (_who, identity, sees, seesAll) => {
    const { data } = await insurance.ask(
      identity,
      `query ($representations: [_Any!]!) {
         insuredPerson(insuranceNumber: "${NUMBER}") { name citizen { personalId } healthCard { number } allowances { kind } }
         other: insuredPerson(insuranceNumber: "0123456780") { name }
         _entities(representations: $representations) { ... on Citizen { insuredPerson { name } } }
         agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { state healthCard { number } allowances { amount } } }`,
      { representations: [{ __typename: "Citizen", personalId: PERSON }] },
    );
    expect(data).toEqual({
      insuredPerson: sees
        ? {
            name: "An",
            citizen: { personalId: PERSON },
            healthCard: { number: "0123400001" },
            allowances: [{ kind: "Mai táng phí" }],
          }
        : null,
      other: seesAll ? { name: "không số" } : null,
      _entities: [sees ? { insuredPerson: { name: "An" } } : null],
      agencyCase: {
        state: "IN_PROGRESS",
        healthCard: sees ? { number: "TE1560123456789" } : null,
        allowances: sees ? [{ amount: 18_000_000 }] : null,
      },
    });
  },
);
