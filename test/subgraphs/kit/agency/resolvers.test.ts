import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { departmentPart } from "../../../../subgraphs/departments/own-part.ts";
import { encodeCursor } from "../../../../subgraphs/kit/connection.ts";
import { type TestAgency, insert, insertProcedure, startAgency } from "../../../setup/agency.ts";
import { statementsOf } from "../../../setup/database.ts";

const CODE = "H56.14";
const REVERSED = "000.00.14.H56";
const DOSSIER = "H56.14-260302-0001";
/** A case with a value in every column. */
const FULL = "H56.14-260302-0002";

let agency: TestAgency;
beforeAll(async () => {
  agency = await startAgency(departmentPart, CODE);
  const { database } = agency;
  await insert(database, "officer", { code: "CB01", name: "Trần Thị Bình", title: "Chuyên viên" });
  await insert(database, "officer", { code: "CB02", name: "Lê Văn Cường", title: "Phó Giám đốc" });
  await insertProcedure(database);
  await insertProcedure(database, {
    code: "1.001193",
    name: "Cấp đổi/cấp lại giấy chứng nhận",
    field: "Đất đai",
    level: "COMMUNE",
    statutory_days: 20,
    committed_days: 12.5,
    online_days: 10,
    calendar_days: true,
    fee: 100_000,
    online_level: "PARTIAL",
    one_stop_kind: "INTERCONNECTED_LEVELS",
    valid_to: "2099-12-31",
  });
  await insertProcedure(database, { code: "1.000001", name: "Xác nhận cư trú", field: "Đất đai" });
  await insertProcedure(database, {
    code: "1.000002",
    name: "Thông báo lưu trú (Nghị định 61/2018/NĐ-CP)",
    field: "Đăng ký thường trú",
    online_level: "NONE",
  });
  await insert(database, "agency_case", {
    dossier_code: DOSSIER,
    procedure_code: "1.004222",
    state: 1,
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
  });
  const { id } = await insert<{ id: number }>(database, "agency_case", {
    dossier_code: FULL,
    procedure_code: "1.001193",
    state: 5,
    resume_state: 4,
    received_at: "2026-03-02T09:30:15.123456+07:00",
    due_at: "2020-03-12T17:00:00+07:00",
    paused_at: "2026-03-03T08:00:00+07:00",
    finished_at: null,
    officer_code: "CB02",
    delay_reason: "Chờ đo đạc",
    delay_apologised_at: "2026-03-03T10:00:00+07:00",
    delay_previous_due_at: "2020-03-10T17:00:00+07:00",
    result_number: "123/GCN",
    result_summary: "Giấy chứng nhận",
    result_issued_at: "2026-03-04T10:00:00+07:00",
    step_names: ["Tiếp nhận", "Thẩm định"],
    step_officers: ["CB01", null],
    step_started: ["2026-03-02T02:30:15.000Z", null],
    step_finished: ["2026-03-02T03:00:00Z", null],
    supplements: JSON.stringify([
      { documents: ["Bản đồ"], reason: "Thiếu", requestedAt: "2026-03-03T01:00:00Z", receivedAt: null },
    ]),
  });
  await insert(database, "case_event", {
    case_id: id,
    sequence: 1,
    at: "2026-03-02T09:30:15+07:00",
    to_state: 1,
  });
  await insert(database, "case_event", {
    case_id: id,
    sequence: 2,
    at: "2026-03-02T09:45:00+07:00",
    from_state: 1,
    to_state: 2,
    officer_code: "CB01",
    note: "Đủ hồ sơ",
  });
  return agency.close;
});

interface Entities<T> {
  readonly _entities: readonly (T | null)[];
}

function entities<T>(selection: string, representations: readonly object[]) {
  return agency.query<Entities<T>>(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
    { representations },
  );
}

const cases = (...dossierCodes: string[]) =>
  dossierCodes.map((dossierCode) => ({ __typename: "AgencyCase", agencyCode: CODE, dossierCode }));

const PROCEDURE = `{ agencyCode code agency { code } name field level statutoryDuration { amount unit }
  committedDuration { amount unit } onlineDuration { amount unit } fee onlineLevel oneStopKind
  requiredDocuments { name originals copies optional } steps { order name role hours }
  publication { decision issuedOn validFrom validTo } }`;

const CASE = `{ agencyCode dossierCode agency { code } dossier { code } procedure { code name } state allowedStates
  receivedAt dueAt finishedAt isOverdue delay { reason apologisedAt previousDueAt } officer { code name title }
  steps { order name officer { name } startedAt finishedAt } events { sequence at from to officer { name } note }
  supplements { documents reason requestedAt receivedAt } result { number summary issuedAt } }`;

describe("a procedure", () => {
  test("with every field", async () => {
    const answer = await agency.query(
      `query ($code: ID!) { procedure(agencyCode: "${CODE}", code: $code) ${PROCEDURE} }`,
      { code: "1.001193.000.00.00.H56" },
    );
    expect(answer).toEqual({
      status: 200,
      errors: undefined,
      data: {
        procedure: {
          agencyCode: CODE,
          code: "1.001193",
          agency: { code: CODE },
          name: "Cấp đổi/cấp lại giấy chứng nhận",
          field: "Đất đai",
          level: "COMMUNE",
          statutoryDuration: { amount: 20, unit: "CALENDAR_DAY" },
          committedDuration: { amount: 12.5, unit: "CALENDAR_DAY" },
          onlineDuration: { amount: 10, unit: "CALENDAR_DAY" },
          fee: 100_000,
          onlineLevel: "PARTIAL",
          oneStopKind: "INTERCONNECTED_LEVELS",
          requiredDocuments: [{ name: "Tờ khai", originals: 1, copies: 0, optional: false }],
          steps: [
            { order: 1, name: "Tiếp nhận", role: "Cán bộ một cửa", hours: 4 },
            { order: 2, name: "Thẩm định", role: "Chuyên viên", hours: 40 },
            { order: 3, name: "Ký duyệt", role: "Lãnh đạo", hours: 8 },
          ],
          publication: {
            decision: "1234/QĐ-UBND",
            issuedOn: "2025-06-20",
            validFrom: "2025-07-01",
            validTo: "2099-12-31",
          },
        },
      },
    });
  });

  test("without what it does not have", async () => {
    const { data } = await agency.query(
      `{ procedure(agencyCode: "${REVERSED}", code: "1.004222") { onlineDuration { amount } publication { validTo }
         statutoryDuration { unit } } }`,
    );
    expect(data).toEqual({
      procedure: {
        onlineDuration: null,
        publication: { validTo: null },
        statutoryDuration: { unit: "WORKING_DAY" },
      },
    });
  });
});

describe("a case", () => {
  test("with every field", async () => {
    const { data, errors } = await agency.query(
      `{ agencyCase(agencyCode: "${REVERSED}", dossierCode: "${FULL}") ${CASE} }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      agencyCase: {
        agencyCode: CODE,
        dossierCode: FULL,
        agency: { code: CODE },
        dossier: { code: FULL },
        procedure: { code: "1.001193", name: "Cấp đổi/cấp lại giấy chứng nhận" },
        state: "AWAITING_SUPPLEMENT",
        allowedStates: ["IN_PROGRESS", "REJECTED", "WITHDRAWN"],
        receivedAt: "2026-03-02T09:30:15+07:00",
        dueAt: "2020-03-12T17:00:00+07:00",
        finishedAt: null,
        isOverdue: true,
        delay: {
          reason: "Chờ đo đạc",
          apologisedAt: "2026-03-03T10:00:00+07:00",
          previousDueAt: "2020-03-10T17:00:00+07:00",
        },
        officer: { code: "CB02", name: "Lê Văn Cường", title: "Phó Giám đốc" },
        steps: [
          {
            order: 1,
            name: "Tiếp nhận",
            officer: { name: "Trần Thị Bình" },
            startedAt: "2026-03-02T09:30:15+07:00",
            finishedAt: "2026-03-02T10:00:00+07:00",
          },
          { order: 2, name: "Thẩm định", officer: null, startedAt: null, finishedAt: null },
        ],
        events: [
          {
            sequence: 1,
            at: "2026-03-02T09:30:15+07:00",
            from: null,
            to: "REGISTERED",
            officer: null,
            note: null,
          },
          {
            sequence: 2,
            at: "2026-03-02T09:45:00+07:00",
            from: "REGISTERED",
            to: "ACCEPTED",
            officer: { name: "Trần Thị Bình" },
            note: "Đủ hồ sơ",
          },
        ],
        supplements: [
          {
            documents: ["Bản đồ"],
            reason: "Thiếu",
            requestedAt: "2026-03-03T08:00:00+07:00",
            receivedAt: null,
          },
        ],
        result: { number: "123/GCN", summary: "Giấy chứng nhận", issuedAt: "2026-03-04T10:00:00+07:00" },
      },
    });
  });

  test("without what it does not have", async () => {
    const { data } = await agency.query(
      `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${DOSSIER}") { delay { reason } officer { code } steps { order }
         events { sequence } supplements { reason } result { number } finishedAt allowedStates } }`,
    );
    expect(data).toEqual({
      agencyCase: {
        delay: null,
        officer: null,
        steps: [],
        events: [],
        supplements: [],
        result: null,
        finishedAt: null,
        allowedStates: ["ACCEPTED", "REJECTED", "AWAITING_SUPPLEMENT"],
      },
    });
  });

  test("its history can neither be changed nor cut", async () => {
    const before = await agency.database.query("select * from case_event order by case_id, sequence");
    for (const attempt of [
      "update case_event set note = 'khác'",
      "delete from case_event",
      "truncate case_event",
      "delete from case_event where false",
    ])
      await expect(agency.database.query(attempt)).rejects.toThrow(
        /history is append-only: \w+ on case_event refused/,
      );
    expect(await agency.database.query("select * from case_event order by case_id, sequence")).toEqual(
      before,
    );
  });
});

test.each([
  ["agencyCase", `agencyCase(agencyCode: "${CODE}", dossierCode: "H56.14-260302-9999") { state }`],
  ["procedure", `procedure(agencyCode: "${CODE}", code: "9.999999") { name }`],
])("an unknown %s is null, without an error", async (field, selection) => {
  expect(await agency.query(`{ ${selection} }`)).toEqual({
    status: 200,
    errors: undefined,
    data: { [field]: null },
  });
});

test.each([
  ["INVALID_DOSSIER_CODE", `agencyCase(agencyCode: "${CODE}", dossierCode: "H56.14-260230-0001") { state }`],
  ["INVALID_AGENCY_CODE", `agencyCase(agencyCode: "Sở Đất đai", dossierCode: "${DOSSIER}") { state }`],
  ["UNKNOWN_AGENCY", `agencyCase(agencyCode: "H56.15", dossierCode: "${DOSSIER}") { state }`],
  ["INVALID_PROCEDURE_CODE", `procedure(agencyCode: "${CODE}", code: "đăng ký") { name }`],
  ["UNKNOWN_AGENCY", `procedure(agencyCode: "G12.56", code: "1.004222") { name }`],
])("%s is told of %s", async (code, selection) => {
  const { status, data, errors } = await agency.query<Record<string, unknown>>(`{ ${selection} }`);
  expect(status).toBe(200);
  expect(Object.values(data)).toEqual([null]);
  expect(errors).toMatchObject([{ extensions: { code, allowed: expect.stringMatching(/\w/) } }]);
});

describe("references", () => {
  test("are answered in their order: unknown ones null, malformed ones with an error of their own, in either spelling", async () => {
    const representations = [
      { __typename: "AgencyCase", agencyCode: CODE, dossierCode: FULL },
      { __typename: "AgencyCase", agencyCode: CODE, dossierCode: "H56.14-260302-7777" },
      { __typename: "AgencyCase", agencyCode: CODE, dossierCode: "no dossier" },
      { __typename: "AgencyCase", agencyCode: REVERSED, dossierCode: DOSSIER },
      { __typename: "Procedure", agencyCode: CODE, code: "1.004222.H56" },
      { __typename: "AgencyCase", agencyCode: "H56.15", dossierCode: DOSSIER },
      { __typename: "Agency", code: REVERSED },
      { __typename: "AgencyCase", agencyCode: CODE, dossierCode: FULL },
    ];
    const selection =
      "... on AgencyCase { agencyCode dossierCode } ... on Procedure { name } ... on Agency { id: code }";
    const inOrder = [
      { agencyCode: CODE, dossierCode: FULL },
      null,
      null,
      { agencyCode: CODE, dossierCode: DOSSIER },
      { name: "Đăng ký thường trú" },
      null,
      { id: CODE },
      { agencyCode: CODE, dossierCode: FULL },
    ];
    // Again and again, because from the second time on compiled code answers.
    for (let time = 1; time <= 3; time++) {
      const { data, errors } = await entities(selection, representations);
      expect(data).toEqual({ _entities: inOrder });
      expect(errors?.toSorted((a, b) => Number(a.path?.[1]) - Number(b.path?.[1]))).toMatchObject([
        { path: ["_entities", 2], extensions: { code: "INVALID_DOSSIER_CODE", value: "no dossier" } },
        { path: ["_entities", 5], extensions: { code: "UNKNOWN_AGENCY", agency: "H56.15", allowed: CODE } },
      ]);
    }
  });

  test("keep their places whichever fails, at once or late, in a compiled query too", async () => {
    const known = { __typename: "AgencyCase", agencyCode: CODE, dossierCode: DOSSIER };
    const other = { ...known, agencyCode: "H56.99" };
    const places: { key: object; answer: object | null }[] = [
      { key: known, answer: { dossierCode: DOSSIER } },
      { key: other, answer: null },
      { key: { ...known, dossierCode: "H56.14-260302-9999" }, answer: null },
      { key: { __typename: "Agency", code: "H56.99" }, answer: null },
      { key: { __typename: "Agency", code: CODE }, answer: { code: CODE } },
    ];
    const all = places.map((place) => places.toSpliced(places.indexOf(place), 1).concat(place));
    for (const order of [...all, ...all.map((each) => each.toReversed())]) {
      const { data, errors } = await entities(
        "... on AgencyCase { dossierCode } ... on Agency { code }",
        order.map(({ key }) => key),
      );
      expect(data._entities).toEqual(order.map(({ answer }) => answer));
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["UNKNOWN_AGENCY", "UNKNOWN_AGENCY"]);
    }
  });

  test("cost the same number of statements for one and for a hundred", async () => {
    const codes = Array.from(
      { length: 100 },
      (_, index) => `H56.14-260401-${String(index + 1).padStart(4, "0")}`,
    );
    await agency.database.query(
      `insert into agency_case (dossier_code, procedure_code, state, received_at, due_at, officer_code, step_names,
         step_officers, step_started, step_finished)
       select code, case number % 2 when 0 then '1.004222' else '1.001193' end, 4, '2026-04-01', '2026-04-09',
         case number % 2 when 0 then 'CB01' else 'CB02' end,
         '{Tiếp nhận}', '{CB01}', '{2026-04-01T01:00:00Z}', '{null}'
       from unnest($1::text[]) with ordinality as given (code, number)`,
      [codes],
    );
    await agency.database.query(
      `insert into case_event (case_id, sequence, at, to_state, officer_code)
       select id, sequence, '2026-04-01', sequence, 'CB01' from agency_case, generate_series(1, 2) as sequence
       where dossier_code = any($1)`,
      [codes],
    );
    const ask = async (count: number): Promise<string[]> =>
      statementsOf(agency.database.url, async () => {
        const answer = await entities(`... on AgencyCase ${CASE}`, cases(...codes.slice(0, count)));
        expect(answer.errors).toBeUndefined();
        expect(answer.data._entities).toHaveLength(count);
        expect(answer.data._entities).not.toContain(null);
      });
    const one = await ask(1);
    expect(await ask(100)).toHaveLength(one.length);
    // Cases, procedures, history, and officers of cases, steps and events.
    expect(one.length).toBeLessThanOrEqual(5);
  });

  test("to a hundred procedures are one statement", async () => {
    const representations = Array.from({ length: 100 }, (_, index) => ({
      __typename: "Procedure",
      agencyCode: CODE,
      code: `7.${String(index).padStart(6, "0")}`,
    }));
    const texts = await statementsOf(agency.database.url, () =>
      entities("... on Procedure { name }", representations),
    );
    expect(texts).toHaveLength(1);
  });
});

interface Page<N> {
  readonly nodes: readonly N[];
  readonly edges: readonly { readonly cursor: string; readonly node: N }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount?: number;
}

async function list<N>(field: "procedures" | "cases", node: string, args: Record<string, unknown>) {
  const types: Record<string, string> = {
    search: "String",
    field: "String",
    onlineLevel: "OnlineLevel",
    filter: "CaseFilter",
    first: "Int",
    after: "String",
  };
  const names = Object.keys(args);
  const declared = names.map((name) => `, $${name}: ${types[name]}`).join("");
  const passed = names.length === 0 ? "" : `(${names.map((name) => `${name}: $${name}`).join(", ")})`;
  const { data, errors } = await agency.query<Entities<Record<typeof field, Page<N> | null>>>(
    `query ($representations: [_Any!]!${declared}) { _entities(representations: $representations) { ... on Agency {
       ${field}${passed} { nodes ${node} edges { cursor node ${node} } pageInfo { hasNextPage startCursor endCursor }
         ${field === "procedures" ? "totalCount" : ""} } } } }`,
    { representations: [{ __typename: "Agency", code: CODE }], ...args },
  );
  return { page: data._entities[0]?.[field], code: errors?.[0]?.extensions.code };
}

const findProcedures = async (args: Record<string, unknown>): Promise<string[]> => {
  const { page, code } = await list<{ code: string }>("procedures", "{ code }", args);
  expect(code).toBeUndefined();
  expect(page?.totalCount).toBe(page?.nodes.length);
  return page?.nodes.map((node) => node.code) ?? [];
};

describe("procedures", () => {
  test.each([
    ["with diacritics", "đăng ký thường trú"],
    ["without", "dang ky thuong tru"],
    ["with some", "đang ky thường tru"],
    ["in capitals", "ĐĂNG KÝ THƯỜNG TRÚ"],
    ["in decomposed letters", "đăng ký thường trú".normalize("NFD")],
    ["in another order", "trú thường ký đăng"],
    ["with punctuation between", "  đăng-ký, (thường) trú!"],
    ["while the last word is still being typed", "đăng ký thư"],
  ])("are found %s, by their names before their fields", async (_, search) => {
    expect(await findProcedures({ search })).toEqual(["1.004222", "1.000002"]);
  });

  test("are found by both sides of a slash, and by numbers", async () => {
    expect(await findProcedures({ search: "đổi lại" })).toEqual(["1.001193"]);
    expect(await findProcedures({ search: "cap doi cap lai" })).toEqual(["1.001193"]);
    expect(await findProcedures({ search: "2018 61 nđ" })).toEqual(["1.000002"]);
    expect(await findProcedures({ search: "61/2018/NĐ-CP" })).toEqual(["1.000002"]);
  });

  test("need every word", async () => {
    expect(await findProcedures({ search: "đăng ký kết hôn" })).toEqual([]);
    expect(await findProcedures({ search: "đăn ký" })).toEqual([]);
  });

  test.each(["!!!", "a | b & ' :* <-> \\", "');--", "🏠"])(
    "searching for %j finds nothing and breaks nothing",
    async (search) => {
      expect(await findProcedures({ search })).toEqual([]);
    },
  );

  test("searching for nothing finds all, by code", async () => {
    const all = ["1.000001", "1.000002", "1.001193", "1.004222"];
    expect(await findProcedures({})).toEqual(all);
    expect(await findProcedures({ search: "  " })).toEqual(all);
    expect(await findProcedures({ search: null, field: null, onlineLevel: null, first: null })).toEqual(all);
  });

  test("are narrowed by field and by online level", async () => {
    expect(await findProcedures({ field: "Đất đai" })).toEqual(["1.000001", "1.001193"]);
    expect(await findProcedures({ field: "Đất" })).toEqual([]);
    expect(await findProcedures({ onlineLevel: "FULL" })).toEqual(["1.000001", "1.004222"]);
    expect(await findProcedures({ onlineLevel: "FULL", field: "Đất đai", search: "cư trú" })).toEqual([
      "1.000001",
    ]);
  });

  test("come page by page, best match first, with the total of all pages", async () => {
    for (const search of [undefined, "tru", "dang ky thuong tru"]) {
      const args = search === undefined ? {} : { search };
      const { page: whole } = await list<{ code: string }>("procedures", "{ code }", args);
      const seen: string[] = [];
      let after: string | null | undefined;
      for (;;) {
        const { page } = await list<{ code: string }>("procedures", "{ code }", {
          ...args,
          first: 1,
          after: after ?? null,
        });
        seen.push(...(page?.nodes.map(({ code }) => code) ?? []));
        expect(page?.totalCount).toBe(whole?.totalCount);
        if (page?.pageInfo.hasNextPage !== true) break;
        after = page.pageInfo.endCursor;
      }
      expect(seen).toEqual(whole?.nodes.map(({ code }) => code));
    }
  });

  test("are counted only for who asks for the total", async () => {
    for (const [selection, statements] of [
      ["nodes { code }", 1],
      ["nodes { code } totalCount", 2],
    ] as const) {
      const texts = await statementsOf(agency.database.url, () =>
        entities(`... on Agency { procedures(first: 1) { ${selection} } }`, [
          { __typename: "Agency", code: CODE },
        ]),
      );
      expect(texts).toHaveLength(statements);
    }
  });
});

describe("cases", () => {
  interface Listed {
    readonly dossierCode: string;
  }
  const find = async (filter: Record<string, unknown>): Promise<string[]> => {
    const { page, code } = await list<Listed>("cases", "{ dossierCode }", { filter, first: 100 });
    expect(code).toBeUndefined();
    return page?.nodes.map((node) => node.dossierCode.slice(-4)) ?? [];
  };
  /** Dossiers of May 2025, apart from everything else here. */
  const may = (filter: Record<string, unknown>) =>
    find({ receivedFrom: "2025-05-01", receivedTo: "2025-05-31", ...filter });

  beforeAll(async () => {
    const rows = [
      ["0001", "1.004222", 2, "2025-05-05T00:00:00+07:00", "2999-01-01", null],
      ["0002", "1.004222", 4, "2025-05-05T23:59:59+07:00", "2025-05-12", null],
      ["0003", "1.001193", 9, "2025-05-06T08:00:00+07:00", "2025-05-12", "2025-05-20"],
      ["0004", "1.001193", 10, "2025-05-07T08:00:00+07:00", "2025-05-12", "2025-05-10"],
    ] as const;
    for (const [number, procedure_code, state, received_at, due_at, finished_at] of rows)
      await insert(agency.database, "agency_case", {
        dossier_code: `H56.14-250505-${number}`,
        procedure_code,
        state,
        received_at,
        due_at,
        finished_at,
      });
  });

  test("come latest first", async () => {
    expect(await may({})).toEqual(["0004", "0003", "0002", "0001"]);
  });

  test("of a day are those of a Vietnamese day", async () => {
    expect(await may({ receivedFrom: "2025-05-05", receivedTo: "2025-05-05" })).toEqual(["0002", "0001"]);
    expect(await may({ receivedFrom: "2025-05-06" })).toEqual(["0004", "0003"]);
    expect(await find({ receivedFrom: "2025-05-08", receivedTo: "2025-05-01" })).toEqual([]);
  });

  test("are narrowed by state, procedure, and being overdue", async () => {
    expect(await may({ states: ["COMPLETED", "RETURNED"] })).toEqual(["0004", "0003"]);
    expect(await may({ states: [] })).toEqual([]);
    expect(await may({ procedureCode: "1.004222.000.00.00.H56" })).toEqual(["0002", "0001"]);
    expect(await may({ overdue: true })).toEqual(["0002"]);
    expect(await may({ overdue: false })).toEqual(["0004", "0003", "0001"]);
    expect(await may({ overdue: true, states: ["IN_PROGRESS"], procedureCode: "1.001193" })).toEqual([]);
  });

  test("a filter that cannot be read is refused, with its place", async () => {
    const bad = await list("cases", "{ dossierCode }", { filter: { procedureCode: "x" } });
    expect(bad).toEqual({ page: null, code: "INVALID_PROCEDURE_CODE" });
  });

  test("pages neither repeat nor lose one while new ones arrive, also within one microsecond", async () => {
    let number = 0;
    const add = async (microsecond: number): Promise<string> => {
      number += 1;
      const dossier_code = `H56.14-240101-${String(number).padStart(5, "0")}`;
      await insert(agency.database, "agency_case", {
        dossier_code,
        procedure_code: "1.004222",
        state: 1,
        received_at: `2024-01-02T08:00:00.${String(microsecond).padStart(6, "0")}+07:00`,
        due_at: "2024-01-10",
      });
      return dossier_code;
    };
    const microseconds = fc.integer({ min: 0, max: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(microseconds, { minLength: 1, maxLength: 12 }),
        fc.array(microseconds, { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (old, arriving, first) => {
          await agency.database.query(
            "delete from agency_case where received_at between '2024-01-01' and '2024-01-03'",
          );
          const initial: string[] = [];
          for (const microsecond of old) initial.push(await add(microsecond));
          const filter = { receivedFrom: "2024-01-02", receivedTo: "2024-01-02" };
          const seen: string[] = [];
          let after: string | null = null;
          for (;;) {
            const { page }: { page: Page<Listed> | null | undefined } = await list<Listed>(
              "cases",
              "{ dossierCode }",
              { filter, first, after },
            );
            seen.push(...(page?.nodes.map(({ dossierCode }) => dossierCode) ?? []));
            if (page?.pageInfo.hasNextPage !== true) break;
            after = page.pageInfo.endCursor;
            const next = arriving.pop();
            if (next !== undefined) await add(next);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual(expect.arrayContaining(initial));
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("a page that cannot be read is refused", () => {
  test.each(["procedures", "cases"] as const)("of %s", async (field) => {
    const node = field === "cases" ? "{ dossierCode }" : "{ code }";
    for (const first of [0, -1, 101]) expect((await list(field, node, { first })).code).toBe("INVALID_INPUT");
    const { page } = await list(
      field === "cases" ? "procedures" : "cases",
      field === "cases" ? "{ code }" : "{ dossierCode }",
      {
        first: 1,
      },
    );
    const foreign = [
      "nonsense",
      page?.pageInfo.endCursor,
      encodeCursor(["x", "y"]),
      encodeCursor(["1e999", "1.004222"]),
      encodeCursor(["9".repeat(30), "1"]),
      encodeCursor(["0", "\u0000"]),
    ];
    for (const after of foreign) expect((await list(field, node, { after })).code).toBe("INVALID_CURSOR");
  });

  test("a text that PostgreSQL cannot store is the caller's fault", async () => {
    expect((await list("procedures", "{ code }", { field: "a\u0000b" })).code).toBe("INVALID_INPUT");
    expect((await list("procedures", "{ code }", { search: "a\u0000b" })).code).toBe("INVALID_INPUT");
  });
});
