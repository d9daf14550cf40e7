/**
 * What the whole is for: one query shows a dossier over all its agencies, at a constant cost, and partially when one of
 * them is away; a dossier goes its way from reception to return through the gateway alone.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subscribeBy } from "../gateway/clients.ts";
import { startProvince, type TestProvince } from "./province.ts";

interface Leg {
  readonly order: number;
  readonly agency: { readonly code: string };
  readonly case: { readonly state: string; readonly residence?: object | null } | null;
}

interface Dossier {
  readonly code: string;
  readonly status: string;
  readonly statusWithout: readonly string[];
  readonly state: string;
  readonly legs: readonly Leg[];
}

const COMBINED = `fragment Combined on Dossier {
  code status statusWithout state receivedAt dueAt isOverdue procedure { code name }
  legs { order agency { code name } dueAt
    case { state dueAt finishedAt steps { name officer { name } } events { to officer { name } }
      taxNotices { amount remaining payments { amount } } healthCard { number } residence { address } landRecords { parcel } } } }`;
const LIST = `query ($first: Int!) { dossiers(first: $first) { nodes { ...Combined } } } ${COMBINED}`;
const ONE = `query ($code: ID!) { dossier(code: $code) { ...Combined } } ${COMBINED}`;

let province: TestProvince;

beforeAll(async () => {
  province = await startProvince();
});
afterAll(() => province?.close());

async function one(code: string): Promise<Dossier> {
  const { data, errors } = await province.ask(ONE, { code });
  expect(errors).toEqual([]);
  return (data as { dossier: Dossier }).dossier;
}

async function change(mutation: string, variables: object): Promise<unknown> {
  const { data, errors } = await province.ask(mutation, variables);
  expect(errors).toEqual([]);
  return data;
}

test("the newest dossiers have data of at least three agencies", async () => {
  const { data, errors } = await province.ask(LIST, { first: 3 });
  expect(errors).toEqual([]);
  for (const { statusWithout, legs } of (data as { dossiers: { nodes: Dossier[] } }).dossiers.nodes) {
    expect(statusWithout).toEqual([]);
    expect(
      new Set(legs.filter((leg) => leg.case !== null).map((leg) => leg.agency.code)).size,
    ).toBeGreaterThanOrEqual(3);
  }
});

test("a list of 100 dossiers costs no database more statements than a list of 5 may", async () => {
  // What one list may take: the cases, procedures, officers, events of a database, each in one statement or two,
  // because officers are named by events and by steps, which arrive one after the other.
  const most = 8;
  for (const first of [5, 50, 100]) {
    const counts = await province.statements(() => province.ask(LIST, { first }));
    expect(Object.keys(counts).length).toBeGreaterThan(3);
    for (const [database, statements] of Object.entries(counts))
      expect(statements, `${database}, ${first} dossiers`).toBeLessThanOrEqual(most);
  }
});

test("both spellings of an agency's code name the same member, and an unknown one costs itself alone", async () => {
  const query = `{ a: agency(code: "H56.14") { code name procedures(first: 1) { totalCount } }
    b: agency(code: "000.00.14.H56") { code name procedures(first: 1) { totalCount } }
    c: agencyCase(agencyCode: "H99.99", dossierCode: "H56.14-260101-0001") { state } }`;
  const { status, data, errors } = await province.ask(query);
  expect(status).toBe(200);
  expect(data?.["a"]).toEqual(data?.["b"]);
  expect(data?.["c"]).toBeNull();
  expect(errors.map(({ extensions, path }) => [extensions["code"], path])).toEqual([
    ["PARTITION_MEMBER_UNKNOWN", ["c"]],
  ]);
});

test("procedures are found over all agencies, with and without diacritics", async () => {
  const query = `query ($words: String!) {
    agencies { code procedures(search: $words, first: 3) { nodes { code name } } } }`;
  const found = await province.ask(query, { words: "đăng ký thường trú" });
  expect(found.errors).toEqual([]);
  expect(JSON.stringify(found.data)).toContain("thường trú");
  expect((await province.ask(query, { words: "dang ky thuong tru" })).data).toEqual(found.data);
});

test("a citizen is read over police, insurance, tax and centre in one query", async () => {
  const applicants = `{ dossiers(first: 100) { nodes { applicant { citizen { personalId fullName bornOn residence { address }
    taxpayer { taxCode totalRemaining } insuredPerson { insuranceNumber healthCard { number } }
    dossiers(first: 1) { nodes { code } } } } } } }`;
  const { data, errors } = await province.ask(applicants);
  expect(errors).toEqual([]);
  const citizens = (
    data as { dossiers: { nodes: { applicant: { citizen: Record<string, unknown> | null } }[] } }
  ).dossiers.nodes
    .map(({ applicant }) => applicant.citizen)
    .filter(
      (citizen) =>
        citizen?.["taxpayer"] && citizen["insuredPerson"] && citizen["fullName"] && citizen["dossiers"],
    );
  expect(citizens.length).toBeGreaterThan(5);
});

describe("a birth goes its way", () => {
  const RECEIVE = `mutation ($input: ReceiveDossierInput!, $key: ID!) {
    receiveDossier(input: $input, idempotencyKey: $key) { dossier { ...Combined } } } ${COMBINED}`;
  const ADVANCE = `mutation ($agency: ID!, $code: ID!, $to: CaseState!, $key: ID!) {
    advanceCase(agencyCode: $agency, dossierCode: $code, to: $to, idempotencyKey: $key) { case { state } } }`;
  const COMPLETE = `mutation ($agency: ID!, $code: ID!, $key: ID!) {
    completeCase(agencyCode: $agency, dossierCode: $code, result: { number: "1/KQ", summary: "Xong" }, idempotencyKey: $key) {
      case { state } } }`;
  const input = {
    procedureCode: "2.002621",
    applicant: { kind: "CITIZEN", name: "Nguyễn Văn Thử", personalId: "038190000001" },
  };
  let code: string;

  test("received twice with one key, there is one dossier, its first leg open at the commune", async () => {
    const answers = await Promise.all([0, 1].map(() => change(RECEIVE, { input, key: "system-receive-1" })));
    const [first, second] = answers.map(
      (answer) => (answer as { receiveDossier: { dossier: Dossier } }).receiveDossier.dossier,
    );
    expect(first?.code).toBe(second?.code);
    code = first?.code ?? "";
    const dossier = await one(code);
    expect(dossier).toMatchObject({ status: "ACCEPTED", statusWithout: [] });
    expect(dossier.legs.map((leg) => leg.case?.state ?? null)).toEqual(["REGISTERED", null, null]);
  });

  test("an illegal step is refused with what is allowed, and changes nothing", async () => {
    const { data, errors } = await province.ask(COMPLETE, {
      agency: "H56.31.01",
      code,
      key: "system-illegal-1",
    });
    expect(data).toEqual({ completeCase: null });
    expect(errors[0]?.extensions).toMatchObject({
      code: "ILLEGAL_TRANSITION",
      from: "REGISTERED",
      allowed: ["ACCEPTED", "REJECTED", "AWAITING_SUPPLEMENT"],
    });
    expect((await one(code)).legs[0]?.case?.state).toBe("REGISTERED");
  });

  test("when the commune has finished, police and insurance begin side by side; who watches sees it", async () => {
    const agency = "000.01.31.H56";
    const watch =
      "subscription ($code: ID!) { dossierChanged(code: $code) { status legs { case { state } } } }";
    const watchers = [subscribeBy.websocket, subscribeBy.sse].map((by) => by(province.url, watch, { code }));
    await expect
      .poll(async () => (await fetch(new URL("/health/ready", province.url))).json())
      .toMatchObject({ subscriptions: 2 });
    await change(ADVANCE, { agency, code, to: "ACCEPTED", key: "system-commune-2" });
    await change(ADVANCE, { agency, code, to: "IN_PROGRESS", key: "system-commune-4" });
    await change(COMPLETE, { agency, code, key: "system-commune-9" });
    await expect
      .poll(async () => (await one(code)).legs.map((leg) => leg.case?.state ?? null))
      .toEqual(["COMPLETED", "REGISTERED", "REGISTERED"]);
    expect(await one(code)).toMatchObject({ status: "IN_PROGRESS", state: "IN_PROGRESS" });
    for (const { answers, leave } of watchers) {
      await expect
        .poll(() => answers.at(-1))
        .toEqual({
          data: {
            dossierChanged: {
              status: "IN_PROGRESS",
              legs: ["COMPLETED", "REGISTERED", "REGISTERED"].map((state) => ({ case: { state } })),
            },
          },
        });
      leave();
    }
  });

  test("when all have finished it is complete, and the result is returned", async () => {
    for (const agency of ["G01.56", "G24.56"]) {
      await change(ADVANCE, { agency, code, to: "ACCEPTED", key: `system-${agency}-2` });
      await change(COMPLETE, { agency, code, key: `system-${agency}-9` });
    }
    await expect.poll(async () => (await one(code)).state).toBe("COMPLETED");
    const returned = `mutation ($code: ID!) {
      returnResult(code: $code, receivedBy: "Nguyễn Văn Thử", idempotencyKey: "system-return-1") { dossier { state } } }`;
    await change(returned, { code });
    await expect
      .poll(async () => (await one(code)).legs.map((leg) => leg.case?.state ?? null))
      .toEqual(["RETURNED", "RETURNED", "RETURNED"]);
    expect(await one(code)).toMatchObject({ status: "RETURNED", state: "RETURNED" });
  });
});

// Last: what is stopped stays stopped.
describe("with the police stopped", () => {
  let dossier: Dossier;

  beforeAll(async () => {
    const { data } = await province.ask(LIST, { first: 4 });
    // The one received above is the newest.
    dossier = (data as { dossiers: { nodes: Dossier[] } }).dossiers.nodes[1] as Dossier;
    await province.stop("police");
  });

  test("HTTP 200, everything else, one error that names the agency, and statusWithout", async () => {
    const { status, data, errors } = await province.ask(ONE, { code: dossier.code });
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code: "SUBGRAPH_UNREACHABLE", member: "G01.56" });
    expect(errors[0]?.extensions["since"]).toMatch(/^\d{4}-/);
    const partial = (data as { dossier: Dossier }).dossier;
    expect(partial.statusWithout).toEqual(["G01.56"]);
    expect(partial.legs.map((leg) => leg.case === null)).toEqual([false, true, false]);
    expect(partial.legs[2]).toEqual(dossier.legs[2]);
  });

  test("a dossier that does not concern the police has no error", async () => {
    const { errors, data } = await province.ask(
      `{ dossiers(first: 1, filter: { agencyCode: "H56.12" }) { nodes { ...Combined } } } ${COMBINED}`,
    );
    expect(errors).toEqual([]);
    expect((data as { dossiers: { nodes: Dossier[] } }).dossiers.nodes).toHaveLength(1);
  });

  test("the message says it in the reader's language", async () => {
    const { errors } = await province.ask(ONE, { code: dossier.code }, { "accept-language": "vi" });
    expect(errors[0]?.message).toContain("Không kết nối được");
  });
});
