import { beforeAll, expect, test } from "vitest";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { taxPart } from "../../../subgraphs/tax/own-part.ts";
import { insert, insertProcedure } from "../../setup/agency.ts";
import {
  AUDITOR,
  business,
  CENTER,
  CENTER_SYSTEM,
  citizen,
  NOBODY,
  officer,
  openAgency,
  type OpenAgency,
  system,
} from "../../setup/people.ts";

const CODE = "G12.56";
const DOSSIER = "H56.14-260302-0001";
const COMPANY = "0100109106";
const PERSON = "001090012345";
const PERSONS_TAX_CODE = "0100100079";

let tax: OpenAgency;
beforeAll(async () => {
  tax = await openAgency(taxPart, CODE);
  const { database } = tax;
  await insertProcedure(database);
  await insert(database, "taxpayer", {
    tax_code: COMPANY,
    name: "Công ty",
    address: "1 Lê Lợi",
    is_business: true,
  });
  await insert(database, "taxpayer", {
    tax_code: PERSONS_TAX_CODE,
    name: "Nguyễn Văn An",
    personal_id: PERSON,
    is_business: false,
  });
  await insert(database, "agency_case", {
    dossier_code: DOSSIER,
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
    personal_id: PERSON,
  });
  for (const [number, tax_code] of [
    ["TB-1", COMPANY],
    ["TB-2", PERSONS_TAX_CODE],
  ])
    await insert(database, "tax_notice", {
      number,
      tax_code,
      dossier_code: DOSSIER,
      kind: "Lệ phí",
      amount: 1_000,
      issued_at: "2026-03-02T08:00:00+07:00",
      due_on: "2026-04-01",
    });
  return tax.close;
});

const QUERY = `query ($citizens: [_Any!]!) {
  company: taxpayer(taxCode: "${COMPANY}") { obligations { number payments { amount } } totalRemaining }
  person: taxpayer(taxCode: "${PERSONS_TAX_CODE}") { obligations { number } }
  business(taxCode: "${COMPANY}") { name taxpayer { name } }
  _entities(representations: $citizens) { ... on Citizen { taxpayer { taxCode } } }
  agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { state taxNotices { number } } }`;

/** What is seen: the company's taxes, the person's, the case's. */
test.each([
  ["the tax office", officer(CODE), true, true, true],
  ["its software", system(CODE), true, true, true],
  ["the centre", CENTER, true, true, true],
  ["the company", business(COMPANY), true, false, false],
  ["the person", citizen(PERSON), false, true, true],
  ["another person", citizen("001090012346"), false, false, false],
  ["another agency", officer("H56.14"), false, false, false],
  ["an auditor", AUDITOR, false, false, false],
  ["nobody known", NOBODY, false, false, false],
] as readonly (readonly [string, Identity, boolean, boolean, boolean])[])(
  "%s sees the taxes that concern them",
  async (_who, identity, company, person, ofCase) => {
    const citizens = [{ __typename: "Citizen", personalId: PERSON }];
    const { data } = await tax.ask(identity, QUERY, { citizens });
    expect(data).toEqual({
      company: company ? { obligations: [{ number: "TB-1", payments: [] }], totalRemaining: 1_000 } : null,
      person: person ? { obligations: [{ number: "TB-2" }] } : null,
      business: { name: "Công ty", taxpayer: company ? { name: "Công ty" } : null },
      _entities: [person ? { taxpayer: { taxCode: PERSONS_TAX_CODE } } : null],
      agencyCase: {
        state: "IN_PROGRESS",
        taxNotices: ofCase ? [{ number: "TB-1" }, { number: "TB-2" }] : null,
      },
    });
  },
);

const PAY = (key: string) =>
  `mutation { recordTaxPayment(noticeNumber: "TB-1", amount: 10, idempotencyKey: "${key}") { notice { paid } } }`;

test.each([
  ["nobody-known", NOBODY, false],
  ["the-company", business(COMPANY), false],
  ["another-agency", officer("H56.14"), false],
  ["an-auditor", AUDITOR, false],
  ["the-tax-office", officer(CODE), true],
  ["the-centre", CENTER_SYSTEM, true],
] as const)("%s records payments only as they may", async (key, identity, isAllowed) => {
  const paid = () => tax.database.query("select amount from tax_payment");
  const before = await paid();
  const { data, codes } = await tax.ask(identity, PAY(key));
  expect(codes).toEqual(isAllowed ? [] : ["NOT_ALLOWED"]);
  expect(await paid()).toHaveLength(before.length + (isAllowed ? 1 : 0));
  expect(data.recordTaxPayment === null).toBe(!isAllowed);
});
