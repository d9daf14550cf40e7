/**
 * The sample province as it is by default: every role of schema/trust.json reads what is meant for it and nothing else, and
 * the agencies' programs, which show who they are, still carry a dossier on its way.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maskText } from "../../process/mask.ts";
import { POLICE, TAX } from "../../province/catalogue/agencies.ts";
import { prepareTrust } from "../../province/trust.ts";
import { lienthong } from "../cli/running.ts";
import { ask } from "../gateway/running.ts";
import { bearer } from "./bearer.ts";
import { startProvince, type TestProvince } from "./province.ts";

const FIRST_QUERY = `query ($code: ID!) { dossier(code: $code) { code status statusWithout applicant { name citizen { personalId fullName } }
  legs { agency { code } case { state taxNotices { amount } healthCard { number } residence { address } } } } }`;

let province: TestProvince;
let data: string;
/** The newest dossier of several agencies. */
let code: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "lienthong-trust-"));
  province = await startProvince("native", await prepareTrust(data));
  const { data: listed } = await as("center-officer", "{ dossiers(first: 1) { nodes { code } } }");
  code = (listed as { dossiers: { nodes: { code: string }[] } }).dossiers.nodes[0]?.code ?? "";
});
afterAll(async () => {
  await province?.close();
  await rm(data, { recursive: true });
});

async function headersOf(role: string, agency?: string): Promise<Record<string, string>> {
  const ofAgency = agency === undefined ? [] : ["--agency", agency];
  // What auditors are granted, they are granted for inspections.
  const purpose = role === "auditor" ? { "x-purpose": "inspection" } : undefined;
  return { authorization: await bearer(data, ["--role", role, ...ofAgency]), ...purpose };
}

async function as(role: string, query: string, variables = {}, agency?: string) {
  return province.ask(query, variables, await headersOf(role, agency));
}

const codesOf = (errors: readonly { extensions: Record<string, unknown> }[]) => [
  ...new Set(errors.map(({ extensions }) => extensions["code"])),
];

test("without a token only what is public is told", async () => {
  const open = `{ agencies { code name } trackDossier(code: "${code}") { state } }`;
  const { data: told, errors } = await province.ask(open);
  expect(errors).toEqual([]);
  expect(told).toMatchObject({ trackDossier: { state: expect.any(String) } });
  // Of a person not even the first letters.
  const person = `{ trackDossier(code: "${code}") { maskedApplicantName } }`;
  const letters = await province.ask(person);
  expect([letters.data, codesOf(letters.errors)]).toEqual([{ trackDossier: null }, ["FORBIDDEN"]]);
  expect((await as("operator", person)).data).toEqual({
    trackDossier: { maskedApplicantName: expect.stringMatching(/\*\*\*$/) },
  });
  const refused = await province.ask(FIRST_QUERY, { code });
  expect([refused.data, codesOf(refused.errors)]).toEqual([{ dossier: null }, ["FORBIDDEN"]]);
  // Not even whether there are any: a page of somebody's dossiers would tell that somebody has some.
  const pages = `{ dossiers(filter: { personalId: "038190000001" }) { pageInfo { hasNextPage } }
    agency(code: "H56.14") { cases(first: 1) { pageInfo { endCursor } } } }`;
  expect((await province.ask(pages)).data).toEqual({ dossiers: null, agency: { cases: null } });
});

test.each([
  ["center", "/graphql"],
  ["tax", "/graphql"],
  ["departments", "/H56.14/graphql"],
] as const)("%s, asked directly, answers nobody, whoever shows a token", async (server, path) => {
  const url = new URL(path, province.urlOf(server)).href;
  for (const headers of [{}, await headersOf("center-officer")]) {
    const { status, errors } = await ask(url, "{ _service { sdl } }", {}, headers);
    expect([status, codesOf(errors)]).toEqual([401, ["NOT_FROM_GATEWAY"]]);
  }
});

test("the first query of the readme works for the centre's officer", async () => {
  const { data: told, errors } = await as("center-officer", FIRST_QUERY, { code });
  expect(errors).toEqual([]);
  expect(told).toMatchObject({
    dossier: { code, statusWithout: [], applicant: { name: expect.any(String) } },
  });
});

test("the operator reads no dossier", async () => {
  const { data: told, errors } = await as("operator", "{ dossiers { nodes { code } } agencies { code } }");
  expect(told).toMatchObject({ dossiers: null, agencies: expect.any(Array) });
  expect(codesOf(errors)).toEqual(["FORBIDDEN"]);
});

test("an auditor reads dossiers, and no person", async () => {
  const query = `{ dossier(code: "${code}") { state status legs { case { state residence { address } } } } }`;
  const { data: told, errors } = await as("auditor", query);
  const { dossier } = told as {
    dossier: { status: string; legs: { case: { residence: unknown } | null }[] };
  };
  expect(dossier.status).not.toBe("UNKNOWN");
  expect(dossier.legs.map((leg) => leg.case?.residence ?? null)).toEqual(dossier.legs.map(() => null));
  expect(codesOf(errors)).toEqual(["FORBIDDEN"]);
  expect((await as("auditor", '{ citizen(personalId: "038190000001") { fullName } }')).data).toEqual({
    citizen: null,
  });
});

test("an agency's system sees whom its case is about masked, an officer there sees them whole", async () => {
  const { data: told } = await as(
    "center-officer",
    `{ dossier(code: "${code}") { legs { agency { code } } } }`,
  );
  const agency = (told as { dossier: { legs: { agency: { code: string } }[] } }).dossier.legs[0]?.agency.code;
  const query = `{ dossier(code: "${code}") { applicant { name alias: phone } } }`;
  const applicantFor = async (role: string) =>
    ((await as(role, query, {}, agency)).data as { dossier: { applicant: { name: string; alias: string } } })
      .dossier.applicant;
  const { name, alias } = await applicantFor("agency-officer");
  expect(await applicantFor("agency-system")).toEqual({
    name: maskText(name, 3),
    alias: maskText(alias, 3),
  });
  // To whoever knows the code, and no more than that, even to those who see the whole elsewhere.
  const tracked = await as("center-officer", `{ trackDossier(code: "${code}") { maskedApplicantName } }`);
  expect(tracked.data).toEqual({ trackDossier: { maskedApplicantName: maskText(name, 3) } });
  expect(name).not.toContain("*");
});

test("what agencies grant, they grant to whom they say, and for what", async () => {
  const query = `{ dossier(code: "${code}") { code legs { case { state } } } }`;
  const { authorization = "" } = await headersOf("auditor");
  const grantless = await province.ask(query, {}, { authorization });
  expect(grantless.data).toEqual({ dossier: null });
  expect(grantless.errors).toMatchObject([
    { extensions: { code: "NOT_GRANTED", service: "center", missing: "purpose" } },
  ]);
  const other = await province.ask(query, {}, { authorization, "x-purpose": "dossier-processing" });
  expect(other.errors).toMatchObject([{ extensions: { code: "NOT_GRANTED", missing: "purpose" } }]);
  const unknown = await province.ask(query, {}, { authorization, "x-purpose": "curiosity" });
  expect([unknown.data, codesOf(unknown.errors)]).toEqual([undefined, ["PURPOSE_UNKNOWN"]]);
});

test("what an agency knows of taxes and insurance, its own officers read, and the centre's", async () => {
  const query = `{ taxpayer(taxCode: "5600000000") { name } insuredPerson(insuranceNumber: "0000000000") { name } }`;
  const refusedFor = async (role: string, agency?: string) =>
    (await as(role, query, {}, agency)).errors
      .filter(({ extensions }) => extensions["code"] === "FORBIDDEN")
      .map(({ path }) => path?.join("."));
  expect(await refusedFor("agency-officer", "G12.56")).toEqual(["insuredPerson"]);
  expect(await refusedFor("agency-officer", "G24.56")).toEqual(["taxpayer"]);
  expect(await refusedFor("agency-officer", "H56.14")).toEqual(["taxpayer", "insuredPerson"]);
  expect(await refusedFor("center-officer")).toEqual([]);
});

const change = async (role: string, mutation: string, variables: object, agency?: string) => {
  const { data: told, errors } = await as(role, mutation, variables, agency);
  expect(errors).toEqual([]);
  return told;
};

test("every office signs what it answers: one whose key is not its own is not believed", async () => {
  const file = join(data, "trust", "answer-keys.json");
  const text = await readFile(file, "utf8");
  const keys = JSON.parse(text) as { members: Record<string, unknown> };
  const query = `{ tax: agency(code: "${TAX}") { name procedures { totalCount } } police: agency(code: "${POLICE}") { procedures { totalCount } } }`;
  const answers = () => province.ask(query);
  const whole = await answers();
  expect(whole.errors).toEqual([]);
  await writeFile(
    file,
    JSON.stringify({ ...keys, members: { ...keys.members, [TAX]: keys.members[POLICE] } }),
  );
  await expect.poll(async () => codesOf((await answers()).errors)).toEqual(["SUBGRAPH_SIGNATURE_INVALID"]);
  expect((await answers()).data).toEqual({
    ...whole.data,
    tax: { name: expect.any(String), procedures: null },
  });
  await writeFile(file, text);
  await expect.poll(answers).toEqual(expect.objectContaining({ data: whole.data, errors: [] }));
});

describe("a birth goes its way", () => {
  const RECEIVE = `mutation ($input: ReceiveDossierInput!, $key: ID!) {
    receiveDossier(input: $input, idempotencyKey: $key) { dossier { code } } }`;
  const ADVANCE = `mutation ($code: ID!, $to: CaseState!, $key: ID!) {
    advanceCase(agencyCode: "H56.31.01", dossierCode: $code, to: $to, idempotencyKey: $key) { case { state } } }`;
  const COMPLETE = `mutation ($code: ID!, $key: ID!) {
    completeCase(agencyCode: "H56.31.01", dossierCode: $code, result: { number: "1/KQ", summary: "Xong" }, idempotencyKey: $key) {
      case { state } } }`;
  const input = {
    procedureCode: "2.002621",
    applicant: { kind: "CITIZEN", name: "Nguyễn Văn Thử", personalId: "038190000001" },
  };

  test("received, worked on, reported, and sent on, each by those who may", async () => {
    const forbidden = await as("auditor", RECEIVE, { input, key: "trust-receive-0" });
    expect([forbidden.data, codesOf(forbidden.errors)]).toEqual([{ receiveDossier: null }, ["FORBIDDEN"]]);
    const told = await change("center-officer", RECEIVE, { input, key: "trust-receive-1" });
    const { receiveDossier } = told as { receiveDossier: { dossier: { code: string } } };
    const received = receiveDossier.dossier.code;
    const states = async () => {
      const asked = `{ dossier(code: "${received}") { legs { case { state } } } }`;
      const { data: now } = await as("auditor", asked);
      const { dossier } = now as { dossier: { legs: { case: { state: string } | null }[] } };
      return dossier.legs.map((leg) => leg.case?.state ?? null);
    };
    // By the centre's own message to the commune.
    await expect.poll(states).toEqual(["REGISTERED", null, null]);
    const early = { code: received, to: "ACCEPTED", key: "trust-step-0" };
    const nobody = await province.ask(ADVANCE, early);
    expect([nobody.data, codesOf(nobody.errors)]).toEqual([{ advanceCase: null }, ["FORBIDDEN"]]);
    expect(await states()).toEqual(["REGISTERED", null, null]);
    const accept = { code: received, to: "ACCEPTED", key: "trust-step-2" };
    const elsewhere = await as("agency-officer", ADVANCE, accept, "H56.14");
    expect([elsewhere.data, codesOf(elsewhere.errors)]).toEqual([{ advanceCase: null }, ["NOT_ALLOWED"]]);
    await change("agency-officer", ADVANCE, accept, "H56.31.01");
    const work = { code: received, to: "IN_PROGRESS", key: "trust-step-4" };
    await change("agency-officer", ADVANCE, work, "H56.31.01");
    await change("agency-officer", COMPLETE, { code: received, key: "trust-step-9" }, "H56.31.01");
    // By the commune's report to the centre, and the centre's messages to the next.
    await expect.poll(states, { timeout: 20_000 }).toEqual(["COMPLETED", "REGISTERED", "REGISTERED"]);
  }, 60_000);
});

/** A code that no dossier has. */
const guess = (index: number) => `H56.14-190101-${9_000 + index}`;

function track(codes: readonly string[], headers: Readonly<Record<string, string>> = {}) {
  const fields = codes.map((each, index) => `g${index}: trackDossier(code: "${each}") { state }`);
  return province.ask(`{ ${fields.join(" ")} }`, {}, headers);
}

async function guessUntilStopped(headers?: Readonly<Record<string, string>>): Promise<void> {
  let guesses = 0;
  for (;;) {
    const { status } = await track(
      Array.from({ length: 5 }, (_, index) => guess(guesses + index)),
      headers,
    );
    if (status === 429) return;
    guesses += 5;
    expect(guesses).toBeLessThan(100);
  }
}

describe("codes are not to be found by guessing", () => {
  test("unknown, not shown and of before are one answer, by body and headers", async () => {
    const query = "query ($code: ID!) { dossier(code: $code) { code state } }";
    const answers = await Promise.all(
      [code, guess(1), "000.00.14.H56-190101-0001"].map(async (each, index) => {
        // Each is another citizen: what is left of an allowance must not tell the one from the other either.
        const subject = `05619009999${index}`;
        const made = await lienthong(["token", "--role", "citizen", "--subject", subject, "--data", data]);
        const headers = { authorization: `Bearer ${made.out.trim()}`, "x-request-id": "guess" };
        const { headers: told, ...answer } = await province.ask(query, { code: each }, headers);
        return { ...answer, headers: Object.fromEntries([...told].filter(([name]) => name !== "date")) };
      }),
    );
    expect(answers.map((answer) => answer.data)).toEqual([1, 2, 3].map(() => ({ dossier: null })));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("a citizen who guesses is stopped after a few dozen, and no other with them", async () => {
    await guessUntilStopped(await headersOf("citizen"));
    expect((await track([code], await headersOf("citizen"))).errors).toMatchObject([
      { extensions: { code: "RATE_LIMITED", limit: "rateRole", allowed: 3_000 } },
    ]);
    expect((await track([code], await headersOf("business"))).errors).toEqual([]);
  });

  test("an address that guesses is stopped after a few dozen; who works for an office is not", async () => {
    await guessUntilStopped();
    expect((await track([code])).errors).toMatchObject([
      { extensions: { code: "RATE_LIMITED", limit: "rateAddress", allowed: 3_000 } },
    ]);
    expect((await as("center-officer", `{ trackDossier(code: "${code}") { state } }`)).errors).toEqual([]);
  });
});

describe("lienthong token", () => {
  test("tells the roles there are", async () => {
    const { code: exit, err } = await lienthong(["token", "--role", "king", "--data", data]);
    expect(exit).toBe(2);
    expect(err).toContain("Roles: citizen, business, center-officer");
  });

  test("tells where a province is needed that asks who asks", async () => {
    const { code: exit, err } = await lienthong(["token", "--role", "citizen", "--data", join(data, "none")]);
    expect(exit).toBe(1);
    expect(err).toContain("cannot read");
  });

  test("its key stays its owner's, from one start to the next", async () => {
    const key = join(data, "trust", "development.key.json");
    const before = await readFile(key, "utf8");
    await prepareTrust(data);
    expect(await readFile(key, "utf8")).toBe(before);
  });
});
