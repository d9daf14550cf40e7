import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { taxPart } from "../../../subgraphs/tax/own-part.ts";
import { type Answer, type TestAgency, insert, insertProcedure, startAgency } from "../../setup/agency.ts";
import { statementsOf } from "../../setup/database.ts";

const CODE = "G12.56";
const DOSSIER = "H56.14-260302-0001";
const BUSINESS = "0100109106";
const PERSON = "001090012345";
/** The tax code that the person had before personal IDs served as tax codes. */
const PERSONS_TAX_CODE = "0100100079";

let tax: TestAgency;
beforeAll(async () => {
  tax = await startAgency(taxPart, CODE);
  const { database } = tax;
  await insertProcedure(database);
  await insert(database, "taxpayer", {
    tax_code: BUSINESS,
    name: "Công ty Viễn thông",
    address: "1 Giang Văn Minh",
    is_business: true,
  });
  await insert(database, "taxpayer", {
    tax_code: PERSONS_TAX_CODE,
    name: "Nguyễn Văn An",
    personal_id: PERSON,
    is_business: false,
    active: false,
  });
  return tax.close;
});

beforeEach(async () => {
  const { database } = tax;
  await database.query("truncate tax_payment, tax_notice");
  await database.query("delete from agency_case");
  await insertCase(DOSSIER);
  await insertNotice("TB-1", { issued_at: "2026-03-02T08:00:00+07:00", amount: 1_500_000 });
  await insertNotice("TB-2", {
    issued_at: "2026-03-01T08:00:00+07:00",
    amount: 250_000,
    tax_code: PERSONS_TAX_CODE,
  });
  await insertNotice("TB-3", {
    issued_at: "2026-03-03T08:00:00+07:00",
    amount: 70_000_000_000,
    dossier_code: null,
  });
});

function insertCase(dossierCode: string): Promise<unknown> {
  return insert(tax.database, "agency_case", {
    dossier_code: dossierCode,
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
  });
}

function insertNotice(number: string, columns: Record<string, unknown>): Promise<unknown> {
  return insert(tax.database, "tax_notice", {
    number,
    dossier_code: DOSSIER,
    tax_code: BUSINESS,
    kind: "Lệ phí trước bạ",
    due_on: "2026-04-01",
    ...columns,
  });
}

function insertPayment(notice_number: string, amount: number, paid_at: string): Promise<unknown> {
  return insert(tax.database, "tax_payment", { notice_number, amount, paid_at });
}

let keys = 0;
const newKey = (): string => `key-${String((keys += 1)).padStart(6, "0")}`;

interface Payment {
  readonly recordTaxPayment: {
    readonly notice: { readonly paid: number; readonly remaining: number; readonly payments: unknown[] };
  } | null;
}

function pay(noticeNumber: string, amount: unknown, idempotencyKey = newKey()): Promise<Answer<Payment>> {
  return tax.query(
    `mutation ($noticeNumber: ID!, $amount: Money!, $idempotencyKey: ID!) {
       recordTaxPayment(noticeNumber: $noticeNumber, amount: $amount, idempotencyKey: $idempotencyKey) {
         notice { number amount paid remaining payments { amount } } } }`,
    { noticeNumber, amount, idempotencyKey },
  );
}

async function paid(): Promise<number> {
  const [row] = await tax.database.query<{ sum: number }>(
    "select coalesce(sum(amount), 0) as sum from tax_payment",
  );
  return row?.sum ?? -1;
}

const NOTICE = "{ number kind amount paid remaining issuedAt dueOn payments { amount paidAt } }";

describe("a case's notices", () => {
  test("come oldest first, with what is paid and what remains", async () => {
    await insertPayment("TB-1", 300_000, "2026-03-05T09:00:00+07:00");
    await insertPayment("TB-1", 200_000, "2026-03-04T09:00:00+07:00");
    const { data, errors } = await tax.query(
      `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { state taxNotices ${NOTICE} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      agencyCase: {
        state: "IN_PROGRESS",
        taxNotices: [
          {
            number: "TB-2",
            kind: "Lệ phí trước bạ",
            amount: 250_000,
            paid: 0,
            remaining: 250_000,
            issuedAt: "2026-03-01T08:00:00+07:00",
            dueOn: "2026-04-01",
            payments: [],
          },
          {
            number: "TB-1",
            kind: "Lệ phí trước bạ",
            amount: 1_500_000,
            paid: 500_000,
            remaining: 1_000_000,
            issuedAt: "2026-03-02T08:00:00+07:00",
            dueOn: "2026-04-01",
            payments: [
              { amount: 200_000, paidAt: "2026-03-04T09:00:00+07:00" },
              { amount: 300_000, paidAt: "2026-03-05T09:00:00+07:00" },
            ],
          },
        ],
      },
    });
  });

  test("are none where none were issued", async () => {
    await insertCase("H56.14-260302-0002");
    const { data } = await tax.query(
      `{ agencyCase(agencyCode: "${CODE}", dossierCode: "H56.14-260302-0002") { taxNotices { number } } }`,
    );
    expect(data).toEqual({ agencyCase: { taxNotices: [] } });
  });

  test("of one and of a hundred cases cost the same statements", async () => {
    const codes = Array.from(
      { length: 100 },
      (_, index) => `H56.14-260401-${String(index + 1).padStart(4, "0")}`,
    );
    for (const [index, code] of codes.entries()) {
      await insertCase(code);
      await insertNotice(`N-${index}`, { dossier_code: code, amount: 100, issued_at: "2026-04-01" });
      await insertPayment(`N-${index}`, 40, "2026-04-02");
    }
    const ask = (count: number): Promise<string[]> =>
      statementsOf(tax.database.url, async () => {
        const { data, errors } = await tax.query<{ _entities: unknown[] }>(
          `query ($representations: [_Any!]!) { _entities(representations: $representations) {
             ... on AgencyCase { taxNotices { remaining payments { amount } } } } }`,
          {
            representations: codes
              .slice(0, count)
              .map((dossierCode) => ({ __typename: "AgencyCase", agencyCode: CODE, dossierCode })),
          },
        );
        expect(errors).toBeUndefined();
        expect(data._entities).toEqual(
          Array.from({ length: count }, () => ({
            taxNotices: [{ remaining: 60, payments: [{ amount: 40 }] }],
          })),
        );
      });
    // Cases, notices, payments.
    expect(await ask(1)).toHaveLength(3);
    expect(await ask(100)).toHaveLength(3);
  });
});

describe("a taxpayer", () => {
  test("by tax code, with obligations latest first and the sum of what remains", async () => {
    await insertPayment("TB-1", 500_000, "2026-03-05T09:00:00+07:00");
    const { data } = await tax.query(
      `{ taxpayer(taxCode: " ${BUSINESS}") { taxCode name active totalRemaining obligations { number remaining } } }`,
    );
    expect(data).toEqual({
      taxpayer: {
        taxCode: BUSINESS,
        name: "Công ty Viễn thông",
        active: true,
        totalRemaining: 70_001_000_000,
        obligations: [
          { number: "TB-3", remaining: 70_000_000_000 },
          { number: "TB-1", remaining: 1_000_000 },
        ],
      },
    });
  });

  test("is null when nobody has the code; a malformed code is refused without being repeated", async () => {
    expect((await tax.query('{ taxpayer(taxCode: "0301442379") { name } }')).data).toEqual({
      taxpayer: null,
    });
    const { data, errors } = await tax.query('{ taxpayer(taxCode: "0100109107") { name } }');
    expect(data).toEqual({ taxpayer: null });
    expect(errors).toMatchObject([{ extensions: { code: "INVALID_TAX_CODE", value: "01******07" } }]);
  });

  test("is read by reference, each on its own", async () => {
    const { data, errors } = await tax.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on Taxpayer { name } ... on Citizen { personalId taxpayer { name active } }
         ... on Business { code: taxCode address title: name taxpayer { totalRemaining } } } }`,
      {
        representations: [
          { __typename: "Taxpayer", taxCode: BUSINESS },
          { __typename: "Taxpayer", taxCode: "0301442379" },
          { __typename: "Taxpayer", taxCode: "1" },
          { __typename: "Citizen", personalId: PERSON },
          { __typename: "Citizen", personalId: "001090099999" },
          { __typename: "Citizen", personalId: "x" },
          { __typename: "Business", taxCode: BUSINESS },
          { __typename: "Business", taxCode: "0301442379" },
        ],
      },
    );
    expect(data).toEqual({
      _entities: [
        { name: "Công ty Viễn thông" },
        null,
        null,
        { personalId: PERSON, taxpayer: { name: "Nguyễn Văn An", active: false } },
        { personalId: "001090099999", taxpayer: null },
        null,
        {
          code: BUSINESS,
          address: "1 Giang Văn Minh",
          title: "Công ty Viễn thông",
          taxpayer: { totalRemaining: 70_001_500_000 },
        },
        { code: "0301442379", address: null, title: null, taxpayer: null },
      ],
    });
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["_entities", 2], "INVALID_TAX_CODE"],
      [["_entities", 5], "INVALID_PERSONAL_ID"],
    ]);
  });
});

const businessOf = async (taxCode: string): Promise<unknown> =>
  (await tax.query(`{ business(taxCode: "${taxCode}") { taxCode name address taxpayer { active } } }`)).data;

describe("a business", () => {
  test("is a taxpayer registered as one", async () => {
    expect(await businessOf(BUSINESS)).toEqual({
      business: {
        taxCode: BUSINESS,
        name: "Công ty Viễn thông",
        address: "1 Giang Văn Minh",
        taxpayer: { active: true },
      },
    });
    expect(await businessOf(PERSONS_TAX_CODE)).toEqual({ business: null });
    expect(await businessOf("0301442379")).toEqual({ business: null });
  });
});

describe("a payment", () => {
  test("lowers what remains, down to nothing", async () => {
    expect((await pay("TB-1", 1_000_000)).data.recordTaxPayment?.notice).toEqual({
      number: "TB-1",
      amount: 1_500_000,
      paid: 1_000_000,
      remaining: 500_000,
      payments: [{ amount: 1_000_000 }],
    });
    expect((await pay("TB-1", 500_000)).data.recordTaxPayment?.notice).toMatchObject({ remaining: 0 });
    expect(await pay("TB-1", 1)).toMatchObject({
      data: { recordTaxPayment: null },
      errors: [{ extensions: { code: "PAYMENT_TOO_HIGH", remaining: 0 } }],
    });
    expect(await paid()).toBe(1_500_000);
  });

  test.each([0, 1_500_001, Number.MAX_SAFE_INTEGER])(
    "of %d is refused with what is allowed",
    async (amount) => {
      expect((await pay("TB-1", amount)).errors).toMatchObject([
        {
          message: "more than what remains; allowed: 1 to 1500000 VND",
          extensions: { code: "PAYMENT_TOO_HIGH", remaining: 1_500_000 },
        },
      ]);
      expect(await paid()).toBe(0);
    },
  );

  test.each([-1, 0.5, "100", null, 1e17])("of %j is no amount", async (amount) => {
    const { status, data, errors } = await pay("TB-1", amount);
    expect(status).toBe(400);
    expect(data).toBeFalsy();
    expect(errors).toHaveLength(1);
    expect(await paid()).toBe(0);
  });

  test("against a notice that is not there is refused", async () => {
    expect((await pay("TB-9", 1)).errors).toMatchObject([
      { extensions: { code: "UNKNOWN_TAX_NOTICE", number: "TB-9" } },
    ]);
  });

  test("with the same key is made once, also twenty times at the same moment", async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay("TB-1", 100_000, key)));
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data.recordTaxPayment?.notice).toMatchObject({ paid: 100_000, remaining: 1_400_000 });
    }
    expect(await paid()).toBe(100_000);
    expect((await pay("TB-1", 200_000, key)).errors).toMatchObject([
      { extensions: { code: "IDEMPOTENCY_KEY_REUSED" } },
    ]);
    expect(await paid()).toBe(100_000);
  });

  test("and others at the same moment never take more than what remains", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay("TB-1", 400_000)));
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(3);
    const refusals = answers.flatMap(({ errors }) => errors ?? []);
    expect(refusals).toHaveLength(17);
    for (const { extensions } of refusals)
      expect(extensions).toEqual({ code: "PAYMENT_TOO_HIGH", remaining: 300_000 });
    expect(await paid()).toBe(1_200_000);
  });
});
