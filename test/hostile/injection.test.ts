/**
 * What is meant for a database comes through variables into the real subgraphs, over real databases: it finds nothing,
 * changes nothing, and nothing of a database is told.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProvince, type TestProvince } from "../system/province.ts";
import { LEAKS } from "./asking.ts";

let province: TestProvince;
let before: unknown;

beforeAll(async () => {
  province = await startProvince();
  before = await count();
});
afterAll(() => province?.close());

async function count(): Promise<unknown> {
  const { data, errors } = await province.ask("{ dossiers(first: 100) { nodes { code state } } }");
  expect(errors).toEqual([]);
  return data;
}

const TEXTS = [
  "' OR '1'='1",
  "' OR 1=1 --",
  "'; DROP TABLE dossiers; --",
  "1; SELECT pg_sleep(30)",
  "' UNION SELECT rolpassword FROM pg_authid --",
  "$1",
  "\\'; SELECT 1; --",
  "%",
  "_%",
  "\u0000",
  "x\u0000'; --",
  "\ud800",
  "H56.31.01-261120-0001' AND pg_sleep(10) IS NULL --",
  "Ｈ56．31．01-261120-0001",
  "H56.31.01‐261120‐0001",
  "{{7*7}}",
  "${process.env.DATABASE_URL}",
  "../../../../etc/passwd",
  '{"$gt":""}',
  "a".repeat(20_000),
];

/** Each with one variable `x`, and what a dossier or a person that is not there is answered with. */
const QUERIES = {
  dossier: "query ($x: ID!) { found: dossier(code: $x) { code } }",
  trackDossier: "query ($x: ID!) { found: trackDossier(code: $x) { __typename } }",
  agency: "query ($x: ID!) { found: agency(code: $x) { code } }",
  taxpayer: "query ($x: ID!) { found: taxpayer(taxCode: $x) { taxCode } }",
  citizen: "query ($x: ID!) { found: citizen(personalId: $x) { personalId } }",
  insuredPerson: "query ($x: ID!) { found: insuredPerson(insuranceNumber: $x) { __typename } }",
  licence: 'query ($x: ID!) { found: licence(agencyCode: "H56.14", number: $x) { number } }',
  "a member": 'query ($x: ID!) { found: licence(agencyCode: $x, number: "1") { number } }',
  agencyCase: 'query ($x: ID!) { found: agencyCase(agencyCode: "H56.14", dossierCode: $x) { state } }',
} as const;

/** The errors, but for what a client reads again of its own. */
function withoutSent(errors: unknown, sent: string): string {
  const once = JSON.stringify(sent).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return JSON.stringify(errors).replaceAll(twice, "").replaceAll(once, "");
}

test.each(Object.entries(QUERIES))("%s", async (_name, query) => {
  for (const x of TEXTS) {
    const { status, data, errors } = await province.ask(query, { x });
    expect([200, 400]).toContain(status);
    expect([x, data?.["found"] ?? null]).toEqual([x, null]);
    expect(withoutSent(errors, x)).not.toMatch(LEAKS);
    expect(errors.map(({ extensions }) => extensions["code"])).not.toContain("INTERNAL_SERVER_ERROR");
  }
});

test("cursors and numbers out of bounds", async () => {
  const query =
    "query ($first: Int, $after: String) { dossiers(first: $first, after: $after) { nodes { code } } }";
  for (const after of TEXTS) {
    const { status, data, errors } = await province.ask(query, { first: 1, after });
    expect([200, 400]).toContain(status);
    expect([after, data?.["dossiers"] ?? null]).toEqual([after, null]);
    expect(withoutSent(errors, after)).not.toMatch(LEAKS);
  }
  for (const first of [-1, 0, 101, 2_147_483_647]) {
    const { data, errors } = await province.ask(query, { first });
    expect([data?.["dossiers"] ?? null, errors.length]).toEqual([null, 1]);
  }
});

test("nothing has changed, and everything still answers", async () => {
  expect(await count()).toEqual(before);
});
