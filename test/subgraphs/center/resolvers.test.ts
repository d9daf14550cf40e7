import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  BIRTH,
  CIVIL_COPY,
  COMMUNE,
  type DossierSample,
  INSURANCE,
  JUSTICE,
  LAND,
  LAND_TRANSFER,
  POLICE,
  TAX,
  type TestCenter,
  insertDossiers,
  startCenter,
} from "./fixture.ts";

const CITIZEN = "056190012345";
const BUSINESS = "0100109106";

/** Two days and more of receptions, in the order of the list: the latest first. */
const DOSSIERS: readonly DossierSample[] = [
  {
    code: `${LAND}-260305-0001`,
    receivedAt: "2026-03-05T09:00:00.000002+07:00",
    kind: 2,
    name: "Công ty TNHH Hòa Bình",
    taxCode: BUSINESS,
    legs: [
      { agencyCode: LAND, openedAt: "2026-03-05T09:00:00+07:00" },
      { agencyCode: TAX, dependsOn: [1] },
    ],
  },
  {
    // Received a microsecond before: a Date could not tell them apart.
    code: `${LAND}-260305-0002`,
    receivedAt: "2026-03-05T09:00:00.000001+07:00",
    dueAt: "2026-03-09T17:00:00+07:00",
    state: "IN_PROGRESS",
    personalId: CITIZEN,
    legs: [
      { agencyCode: LAND, openedAt: "2026-03-05T09:00:00+07:00", reported: "COMPLETED" },
      { agencyCode: TAX, dependsOn: [1], openedAt: "2026-03-06T09:00:00+07:00" },
    ],
  },
  {
    code: `${COMMUNE}-260304-0002`,
    procedureCode: BIRTH,
    agencyCode: COMMUNE,
    receivedAt: "2026-03-04T10:00:00+07:00",
    dueAt: "2026-03-09T17:00:00+07:00",
    finishedAt: "2026-03-10T08:00:00+07:00",
    state: "COMPLETED",
    personalId: CITIZEN,
    legs: [
      { agencyCode: COMMUNE, openedAt: "2026-03-04T10:00:00+07:00", reported: "COMPLETED" },
      { agencyCode: POLICE, dependsOn: [1], openedAt: "2026-03-05T10:00:00+07:00", reported: "COMPLETED" },
      { agencyCode: INSURANCE, dependsOn: [1], openedAt: "2026-03-05T10:00:00+07:00", reported: "COMPLETED" },
    ],
  },
  {
    // Received at the same instant as the one above, which was registered later.
    code: `${COMMUNE}-260304-0001`,
    procedureCode: CIVIL_COPY,
    agencyCode: COMMUNE,
    receivedAt: "2026-03-04T10:00:00+07:00",
    dueAt: "2026-03-05T10:00:00+07:00",
    finishedAt: "2026-03-04T16:00:00+07:00",
    state: "RETURNED",
    legs: [{ agencyCode: COMMUNE, openedAt: "2026-03-04T10:00:00+07:00", reported: "RETURNED" }],
  },
  {
    // Still 3 March in UTC.
    code: `${LAND}-260304-0001`,
    legacyCode: "000.00.14.H56-231027-0361",
    receivedAt: "2026-03-04T00:30:00+07:00",
    dueAt: "2026-03-06T17:00:00+07:00",
    finishedAt: "2026-03-05T09:00:00+07:00",
    state: "WITHDRAWN",
    legs: [{ agencyCode: LAND, openedAt: "2026-03-04T00:30:00+07:00" }],
  },
  {
    code: `${LAND}-260303-0001`,
    legacyCode: "HS 12/2019",
    receivedAt: "2026-03-03T23:30:00+07:00",
    // Due on the 5th in UTC.
    dueAt: "2026-03-06T06:00:00+07:00",
    finishedAt: "2026-03-06T16:00:00+07:00",
    state: "COMPLETED",
  },
];
const CODES = DOSSIERS.map(({ code }) => code);

let center: TestCenter;
beforeAll(async () => {
  center = await startCenter("center_resolvers");
  // As they were received: the oldest first.
  await insertDossiers(center.database, DOSSIERS.toReversed());
  await center.database.query(
    `insert into administrative_unit (code, name, level, parent_code, valid_from, valid_to) values
       ('56', 'Tỉnh cũ', 'PROVINCE', null, '2004-01-01', '2025-06-30'), ('56', 'Tỉnh mới', 'PROVINCE', null, '2025-07-01', null),
       ('568', 'Thành phố', 'DISTRICT', '56', '2004-01-01', '2025-06-30'),
       ('22333', 'Phường Tân Giang', 'COMMUNE', '56', '2025-07-01', null)`,
  );
});
afterAll(() => center.close());

async function codesOf(filter: object): Promise<string[]> {
  const { data, errors } = await center.ask(
    "query ($filter: DossierFilter) { dossiers(filter: $filter, first: 100) { nodes { code } } }",
    { filter },
  );
  expect(errors).toBeUndefined();
  return data.dossiers.nodes.map(({ code }: { code: string }) => code);
}

interface PageOfOne {
  readonly edges: readonly [{ readonly cursor: string; readonly node: { readonly code: string } }];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

async function pageOfOne(after: string | null): Promise<PageOfOne> {
  const query = `query ($after: String) { dossiers(first: 1, after: $after) {
    edges { cursor node { code } } pageInfo { hasNextPage startCursor endCursor } } }`;
  return (await center.ask(query, { after })).data.dossiers;
}

async function codeOfError(query: string, variables: object = {}): Promise<unknown> {
  const { errors } = await center.ask(query, variables);
  return errors?.[0]?.extensions["code"];
}

describe("dossiers", () => {
  test("latest received first, to the microsecond, then by code", async () => {
    expect(await codesOf({})).toEqual(CODES);
  });

  test.each<[string, object, number[]]>([
    ["one state", { states: ["COMPLETED"] }, [2, 5]],
    ["several states", { states: ["WITHDRAWN", "IN_PROGRESS"] }, [1, 4]],
    ["no state", { states: [] }, []],
    ["an agency that leads", { agencyCode: LAND }, [0, 1, 4]],
    ["an agency of any leg, waiting or not", { agencyCode: TAX }, [0, 1]],
    ["an agency in the older spelling", { agencyCode: "000.00.56.G24" }, [2]],
    ["a procedure", { procedureCode: BIRTH }, [2]],
    ["a procedure by its long code", { procedureCode: "1.001193.000.00.00.H56" }, [3]],
    ["from a day on, by Vietnam's midnight", { receivedFrom: "2026-03-04" }, [0, 1, 2, 3, 4]],
    ["up to a day, the day included", { receivedTo: "2026-03-04" }, [2, 3, 4, 5]],
    ["one day", { receivedFrom: "2026-03-04", receivedTo: "2026-03-04" }, [2, 3, 4]],
    ["overdue: not finished and past", { overdue: true }, [1]],
    ["all others, finished late or not", { overdue: false }, [0, 2, 3, 4, 5]],
    ["a citizen", { personalId: CITIZEN }, [1, 2]],
    ["a business", { taxCode: BUSINESS }, [0]],
    ["several conditions at once", { personalId: CITIZEN, states: ["COMPLETED"], agencyCode: POLICE }, [2]],
    ["conditions that no dossier meets", { personalId: CITIZEN, taxCode: BUSINESS }, []],
  ])("filter: %s", async (_name, filter, expected) => {
    expect(await codesOf(filter)).toEqual(expected.map((index) => CODES[index]));
  });

  test("a dossier due today is not overdue yet", async () => {
    // Midnight does not come before the test is over.
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const code = `${JUSTICE}-260302-0001`;
    await insertDossiers(center.database, [
      {
        code,
        agencyCode: JUSTICE,
        receivedAt: "2026-03-02T08:00:00+07:00",
        dueAt: `${today}T00:00:00+07:00`,
      },
    ]);
    try {
      expect(await codesOf({ overdue: true })).not.toContain(code);
      expect(await codesOf({ overdue: false })).toContain(code);
      const { data } = await center.ask("query ($code: ID!) { dossier(code: $code) { isOverdue } }", {
        code,
      });
      expect(data.dossier.isOverdue).toBe(false);
    } finally {
      await center.database.query("delete from dossier where code = $1", [code]);
    }
  });

  test.each([
    [{ agencyCode: "nobody" }, "INVALID_AGENCY_CODE"],
    [{ procedureCode: "1.1" }, "INVALID_PROCEDURE_CODE"],
    [{ personalId: "12" }, "INVALID_PERSONAL_ID"],
    [{ taxCode: "0100109107" }, "INVALID_TAX_CODE"],
  ])("filter: malformed %j is an error", async (filter, code) => {
    const query = "query ($filter: DossierFilter) { dossiers(filter: $filter) { nodes { code } } }";
    expect(await codeOfError(query, { filter })).toBe(code);
  });

  test.each([
    ["first: 0", "INVALID_INPUT"],
    ["first: 101", "INVALID_INPUT"],
    ['after: "x"', "INVALID_CURSOR"],
    // ["2026-03-05", "H56"]: of the right shape, but no cursor of this list.
    [`after: "${Buffer.from('["2026-03-05","H56"]').toString("base64url")}"`, "INVALID_CURSOR"],
    [`after: "${Buffer.from('["1","\\u0000"]').toString("base64url")}"`, "INVALID_CURSOR"],
  ])("page: %s is an error", async (page, code) => {
    expect(await codeOfError(`{ dossiers(${page}) { nodes { code } } }`)).toBe(code);
  });

  test("pages stay stable while dossiers are added", async () => {
    const seen: string[] = [];
    const added: string[] = [];
    let after: string | null = null;
    do {
      const { edges, pageInfo } = await pageOfOne(after);
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      expect(pageInfo.endCursor).toBe(edges[0].cursor);
      expect(pageInfo.hasNextPage).toBe(edges[0].node.code !== CODES.at(-1));
      seen.push(edges[0].node.code);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      const code = `${TAX}-260306-${String(seen.length).padStart(4, "0")}`;
      await insertDossiers(center.database, [{ code, receivedAt: "2026-03-06T08:00:00+07:00" }]);
      added.push(code);
    } while (after !== null);
    await center.database.query("delete from dossier where code = any($1)", [added]);
    expect(seen).toEqual(CODES);
  });
});

describe("dossier", () => {
  test("shows everything the centre knows", async () => {
    const { data, errors } = await center.ask(
      `query ($code: ID!) { dossier(code: $code) {
         code legacyCode procedure { agencyCode code } procedureName leadAgency { code name } channel state
         receivedAt dueAt finishedAt returnedAt isOverdue
         applicant { kind name phone address citizen { personalId } business { taxCode } }
         receipt { number issuedAt dueAt receivedBy returnPlace }
         legs { order dependsOn agency { code } procedureCode openedAt dueAt case { agencyCode dossierCode } }
         result { number } events { sequence at from to note } } }`,
      { code: CODES[0] },
    );
    expect(errors).toBeUndefined();
    const times = { receivedAt: "2026-03-05T09:00:00+07:00", dueAt: "2099-12-31T17:00:00+07:00" };
    expect(data.dossier).toEqual({
      code: CODES[0],
      legacyCode: null,
      procedure: { agencyCode: LAND, code: LAND_TRANSFER },
      procedureName: "Thủ tục",
      leadAgency: { code: LAND, name: "Sở Tài nguyên và Môi trường" },
      channel: "COUNTER",
      state: "ACCEPTED",
      ...times,
      finishedAt: null,
      returnedAt: null,
      isOverdue: false,
      applicant: {
        kind: "BUSINESS",
        name: "Công ty TNHH Hòa Bình",
        phone: null,
        address: null,
        citizen: null,
        business: { taxCode: BUSINESS },
      },
      receipt: {
        number: CODES[0],
        issuedAt: times.receivedAt,
        dueAt: times.dueAt,
        receivedBy: "Cán bộ tiếp nhận",
        returnPlace: "Trung tâm Phục vụ hành chính công tỉnh",
      },
      legs: [
        {
          order: 1,
          dependsOn: [],
          agency: { code: LAND },
          procedureCode: "1.000001",
          openedAt: times.receivedAt,
          dueAt: times.dueAt,
          case: { agencyCode: LAND, dossierCode: CODES[0] },
        },
        {
          order: 2,
          dependsOn: [1],
          agency: { code: TAX },
          procedureCode: "1.000001",
          openedAt: null,
          dueAt: times.dueAt,
          case: null,
        },
      ],
      result: null,
      events: [{ sequence: 1, at: times.receivedAt, from: null, to: "ACCEPTED", note: null }],
    });
  });

  test.each([
    ["its code", ` ${CODES[4]?.toLowerCase()} `, CODES[4]],
    ["a legacy code of the usual form", "000.00.14.H56-231027-0361", CODES[4]],
    ["a legacy code of any form", "HS 12/2019", CODES[5]],
  ])("is found by %s", async (_name, given, code) => {
    const { data } = await center.ask("query ($code: ID!) { dossier(code: $code) { code } }", {
      code: given,
    });
    expect(data.dossier).toEqual({ code });
  });

  test("unknown is null; malformed is an error that says what is allowed, in the reader's language", async () => {
    const query = "query ($code: ID!) { dossier(code: $code) { code } }";
    expect(await center.ask(query, { code: "H56.99-260101-0001" })).toEqual({
      status: 200,
      data: { dossier: null },
    });
    for (const code of ["nonsense", "", "\u0000", "x".repeat(10_000)])
      expect(await codeOfError(query, { code })).toBe("INVALID_DOSSIER_CODE");
    const { errors } = await center.ask(query, { code: "nonsense" }, "vi-VN,vi;q=0.9");
    expect(errors?.[0]?.message).toContain("không phải mã hồ sơ");
  });

  test("late is judged by the day", async () => {
    const late = new Map<string, boolean>();
    const { data } = await center.ask("{ dossiers { nodes { code isOverdue } } }");
    for (const node of data.dossiers.nodes) late.set(node.code, node.isOverdue);
    // Finished on the day of the appointment, though hours after it: on time.
    expect(CODES.map((code) => late.get(code))).toEqual([false, true, true, false, false, false]);
  });

  test("its status needs the agencies' cases, which only the gateway has", async () => {
    const { status, data, errors } = await center.ask(
      "query ($code: ID!) { dossier(code: $code) { status } }",
      {
        code: CODES[0],
      },
    );
    expect(status).toBe(200);
    expect(data).toEqual({ dossier: null });
    expect(errors?.[0]?.extensions["code"]).toBe("LIVE_CASES_MISSING");
  });
});

/** What the gateway sends of a dossier to learn its status. */
function dossier(index: number, ...legs: unknown[]): object {
  return { __typename: "Dossier", code: CODES[index], legs };
}

function live(state: string): object {
  return { case: { state, dueAt: "2026-03-09T17:00:00+07:00" } };
}

describe("references", () => {
  const ENTITIES = `query ($refs: [_Any!]!) { _entities(representations: $refs) {
    ... on Dossier { code status statusWithout } ... on Agency { name }
    ... on Citizen { personalId dossiers(first: 1) { nodes { code } pageInfo { hasNextPage } } }
    ... on Business { taxCode dossiers { nodes { code } } }
    ... on Procedure { code route { totalDays legs { order dependsOn agency { code } procedureCode days } } }
    ... on AgencyCase { agencyCode dossierCode } } }`;
  test("a dossier's status comes from the cases that the gateway sends along", async () => {
    const { data, errors } = await center.ask(ENTITIES, {
      refs: [
        dossier(1, live("COMPLETED"), live("AWAITING_PAYMENT")),
        dossier(1, live("COMPLETED"), { case: null }),
        // Gateways differ in where they put the null of an agency that failed.
        dossier(2, { case: { state: null } }, null, { case: {} }),
        dossier(0, live("ACCEPTED"), { case: null }),
        dossier(4, live("WITHDRAWN")),
      ],
    });
    expect(errors).toBeUndefined();
    expect(
      data._entities.map((each: Record<string, unknown>) => [each["status"], each["statusWithout"]]),
    ).toEqual([
      ["AWAITING_PAYMENT", []],
      ["IN_PROGRESS", [TAX]],
      ["UNKNOWN", [COMMUNE, POLICE, INSURANCE]],
      ["ACCEPTED", []],
      ["WITHDRAWN", []],
    ]);
  });

  test("an unknown dossier is null, and harms no other", async () => {
    const { data, errors } = await center.ask(ENTITIES, {
      refs: [{ __typename: "Dossier", code: "H56.99-260101-0001", legs: [] }, dossier(4, live("WITHDRAWN"))],
    });
    expect(errors).toBeUndefined();
    expect(data._entities[0]).toBeNull();
    expect(data._entities[1].code).toBe(CODES[4]);
  });

  test("agencies, citizens, businesses, procedures and cases are found by their keys", async () => {
    const { data, errors } = await center.ask(ENTITIES, {
      refs: [
        { __typename: "Agency", code: TAX },
        { __typename: "Agency", code: "H56.99" },
        { __typename: "Citizen", personalId: CITIZEN },
        { __typename: "Citizen", personalId: "056190099999" },
        { __typename: "Business", taxCode: BUSINESS },
        { __typename: "Procedure", agencyCode: COMMUNE, code: BIRTH },
        { __typename: "Procedure", agencyCode: TAX, code: BIRTH },
        { __typename: "AgencyCase", agencyCode: TAX, dossierCode: CODES[0] },
      ],
    });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { name: "Thuế tỉnh" },
      null,
      { personalId: CITIZEN, dossiers: { nodes: [{ code: CODES[1] }], pageInfo: { hasNextPage: true } } },
      { personalId: "056190099999", dossiers: { nodes: [], pageInfo: { hasNextPage: false } } },
      { taxCode: BUSINESS, dossiers: { nodes: [{ code: CODES[0] }] } },
      {
        code: BIRTH,
        route: {
          totalDays: 3,
          legs: [
            { order: 1, dependsOn: [], agency: { code: COMMUNE }, procedureCode: CIVIL_COPY, days: 0.5 },
            { order: 2, dependsOn: [1], agency: { code: POLICE }, procedureCode: "1.004200", days: 2 },
            { order: 3, dependsOn: [1], agency: { code: INSURANCE }, procedureCode: "2.000800", days: 2 },
          ],
        },
      },
      { code: BIRTH, route: null },
      { agencyCode: TAX, dossierCode: CODES[0] },
    ]);
  });

  test("a citizen's second page follows the first", async () => {
    const query = `query ($refs: [_Any!]!, $after: String) { _entities(representations: $refs) { ... on Citizen {
      dossiers(first: 1, after: $after) { nodes { code } pageInfo { hasNextPage endCursor } } } } }`;
    const refs = [{ __typename: "Citizen", personalId: CITIZEN }];
    const first = (await center.ask(query, { refs })).data._entities[0].dossiers;
    const second = (await center.ask(query, { refs, after: first.pageInfo.endCursor })).data._entities[0]
      .dossiers;
    expect([first.nodes[0].code, second.nodes[0].code, second.pageInfo.hasNextPage]).toEqual([
      CODES[1],
      CODES[2],
      false,
    ]);
  });
});

describe("trackDossier", () => {
  test("masks the applicant, and does not show how long the name is", async () => {
    const query = `query ($code: ID!) { trackDossier(code: $code) {
      code procedureName maskedApplicantName state receivedAt dueAt finishedAt isOverdue } }`;
    const { data } = await center.ask(query, { code: CODES[2] });
    expect(data.trackDossier).toEqual({
      code: CODES[2],
      procedureName: "Thủ tục",
      maskedApplicantName: "Ngu***",
      state: "COMPLETED",
      receivedAt: "2026-03-04T10:00:00+07:00",
      dueAt: "2026-03-09T17:00:00+07:00",
      finishedAt: "2026-03-10T08:00:00+07:00",
      isOverdue: true,
    });
    const business = await center.ask(query, { code: CODES[0] });
    expect(business.data.trackDossier.maskedApplicantName).toBe("Côn***");
  });

  test("unknown is null, malformed an error", async () => {
    const query = "query ($code: ID!) { trackDossier(code: $code) { code } }";
    expect((await center.ask(query, { code: "H56.14-260304-9999" })).data).toEqual({ trackDossier: null });
    expect(await codeOfError(query, { code: "?" })).toBe("INVALID_DOSSIER_CODE");
  });
});

describe("directory", () => {
  test("agencies by code, all or of one kind", async () => {
    const { data } = await center.ask(
      "{ all: agencies { code } vertical: agencies(kind: VERTICAL) { code kind } }",
    );
    expect(data.all.map(({ code }: { code: string }) => code)).toEqual([
      POLICE,
      TAX,
      INSURANCE,
      "H56",
      JUSTICE,
      LAND,
      COMMUNE,
    ]);
    expect(data.vertical.map(({ code }: { code: string }) => code)).toEqual([POLICE, TAX, INSURANCE]);
  });

  test.each([LAND, "000.00.14.H56", "h56.14"])("one agency by %s", async (code) => {
    const { data } = await center.ask(
      "query ($code: ID!) { agency(code: $code) { code legacyCode level } }",
      { code },
    );
    expect(data.agency).toEqual({ code: LAND, legacyCode: "000.00.14.H56", level: "PROVINCE" });
  });

  test("an unknown agency is null, a malformed code an error", async () => {
    const query = "query ($code: ID!) { agency(code: $code) { code } }";
    expect((await center.ask(query, { code: "H56.99" })).data).toEqual({ agency: null });
    expect(await codeOfError(query, { code: "nobody" })).toBe("INVALID_AGENCY_CODE");
  });

  test.each([
    ["today", "", ["22333 Phường Tân Giang", "56 Tỉnh mới"]],
    ["on the last day of the old tree", '(on: "2025-06-30")', ["56 Tỉnh cũ", "568 Thành phố"]],
    ["on the first day of the new one", '(on: "2025-07-01")', ["22333 Phường Tân Giang", "56 Tỉnh mới"]],
    ["of one level", '(on: "2020-01-01", level: DISTRICT)', ["568 Thành phố"]],
  ])("administrative units %s", async (_name, args, expected) => {
    const { data } = await center.ask(`{ administrativeUnits${args} { code name validFrom validTo } }`);
    expect(
      data.administrativeUnits.map((unit: { code: string; name: string }) => `${unit.code} ${unit.name}`),
    ).toEqual(expected);
  });
});

describe("dossierStatistics", () => {
  const COUNTS = "received early onTime late open overdue ended";
  const count = async (args: string) =>
    (await center.ask(`{ dossierStatistics(${args}) { ${COUNTS} } }`)).data.dossierStatistics;

  test("counts each dossier of the period once, by Vietnam's days", async () => {
    expect(await count('from: "2026-03-03", to: "2026-03-05"')).toEqual({
      received: 6,
      early: 1,
      onTime: 1,
      late: 1,
      open: 1,
      overdue: 1,
      ended: 1,
    });
    expect(await count('from: "2026-03-04", to: "2026-03-04"')).toMatchObject({
      received: 3,
      early: 1,
      late: 1,
      ended: 1,
    });
  });

  test("of one leading agency, in either spelling", async () => {
    expect(await count('from: "2026-03-01", to: "2026-03-31", agencyCode: "000.01.31.H56"')).toMatchObject({
      received: 2,
    });
  });

  test("a period that ends before it begins is an error", async () => {
    const query = '{ dossierStatistics(from: "2026-03-05", to: "2026-03-04") { received } }';
    expect(await codeOfError(query)).toBe("INVALID_INPUT");
  });
});
