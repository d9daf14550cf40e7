import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { createSourceEventStream, execute, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCenterLoaders } from "../../../subgraphs/center/context.ts";
import { centerResolvers } from "../../../subgraphs/center/resolvers.ts";
import { audienceOf, centerRows } from "../../../subgraphs/center/row-rules.ts";
import { WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";
import type { AgencyError } from "../../../subgraphs/kit/errors.ts";
import { EVERYTHING, type Identity } from "../../../subgraphs/kit/identity.ts";
import { NO_OUTBOX } from "../../../subgraphs/kit/outbox.ts";
import { buildServedSchema, readSdl } from "../../../subgraphs/kit/sdl.ts";
import {
  type Ask,
  asking,
  AUDITOR,
  business,
  CENTER,
  CENTER_SYSTEM,
  citizen,
  NOBODY,
  officer,
  system,
  who,
} from "../../setup/people.ts";
import {
  COMMUNE,
  type DossierSample,
  INSURANCE,
  insertDossiers,
  LAND,
  POLICE,
  startCenter,
  TAX,
  type TestCenter,
} from "./fixture.ts";

const PERSON = "056190012345";
const OTHER = "056190012346";
const COMPANY = "0100109106";
const PEOPLE = [PERSON, OTHER, undefined];
const AGENCIES = [[LAND], [LAND, TAX], [COMMUNE, POLICE, INSURANCE], [TAX, LAND, TAX]];

/** Of two people, a company, and of nobody by number, at several agencies. Latest first. */
const DOSSIERS: readonly DossierSample[] = Array.from({ length: 24 }, (_, index) => {
  const personalId = PEOPLE[index % 3];
  return {
    code: `${LAND}-260304-${String(100 - index).padStart(4, "0")}`,
    // Several of one moment: the number decides.
    receivedAt: `2026-03-04T${String(16 - Math.floor(index / 4)).padStart(2, "0")}:00:00+07:00`,
    kind: index % 3 === 2 ? 2 : 1,
    name: `Chủ hồ sơ ${index}`,
    ...(personalId === undefined ? { taxCode: index % 2 === 0 ? COMPANY : "0100100079" } : { personalId }),
    legs: (AGENCIES[index % 4] ?? []).map((agencyCode) => ({
      agencyCode,
      openedAt: "2026-03-04T08:00:00+07:00",
    })),
  };
});

let center: TestCenter;
let ask: Ask;
const schema = buildServedSchema([
  { typeDefs: readSdl("center"), resolvers: centerResolvers, rows: centerRows },
]);
const contextOf = (identity: Identity) => ({
  center: {
    database: center.database,
    calendar: new WorkingCalendar(),
    outbox: NO_OUTBOX,
    changes: { listen: () => heard(), close: () => Promise.resolve() },
  },
  loaders: createCenterLoaders(center.database, audienceOf(identity)),
});

/** The first dossier has changed, once. */
async function* heard() {
  yield DOSSIERS[0]?.code ?? "";
}

beforeAll(async () => {
  center = await startCenter("center_row_rules");
  // In the order of the list, the last inserted first.
  await insertDossiers(center.database, DOSSIERS.toReversed());
  ask = asking(schema, contextOf);
});
afterAll(() => center.close());

const isAt = (sample: DossierSample, agency: string) =>
  sample.legs?.some(({ agencyCode }) => agencyCode === agency) === true;

/** Who asks, and which dossiers are theirs to see. */
const ROLES: readonly (readonly [string, Identity, (sample: DossierSample) => boolean])[] = [
  ["the centre's officer", CENTER, () => true],
  ["the centre's software", CENTER_SYSTEM, () => true],
  ["an auditor", AUDITOR, () => true],
  ["whoever reaches it, with --no-authorization", EVERYTHING, () => true],
  ["a citizen", citizen(PERSON), ({ personalId }) => personalId === PERSON],
  ["another citizen", citizen(OTHER), ({ personalId }) => personalId === OTHER],
  ["a citizen without dossiers", citizen("056190099999"), () => false],
  ["a citizen whose number is a business'", citizen(COMPANY), () => false],
  ["a business", business(COMPANY), ({ taxCode }) => taxCode === COMPANY],
  ["an officer of the tax office", officer(TAX), (sample) => isAt(sample, TAX)],
  ["its software, by the older code", system("000.00.56.G12"), (sample) => isAt(sample, TAX)],
  ["an officer of the police", officer(POLICE), (sample) => isAt(sample, POLICE)],
  ["an officer of an agency without dossiers", officer("H56.99"), () => false],
  ["an officer of no agency", who("agency-officer"), () => false],
  ["the operator", who("operator"), () => false],
  ["nobody known", NOBODY, () => false],
  [
    "an officer who applies too",
    who("citizen", { roles: new Set(["citizen", "agency-officer"]), subject: PERSON, organisation: POLICE }),
    (sample) => sample.personalId === PERSON || isAt(sample, POLICE),
  ],
];

const codesOf = (samples: readonly DossierSample[]) => samples.map(({ code }) => code);

describe.each(ROLES)("%s", (_name, identity, sees) => {
  const seen = DOSSIERS.filter(sees);

  test("finds by its code what is theirs to see, and of the rest not even that it is there", async () => {
    for (const { code } of DOSSIERS) {
      const query = `query ($code: ID!, $representations: [_Any!]!) { dossier(code: $code) { code state }
        _entities(representations: $representations) { ... on Dossier { code } } }`;
      const representations = [{ __typename: "Dossier", code }];
      const { data, codes } = await ask(identity, query, { code, representations });
      const isSeen = codesOf(seen).includes(code);
      expect(data).toEqual({
        dossier: isSeen ? { code, state: "ACCEPTED" } : null,
        _entities: [isSeen ? { code } : null],
      });
      expect(codes).toEqual([]);
    }
    expect(await ask(identity, `{ dossier(code: "${LAND}-260304-0999") { code } }`)).toEqual({
      data: { dossier: null },
      codes: [],
    });
  });

  test("reads lists of just these, in full pages, whatever the filter and the page", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.record(
          {
            personalId: fc.constantFrom(PERSON, OTHER),
            taxCode: fc.constantFrom(COMPANY),
            agencyCode: fc.constantFrom(LAND, TAX, POLICE),
          },
          { requiredKeys: [] },
        ),
        async (first, filter) => {
          const matching = seen.filter(
            (sample) =>
              (filter.personalId === undefined || sample.personalId === filter.personalId) &&
              (filter.taxCode === undefined || sample.taxCode === filter.taxCode) &&
              (filter.agencyCode === undefined || isAt(sample, filter.agencyCode)),
          );
          const query = `query ($first: Int, $after: String, $filter: DossierFilter) {
            dossiers(first: $first, after: $after, filter: $filter) { ...page } } ${PAGE}`;
          expect(await readAll(identity, query, { first, filter }, ({ dossiers }) => dossiers)).toEqual(
            pagesOf(codesOf(matching), first),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  test("reads of a citizen's and a business' dossiers just these", async () => {
    const query = `query ($first: Int, $after: String, $of: [_Any!]!) { _entities(representations: $of) {
      ... on Citizen { dossiers(first: $first, after: $after) { ...page } }
      ... on Business { dossiers(first: $first, after: $after) { ...page } } } } ${PAGE}`;
    for (const personalId of [PERSON, OTHER]) {
      const knows = identity.seesEverything || identity.subject === personalId || mayKnowPeople(identity);
      const variables = { first: 2, of: [{ __typename: "Citizen", personalId }] };
      const expected = pagesOf(codesOf(seen.filter((sample) => sample.personalId === personalId)), 2);
      const { data } = await ask(identity, query, variables);
      expect(data._entities[0] !== null).toBe(knows);
      const pages = knows
        ? await readAll(identity, query, variables, ({ _entities: [one] }) => one.dossiers)
        : [];
      expect(pages).toEqual(knows ? expected : []);
    }
    const variables = { first: 2, of: [{ __typename: "Business", taxCode: COMPANY }] };
    expect(await readAll(identity, query, variables, ({ _entities: [one] }) => one.dossiers)).toEqual(
      pagesOf(codesOf(seen.filter(({ taxCode }) => taxCode === COMPANY)), 2),
    );
  });

  test("hears of changes to these only", async () => {
    const [first] = DOSSIERS as [DossierSample];
    expect(await hear(identity, first.code)).toEqual(
      seen.includes(first) ? [{ dossierChanged: { code: first.code } }] : "UNKNOWN_DOSSIER",
    );
  });
});

/** What is told of changes to a dossier, or why nothing is. */
async function hear(identity: Identity, code: string): Promise<unknown> {
  const document = parse(`subscription { dossierChanged(code: "${code}") { code } }`);
  const asked = () => ({
    schema,
    document,
    contextValue: { ...contextOf(identity), identity, language: "en" },
  });
  const stream = await createSourceEventStream(asked());
  if ("errors" in stream) return (stream.errors?.[0]?.originalError as AgencyError | undefined)?.code;
  const told: unknown[] = [];
  for await (const rootValue of stream as AsyncIterable<unknown>)
    told.push((await execute({ ...asked(), rootValue })).data);
  return told;
}

const PAGE =
  "fragment page on DossierConnection { nodes { code } edges { node { code } } pageInfo { hasNextPage endCursor } }";

const mayKnowPeople = (identity: Identity) =>
  [CENTER, CENTER_SYSTEM].includes(identity) ||
  (identity.organisation !== undefined && identity.roles.has("agency-officer")) ||
  identity.roles.has("agency-system");

interface Connection {
  readonly nodes: readonly { code: string }[];
  readonly edges: readonly { node: { code: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Every page to the end. */
async function readAll(
  identity: Identity,
  query: string,
  variables: Record<string, unknown>,
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer
  pick: (data: any) => Connection,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data, codes } = await ask(identity, query, { ...variables, after });
    expect(codes).toEqual([]);
    const { nodes, edges, pageInfo } = pick(data);
    const page = nodes.map(({ code }) => code);
    expect(edges.map(({ node }) => node.code)).toEqual(page);
    pages.push(page);
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  return pages;
}

function pagesOf(codes: readonly string[], size: number): string[][] {
  const count = Math.max(1, Math.ceil(codes.length / size));
  return Array.from({ length: count }, (_, index) => codes.slice(index * size, (index + 1) * size));
}

const FIRST = `dossier(code: "${DOSSIERS[0]?.code}")`;

test("the applicant, the centre and the agencies at work see the person; an auditor sees all but persons", async () => {
  const query = `{ ${FIRST} { applicant { name citizen { personalId } } } }`;
  for (const identity of [citizen(PERSON), CENTER, officer(LAND)])
    expect(await ask(identity, query)).toEqual({
      data: { dossier: { applicant: { name: "Chủ hồ sơ 0", citizen: { personalId: PERSON } } } },
      codes: [],
    });
  expect(await ask(AUDITOR, query)).toEqual({ data: { dossier: { applicant: null } }, codes: ["NOT_SHOWN"] });
  const work = `{ ${FIRST} { code state receipt { receivedBy } legs { order agency { code } case { agencyCode } }
    events { to } leadAgency { name } isOverdue } }`;
  const { data, codes } = await ask(AUDITOR, work);
  expect(codes).toEqual([]);
  expect(data.dossier).toMatchObject({
    state: "ACCEPTED",
    legs: [{ order: 1 }],
    events: [{ to: "ACCEPTED" }],
  });
});

test("an auditor is not told who took a result, nor what remarks say", async () => {
  await insertDossiers(center.database, [
    {
      code: `${LAND}-250304-0001`,
      receivedAt: "2025-03-04T10:00:00+07:00",
      state: "RETURNED",
      personalId: "056190077777",
    },
  ]);
  await center.database.query(
    `update dossier set result_number = '1/KQ', result_summary = 'Cấp giấy', returned_to = 'Lê Văn Ba', return_channel = 1
     where personal_id = '056190077777'`,
  );
  const query = `{ dossier(code: "${LAND}-250304-0001") { result { number receivedBy } events { to note } } }`;
  expect((await ask(citizen("056190077777"), query)).data.dossier.result).toEqual({
    number: "1/KQ",
    receivedBy: "Lê Văn Ba",
  });
  expect(await ask(AUDITOR, query)).toEqual({
    data: {
      dossier: { result: { number: "1/KQ", receivedBy: null }, events: [{ to: "RETURNED", note: null }] },
    },
    codes: ["NOT_SHOWN", "NOT_SHOWN"],
  });
  await center.database.query("delete from dossier where personal_id = '056190077777'");
});

test("what is public is told to nobody known", async () => {
  const query = `{ trackDossier(code: "${DOSSIERS[0]?.code}") { state maskedApplicantName } agencies { code }
    agency(code: "${LAND}") { name } administrativeUnits { code }
    dossierStatistics(from: "2026-03-04", to: "2026-03-04") { received } }`;
  const { data, codes } = await ask(NOBODY, query);
  expect(codes).toEqual([]);
  expect(data).toMatchObject({
    trackDossier: { state: "ACCEPTED", maskedApplicantName: "Chủ***" },
    dossierStatistics: { received: 24 },
  });
});

const stored = () =>
  Promise.all(
    ["dossier", "dossier_leg", "dossier_event", "idempotency", "outbox", "dossier_counter"].map((table) =>
      center.database.query(`select to_jsonb(t) from ${table} t order by 1`),
    ),
  );

describe("a dossier is changed", () => {
  const code = DOSSIERS[0]?.code ?? "";
  const changes = {
    receiveDossier: `receiveDossier(input: { procedureCode: "1.004222", applicant: { kind: CITIZEN, name: "An", personalId: "${PERSON}" } }, idempotencyKey: KEY)`,
    withdrawDossier: `withdrawDossier(code: "${code}", idempotencyKey: KEY)`,
    completeDossier: `completeDossier(code: "${code}", result: { number: "1", summary: "xong" }, idempotencyKey: KEY)`,
    returnResult: `returnResult(code: "${code}", receivedBy: "An", idempotencyKey: KEY)`,
    reportCase: `reportCase(dossierCode: "${code}", agencyCode: "000.00.14.H56", state: REGISTERED, at: "2026-03-04T12:00:00+07:00", idempotencyKey: KEY)`,
  };
  type Change = keyof typeof changes;
  const ofCenter: readonly Change[] = [
    "receiveDossier",
    "withdrawDossier",
    "completeDossier",
    "returnResult",
  ];
  // Those who may nothing come first: then there is nothing that others have changed.
  test.each([
    ["nobody known", NOBODY, []],
    ["its applicant", citizen(PERSON), []],
    ["a business", business(COMPANY), []],
    ["an auditor", AUDITOR, []],
    ["an officer of an agency of another leg", officer(TAX), []],
    ["an officer of no agency", who("agency-officer"), []],
    ["an officer of the agency", officer(LAND), ["reportCase"]],
    ["the agency's software", system("000.00.14.H56"), ["reportCase"]],
    ["the centre's software", CENTER_SYSTEM, ofCenter],
    ["the centre's officer", CENTER, ofCenter],
  ] as readonly (readonly [string, Identity, readonly Change[]])[])(
    "by %s only as they may",
    async (name, identity, allowed) => {
      for (const [change, called] of Object.entries(changes)) {
        const before = await stored();
        const key = `"${name.replaceAll(/\W/g, "-")}-${change}"`;
        const { data, codes } = await ask(
          identity,
          `mutation { x: ${called.replace("KEY", key)} { dossier { code } } }`,
        );
        const isRefused = codes.includes("NOT_ALLOWED");
        const isLeft = data.x === null && isDeepStrictEqual(await stored(), before);
        expect([change, isRefused, isLeft || !isRefused]).toEqual([
          change,
          !allowed.includes(change as Change),
          true,
        ]);
      }
    },
  );

  test("a refusal says who may", async () => {
    const told = await execute({
      schema,
      document: parse(
        `mutation { ${changes.reportCase.replace("KEY", '"refused-report"')} { dossier { code } } }`,
      ),
      contextValue: { ...contextOf(officer(TAX)), identity: officer(TAX), language: "en" },
    });
    expect(told.errors?.[0]?.message).toBe(
      "you may not do Mutation.reportCase; allowed: agency-officer, agency-system (H56.14)",
    );
  });
});

test.each([
  ["a citizen", citizen("056190099999")],
  ["an agency's officer", officer("H56.99")],
  ["an agency's system", system("H56.99")],
  ["nobody known", NOBODY],
])(
  "to %s a code that is unknown and one that is not shown are the same, by answer and by work",
  async (_name, identity) => {
    const [shown] = DOSSIERS;
    const unknown = `${LAND}-260304-9999`;
    const told = async (code: string) => {
      const query = "query ($code: ID!) { dossier(code: $code) { code legs { order } } }";
      let answer: unknown;
      const statements = await center.statements(async () => {
        answer = await ask(identity, query, { code });
      });
      return { answer, statements };
    };
    const hidden = await told(shown?.code ?? "");
    expect(hidden.answer).toEqual({ data: { dossier: null }, codes: [] });
    expect(await told(unknown)).toEqual(hidden);
    // What is shown to everybody is looked up alike, by a code and by a legacy code.
    const track = (code: string) => ask(identity, `{ trackDossier(code: "${code}") { code } }`);
    const found = await center.statements(() => track(shown?.code ?? ""));
    expect(await center.statements(() => track(unknown))).toEqual(found);
    expect(await center.statements(() => track("OLD-1"))).toEqual(found);
  },
);

test("the rows of a page are judged with one statement", async () => {
  const query = `{ dossiers(first: 20) { nodes { code state } } }`;
  const statements = await center.statements(() => ask(officer(LAND), query));
  expect(statements).toHaveLength(2);
});
