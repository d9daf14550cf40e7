import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../../subgraphs/kit/database.ts";
import type { Identity } from "../../../subgraphs/kit/identity.ts";
import { readPostgresMapping } from "../../../subgraphs/kit/sources/postgres/mapping.ts";
import { postgresSource } from "../../../subgraphs/kit/sources/postgres/source.ts";
import { LEGACY_STATES } from "../../../subgraphs/power/legacy/states.ts";
import { POWER_AGENCY, startPowerSystem } from "../../../subgraphs/power/serve.ts";
import { STATES } from "../../../subgraphs/kit/states.ts";
import { dropDatabase, freshDatabaseUrl } from "../../setup/database.ts";
import {
  AUDITOR,
  business,
  CENTER,
  citizen,
  NOBODY,
  officer,
  type OpenAgency,
  openSource,
  system,
} from "../../setup/people.ts";

const PERSON = "001090012345";
const COMPANY = "0100109106";
/** Of the person, the company, and of nobody by number. */
const FILES = ["H56-260302-0001", "H56-260302-0002", "H56-260302-0003"] as const;

const databaseUrl = freshDatabaseUrl();
let directory: string;
/** By the company's services, and by its tables: with the applicants' numbers in the mapping, and without. */
const ways: Record<string, OpenAgency> = {};
let end: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-rows-"));
  const power = await startPowerSystem(databaseUrl, pino({ level: "silent" }));
  end = () => power.close();
  await fill();
  ways["services"] = await openSource(power.source, power.own, POWER_AGENCY, databaseUrl);
  const numbers = { personalId: "so_dinh_danh", taxCode: "ma_so_thue" };
  ways["tables"] = await openTables(numbers);
  ways["tables without numbers"] = await openTables({});
});
afterAll(async () => {
  await Promise.all(Object.values(ways).map((way) => way.close()));
  await end();
  await dropDatabase(databaseUrl);
  await rm(directory, { recursive: true });
});

async function fill(): Promise<void> {
  const database = openDatabase(databaseUrl, 1);
  await database.query(
    `insert into thu_tuc values ('2.002703.000.00.00.H56', 'Cấp điện', 'Điện', 5, 4, null, 0, 4, true, '1/QĐ',
       '2025-01-01', '2025-01-01', null, '[]', '[]')`,
  );
  for (const [index, code] of FILES.entries())
    await database.query(
      `insert into ho_so (ma_ho_so, ma_tthc, trang_thai, ngay_tiep_nhan, ngay_hen_tra, so_dinh_danh, ma_so_thue, so_ket_qua,
         trich_yeu, ngay_cap)
       values ($1, '2.002703.000.00.00.H56', 'HOAN_THANH', $2, '2026-03-10', $3, $4, 'KQ-1', 'Đấu nối', '2026-03-05')`,
      [code, `2026-03-02 0${index + 1}:00`, [PERSON][index], [null, COMPANY][index]],
    );
  await database.query(
    `insert into diem_do select 'PA' || ma_ho_so, ma_ho_so, 'HA', 30, 'CT-1', '2026-03-05' from ho_so`,
  );
  await database.close();
}

async function openTables(numbers: Record<string, string>): Promise<OpenAgency> {
  const path = join(directory, `mapping-${Object.keys(numbers).length}.json`);
  const constants = { name: "ten_tthc", field: "linh_vuc", level: "'PROVINCE'", statutoryDays: "thoi_han" };
  const mapping = {
    system: "Phần mềm dịch vụ khách hàng",
    times: "local",
    procedures: {
      from: "public.thu_tuc",
      columns: {
        ...constants,
        code: "ma_tthc",
        committedDays: "thoi_han_cam_ket",
        fee: "le_phi",
        onlineLevel: "'FULL'",
        oneStopKind: "'ONE_STOP'",
        decision: "so_quyet_dinh",
        issuedOn: "ngay_ban_hanh",
        validFrom: "ngay_hieu_luc",
      },
    },
    officers: { from: "public.nhan_vien", columns: { code: "ma_nv", name: "ho_ten", title: "chuc_danh" } },
    cases: {
      from: "public.ho_so",
      columns: {
        dossierCode: "ma_ho_so",
        procedureCode: "ma_tthc",
        state: "trang_thai",
        receivedAt: "ngay_tiep_nhan",
        dueAt: "ngay_hen_tra",
        resultNumber: "so_ket_qua",
        resultSummary: "trich_yeu",
        resultIssuedAt: "ngay_cap",
        ...numbers,
      },
      states: Object.fromEntries(LEGACY_STATES.map((state, index) => [state, STATES[index]])),
    },
  };
  await writeFile(path, JSON.stringify(mapping));
  return openSource(postgresSource(readPostgresMapping(path)), undefined, POWER_AGENCY, databaseUrl);
}

/** Who asks; of which files they see the work, and of which the list has for them. */
const ROLES: readonly (readonly [string, Identity, readonly number[]])[] = [
  ["the company's staff", officer(POWER_AGENCY), [0, 1, 2]],
  ["its software", system(POWER_AGENCY), [0, 1, 2]],
  ["the centre", CENTER, [0, 1, 2]],
  ["an auditor", AUDITOR, [0, 1, 2]],
  ["the person", citizen(PERSON), [0]],
  ["the business", business(COMPANY), [1]],
  ["a person of the business' number", citizen(COMPANY), []],
  ["another person", citizen("001090012346"), []],
  ["another agency", officer("G12.56"), []],
  ["nobody known", NOBODY, []],
];

const LIST = `{ _entities(representations: [{ __typename: "Agency", code: "${POWER_AGENCY}" }]) {
  ... on Agency { cases(first: 2) { nodes { dossierCode } pageInfo { hasNextPage } } } } }`;

const isPerson = ({ roles }: Identity) => roles.has("citizen") || roles.has("business");

describe.each(["services", "tables", "tables without numbers"])("by the company's %s", (way) => {
  test.each(ROLES)(
    "%s sees where a case stands, and its work as it concerns them",
    async (_who, identity, theirs) => {
      const knows = way !== "tables without numbers" || !isPerson(identity);
      const cases = FILES.map(
        (code, index) =>
          `f${index}: agencyCase(agencyCode: "${POWER_AGENCY}", dossierCode: "${code}") { state result { number } }`,
      );
      const { data } = await (ways[way] as OpenAgency).ask(identity, `{ ${cases.join(" ")} }`);
      expect(data).toEqual(
        Object.fromEntries(
          FILES.map((_code, index) => [
            `f${index}`,
            { state: "COMPLETED", result: theirs.includes(index) && knows ? { number: "KQ-1" } : null },
          ]),
        ),
      );
    },
  );

  test.each(ROLES)("%s lists what the way can tell to be theirs", async (_who, identity, theirs) => {
    // Services cannot be asked for the cases of one applicant.
    const knows = way === "tables" || !isPerson(identity);
    const expected = knows ? theirs.map((index) => FILES[index]).toReversed() : [];
    const { data, codes } = await (ways[way] as OpenAgency).ask(identity, LIST);
    expect(codes).toEqual([]);
    const [{ cases }] = data._entities;
    expect(cases.nodes.map(({ dossierCode }: { dossierCode: string }) => dossierCode)).toEqual(
      expected.slice(0, 2),
    );
    expect(cases.pageInfo.hasNextPage).toBe(expected.length > 2);
  });
});

test("a connection is seen by whoever sees all of its case", async () => {
  for (const [, identity, theirs] of ROLES) {
    const query = `{ agencyCase(agencyCode: "${POWER_AGENCY}", dossierCode: "${FILES[0]}") { powerConnection { meterNumber } } }`;
    const { data } = await (ways["services"] as OpenAgency).ask(identity, query);
    const sees = theirs.includes(0) && identity !== AUDITOR;
    expect(data).toEqual({ agencyCase: { powerConnection: sees ? { meterNumber: "CT-1" } : null } });
  }
});
