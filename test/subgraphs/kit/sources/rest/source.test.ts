import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../../../subgraphs/kit/database.ts";
import { serveAgencies } from "../../../../../subgraphs/kit/agency/serve.ts";
import { readRestMapping } from "../../../../../subgraphs/kit/sources/rest/mapping.ts";
import { restSource } from "../../../../../subgraphs/kit/sources/rest/source.ts";
import type { SubgraphServer } from "../../../../../subgraphs/kit/server.ts";
import type { Database } from "../../../../../process/database.ts";
import { type Answer, post } from "../../../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../../../../setup/database.ts";
import { startTestGateway, type TestGateway } from "../../../../setup/gateway.ts";
import { LEGACY_MAPPING, type LegacyCall, startLegacy, type TestLegacy } from "../../../../setup/legacy.ts";

const CODE = "H56.20";
const dossier = (order: number): string => `H56.20-260302-${String(order).padStart(4, "0")}`;
/** As the system spells it. */
const old = (order: number): string => `000.00.20.H56-260302-${String(order).padStart(4, "0")}`;

let legacy: TestLegacy;
let gateway: TestGateway;
let server: SubgraphServer;
let database: Database;
const databaseUrl = freshDatabaseUrl();
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-mapping-"));
  legacy = await startLegacy();
  gateway = await startTestGateway();
  const file = join(directory, "mapping.json");
  await writeFile(file, JSON.stringify(LEGACY_MAPPING));
  const mapping = readRestMapping(file, { LEGACY_URL: legacy.url, LEGACY_KEY: "bi-mat" });
  server = await serveAgencies({
    agencies: [{ code: CODE, databaseUrl, source: restSource(mapping) }],
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: gateway.url,
    access: { authorization: false },
    log: pino({ level: "silent" }),
  });
  database = openDatabase(databaseUrl, 2);
});
afterAll(async () => {
  await server.close();
  await database.close();
  await gateway.close();
  await legacy.close();
  await dropDatabase(databaseUrl);
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  legacy.disturb = () => "usual";
  legacy.files.clear();
  legacy.calls.length = 0;
  legacy.busiest = 0;
});

function addFile(order: number, change: Partial<ReturnType<TestLegacy["files"]["get"]> & object> = {}): void {
  legacy.files.set(old(order), {
    so_ho_so: old(order),
    thu_tuc: "1.004222.000.00.00.H56",
    tinh_trang: "lam_lai",
    ngay_nhan: "02/03/2026 08:30:00",
    ngay_hen: "09/03/2026 17:00:00",
    ngay_xong: "",
    can_bo: { ten: "Trần Thị Bình", chuc_vu: "Nhân viên" },
    // Newest first, as such systems show it.
    nhat_ky: [
      { luc: "03/03/2026 09:00:00", tinh_trang: "lam", noi_dung: "Khảo sát" },
      { luc: "02/03/2026 08:30:00", tinh_trang: "moi", noi_dung: "" },
    ],
    ...change,
  });
}

const ask = <T>(query: string, variables: object = {}): Promise<Answer<T>> =>
  post(`${server.url}/graphql`, { query, variables });

const CASE = `{ agencyCode dossierCode state allowedStates receivedAt dueAt finishedAt officer { code name title }
  procedure { code name statutoryDuration { amount unit } requiredDocuments { name originals } publication { validFrom validTo } }
  events { sequence at from to note } steps { name } }`;
const one = (order: number, fields = CASE) =>
  ask<{ agencyCase: Record<string, unknown> | null }>(
    `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${dossier(order)}") ${fields} }`,
  );
const several = (orders: readonly number[]) =>
  ask<{ _entities: ({ state: string } | null)[] }>(
    "query ($of: [_Any!]!) { _entities(representations: $of) { ... on AgencyCase { dossierCode state } } }",
    {
      of: orders.map((order) => ({
        __typename: "AgencyCase",
        agencyCode: CODE,
        dossierCode: dossier(order),
      })),
    },
  );

const search = (args: string) =>
  ask<{
    _entities: [
      {
        procedures: {
          nodes: { code: string }[];
          totalCount: number;
          pageInfo: { endCursor: string; hasNextPage: boolean };
        };
      },
    ];
  }>(
    `{ _entities(representations: [{ __typename: "Agency", code: "${CODE}" }]) { ... on Agency {
       procedures${args} { nodes { code } totalCount pageInfo { endCursor hasNextPage } } } } }`,
  );

describe("reading", () => {
  test("a case is told by the mapping: old spellings, states, local times, history, officer", async () => {
    addFile(1);
    const { data, errors } = await one(1);
    expect(errors).toBeUndefined();
    expect(data.agencyCase).toEqual({
      agencyCode: CODE,
      dossierCode: dossier(1),
      state: "IN_PROGRESS",
      allowedStates: ["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "WITHDRAWN", "SUSPENDED", "COMPLETED"],
      receivedAt: "2026-03-02T08:30:00+07:00",
      dueAt: "2026-03-09T17:00:00+07:00",
      finishedAt: null,
      officer: { code: "Trần Thị Bình", name: "Trần Thị Bình", title: "Nhân viên" },
      procedure: {
        code: "1.004222",
        name: "Đăng ký đấu nối nước sạch",
        statutoryDuration: { amount: 5, unit: "WORKING_DAY" },
        requiredDocuments: [{ name: "Đơn đề nghị", originals: 1 }],
        publication: { validFrom: "2025-07-01", validTo: null },
      },
      events: [
        { sequence: 1, at: "2026-03-02T08:30:00+07:00", from: null, to: "REGISTERED", note: null },
        {
          sequence: 2,
          at: "2026-03-03T09:00:00+07:00",
          from: "REGISTERED",
          to: "IN_PROGRESS",
          note: "Khảo sát",
        },
      ],
      steps: [],
    });
    expect((await one(2)).data.agencyCase).toBeNull();
    // Either spelling of the agency in the code names the same dossier, and the answer bears the one asked for.
    const reversed = await ask(
      `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${old(1)}") { dossierCode } }`,
    );
    expect(reversed.data).toEqual({ agencyCase: { dossierCode: old(1) } });
  });

  test("many codes are asked for in few calls, a few at once, in their order, unknown ones null", async () => {
    for (const order of [1, 2, 4, 5, 7, 8]) addFile(order);
    const { data, errors } = await several([8, 3, 1, 2, 4, 1, 5, 7]);
    expect(errors).toBeUndefined();
    expect(data._entities.map((each) => each?.state ?? null)).toEqual(
      [8, 3, 1, 2, 4, 1, 5, 7].map((order) => (order === 3 ? null : "IN_PROGRESS")),
    );
    // Seven different codes, three a call.
    expect(legacy.calls).toHaveLength(3);
    expect(legacy.busiest).toBeLessThanOrEqual(2);
  });

  test("a call that fails costs its own codes, a row that does not fit costs itself", async () => {
    for (const order of [1, 2, 3, 4, 5]) addFile(order);
    addFile(5, { ngay_hen: "30/02/2026 08:00:00" });
    legacy.disturb = ({ url }) => (url.includes("0001") ? { status: 500, body: "<html>" } : "usual");
    const { data, errors } = await several([1, 2, 3, 4, 5]);
    expect(data._entities.map((each) => each?.state ?? null)).toEqual([
      null,
      null,
      null,
      "IN_PROGRESS",
      null,
    ]);
    expect(errors?.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual([
      [0, "SOURCE_FAILED"],
      [1, "SOURCE_FAILED"],
      [2, "SOURCE_FAILED"],
      [4, "SOURCE_FAILED"],
    ]);
    expect(errors?.[0]?.extensions).toMatchObject({
      agency: CODE,
      service: "cases.byCodes",
      reason: "HTTP 500",
    });
    expect(errors?.[3]?.extensions["reason"]).toBe(
      'ket_qua.danh_sach[1].ngay_hen: "30/02/2026 08:00:00" is not a time dd/MM/yyyy HH:mm:ss (dueAt)',
    );
  });

  test.each<[string, TestLegacy["disturb"], string, RegExp]>([
    [
      "a state that the mapping does not know",
      () => ({ body: list({ tinh_trang: "treo" }) }),
      "SOURCE_FAILED",
      /"treo" is not a state \(moi, nhan/,
    ],
    [
      "a missing field",
      () => ({ body: list({ ngay_nhan: "" }) }),
      "SOURCE_FAILED",
      /\[0\]\.ngay_nhan is missing \(receivedAt\)/,
    ],
    ["an answer that is not JSON", () => ({ body: "xin chào" }), "SOURCE_FAILED", /not JSON/],
    ["an answer without its code", () => ({ body: {} }), "SOURCE_FAILED", /has no ma_loi/],
    ["an unknown code", () => ({ body: { ma_loi: 77, thong_bao: "??" } }), "SOURCE_FAILED", /code 77: \?\?/],
    [
      "a busy system, HTTP 200",
      () => ({ body: { ma_loi: 9, thong_bao: "Đang bận" } }),
      "SOURCE_UNREACHABLE",
      /code 9: Đang bận/,
    ],
    ["a busy system, HTTP 503", () => ({ status: 503, body: "" }), "SOURCE_UNREACHABLE", /HTTP 503/],
    [
      "a refusal",
      () => ({ body: { ma_loi: 4, thong_bao: "Không được phép" } }),
      "SOURCE_REFUSED",
      /Không được phép/,
    ],
    [
      "a redirection",
      () => ({ status: 302, headers: { location: "http://127.0.0.1:9/" } }),
      "SOURCE_UNREACHABLE",
      /./,
    ],
    ["a broken connection", () => undefined, "SOURCE_UNREACHABLE", /UND_ERR_SOCKET|ECONNRESET/],
    ["silence", () => new Promise(() => {}), "SOURCE_UNREACHABLE", /no answer within 1000 ms/],
  ])("%s is told by its code and place", async (_, disturb, code, reason) => {
    addFile(1);
    legacy.disturb = disturb;
    const { status, data, errors } = await one(1, "{ state }");
    expect([status, data]).toEqual([200, { agencyCase: null }]);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(errors?.[0]?.extensions["reason"]).toMatch(reason);
  });

  test("a moment's weakness is not seen: a reading is tried twice", async () => {
    addFile(1);
    const outcomes: ReturnType<TestLegacy["disturb"]>[] = [{ status: 500, body: "" }];
    legacy.disturb = () => (outcomes.length > 0 ? outcomes.pop() : "usual");
    expect((await one(1, "{ state }")).data.agencyCase).toEqual({ state: "IN_PROGRESS" });
    expect(legacy.calls).toHaveLength(2);
  });

  test("procedures are searched without diacritics, paged, and read anew only when they have changed", async () => {
    const codes = async (args: string) =>
      (await search(args)).data._entities[0].procedures.nodes.map(({ code }) => code);
    expect(await codes('(search: "dau noi")')).toEqual(["1.004222"]);
    expect(await codes('(search: "ĐỒNG hồ nu")')).toEqual(["1.001193"]);
    expect(await codes('(search: "đất")')).toEqual([]);
    expect(await codes('(field: "Cấp nước", onlineLevel: FULL)')).toEqual(["1.001193", "1.004222"]);
    const first = (await search("(first: 1)")).data._entities[0].procedures;
    expect(first).toMatchObject({
      nodes: [{ code: "1.001193" }],
      totalCount: 2,
      pageInfo: { hasNextPage: true },
    });
    expect(await codes(`(first: 1, after: "${first.pageInfo.endCursor}")`)).toEqual(["1.004222"]);
    const ranked = await ask('{ procedures(search: "nuoc") { edges { score node { code } } } }');
    // Both have the word in the name and in the field.
    expect(ranked.data).toEqual({
      procedures: {
        edges: [
          { score: 14, node: { code: "1.001193" } },
          { score: 14, node: { code: "1.004222" } },
        ],
      },
    });
    const bad = await search('(after: "bm8=")');
    expect(bad.errors?.[0]?.extensions.code).toBe("INVALID_CURSOR");
  });

  test("cases are paged latest first, also where many came at once, and new ones move nothing", async () => {
    for (let order = 1; order <= 11; order++)
      addFile(order, {
        ngay_nhan: order > 7 ? "05/03/2026 08:00:00" : `0${(order % 3) + 1}/03/2026 08:00:00`,
      });
    const expected = [...legacy.files.values()]
      .toSorted((a, b) =>
        a.ngay_nhan === b.ngay_nhan ? (a.so_ho_so < b.so_ho_so ? 1 : -1) : a.ngay_nhan < b.ngay_nhan ? 1 : -1,
      )
      .map(({ so_ho_so }) => dossier(Number(so_ho_so.slice(-4))));
    const found: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page++) {
      const answer: CasePage = await ask(
        `query ($after: String) { _entities(representations: [{ __typename: "Agency", code: "${CODE}" }]) { ... on Agency {
             cases(first: 3, after: $after) { nodes { dossierCode } pageInfo { hasNextPage endCursor } } } } }`,
        { after },
      );
      expect(answer.errors).toBeUndefined();
      const { nodes, pageInfo } = answer.data._entities[0].cases;
      found.push(...nodes.map(({ dossierCode }) => dossierCode));
      if (page === 0) addFile(20, { ngay_nhan: "06/03/2026 08:00:00" });
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(expected);
  });
});

describe("changing", () => {
  let keys = 0;
  const newKey = (): string => `rest-key-${String((keys += 1)).padStart(4, "0")}`;
  const open = (order: number, key = newKey()) =>
    ask<{ openCase: { case: { state: string } } | null }>(
      `mutation { openCase(agencyCode: "${CODE}", input: { dossierCode: "${dossier(order)}", procedureCode: "1.004222",
         receivedAt: "2026-03-02T08:00:00+07:00" }, idempotencyKey: "${key}") { case { state dueAt } } }`,
    );
  const advance = (order: number, to: string, key = newKey(), note = "") =>
    ask<{ advanceCase: { case: { state: string } } | null }>(
      `mutation { advanceCase(agencyCode: "${CODE}", dossierCode: "${dossier(order)}", to: ${to}, note: "${note}",
         idempotencyKey: "${key}") { case { state events { to } } } }`,
    );

  test("a case is opened and moved at the system, by the national rules, and the centre is told", async () => {
    const opened = await open(30);
    expect(opened.errors).toBeUndefined();
    // Five working days.
    expect(opened.data.openCase?.case).toEqual({ state: "REGISTERED", dueAt: "2026-03-09T08:00:00+07:00" });
    expect(legacy.files.get(old(30))).toMatchObject({
      thu_tuc: "1.004222",
      ngay_nhan: "02/03/2026 08:00:00",
    });
    const before = gateway.received.length;
    const accepted = await advance(30, "ACCEPTED");
    expect(accepted.data.advanceCase?.case).toEqual({
      state: "ACCEPTED",
      events: [{ to: "REGISTERED" }, { to: "ACCEPTED" }],
    });
    expect(legacy.files.get(old(30))?.tinh_trang).toBe("nhan");
    await gateway.arrived(before + 1);
    expect(gateway.received.at(-1)?.variables).toMatchObject({ dossierCode: dossier(30), state: "ACCEPTED" });
    const illegal = await advance(30, "RETURNED");
    expect(illegal.errors?.[0]?.extensions).toMatchObject({ code: "ILLEGAL_TRANSITION", from: "ACCEPTED" });
    expect(sent()).toHaveLength(2);
    expect((await open(30)).errors?.[0]?.extensions.code).toBe("CASE_EXISTS");
  });

  test("the same key twice, also at the same moment, is one call to the system", async () => {
    await open(31);
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 6 }, () => advance(31, "ACCEPTED", key)));
    for (const { data } of answers) expect(data.advanceCase?.case.state).toBe("ACCEPTED");
    expect(sent().filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  test("a change whose answer was lost has happened once: the repetition sees that it has", async () => {
    const openKey = newKey();
    legacy.disturb = lost("POST");
    expect((await open(32, openKey)).errors?.[0]?.extensions.code).toBe("SOURCE_UNREACHABLE");
    expect((await open(32, openKey)).data.openCase?.case.state).toBe("REGISTERED");
    const key = newKey();
    legacy.disturb = lost("PUT");
    expect((await advance(32, "ACCEPTED", key)).errors?.[0]?.extensions.code).toBe("SOURCE_UNREACHABLE");
    const before = gateway.received.length;
    expect((await advance(32, "ACCEPTED", key)).data.advanceCase?.case.state).toBe("ACCEPTED");
    expect(legacy.files.get(old(32))?.nhat_ky).toHaveLength(2);
    await gateway.arrived(before + 1);
    expect(await database.query("select count(*) as n from idempotency where key = $1", [key])).toEqual([
      { n: 1 },
    ]);
  });

  test("a refusal of the system is told, changes nothing, and leaves the key free", async () => {
    await open(33);
    const key = newKey();
    const refused = await advance(33, "ACCEPTED", key, "cấm");
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: "SOURCE_REFUSED",
      service: "changes.advanceCase",
      reason: "code 4: Không được phép",
    });
    expect((await advance(33, "ACCEPTED", key, "được")).data.advanceCase?.case.state).toBe("ACCEPTED");
  });

  test("what the system cannot do is refused with what it can", async () => {
    await open(34);
    const finish = await ask(
      `mutation { finishStep(agencyCode: "${CODE}", dossierCode: "${dossier(34)}", idempotencyKey: "${newKey()}") { case { state } } }`,
    );
    expect(finish.errors?.[0]?.extensions).toMatchObject({
      code: "NOT_SUPPORTED",
      field: "finishStep",
      allowed: "openCase, advanceCase, withdrawCase",
    });
    await advance(34, "ACCEPTED");
    // REJECTED has no name there; and a withdrawal from REGISTERED passes through ACCEPTED.
    const rejected =
      await ask(`mutation { advanceCase(agencyCode: "${CODE}", dossierCode: "${dossier(34)}", to: IN_PROGRESS,
      idempotencyKey: "${newKey()}") { case { state } } }`);
    expect(rejected.data).toEqual({ advanceCase: { case: { state: "IN_PROGRESS" } } });
    await open(35);
    expect((await advance(35, "REJECTED")).errors?.[0]?.extensions).toMatchObject({
      code: "NOT_SUPPORTED",
      field: "REJECTED",
    });
    await ask(`mutation { withdrawCase(agencyCode: "${CODE}", dossierCode: "${dossier(35)}", idempotencyKey: "${newKey()}") {
      case { state } } }`);
    expect(legacy.files.get(old(35))?.nhat_ky.map(({ tinh_trang }) => tinh_trang)).toEqual([
      "rut",
      "nhan",
      "moi",
    ]);
  });
});

/** The next such call has its effect, and its answer is lost. */
function lost(method: string): TestLegacy["disturb"] {
  return async ({ method: given, url, body, headers }) => {
    if (given !== method) return "usual";
    legacy.disturb = () => "usual";
    await fetch(legacy.url + url, {
      method,
      headers: { "content-type": "application/json", "x-khoa": String(headers["x-khoa"]) },
      body: JSON.stringify(body),
    });
    return undefined;
  };
}

function sent(): LegacyCall[] {
  return legacy.calls.filter(({ method }) => method !== "GET");
}

type CasePage = Answer<{
  _entities: [
    { cases: { nodes: { dossierCode: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } },
  ];
}>;

function list(change: object): object {
  const file = { ...legacy.files.get(old(1)), ...change };
  return { ma_loi: 0, ket_qua: { danh_sach: [file] } };
}
