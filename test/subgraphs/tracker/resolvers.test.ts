import { type ExecutionResult, graphql, type GraphQLSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRecordFile } from "../../../gateway/record/settings.ts";
import { openTracker, type Tracker } from "../../../gateway/record/tracker.ts";
import { AgencyError, type Language } from "../../../subgraphs/kit/errors.ts";
import { ANONYMOUS, EVERYTHING, type Identity } from "../../../subgraphs/kit/identity.ts";
import { buildServedSchema, readSdl } from "../../../subgraphs/kit/sdl.ts";
import { type FieldMeanings, readMeanings } from "../../../subgraphs/tracker/meanings.ts";
import { trackerResolvers } from "../../../subgraphs/tracker/resolvers.ts";
import { trackerRows } from "../../../subgraphs/tracker/row-rules.ts";
import { type Recorded, startRecorded } from "../../gateway/record/persons.ts";

const AN = "001088000001";
const BINH = "001088000002";

let recorded: Recorded;
let tracker: Tracker;
let meanings: FieldMeanings;
let schema: GraphQLSchema;
beforeAll(async () => {
  recorded = await startRecorded({ personRoles: ["citizen"] });
  meanings = await readMeanings();
  schema = buildServedSchema([
    { typeDefs: readSdl("tracker"), resolvers: trackerResolvers, rows: trackerRows },
  ]);
  const clerk = await recorded.as("clerk", "c-7");
  const { gateway } = recorded;
  await gateway.ask("{ person(id: 1) { name number mail } }", {}, { ...clerk, "x-purpose": "care" });
  await gateway.ask("{ person(id: 2) { name } }", {}, clerk);
  await gateway.ask("{ person(id: 1) { name } }", {}, await recorded.as("citizen", AN));
  await gateway.ask("{ people { name } }");
  tracker = await openTracker(await readRecordFile(recorded.file));
});
afterAll(async () => {
  await tracker?.close();
  await recorded?.close();
});

function ask(query: string, identity: Identity, language: Language = "en"): Promise<ExecutionResult> {
  const contextValue = { tracker, meanings, identity, language };
  return graphql({ schema, source: query, contextValue });
}

const self = (subject: string, role = "citizen"): Identity => ({
  ...ANONYMOUS,
  isAuthenticated: true,
  subject,
  roles: new Set([role]),
});

const codesOf = (errors: ExecutionResult["errors"]) =>
  errors?.map(({ originalError }) => (originalError instanceof AgencyError ? originalError.code : undefined));

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function page(identity: Identity, args = ""): Promise<Page> {
  const { data, errors } = await ask(
    `{ myDataAccess${args} { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }`,
    identity,
  );
  expect(errors).toBeUndefined();
  return (data as unknown as { myDataAccess: Page }).myDataAccess;
}

const ids = ({ nodes }: Page) => nodes.map(({ id }) => Number(id));

test("a reading is shown with who, when, why, what and from whom", async () => {
  const { data, errors } = await ask(
    `{ myDataAccess { nodes { id at purpose { code basis } reader { isYou roles organisationCode agency { code } client }
      fields { name description } refused { name } sources { service agency { code } } } } }`,
    self(AN),
  );
  expect(errors).toBeUndefined();
  const readings = (data as unknown as { myDataAccess: { nodes: { at: string }[] } }).myDataAccess.nodes;
  expect(readings.map(({ at }) => at)).toEqual(
    readings.map(() => expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/)),
  );
  const sources = [{ service: "people", agency: null }];
  const name = { name: "Person.name", description: null };
  const common = { at: expect.any(String), sources };
  const clerk = {
    isYou: false,
    roles: ["clerk"],
    organisationCode: null,
    agency: null,
    client: "development",
  };
  expect(readings).toEqual([
    { ...common, id: "4", reader: null, purpose: null, fields: [name], refused: [] },
    {
      ...common,
      id: "3",
      reader: { ...clerk, isYou: true, roles: ["citizen"] },
      purpose: null,
      fields: [name],
      refused: [],
    },
    {
      ...common,
      id: "1",
      reader: clerk,
      purpose: { code: "care", basis: null },
      fields: [name, { name: "Person.number", description: null }],
      refused: [{ name: "Person.mail" }],
    },
  ]);
});

describe("only one's own", () => {
  test("a person sees what was read of them, and nothing of others", async () => {
    expect(ids(await page(self(AN)))).toEqual([4, 3, 1]);
    expect(ids(await page(self(BINH)))).toEqual([4, 2]);
    expect(ids(await page(self(BINH, "business")))).toEqual([4, 2]);
    expect(ids(await page(self("001088000009")))).toEqual([]);
  });

  test.each<[string, Identity]>([
    ["nobody known", ANONYMOUS],
    ["a subgraph without identities", EVERYTHING],
    ["an officer whose name is a person's number", self(AN, "center-officer")],
  ])("%s is told to ask for themselves", async (_who, identity) => {
    const { data, errors } = await ask("{ myDataAccess { nodes { id } } }", identity);
    expect(data).toEqual({ myDataAccess: null });
    expect(errors?.map(({ originalError }) => (originalError as AgencyError).code)).toEqual([
      "OWN_DATA_ONLY",
    ]);
  });

  test("the rule of the rows says so too", () => {
    const rule = trackerRows.types["DataAccess"] as (row: { subject: string }, identity: Identity) => boolean;
    expect(rule({ subject: AN }, self(AN))).toBe(true);
    for (const identity of [self(BINH), ANONYMOUS, self(AN, "center-officer")])
      expect(rule({ subject: AN }, identity)).toBe(false);
  });
});

test("a page goes on where the one before ended, and from and to bound it", async () => {
  const first = await page(self(AN), "(first: 2)");
  expect([ids(first), first.pageInfo.hasNextPage]).toEqual([[4, 3], true]);
  const second = await page(self(AN), `(first: 2, after: "${first.pageInfo.endCursor}")`);
  expect([ids(second), second.pageInfo.hasNextPage]).toEqual([[1], false]);
  expect(ids(await page(self(AN), '(from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z")'))).toEqual([]);
  expect(ids(await page(self(AN), '(from: "2020-01-01T00:00:00+07:00")'))).toEqual([4, 3, 1]);
  const { errors } = await ask('{ myDataAccess(first: 101, after: "x") { nodes { id } } }', self(AN));
  expect(codesOf(errors)).toEqual(["INVALID_INPUT"]);
});

test("where nothing is recorded, that is said", async () => {
  const contextValue = { tracker: undefined, meanings, identity: self(AN), language: "en" };
  const { errors } = await graphql({ schema, source: "{ myDataAccess { nodes { id } } }", contextValue });
  expect(codesOf(errors)).toEqual(["NOTHING_RECORDED"]);
});
