/**
 * The sample province with --trust and --record: whoever is in a dossier sees who has read what of theirs, and for what;
 * nobody else does.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { readRecordFile } from "../../gateway/record/settings.ts";
import { prepareRecord, recordFile } from "../../province/record.ts";
import { prepareTrust } from "../../province/trust.ts";
import { lienthong } from "../cli/running.ts";
import { dropDatabase } from "../setup/database.ts";
import { bearer } from "./bearer.ts";
import { startProvince, type TestProvince } from "./province.ts";

let data: string;
let province: TestProvince;
/** A citizen's dossier with a case at the tax office. */
let code: string;
let personalId: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "lienthong-tracker-"));
  await prepareRecord(data, inject("postgresUrl"), `test_${randomBytes(6).toString("hex")}_`);
  province = await startProvince("native", await prepareTrust(data), recordFile(data));
  const query = `{ dossiers(first: 100) { nodes { code applicant { citizen { personalId } } legs { case { agency { code } } } } } }`;
  const { data: listed } = await as(["center-officer"], query);
  const { nodes } = (listed as unknown as Listed).dossiers;
  const found = nodes.find(
    ({ applicant, legs }) =>
      applicant.citizen !== null && legs.some((leg) => leg.case?.agency.code === "G12.56"),
  );
  code = found?.code ?? "";
  personalId = found?.applicant.citizen?.personalId ?? "";
});
afterAll(async () => {
  await province?.close();
  await dropDatabase((await readRecordFile(recordFile(data))).database);
  await rm(data, { recursive: true });
});

interface Listed {
  readonly dossiers: {
    readonly nodes: readonly {
      readonly code: string;
      readonly applicant: { readonly citizen: { readonly personalId: string } | null };
      readonly legs: readonly { readonly case: { readonly agency: { readonly code: string } } | null }[];
    }[];
  };
}

interface Access {
  readonly reader: unknown;
  readonly purpose: unknown;
  readonly fields: readonly { readonly name: string; readonly description: string }[];
  readonly sources: readonly unknown[];
}

async function as(who: readonly string[], query: string, headers: Record<string, string> = {}) {
  const [role = "", ...more] = who;
  const authorization = await bearer(data, ["--role", role, ...more]);
  return province.ask(query, {}, { authorization, ...headers });
}

const TRACKER = `{ myDataAccess { nodes { reader { isYou roles organisationCode agency { code name } client }
  purpose { code basis } fields { name description } sources { service agency { code name } } } } }`;

async function accessesOf(subject: string, language = "en"): Promise<readonly Access[]> {
  const headers = { "accept-language": language };
  const { data: told, errors } = await as(["citizen", "--subject", subject], TRACKER, headers);
  expect(errors).toEqual([]);
  return (told as unknown as { myDataAccess: { nodes: Access[] } }).myDataAccess.nodes;
}

test("an officer reads a citizen's dossier: the citizen sees exactly that", async () => {
  const before = await accessesOf(personalId);
  const { errors } = await as(
    ["center-officer"],
    `{ dossier(code: "${code}") { state applicant { name phone } legs { case { state taxNotices { amount } } } } }`,
    { "x-purpose": "dossier-processing" },
  );
  expect(errors).toEqual([]);
  const [read, ...others] = await accessesOf(personalId);
  expect(others).toEqual(before);
  const center = {
    service: "center",
    agency: { code: "H56", name: "Trung tâm Phục vụ hành chính công tỉnh" },
  };
  const tax = { service: "tax", agency: { code: "G12.56", name: "Thuế tỉnh" } };
  expect(read).toEqual({
    reader: {
      isYou: false,
      roles: ["center-officer"],
      organisationCode: null,
      agency: null,
      client: "development",
    },
    purpose: { code: "dossier-processing", basis: expect.stringContaining("118/2025/NĐ-CP") },
    fields: [
      {
        name: "AgencyCase.taxNotices",
        description: expect.stringMatching(/^Tax notices issued in this case$/),
      },
      { name: "Applicant.name", description: "Name" },
      { name: "Applicant.phone", description: "Telephone" },
    ],
    sources: expect.toSatisfy(
      (sources: unknown[]) =>
        sources.length === 2 &&
        [center, tax].every((each) =>
          sources.some((source) => JSON.stringify(source) === JSON.stringify(each)),
        ),
    ),
  });
  const [inVietnamese] = await accessesOf(personalId, "vi");
  expect(inVietnamese?.fields.map(({ description }) => description)).toEqual([
    "Thông báo nộp thuế",
    "Tên chủ hồ sơ",
    "Số điện thoại",
  ]);
});

test("an agency's officer who reads its cases is seen by those whose dossiers they are of, by the agency", async () => {
  const query = `{ agency(code: "G12.56") { cases(first: 100) { nodes { dossierCode taxNotices { amount } } } } }`;
  const { errors } = await as(["agency-officer", "--agency", "G12.56", "--subject", "an.nguyen"], query);
  expect(errors).toEqual([]);
  const [read] = await accessesOf(personalId);
  expect(read).toMatchObject({
    reader: { roles: ["agency-officer"], agency: { code: "G12.56", name: "Thuế tỉnh" } },
    purpose: null,
    fields: [{ name: "AgencyCase.taxNotices" }],
  });
  // Whom the province may be told: the office, not the person who works there.
  expect(JSON.stringify(read)).not.toContain("an.nguyen");
});

test("one's own reading is told as one's own", async () => {
  const { errors } = await as(
    ["citizen", "--subject", personalId],
    `{ dossier(code: "${code}") { applicant { name } } }`,
  );
  expect(errors).toEqual([]);
  const [own, ...others] = await accessesOf(personalId);
  expect(own).toMatchObject({
    reader: { isYou: true, roles: ["citizen"] },
    fields: [{ name: "Applicant.name" }],
  });
  // To look at who has looked is no reading of the data itself.
  expect(await accessesOf(personalId)).toEqual([own, ...others]);
});

test("nobody else sees it", async () => {
  expect(await accessesOf("001099999999")).toEqual([]);
  const asked = "{ myDataAccess { nodes { id } } }";
  const nobody = await province.ask(asked);
  expect([nobody.data, nobody.errors.map(({ extensions }) => extensions["code"])]).toEqual([
    { myDataAccess: null },
    ["FORBIDDEN"],
  ]);
  const officer = await as(["center-officer", "--subject", personalId], asked);
  expect([officer.data, officer.errors.map(({ extensions }) => extensions["code"])]).toEqual([
    { myDataAccess: null },
    ["NOT_GRANTED"],
  ]);
});

test("the record is as it was written, and its index too", async () => {
  const { code: exit, out } = await lienthong(["audit", "verify", "--record", recordFile(data)]);
  expect([exit, out]).toEqual([0, expect.stringContaining("the record is as the gateway wrote it")]);
});
