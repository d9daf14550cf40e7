import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { planDossier } from "../../../subgraphs/center/routing.ts";
import { findRoutesOf } from "../../../subgraphs/center/directory.ts";
import { WorkingCalendar, dayOf, instantOf, plusDays } from "../../../subgraphs/kit/calendar.ts";
import { formatInstant } from "../../../subgraphs/kit/scalars.ts";
import {
  BIRTH,
  CIVIL_COPY,
  COMMUNE,
  INSURANCE,
  JUSTICE,
  LAND,
  LAND_TRANSFER,
  POLICE,
  type RecordingGateway,
  TAX,
  type TestCenter,
  startCenter,
  startGateway,
} from "./fixture.ts";

const RECEIVE = `mutation ($input: ReceiveDossierInput!, $key: ID!) {
  receiveDossier(input: $input, idempotencyKey: $key) { dossier {
    code procedure { agencyCode code } procedureName leadAgency { code } state channel receivedAt dueAt
    applicant { kind name phone citizen { personalId } business { taxCode } }
    receipt { receivedBy } legs { order dependsOn agency { code } procedureCode openedAt dueAt case { dossierCode } }
    events { sequence at from to } } } }`;

const CITIZEN = { kind: "CITIZEN", name: "Nguyễn Thị Hoa", personalId: "056190012345" };
const BUSINESS = { kind: "BUSINESS", name: "Công ty TNHH Hòa Bình", taxCode: "0100109106" };
const BIRTH_INPUT = { procedureCode: BIRTH, applicant: CITIZEN };

let gateway: RecordingGateway;
let center: TestCenter;
let keys = 0;
beforeAll(async () => {
  gateway = await startGateway();
  center = await startCenter("center_reception", gateway.url);
});
afterAll(async () => {
  await center.close();
  await gateway.close();
});

function receive(input: object, key = `receive-test-${(keys += 1)}`, language?: string) {
  return center.ask(RECEIVE, { input, key }, language);
}

/** How much of everything there is. */
async function counts(): Promise<object | undefined> {
  const [row] = await center.database.query(
    `select (select count(*) from dossier) as dossiers, (select count(*) from dossier_leg) as legs,
       (select count(*) from dossier_event) as events, (select count(*) from idempotency) as keys,
       (select coalesce(sum(last), 0) from dossier_counter) as codes, (select count(*) from outbox) as messages`,
  );
  return row;
}

/** Midnight does not come before the test is over. */
function stayInThisDay(): void {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Ten in the morning of a day before today. */
function daysAgo(days: number): string {
  return formatInstant(instantOf(plusDays(dayOf(new Date()), -days), 600));
}

describe("receiveDossier", () => {
  test("issues the code and the appointment, plans the legs, tells the agency that can begin", async () => {
    const receivedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 60_000);
    const { data, errors } = await receive({
      ...BIRTH_INPUT,
      applicant: { ...CITIZEN, name: "  Nguyễn Thị Hoa ", phone: "0905 000 123", address: "12 Trần Phú" },
      channel: "ONLINE",
      documents: ["Giấy chứng sinh"],
      receivedAt: formatInstant(receivedAt),
      receivedBy: "Trần Văn Bình",
    });
    expect(errors).toBeUndefined();
    const { dossier } = data.receiveDossier;
    const day = dayOf(receivedAt).slice(2).replaceAll("-", "");
    const [route] = await findRoutesOf(center.database, BIRTH);
    const plan = route && planDossier(route, receivedAt, new WorkingCalendar());
    const dueAt = plan?.legs.map((leg) => formatInstant(leg.dueAt)) ?? [];
    const opened = { openedAt: formatInstant(receivedAt), case: { dossierCode: dossier.code } };
    expect(dossier).toEqual({
      code: `${COMMUNE}-${day}-0001`,
      procedure: { agencyCode: COMMUNE, code: BIRTH },
      procedureName: "Đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế",
      leadAgency: { code: COMMUNE },
      state: "ACCEPTED",
      channel: "ONLINE",
      receivedAt: formatInstant(receivedAt),
      dueAt: formatInstant(plan?.dueAt ?? new Date(0)),
      applicant: {
        kind: "CITIZEN",
        name: "Nguyễn Thị Hoa",
        phone: "0905 000 123",
        citizen: { personalId: CITIZEN.personalId },
        business: null,
      },
      receipt: { receivedBy: "Trần Văn Bình" },
      legs: [
        {
          order: 1,
          dependsOn: [],
          agency: { code: COMMUNE },
          procedureCode: CIVIL_COPY,
          dueAt: dueAt[0],
          ...opened,
        },
        {
          order: 2,
          dependsOn: [1],
          agency: { code: POLICE },
          procedureCode: "1.004200",
          dueAt: dueAt[1],
          openedAt: null,
          case: null,
        },
        {
          order: 3,
          dependsOn: [1],
          agency: { code: INSURANCE },
          procedureCode: "2.000800",
          dueAt: dueAt[2],
          openedAt: null,
          case: null,
        },
      ],
      events: [{ sequence: 1, at: formatInstant(receivedAt), from: null, to: "ACCEPTED" }],
    });
    await gateway.hasBeenTold(1);
    expect(gateway.told).toEqual([
      {
        field: "openCase",
        args: {
          agencyCode: COMMUNE,
          input: {
            dossierCode: dossier.code,
            procedureCode: CIVIL_COPY,
            receivedAt,
            dueAt: plan?.legs[0]?.dueAt,
            applicantName: "Nguyễn Thị Hoa",
            personalId: CITIZEN.personalId,
            taxCode: null,
          },
          idempotencyKey: `open:${dossier.code}:1`,
        },
      },
    ]);
  });

  test("has told the agencies by the time it answers, when the gateway is there", async () => {
    const before = gateway.told.length;
    const { data } = await receive(BIRTH_INPUT);
    const { code } = data.receiveDossier.dossier;
    expect(gateway.told.slice(before).map(({ args }) => args["idempotencyKey"])).toEqual([`open:${code}:1`]);
  });

  test("the day's number goes on for an agency, and is its own for another and for another day", async () => {
    stayInThisDay();
    const yesterday = plusDays(dayOf(new Date()), -1);
    const codes: string[] = [];
    for (const input of [
      { procedureCode: LAND_TRANSFER, applicant: BUSINESS },
      { procedureCode: LAND_TRANSFER, applicant: BUSINESS },
      { procedureCode: CIVIL_COPY, agencyCode: JUSTICE, applicant: CITIZEN },
      {
        procedureCode: LAND_TRANSFER,
        applicant: BUSINESS,
        receivedAt: formatInstant(instantOf(yesterday, 600)),
      },
    ])
      codes.push((await receive(input)).data.receiveDossier.dossier.code);
    const [today, before] = [dayOf(new Date()), yesterday].map((day) => day.slice(2).replaceAll("-", ""));
    expect(codes).toEqual([
      `${LAND}-${today}-0001`,
      `${LAND}-${today}-0002`,
      `${JUSTICE}-${today}-0001`,
      `${LAND}-${before}-0001`,
    ]);
  });

  test("fifty at once get fifty codes without gaps", async () => {
    stayInThisDay();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        receive({ procedureCode: CIVIL_COPY, agencyCode: COMMUNE, applicant: CITIZEN }),
      ),
    );
    const numbers = answers
      .map(({ data }) => Number(data.receiveDossier.dossier.code.slice(-4)))
      .toSorted((a, b) => a - b);
    const [first = 0] = numbers;
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => first + index));
  });

  test.each([
    ["the older spelling of the agency", { agencyCode: "000.01.31.H56" }, COMMUNE],
    [
      "the long code of the procedure",
      { procedureCode: `${CIVIL_COPY}.000.00.00.H56`, agencyCode: JUSTICE },
      JUSTICE,
    ],
  ])("takes %s", async (_name, given, lead) => {
    const { data } = await receive({ procedureCode: CIVIL_COPY, applicant: CITIZEN, ...given });
    expect(data.receiveDossier.dossier.leadAgency.code).toBe(lead);
  });

  test("an organisation needs no number", async () => {
    const { data } = await receive({
      ...BIRTH_INPUT,
      applicant: { kind: "ORGANISATION", name: "Hội Chữ thập đỏ" },
    });
    expect(data.receiveDossier.dossier.applicant).toMatchObject({
      kind: "ORGANISATION",
      citizen: null,
      business: null,
    });
  });

  test.each<[string, object, string, string]>([
    [
      "a citizen without a personal ID",
      { applicant: { kind: "CITIZEN", name: "A" } },
      "INVALID_PERSONAL_ID",
      "12 digits",
    ],
    [
      "a business without a tax code",
      { applicant: { kind: "BUSINESS", name: "A" } },
      "INVALID_TAX_CODE",
      "check digit",
    ],
    [
      "a wrong check digit",
      { applicant: { ...BUSINESS, taxCode: "0100109107" } },
      "INVALID_TAX_CODE",
      "check digit",
    ],
    [
      "a number nobody asked for, if it is wrong",
      { applicant: { ...CITIZEN, taxCode: "1" } },
      "INVALID_TAX_CODE",
      "check digit",
    ],
    ["a blank name", { applicant: { ...CITIZEN, name: " " } }, "INVALID_INPUT", "input.applicant.name"],
    ["a text that cannot be stored", { documents: ["a\u0000"] }, "INVALID_INPUT", "input.documents[0]"],
    ["a day too far back", { receivedAt: daysAgo(31) }, "INVALID_INPUT", "input.receivedAt"],
    ["a time to come", { receivedAt: daysAgo(-1) }, "INVALID_INPUT", "to now"],
    ["a malformed procedure code", { procedureCode: "birth" }, "INVALID_PROCEDURE_CODE", "1.004222"],
    ["a malformed agency code", { agencyCode: "nobody" }, "INVALID_AGENCY_CODE", "H56.14"],
    [
      "an unknown procedure",
      { procedureCode: "1.004221" },
      "UNKNOWN_PROCEDURE",
      `close codes: ${CIVIL_COPY}, ${LAND_TRANSFER}`,
    ],
    ["a procedure of another agency", { agencyCode: TAX }, "UNKNOWN_PROCEDURE", `offered by: ${COMMUNE}`],
    ["an unknown agency", { agencyCode: "H56.99" }, "UNKNOWN_AGENCY", COMMUNE],
    [
      "no agency where two offer it",
      { procedureCode: CIVIL_COPY },
      "INVALID_INPUT",
      `${JUSTICE}, ${COMMUNE}`,
    ],
  ])("refuses %s, and changes nothing", async (_name, input, code, told) => {
    const before = await counts();
    const { status, data, errors } = await receive({ ...BIRTH_INPUT, ...input });
    expect({ status, data }).toEqual({ status: 200, data: { receiveDossier: null } });
    expect(errors?.map((error) => error.extensions["code"])).toEqual([code]);
    expect(errors?.[0]?.message).toContain(told);
    expect(await counts()).toEqual(before);
  });

  test("a reception of the oldest day allowed is taken", async () => {
    expect((await receive({ ...BIRTH_INPUT, receivedAt: daysAgo(30) })).errors).toBeUndefined();
  });

  test("tells all faults at once, in the reader's language", async () => {
    const input = {
      procedureCode: "x",
      agencyCode: "y",
      applicant: { kind: "BUSINESS", name: "", taxCode: "1" },
    };
    const { errors } = await receive(input, undefined, "vi");
    expect(errors?.[0]?.extensions).toMatchObject({
      code: "SEVERAL_FAULTS",
      faults: [
        { code: "INVALID_INPUT", field: "input.applicant.name" },
        { code: "INVALID_TAX_CODE", field: "input.applicant.taxCode" },
        { code: "INVALID_PROCEDURE_CODE", field: "input.procedureCode" },
        { code: "INVALID_AGENCY_CODE", field: "input.agencyCode" },
      ],
    });
    expect(errors?.[0]?.message).toContain("không phải mã thủ tục");
    expect(errors?.[0]?.message).toContain("không phải mã số thuế");
  });
});

describe("idempotency", () => {
  test("the same key twice gives the same answer and one dossier", async () => {
    const first = await receive(BIRTH_INPUT, "twice-0001");
    const before = await counts();
    expect(await receive(BIRTH_INPUT, "twice-0001")).toEqual(first);
    expect(await counts()).toEqual(before);
  });

  test("the same key ten times at once, too", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => receive(BIRTH_INPUT, "at-once-0001")));
    const codes = new Set(answers.map(({ data }) => data.receiveDossier.dossier.code));
    expect(codes.size).toBe(1);
    const [code] = codes;
    const legs = await center.database.query(
      "select from dossier_leg join dossier on id = dossier_id where code = $1",
      [code],
    );
    expect(legs).toHaveLength(3);
    expect(gateway.told.filter(({ args }) => args["idempotencyKey"] === `open:${code}:1`)).toHaveLength(1);
  });

  test("the same key for something else is a mistake", async () => {
    await receive(BIRTH_INPUT, "reused-0001");
    const { errors } = await receive({ ...BIRTH_INPUT, channel: "POST" }, "reused-0001");
    expect(errors?.[0]?.extensions["code"]).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("a refused request can be mended under the same key", async () => {
    await receive({ ...BIRTH_INPUT, procedureCode: "1.004221" }, "mended-0001");
    expect((await receive(BIRTH_INPUT, "mended-0001")).errors).toBeUndefined();
  });

  test("a malformed key is refused", async () => {
    const { errors } = await receive(BIRTH_INPUT, "short");
    expect(errors?.[0]?.extensions).toMatchObject({ code: "INVALID_INPUT", field: "idempotencyKey" });
  });
});
