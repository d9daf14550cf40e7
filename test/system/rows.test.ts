/**
 * The sample province, asked by people with tokens of their own: each sees the rows that concern them, over the gateway and
 * all its subgraphs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareTrust } from "../../province/trust.ts";
import { bearer } from "./bearer.ts";
import { startProvince, type TestProvince } from "./province.ts";

interface Person {
  readonly role: string;
  readonly subject?: string;
  readonly agency?: string;
}

interface Dossier {
  readonly code: string;
  readonly status: string;
  readonly statusWithout: readonly string[];
  readonly applicant: { citizen: { personalId: string } | null; business: { taxCode: string } | null } | null;
  readonly legs: readonly { readonly agency: { readonly code: string } }[];
}

const CENTER: Person = { role: "center-officer" };
const TAX = "G12.56";
const INSPECTION = { "x-purpose": "inspection" };

const ALL = `query ($after: String) { dossiers(first: 100, after: $after) {
  nodes { code status statusWithout applicant { citizen { personalId } business { taxCode } } legs { agency { code } } }
  pageInfo { hasNextPage endCursor } } }`;

let province: TestProvince;
let data: string;
let all: readonly Dossier[];
/** Of a citizen, with legs at several agencies. */
let one: Dossier;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "lienthong-rows-"));
  province = await startProvince("native", await prepareTrust(data));
  all = await dossiersOf(CENTER);
  one = all.find((dossier) => personOf(dossier) !== undefined && dossier.legs.length > 1) as Dossier;
});
afterAll(async () => {
  await province?.close();
  await rm(data, { recursive: true });
});

async function as({ role, subject, agency }: Person, query: string, variables = {}, headers = {}) {
  const wish = [
    "--role",
    role,
    ...(subject ? ["--subject", subject] : []),
    ...(agency ? ["--agency", agency] : []),
  ];
  return province.ask(query, variables, { authorization: await bearer(data, wish), ...headers });
}

/** Every page, to the end. */
async function dossiersOf(person: Person): Promise<Dossier[]> {
  const read: Dossier[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data: told, errors } = await as(person, ALL, { after });
    expect(errors).toEqual([]);
    const { nodes, pageInfo } = (
      told as { dossiers: { nodes: Dossier[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } }
    ).dossiers;
    read.push(...nodes);
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  return read;
}

const personOf = ({ applicant }: Dossier) => applicant?.citizen?.personalId;
const businessOf = ({ applicant }: Dossier) => applicant?.business?.taxCode;
const codesOf = (errors: readonly { extensions: Record<string, unknown> }[]) => [
  ...new Set(errors.map(({ extensions }) => extensions["code"])),
];

test("a citizen reads their own dossiers, with the status of all agencies, and finds no other", async () => {
  const subject = personOf(one) ?? "";
  const citizen = { role: "citizen", subject };
  // As the centre sees them, the combined status too.
  expect(await dossiersOf(citizen)).toEqual(all.filter((dossier) => personOf(dossier) === subject));
  expect(one.status).not.toBe("UNKNOWN");
  const other = all.find((dossier) => personOf(dossier) !== subject) as Dossier;
  const query = `query ($code: ID!) { dossier(code: $code) { code applicant { name } } }`;
  expect(await as(citizen, query, { code: other.code })).toMatchObject({
    data: { dossier: null },
    errors: [],
  });
  const unknown = await as(citizen, query, { code: "H56.14-200101-0001" });
  expect([unknown.data, unknown.errors]).toEqual([{ dossier: null }, []]);
});

test("a citizen sees the work on their own cases, and of others' where they stand", async () => {
  const subject = personOf(one) ?? "";
  const query = `query ($code: ID!, $agency: ID!) { agencyCase(agencyCode: $agency, dossierCode: $code) { state officer { name } events { to } } }`;
  const place = { code: one.code, agency: one.legs[0]?.agency.code };
  const own = await as({ role: "citizen", subject }, query, place);
  expect(own.errors).toEqual([]);
  expect(own.data).toMatchObject({ agencyCase: { state: expect.any(String), events: expect.any(Array) } });
  const others = await as({ role: "citizen", subject: "001090099999" }, query, place);
  expect([others.data, codesOf(others.errors)]).toEqual([{ agencyCase: null }, ["NOT_SHOWN"]]);
  const state = query.replace("officer { name } events { to }", "dueAt");
  expect((await as({ role: "citizen", subject: "001090099999" }, state, place)).data).toMatchObject({
    agencyCase: { state: expect.any(String) },
  });
});

test("applicants read what tax and insurance added to their cases, and nobody reads it of others'", async () => {
  const added = `code applicant { citizen { personalId } }
    legs { case { taxNotices { number amount } healthCard { number } allowances { amount } } }`;
  const page = (await as(CENTER, `{ dossiers(first: 100) { nodes { ${added} } } }`)).data as {
    dossiers: { nodes: Dossier[] };
  };
  for (const something of ['"taxNotices":[{', '"healthCard":{']) {
    const told = page.dossiers.nodes.find(
      (each) => personOf(each) !== undefined && JSON.stringify(each).includes(something),
    ) as Dossier;
    const query = `query ($code: ID!) { dossier(code: $code) { ${added} } }`;
    const own = await as({ role: "citizen", subject: personOf(told) ?? "" }, query, { code: told.code });
    expect([own.data, own.errors]).toEqual([{ dossier: told }, []]);
  }
  // Who knows where such a case stands, and asks for it by its key, is not told what was added.
  const stranger = { role: "citizen", subject: "001090099999" };
  const withTax = all.find(({ legs }) => legs.some(({ agency }) => agency.code === TAX)) as Dossier;
  const others = await as(
    stranger,
    `query ($code: ID!) { agencyCase(agencyCode: "${TAX}", dossierCode: $code) { state taxNotices { number } } }`,
    { code: withTax.code },
  );
  expect(others.data).toEqual({ agencyCase: { state: expect.any(String), taxNotices: null } });
});

test("the centre's software reads dossiers with their status, and no person", async () => {
  const query = `query ($code: ID!) { dossier(code: $code) { code status legs { case { state } } } }`;
  const told = await as({ role: "center-system" }, query, { code: one.code });
  expect(told.errors).toEqual([]);
  expect(told.data).toMatchObject({ dossier: { code: one.code, status: one.status } });
  const person = await as(
    { role: "center-system" },
    `{ dossier(code: "${one.code}") { applicant { name } } }`,
  );
  expect([person.data, codesOf(person.errors)]).toEqual([{ dossier: { applicant: null } }, ["FORBIDDEN"]]);
});

test("a business reads its own dossiers", async () => {
  const subject = all.map(businessOf).find((taxCode) => taxCode !== undefined) ?? "";
  const expected = all.filter((dossier) => businessOf(dossier) === subject);
  expect(expected.length).toBeGreaterThan(0);
  expect(await dossiersOf({ role: "business", subject })).toEqual(expected);
});

test("an agency's officer reads the dossiers in which it has a leg, and no case of another's", async () => {
  const officer = { role: "agency-officer", agency: TAX };
  const isAt = ({ legs }: Dossier) => legs.some(({ agency }) => agency.code === TAX);
  const expected = all.filter(isAt).map(({ code }) => code);
  expect(expected.length).toBeGreaterThan(0);
  expect((await dossiersOf(officer)).map(({ code }) => code)).toEqual(expected);
  const cases = `{ own: agency(code: "${TAX}") { cases(first: 1) { nodes { dossierCode } } }
    other: agency(code: "H56.14") { cases(first: 1) { nodes { dossierCode } } } }`;
  const { data: told, errors } = await as(officer, cases);
  expect(errors).toEqual([]);
  expect(told).toMatchObject({
    own: { cases: { nodes: [expect.any(Object)] } },
    other: { cases: { nodes: [] } },
  });
});

test("an auditor reads every dossier for an inspection, and no person", async () => {
  const query = `query ($code: ID!) { dossier(code: $code) { code status legs { case { state steps { name } } } applicant { name } } }`;
  const { data: told, errors } = await as({ role: "auditor" }, query, { code: one.code }, INSPECTION);
  expect(told).toMatchObject({ dossier: { code: one.code, status: one.status, applicant: null } });
  expect(codesOf(errors)).toEqual(["FORBIDDEN"]);
});

test("a person at the police is seen by themselves, and not by another, nor by another agency", async () => {
  const subject = personOf(one) ?? "";
  const query = `{ citizen(personalId: "${subject}") { fullName } }`;
  const seen = [
    await as({ role: "citizen", subject }, query),
    await as({ role: "agency-officer", agency: "G01.56" }, query),
    await as(CENTER, query),
  ];
  for (const { data: told } of seen)
    expect(told).toMatchObject({ citizen: { fullName: expect.any(String) } });
  const unseen = [
    await as({ role: "citizen", subject: "001090099999" }, query),
    await as({ role: "agency-officer", agency: TAX }, query),
  ];
  for (const { data: told } of unseen) expect(told).toEqual({ citizen: null });
});
