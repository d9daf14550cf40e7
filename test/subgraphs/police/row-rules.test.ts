import { beforeAll, expect, test } from "vitest";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { policePart } from "../../../subgraphs/police/own-part.ts";
import { insert, insertProcedure } from "../../setup/agency.ts";
import {
  AUDITOR,
  business,
  CENTER,
  citizen,
  NOBODY,
  officer,
  openAgency,
  type OpenAgency,
  system,
} from "../../setup/people.ts";

const CODE = "G01.56";
const DOSSIER = "H56.31.01-260302-0001";
const PERSON = "001090012345";

let police: OpenAgency;
beforeAll(async () => {
  police = await openAgency(policePart, CODE);
  const { database } = police;
  await insertProcedure(database);
  await insert(database, "citizen", {
    personal_id: PERSON,
    full_name: "An",
    born_on: "1990-05-01",
    sex: "MALE",
  });
  const residence = { kind: "PERMANENT", registered_on: "2010-01-01" };
  await insert(database, "residence", { ...residence, personal_id: PERSON, address: "1 Lê Lợi" });
  // A newborn's, who has no number yet.
  await insert(database, "residence", { ...residence, dossier_code: DOSSIER, address: "2 Trần Phú" });
  await insert(database, "agency_case", {
    dossier_code: DOSSIER,
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
    personal_id: PERSON,
  });
  return police.close;
});

test.each([
  ["the police", officer(CODE), true],
  ["their software", system(CODE), true],
  ["the centre", CENTER, true],
  ["the person", citizen(PERSON), true],
  ["another person", citizen("001090012346"), false],
  ["a business of that number", business(PERSON), false],
  ["another agency", officer("G12.56"), false],
  ["an auditor", AUDITOR, false],
  ["nobody known", NOBODY, false],
] as readonly (readonly [string, Identity, boolean])[])(
  "%s sees whom it concerns",
  async (_who, identity, sees) => {
    const representations = [PERSON, "001090099999"].map((personalId) => ({
      __typename: "Citizen",
      personalId,
    }));
    const { data } = await police.ask(
      identity,
      `query ($representations: [_Any!]!) { citizen(personalId: "${PERSON}") { fullName residence { address } }
       _entities(representations: $representations) { ... on Citizen { bornOn } }
       agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { state residence { address } } }`,
      { representations },
    );
    expect(data).toEqual({
      citizen: sees ? { fullName: "An", residence: { address: "1 Lê Lợi" } } : null,
      _entities: [sees ? { bornOn: "1990-05-01" } : null, null],
      agencyCase: { state: "IN_PROGRESS", residence: sees ? { address: "2 Trần Phú" } : null },
    });
  },
);
