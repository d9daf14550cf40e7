/**
 * The tables of the sample province's power company stand for those that an agency has: read where they are, and changed
 * through functions that the agency declares. The same tables are read through its services beside: both say the same.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ensureDatabase, migrate } from "../../../../../process/database.ts";
import { POWER } from "../../../../../province/catalogue/agencies.ts";
import { DossierGenerator } from "../../../../../province/seed/generator.ts";
import { BulkLoad } from "../../../../../subgraphs/kit/bulk-load.ts";
import { openDatabase } from "../../../../../subgraphs/kit/database.ts";
import { serveAgencies } from "../../../../../subgraphs/kit/agency/serve.ts";
import type { SubgraphServer } from "../../../../../subgraphs/kit/server.ts";
import { readPostgresMapping } from "../../../../../subgraphs/kit/sources/postgres/mapping.ts";
import { postgresSource } from "../../../../../subgraphs/kit/sources/postgres/source.ts";
import { LEGACY_STATES } from "../../../../../subgraphs/power/legacy/states.ts";
import { POWER_TABLES, PowerSeed } from "../../../../../subgraphs/power/seed.ts";
import { startPowerSystem } from "../../../../../subgraphs/power/serve.ts";
import { STATES } from "../../../../../subgraphs/kit/states.ts";
import { type Answer, post } from "../../../../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl, statementsOf } from "../../../../setup/database.ts";
import { startTestGateway, type TestGateway } from "../../../../setup/gateway.ts";

const MAPPING = {
  system: "Phần mềm dịch vụ khách hàng",
  times: "local",
  procedures: {
    from: "public.thu_tuc",
    cacheSeconds: 0,
    columns: {
      code: "ma_tthc",
      name: "ten_tthc",
      field: "linh_vuc",
      level: "'PROVINCE'",
      statutoryDays: "thoi_han",
      committedDays: "thoi_han_cam_ket",
      onlineDays: "thoi_han_truc_tuyen",
      fee: "le_phi",
      onlineLevel: "case muc_do when 2 then 'NONE' when 3 then 'PARTIAL' else 'FULL' end",
      oneStopKind: "case when lien_thong then 'INTERCONNECTED' else 'ONE_STOP' end",
      decision: "so_quyet_dinh",
      issuedOn: "ngay_ban_hanh",
      validFrom: "ngay_hieu_luc",
      validTo: "ngay_het_hieu_luc",
      supplementClock: "'PAUSE'",
      documents: `(select jsonb_agg(jsonb_build_object('name', d ->> 'TenGiayTo', 'originals', d -> 'BanChinh',
        'copies', d -> 'BanSao', 'optional', not (d ->> 'BatBuoc')::boolean) order by place)
        from jsonb_array_elements(thanh_phan) with ordinality as x (d, place))`,
      steps: `(select jsonb_agg(jsonb_build_object('name', b ->> 'TenBuoc', 'role', b ->> 'VaiTro', 'hours', b -> 'SoGio')
        order by place) from jsonb_array_elements(quy_trinh) with ordinality as x (b, place))`,
    },
  },
  officers: { from: "nhan_vien", columns: { code: "ma_nv", name: "ho_ten", title: "chuc_danh" } },
  cases: {
    from: "(select * from ho_so where trang_thai is not null)",
    columns: {
      dossierCode: "ma_ho_so",
      procedureCode: "ma_tthc",
      state: "trang_thai",
      receivedAt: "ngay_tiep_nhan",
      dueAt: "ngay_hen_tra",
      finishedAt: "ngay_ket_thuc",
      officerCode: "ma_nv",
      delayReason: "ly_do_tre",
      delayApologisedAt: "ngay_xin_loi",
      delayPreviousDueAt: "ngay_hen_tra_cu",
      resultNumber: "so_ket_qua",
      resultSummary: "trich_yeu",
      resultIssuedAt: "ngay_cap",
      steps: `(select jsonb_agg(jsonb_build_object('name', b ->> 'TenBuoc', 'officer', b ->> 'NguoiThucHien',
        'startedAt', b ->> 'BatDau', 'finishedAt', b ->> 'KetThuc') order by place)
        from jsonb_array_elements(cac_buoc) with ordinality as x (b, place))`,
      supplements: `(select jsonb_agg(jsonb_build_object('documents', s -> 'GiayTo', 'reason', s ->> 'LyDo',
        'requestedAt', s ->> 'NgayYeuCau', 'receivedAt', s ->> 'NgayNhan')) from jsonb_array_elements(bo_sung) as x (s))`,
    },
    states: Object.fromEntries(LEGACY_STATES.map((state, index) => [state, STATES[index]])),
  },
  events: {
    from: "tien_do",
    columns: {
      dossierCode: "ma_ho_so",
      at: "thoi_diem",
      to: "trang_thai",
      officerCode: "ma_nv",
      note: "noi_dung",
    },
  },
  changes: {
    openCase: `insert into ho_so (ma_ho_so, ma_tthc, trang_thai, ngay_tiep_nhan, ngay_hen_tra, chu_ho_so)
      select :dossierCode, ma_tthc, :state, :receivedAt, :dueAt, :applicantName::text
      from thu_tuc where ma_tthc like :procedureCode || '%'`,
    advanceCase: "select chuyen_trang_thai(:dossierCode, :state, :at, :officerCode, :note)",
    completeCase:
      "select chuyen_trang_thai(:dossierCode, :state, :at, :officerCode, :resultNumber || ': ' || :resultSummary)",
    withdrawCase: "select chuyen_trang_thai(:dossierCode, :state, :at, :officerCode, :note)",
  },
};

const FUNCTION = `create function chuyen_trang_thai(ma text, moi text, luc timestamp, can_bo text, ghi_chu text)
  returns void language plpgsql as $$
begin
  if ghi_chu = 'cấm' then raise exception 'Không được phép'; end if;
  update ho_so set trang_thai = moi, ma_nv = coalesce(can_bo, ma_nv),
    ngay_ket_thuc = case when moi in ('HOAN_THANH', 'KHACH_HANG_RUT') then luc else ngay_ket_thuc end where ma_ho_so = ma;
  if not found then raise no_data_found; end if;
  insert into tien_do (ma_ho_so, thoi_diem, trang_thai, ma_nv, noi_dung) values (ma, luc, moi, can_bo, ghi_chu);
end $$`;

const databaseUrl = freshDatabaseUrl();
const log = pino({ level: "silent" });
let directory: string;
let codes: string[];
let gateway: TestGateway;
let server: SubgraphServer;
/** Of the same tables, through the company's services. */
let services: SubgraphServer;
let endSystem: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-mapping-"));
  gateway = await startTestGateway();
  codes = await seed();
  const access = { authorization: false } as const;
  const common = { path: "/graphql", host: "127.0.0.1", port: 0, gatewayUrl: gateway.url, access, log };
  const system = await startPowerSystem(databaseUrl, log);
  endSystem = () => system.close();
  services = await serveAgencies({
    ...common,
    agencies: [{ code: POWER, databaseUrl, source: system.source }],
  });
  server = await serveAgencies({
    ...common,
    agencies: [
      { code: POWER, databaseUrl, source: postgresSource(readPostgresMapping(await file(MAPPING))) },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await services.close();
  await endSystem();
  await gateway.close();
  await dropDatabase(databaseUrl);
  await rm(directory, { recursive: true });
});

const CASE = `{ dossierCode state allowedStates receivedAt dueAt finishedAt isOverdue officer { code name title }
  procedure { code name fee onlineLevel oneStopKind statutoryDuration { amount } requiredDocuments { name originals copies optional }
    steps { name role hours } publication { decision issuedOn validFrom validTo } }
  steps { name officer { code } startedAt finishedAt } events { sequence at from to officer { code } note }
  supplements { documents reason requestedAt receivedAt } delay { reason apologisedAt previousDueAt }
  result { number summary issuedAt } }`;

const at = <T>(where: SubgraphServer, query: string, variables: object = {}): Promise<Answer<T>> =>
  post(`${where.url}/graphql`, { query, variables });
const entities = (where: SubgraphServer, of: readonly string[]) =>
  at<{ _entities: ({ dossierCode: string } | null)[] }>(
    where,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on AgencyCase ${CASE} } }`,
    { of: of.map((dossierCode) => ({ __typename: "AgencyCase", agencyCode: POWER, dossierCode })) },
  );

describe("reading", () => {
  test("tables say by their mapping what the software's services say", async () => {
    const told = await entities(server, codes);
    expect(told.errors).toBeUndefined();
    expect(told.data._entities).toEqual((await entities(services, codes)).data._entities);
  });

  test("all of them are listed", async () => {
    const { data } = await at<{ _entities: [{ cases: { nodes: { dossierCode: string }[] } }] }>(
      server,
      `{ _entities(representations: [{ __typename: "Agency", code: "${POWER}" }]) { ... on Agency {
         cases(first: 100, filter: { states: [REGISTERED, ACCEPTED, REJECTED, IN_PROGRESS, AWAITING_SUPPLEMENT, AWAITING_PAYMENT,
           WITHDRAWN, SUSPENDED, COMPLETED, RETURNED] }) { nodes { dossierCode } } } } }`,
    );
    const listed = data._entities[0].cases.nodes.map(({ dossierCode }) => dossierCode);
    expect(listed).toHaveLength(100);
    for (const code of listed) expect(codes).toContain(code);
  });

  test("many cases are read with as many statements as one", async () => {
    const count = (of: readonly string[]) =>
      statementsOf(databaseUrl, async () => {
        expect((await entities(server, of)).errors).toBeUndefined();
      });
    const many = await count([...codes.slice(0, 50), `${POWER}-200101-0001`]);
    expect(many.length).toBeLessThanOrEqual(5);
    expect((await entities(server, [`${POWER}-200101-0001`])).data._entities).toEqual([null]);
  });

  test.each([
    'receivedFrom: "2000-01-01"',
    "states: [COMPLETED, RETURNED]",
    'procedureCode: "2.002703"',
    'receivedFrom: "2026-08-01", receivedTo: "2026-10-31"',
    "overdue: true",
    "overdue: false, states: [IN_PROGRESS, REGISTERED, ACCEPTED]",
  ])("cases are listed page by page, filtered by { %s }, as by the services", async (filter) => {
    const all = async (where: SubgraphServer): Promise<string[]> => {
      const found: string[] = [];
      let after: string | null = null;
      for (;;) {
        const answer: Answer<{
          _entities: [
            {
              cases: {
                nodes: { dossierCode: string }[];
                pageInfo: { hasNextPage: boolean; endCursor: string };
              };
            },
          ];
        }> = await at(
          where,
          `query ($after: String) { _entities(representations: [{ __typename: "Agency", code: "${POWER}" }]) { ... on Agency {
             cases(first: 40, after: $after, filter: { ${filter} }) { nodes { dossierCode } pageInfo { hasNextPage endCursor } } } } }`,
          { after },
        );
        expect(answer.errors).toBeUndefined();
        const { nodes, pageInfo } = answer.data._entities[0].cases;
        found.push(...nodes.map(({ dossierCode }) => dossierCode));
        if (!pageInfo.hasNextPage) return found;
        after = pageInfo.endCursor;
      }
    };
    const found = await all(server);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(await all(services));
  });
});

const change = (mutation: string, args: string, key: string) =>
  at<Record<string, { case: { state: string; events: { to: string; note: string }[] } } | null>>(
    server,
    `mutation { ${mutation}(agencyCode: "${POWER}", ${args}, idempotencyKey: "postgres-${key}") {
       case { state events { to note } } } }`,
  );

describe("changing", () => {
  const code = `${POWER}-261120-9500`;
  test("goes through the declared statements, by the national rules, in one transaction with its report", async () => {
    const opened = await change(
      "openCase",
      `input: { dossierCode: "${code}", procedureCode: "2.002703" }`,
      "open",
    );
    expect(opened.errors).toBeUndefined();
    expect(opened.data["openCase"]?.case.state).toBe("REGISTERED");
    const again = await change(
      "openCase",
      `input: { dossierCode: "${code}", procedureCode: "2.002703" }`,
      "open2",
    );
    expect(again.errors?.[0]?.extensions.code).toBe("CASE_EXISTS");
    const before = gateway.received.length;
    const same = () =>
      change("advanceCase", `dossierCode: "${code}", to: ACCEPTED, officerCode: "CB02"`, "accept");
    for (const { data } of await Promise.all([same(), same(), same()]))
      expect(data["advanceCase"]?.case.state).toBe("ACCEPTED");
    await gateway.arrived(before + 1);
    expect(gateway.received.slice(before).map(({ variables }) => variables["state"])).toEqual(["ACCEPTED"]);
    const completed = await change(
      "completeCase",
      `dossierCode: "${code}", result: { number: "5/BB", summary: "Đã đóng điện" }`,
      "complete",
    );
    expect(completed.data["completeCase"]?.case.events).toEqual([
      { to: "ACCEPTED", note: null },
      { to: "COMPLETED", note: "5/BB: Đã đóng điện" },
    ]);
    const illegal = await change("withdrawCase", `dossierCode: "${code}"`, "withdraw");
    expect(illegal.errors?.[0]?.extensions.code).toBe("ILLEGAL_TRANSITION");
  });

  test("what the agency raises is told, and nothing has changed", async () => {
    const other = `${POWER}-261120-9501`;
    await change("openCase", `input: { dossierCode: "${other}", procedureCode: "2.002703" }`, "other");
    const refused = await change(
      "advanceCase",
      `dossierCode: "${other}", to: ACCEPTED, note: "cấm"`,
      "refused",
    );
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: "SOURCE_REFUSED",
      service: "changes.advanceCase",
      reason: "Không được phép",
    });
    const allowed = await change("advanceCase", `dossierCode: "${other}", to: ACCEPTED`, "refused");
    expect(allowed.data["advanceCase"]?.case.state).toBe("ACCEPTED");
    const missing = await change("finishStep", `dossierCode: "${other}"`, "finish");
    expect(missing.errors?.[0]?.extensions).toMatchObject({
      code: "NOT_SUPPORTED",
      allowed: "openCase, advanceCase, completeCase, withdrawCase",
    });
  });
});

test("without changes the agency's database is only read: nothing is made in it", async () => {
  const url = freshDatabaseUrl();
  onTestFinished(() => dropDatabase(url));
  await ensureDatabase(url);
  await migrate(url, [LEGACY]);
  const database = openDatabase(url, 1);
  onTestFinished(() => database.close());
  const tables = () => database.query("select schemaname, tablename from pg_tables order by 1, 2");
  const before = await tables();
  const { changes: _, ...readOnly } = MAPPING;
  const reading = await serveAgencies({
    agencies: [
      { code: POWER, databaseUrl: url, source: postgresSource(readPostgresMapping(await file(readOnly))) },
    ],
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: gateway.url,
    access: { authorization: false },
    log,
  });
  onTestFinished(() => reading.close());
  const { errors } = await at(
    reading,
    `mutation { withdrawCase(agencyCode: "${POWER}", dossierCode: "${POWER}-261120-0001", idempotencyKey: "read-only-1") { case { state } } }`,
  );
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining("allowed: reading only"),
    extensions: { code: "NOT_SUPPORTED", field: "withdrawCase" },
  });
  expect((await fetch(`${reading.url}/health/ready`)).status).toBe(200);
  expect(await tables()).toEqual(before);
});

test.each<[string, object, RegExp]>([
  [
    "an unknown column",
    { officers: { from: "nhan_vien", columns: { code: "ma", name: "ho_ten", title: "chuc_danh" } } },
    /mapping of officers does not fit the database test_\w+: column "ma" does not exist\n {2}Mend `from` and `columns` of officers/,
  ],
  [
    "a missing column",
    { officers: { from: "nhan_vien", columns: { code: "ma_nv", name: "ho_ten" } } },
    /officers\.columns\.title: a column, or an SQL expression/,
  ],
  [
    "two statements",
    { changes: { advanceCase: "select 1; select 2" } },
    /changes\.advanceCase: one statement, without ;/,
  ],
  [
    "an unknown value",
    { changes: { advanceCase: "select x(:code, 1::int)" } },
    /changes\.advanceCase: :code is not known here; known: :key, :at/,
  ],
  ["an unknown kind of time", { times: "unix" }, /times: Invalid option/],
])("%s in a mapping is one clear line before anything starts", async (_, changed, told) => {
  const path = await file({ ...MAPPING, ...changed });
  const start = async () => {
    const source = postgresSource(readPostgresMapping(path));
    await source.prepare({ code: POWER, databaseUrl, ownMigrations: undefined });
  };
  await expect(start()).rejects.toThrow(told);
});

const LEGACY = fileURLToPath(new URL("../../../../../subgraphs/power/legacy/migrations", import.meta.url));

async function file(mapping: object): Promise<string> {
  const path = join(directory, "mapping.json");
  await writeFile(path, JSON.stringify(mapping));
  return path;
}

async function seed(): Promise<string[]> {
  const system = await startPowerSystem(databaseUrl, log);
  await system.close();
  const load = await BulkLoad.begin({ url: databaseUrl, large: false }, POWER_TABLES);
  const seeded = new PowerSeed(load, POWER);
  const generator = new DossierGenerator(Date.parse("2026-11-20T10:20:00+07:00") / 1_000);
  const found: string[] = [];
  while (found.length < 120) {
    const plan = generator.next();
    for (const { leg, case: played } of plan.legs) {
      if (leg.agency !== POWER || played === null) continue;
      seeded.add(plan, leg.procedure, played);
      found.push(plan.code);
    }
  }
  await seeded.finish();
  await load.complete();
  await load.commit();
  await load.close();
  const database = openDatabase(databaseUrl, 1);
  await database.query(FUNCTION);
  await database.close();
  return found;
}
