import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { departmentPart } from "../../../../subgraphs/departments/own-part.ts";
import { EVERYTHING, type Identity } from "../../../../subgraphs/kit/identity.ts";
import { insert, insertProcedure } from "../../../setup/agency.ts";
import {
  AUDITOR,
  business,
  CENTER,
  CENTER_SYSTEM,
  citizen,
  NOBODY,
  officer,
  openAgency,
  type OpenAgency,
  system,
  who,
} from "../../../setup/people.ts";

const CODE = "H56.14";
const PERSON = "056190012345";
const OTHER = "056190012346";
const COMPANY = "0100109106";

let agency: OpenAgency;
beforeAll(async () => {
  agency = await openAgency(departmentPart, CODE);
  await insertProcedure(agency.database);
  await insert(agency.database, "officer", { code: "CB01", name: "Trần Thị Bình", title: "Chuyên viên" });
  // Of the person, the other, the company, and of nobody by number, in turn.
  for (let index = 0; index < 12; index++) await insertCase(index);
  return agency.close;
});

async function insertCase(index: number): Promise<void> {
  const { database } = agency;
  const { id } = await insert<{ id: number }>(database, "agency_case", {
    dossier_code: codeOf(index),
    procedure_code: "1.004222",
    state: 2,
    received_at: `2026-03-02T08:${String(index % 60).padStart(2, "0")}:00+07:00`,
    due_at: "2099-03-12T08:00:00+07:00",
    officer_code: "CB01",
    applicant_name: "Nguyễn Văn An",
    personal_id: [PERSON, OTHER, null, null][index % 4],
    tax_code: index % 4 === 2 ? COMPANY : null,
    result_number: `KQ-${index}`,
    result_summary: "Cấp giấy",
    result_issued_at: "2026-03-03T08:00:00+07:00",
  });
  const event = { case_id: id, sequence: 1, at: "2026-03-02T08:00:00+07:00", to_state: 2 };
  await insert(database, "case_event", { ...event, note: "ông An đến nhận" });
}

const codeOf = (index: number) => `H56.14-260302-${String(index).padStart(4, "0")}`;

/** Who may see all of a case of the person. */
const WHOLE: readonly (readonly [string, Identity])[] = [
  ["the agency's officer", officer(CODE)],
  ["the agency's officer, by the older code", officer("000.00.14.H56")],
  ["the agency's software", system(CODE)],
  ["the centre's officer", CENTER],
  ["the centre's software", CENTER_SYSTEM],
  ["the applicant", citizen(PERSON)],
  ["whoever reaches it, with --no-authorization", EVERYTHING],
];

/** Who may see where it stands. */
const PROGRESS: readonly (readonly [string, Identity])[] = [
  ["nobody known", NOBODY],
  ["another citizen", citizen(OTHER)],
  ["a business", business(COMPANY)],
  ["another agency's officer", officer("H56.02")],
  ["an officer of no agency", who("agency-officer")],
  ["the operator", who("operator")],
];

const STATE = `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${codeOf(0)}") {
  agencyCode dossierCode agency { code } dossier { code } procedure { name } state receivedAt dueAt finishedAt isOverdue } }`;
const WORK = `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${codeOf(0)}") {
  state officer { name } steps { name } events { to note } supplements { reason } result { number } landRecords { parcel } } }`;

describe("a case", () => {
  test.each([...WHOLE, ...PROGRESS, ["an auditor", AUDITOR] as const])(
    "tells %s where it stands",
    async (_who, identity) => {
      const { data, codes } = await agency.ask(identity, STATE);
      expect(codes).toEqual([]);
      expect(data.agencyCase).toMatchObject({ state: "ACCEPTED", dossierCode: codeOf(0), isOverdue: false });
    },
  );

  test.each(WHOLE)("tells %s all", async (_who, identity) => {
    expect(await agency.ask(identity, WORK)).toEqual({
      data: {
        agencyCase: {
          state: "ACCEPTED",
          officer: { name: "Trần Thị Bình" },
          steps: [],
          events: [{ to: "ACCEPTED", note: "ông An đến nhận" }],
          supplements: [],
          result: { number: "KQ-0" },
          landRecords: [],
        },
      },
      codes: [],
    });
  });

  test.each(PROGRESS)("tells %s nothing of the work on it", async (_who, identity) => {
    for (const field of ["steps { name }", "events { to }", "supplements { reason }"]) {
      const query = `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${codeOf(0)}") { state ${field} } }`;
      expect(await agency.ask(identity, query)).toEqual({ data: { agencyCase: null }, codes: ["NOT_SHOWN"] });
    }
    for (const field of [
      "officer { name }",
      "result { number }",
      "landRecords { parcel }",
      "licence { number }",
    ]) {
      const query = `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${codeOf(0)}") { state x: ${field} } }`;
      expect(await agency.ask(identity, query)).toEqual({
        data: { agencyCase: { state: "ACCEPTED", x: null } },
        codes: ["NOT_SHOWN"],
      });
    }
  });

  test("tells an auditor of the work, and not what remarks say of people, nor what the agency adds", async () => {
    const { data, codes } = await agency.ask(AUDITOR, WORK);
    expect(data.agencyCase).toMatchObject({
      officer: { name: "Trần Thị Bình" },
      events: [{ to: "ACCEPTED", note: null }],
      result: { number: "KQ-0" },
      landRecords: null,
    });
    expect(codes.toSorted((a, b) => a.localeCompare(b))).toEqual(["NOT_SHOWN", "NOT_SHOWN"]);
  });

  test("is the same as an entity, asked for the combined status", async () => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on AgencyCase { state dueAt } } }`;
    const representations = [codeOf(0), codeOf(99), codeOf(3)].map((dossierCode) => ({
      __typename: "AgencyCase",
      agencyCode: CODE,
      dossierCode,
    }));
    const told = await agency.ask(NOBODY, query, { representations });
    expect(told).toMatchObject({
      data: { _entities: [{ state: "ACCEPTED" }, null, { state: "ACCEPTED" }] },
      codes: [],
    });
  });
});

describe("the list of cases", () => {
  const LIST = `query ($first: Int, $after: String, $filter: CaseFilter) {
    _entities(representations: [{ __typename: "Agency", code: "${CODE}" }]) { ... on Agency {
      cases(first: $first, after: $after, filter: $filter) { nodes { dossierCode } edges { node { dossierCode } } pageInfo { hasNextPage endCursor } } } } }`;
  const all = Array.from({ length: 12 }, (_, index) => codeOf(11 - index));
  const every = (rest: number) => all.filter((_, index) => (11 - index) % 4 === rest);

  test.each([
    ["the agency's officer", officer(CODE), all],
    ["the agency's software", system(CODE), all],
    ["the centre", CENTER, all],
    ["an auditor", AUDITOR, all],
    ["the applicant", citizen(PERSON), every(0)],
    ["another applicant", citizen(OTHER), every(1)],
    ["a business", business(COMPANY), every(2)],
    ["a citizen without cases", citizen("056190099999"), []],
    ["another agency's officer", officer("H56.02"), []],
    ["nobody known", NOBODY, []],
    ["a citizen without a number", who("citizen"), []],
    [
      "one who is citizen and business",
      who("citizen", { roles: new Set(["citizen", "business"]), subject: PERSON }),
      every(0),
    ],
  ] as const)("has for %s just their own, in full pages", async (_who, identity, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), async (first) => {
        const read: string[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const { data, codes } = await agency.ask(identity, LIST, { first, after });
          expect(codes).toEqual([]);
          const [{ cases }] = data._entities;
          const page = cases.nodes.map((node: { dossierCode: string }) => node.dossierCode);
          expect(cases.edges.map(({ node }: { node: { dossierCode: string } }) => node.dossierCode)).toEqual(
            page,
          );
          read.push(...page);
          more = cases.pageInfo.hasNextPage;
          // No page is short because rows were left out of it afterwards.
          expect([page.length, more]).toEqual([
            Math.min(first, expected.length - read.length + page.length),
            read.length < expected.length,
          ]);
          after = cases.pageInfo.endCursor;
        }
        expect(read).toEqual(expected);
      }),
      { numRuns: 7 },
    );
  });

  test("is not widened by its filter", async () => {
    const { data } = await agency.ask(citizen(PERSON), LIST, {
      filter: { states: ["ACCEPTED"], overdue: false },
    });
    expect(data._entities[0].cases.nodes).toHaveLength(3);
  });
});

const stored = (key: string) =>
  Promise.all([
    agency.database.query("select * from agency_case order by id"),
    agency.database.query("select * from case_event order by case_id, sequence"),
    agency.database.query("select from idempotency where key = $1", [key]),
    agency.database.query("select from outbox"),
  ]);

describe("a case is changed", () => {
  const mutations = {
    openCase:
      'openCase(agencyCode: AGENCY, input: { dossierCode: NEW, procedureCode: "1.004222" }, idempotencyKey: KEY)',
    advance: "advanceCase(CASE, to: IN_PROGRESS, idempotencyKey: KEY)",
    returned: "advanceCase(CASE, to: RETURNED, idempotencyKey: KEY)",
    finishStep: "finishStep(CASE, idempotencyKey: KEY)",
    requestSupplement: 'requestSupplement(CASE, documents: ["Đơn"], reason: "thiếu", idempotencyKey: KEY)',
    receiveSupplement: 'receiveSupplement(CASE, documents: ["Đơn"], idempotencyKey: KEY)',
    withdrawCase: "withdrawCase(CASE, idempotencyKey: KEY)",
    completeCase: 'completeCase(CASE, result: { number: "1", summary: "xong" }, idempotencyKey: KEY)',
    apologiseForDelay:
      'apologiseForDelay(CASE, reason: "mưa", newDueAt: "2099-04-01T08:00:00+07:00", idempotencyKey: KEY)',
  };
  type Change = keyof typeof mutations;
  const changes = Object.keys(mutations) as Change[];
  const agencys = changes.filter((name) => name !== "openCase");
  const centers: readonly Change[] = ["openCase", "returned", "withdrawCase"];
  let last = 100;

  /** On a case of its own. */
  async function mutationOf(change: Change): Promise<{ readonly text: string; readonly key: string }> {
    last += 4;
    await insertCase(last);
    const key = `change-${last}`;
    const called = mutations[change]
      .replace("CASE", `agencyCode: AGENCY, dossierCode: "${codeOf(last)}"`)
      .replace("AGENCY", `"${CODE}"`)
      .replace("NEW", `"${codeOf(last + 1)}"`)
      .replace("KEY", `"${key}"`);
    return { text: `mutation { x: ${called} { case { state } } }`, key };
  }

  test.each([
    ["an agency's officer", officer(CODE), agencys],
    ["an agency's software", system(CODE), agencys],
    ["the centre's officer", CENTER, centers],
    ["the centre's software", CENTER_SYSTEM, centers],
    ["another agency's officer", officer("H56.02"), []],
    ["another agency's software", system("G12.56"), []],
    ["an officer of no agency", who("agency-officer"), []],
    ["the applicant", citizen(PERSON), []],
    ["a business", business(COMPANY), []],
    ["an auditor", AUDITOR, []],
    ["nobody known", NOBODY, []],
  ] as readonly (readonly [string, Identity, readonly Change[]])[])(
    "by %s only as they may",
    async (_who, identity, allowed) => {
      for (const change of changes) {
        const { text, key } = await mutationOf(change);
        const before = await stored(key);
        const { data, codes } = await agency.ask(identity, text);
        // Other errors are the rules' of the case.
        const isRefused = codes.includes("NOT_ALLOWED");
        const isLeft = data.x === null && isDeepStrictEqual(await stored(key), before);
        expect([change, isRefused, isLeft || !isRefused]).toEqual([change, !allowed.includes(change), true]);
      }
    },
  );

  test("and the answer of a change is given again to those only who may make it", async () => {
    const { text } = await mutationOf("advance");
    const first = await agency.ask(officer(CODE), text);
    expect(first).toEqual({ data: { x: { case: { state: "IN_PROGRESS" } } }, codes: [] });
    expect(await agency.ask(system(CODE), text)).toEqual(first);
    expect(await agency.ask(officer("H56.02"), text)).toEqual({ data: { x: null }, codes: ["NOT_ALLOWED"] });
  });
});
