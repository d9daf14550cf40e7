/**
 * Ways around grants: whatever form an operation has, what is not granted is not asked for and not told; and what is
 * granted anew is there without a restart.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lastErrors, subscribeBy } from "../clients.ts";
import { link } from "../execute/graphs/graph.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { GRANT } from "./granted.ts";
import { startIssuer, type TestIssuer } from "./tokens.ts";

const HEAD = link("@key @requires @external @authenticated @composeDirective") + GRANT;
const PEOPLE = `${HEAD}
  extend schema @grant(to: ["anyone"], by: "people")
  type Query { me: Person strict: Person! any: Being beings: [Being!] found: [Found] closed: Int @grant(to: ["role:none"]) }
  type Mutation { rename: Person erase: Int @grant(to: ["role:eraser"]) }
  type Subscription { changed: Person dropped: Person @grant(to: ["client:app"], for: ["care"]) }
  interface Being { id: ID name: String secret: String }
  union Found = Person | Cat
  type Person implements Being @key(fields: "id") {
    id: ID name: String cats: [Cat!] friend: Person
    secret: String @grant(to: ["client:app", "organisation:north"], for: ["care", "audit"], by: "people")
    number(form: String): String! @grant(to: ["role:none"])
    both: String @grant(to: ["role:none"]) @authenticated
    age: Int @grant(to: ["role:none"], by: "people")
    size: Int @grant(to: ["service:bank"], for: ["audit"], by: "people")
  }
  type Cat implements Being @key(fields: "id") { id: ID name: String secret: String }`;
const BANK = `${HEAD}
  type Person @key(fields: "id") @grant(to: ["anyone"], by: "bank") {
    id: ID size: Int @external account: String weight: Int @requires(fields: "size")
    age: Int @external prime: Boolean @requires(fields: "age")
    money: Int @grant(to: ["role:teller"])
  }`;

const ANN: Record<string, unknown> = {
  __typename: "Person",
  id: "p1",
  name: "Ann",
  secret: "S3CRET",
  number: "N0",
  both: "B0TH",
  size: 5,
};
const TOM = { __typename: "Cat", id: "c1", name: "Tom", secret: "fish" };
ANN["cats"] = [TOM];
ANN["friend"] = ANN;

let login: TestIssuer;
let people: Feed;
let bank: TestServer;
let gateway: RunningGateway;
let strict: RunningGateway;
let directory: string;
let grantsFile: string;
const erased: unknown[] = [];

beforeAll(async () => {
  login = await startIssuer();
  people = await startFeed(PEOPLE, ["changed", "dropped"], {
    Query: {
      me: () => ANN,
      strict: () => ANN,
      any: () => ANN,
      beings: () => [ANN, TOM],
      found: () => [ANN, TOM],
    },
    Mutation: { rename: () => ANN, erase: () => erased.push(1) },
  });
  bank = await startSubgraph(BANK, {
    Person: {
      __resolveReference: ({ size }: { size?: number }) => ({ id: "p1", account: "A1", size, money: 7 }),
      weight: ({ size }: { size: number }) => size * 2,
    },
  });
  const { supergraphSdl = "", errors } = composeServices([
    { name: "people", url: people.url, typeDefs: parse(PEOPLE) },
    { name: "bank", url: bank.url, typeDefs: parse(BANK) },
  ]);
  if (errors !== undefined) throw new Error(errors.join());
  directory = await mkdtemp(join(tmpdir(), "grants-"));
  grantsFile = join(directory, "grants.json");
  await grant([]);
  const issuers = [{ issuer: login.issuer, audience: "graph" }];
  const purposes = { care: "Act 1", audit: "Act 2", other: "Act 3" };
  const start = async (name: string, more: object) => {
    const trust = join(directory, name);
    await writeFile(trust, JSON.stringify({ issuers, purposes, ...more }));
    return startGateway(supergraphSdl, [], { trust });
  };
  gateway = await start("field.json", { grants: "grants.json" });
  strict = await start("request.json", { grants: true, refuse: "request" });
});
afterAll(async () => {
  await gateway.close();
  await strict.close();
  await people.close();
  await bank.close();
  await login.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  people.asked.length = 0;
  bank.asked.length = 0;
});

function grant(grants: readonly object[]): Promise<void> {
  return writeFile(grantsFile, JSON.stringify({ grants }));
}

const as = async (claims: object, purpose?: string): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await login.token({ ...claims })}`,
  ...(purpose !== undefined && { "x-purpose": purpose }),
});

/** Codes and paths of the errors, and what is missing. */
async function said(query: string, headers: Record<string, string> = {}, variables = {}) {
  const { data, errors } = await gateway.ask(query, variables, headers);
  return {
    data,
    errors: errors.map(({ path, extensions: { code, service, missing } }) =>
      [code, service, missing, path?.join(".")].join(" "),
    ),
  };
}

const askedFor = (field: string) =>
  [...people.asked, ...bank.asked.map(({ query }) => query)].filter((query) =>
    new RegExp(`\\b${field}\\b`).test(query),
  );

describe("of whom nothing is granted", () => {
  test.each([
    ["plainly", "{ me { name secret } }", { me: { name: "Ann", secret: null } }, "me.secret"],
    ["by an alias", "{ me { name: secret } }", { me: { name: null } }, "me.name"],
    [
      "in a fragment on the type",
      "{ me { ... on Person { secret } } }",
      { me: { secret: null } },
      "me.secret",
    ],
    [
      "in named fragments within each other",
      "query { me { ...A } } fragment A on Being { ...B } fragment B on Person { friend { ...C } } fragment C on Being { secret }",
      { me: { friend: { secret: null } } },
      "me.friend.secret",
    ],
    [
      "by an interface",
      "{ beings { __typename secret } }",
      {
        beings: [
          { __typename: "Person", secret: null },
          { __typename: "Cat", secret: "fish" },
        ],
      },
      "beings.0.secret",
    ],
    [
      "by a union",
      "{ found { ... on Being { name secret } ... on Cat { secret } } }",
      {
        found: [
          { name: "Ann", secret: null },
          { name: "Tom", secret: "fish" },
        ],
      },
      "found.0.secret",
    ],
    [
      "after an entity of another service",
      "{ me { account secret } }",
      { me: { account: "A1", secret: null } },
      "me.secret",
    ],
  ])("%s: null, told, and nobody is asked", async (_how, query, data, path) => {
    const reply = await said(query, await as({ azp: "other" }, "care"));
    expect(reply.data).toEqual(data);
    expect(reply.errors).toEqual([`NOT_GRANTED people consumer ${path}`]);
    expect(JSON.stringify(reply)).not.toContain("S3CRET");
    // Of objects that may be cats, the field is asked as that of cats.
    for (const asked of askedFor("secret"))
      expect(asked.replaceAll(/\s+/g, " ")).toMatch(/on Cat ?\{[^}]*secret/);
  });

  test("a null that must not be goes up to where it may be", async () => {
    expect(await said("{ strict { number } }")).toEqual({
      data: null,
      errors: ["NOT_GRANTED people consumer strict.number"],
    });
  });

  test("what a token lacks is told first, and nothing of grants", async () => {
    expect((await said("{ me { both } }")).errors).toEqual(["FORBIDDEN   me.both"]);
    expect((await said("{ me { both } }", await as({}))).errors).toEqual([
      "NOT_GRANTED people consumer me.both",
    ]);
  });

  test("a mutation is not begun; those beside it are", async () => {
    expect(await said("mutation { rename { name } erase }")).toEqual({
      data: { rename: { name: "Ann" }, erase: null },
      errors: ["NOT_GRANTED people consumer erase"],
    });
    expect(erased).toEqual([]);
    expect((await said("mutation { erase }", await as({ roles: ["eraser"] }))).data).toEqual({ erase: 1 });
  });

  test("deferred: in one answer, without it", async () => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: { accept: "multipart/mixed", "content-type": "application/json" },
      body: JSON.stringify({ query: "{ me { name ... @defer { secret friend { secret } } } }" }),
    });
    const text = await response.text();
    expect(text).toContain('"secret":null');
    expect(text).toContain("NOT_GRANTED");
    expect(text).not.toContain("S3CRET");
    expect(askedFor("secret")).toEqual([]);
  });

  test.each(["websocket", "sse"] as const)("a subscription by %s", async (way) => {
    const refused = subscribeBy[way](gateway.url, "subscription { dropped { name } }");
    await expect.poll(() => refused.end).toBeDefined();
    expect(lastErrors(refused)).toMatchObject([
      { extensions: { code: "NOT_GRANTED", service: "people", missing: "consumer" } },
    ]);
    expect(people.open.size).toBe(0);
    const heard = subscribeBy[way](gateway.url, "subscription { changed { name secret } }");
    await expect.poll(() => people.open.size).toBe(1);
    people.emit("changed", ANN);
    await expect.poll(() => heard.answers.length).toBe(1);
    expect(heard.answers[0]).toMatchObject({
      data: { changed: { name: "Ann", secret: null } },
      errors: [{ path: ["changed", "secret"], extensions: { code: "NOT_GRANTED" } }],
    });
    heard.leave();
    await expect.poll(() => people.open.size).toBe(0);
  });

  test("where a request is refused as a whole, nobody is asked anything", async () => {
    const { status, data, errors } = await strict.ask("{ me { name secret } }");
    expect([status, data, people.asked]).toEqual([403, undefined, []]);
    expect(errors.map(({ extensions }) => extensions["code"])).toEqual(["OPERATION_FORBIDDEN"]);
  });
});

describe("a purpose", () => {
  const QUERY = "{ me { secret } }";

  test("is needed where data is granted for it only", async () => {
    const app = { azp: "app" };
    const north = { azp: "other", organisation: "north" };
    for (const who of [app, north])
      for (const purpose of ["care", "audit"])
        expect((await said(QUERY, await as(who, purpose))).data).toEqual({ me: { secret: "S3CRET" } });
    people.asked.length = 0;
    for (const purpose of [undefined, "other"])
      expect(await said(QUERY, await as(app, purpose))).toEqual({
        data: { me: { secret: null } },
        errors: ["NOT_GRANTED people purpose me.secret"],
      });
    expect(askedFor("secret")).toEqual([]);
  });

  test("that is not listed is a fault of whatever asks", async () => {
    const { status, errors } = await gateway.ask("{ me { name } }", {}, { "x-purpose": "fun" });
    expect([status, errors[0]?.extensions["code"]]).toEqual([400, "PURPOSE_UNKNOWN"]);
    expect(errors[0]?.message).toContain("Allowed: care, audit, other");
    expect((await gateway.ask("{ me { name } }", {}, { "x-purpose": "__proto__" })).status).toBe(400);
    expect(people.asked).toEqual([]);
  });

  test("counts for what another subgraph needs, too", async () => {
    const query = "{ me { name weight } }";
    expect(await said(query, { "x-purpose": "audit" })).toEqual({
      data: { me: { name: "Ann", weight: 10 } },
      errors: [],
    });
    expect(await said(query, { "x-purpose": "care" })).toEqual({
      data: { me: { name: "Ann", weight: null } },
      errors: ["NOT_GRANTED people purpose me.weight"],
    });
    expect((await said("{ me { size } }", { "x-purpose": "audit" })).data).toEqual({ me: { size: null } });
    const { errors } = await gateway.ask(query);
    expect(errors[0]?.message).toBe(
      'Person.weight cannot be read: service "people" does not grant service "bank" what the field needs for this purpose.',
    );
  });
});

test("what another subgraph needs without a grant is refused to everybody, and told when the graph is loaded", async () => {
  const everybody = await as(
    { roles: ["none", "teller", "eraser"], azp: "app", organisation: "north" },
    "audit",
  );
  expect(await said("{ me { name prime } }", everybody)).toEqual({
    data: { me: { name: "Ann", prime: null } },
    errors: ["NOT_GRANTED people consumer me.prime"],
  });
  expect(askedFor("age")).toEqual([]);
  expect(gateway.log).toContainEqual(
    expect.objectContaining({
      hint: 'Person.prime of "bank" is refused to everybody: its @requires reads Person.age, which "people" does not grant to service:bank',
    }),
  );
});

test("the reader's language", async () => {
  const told = async (purpose: object, language: string) =>
    (
      await gateway.ask(
        "{ me { secret } }",
        {},
        { ...(await as({ azp: "app" })), ...purpose, "accept-language": language },
      )
    ).errors[0]?.message;
  expect(await told({}, "en")).toBe(
    'Service "people" does not grant Person.secret for this purpose; name another in X-Purpose.',
  );
  expect(await told({}, "vi")).toBe(
    'Dịch vụ "people" không cho phép đọc Person.secret với mục đích này; hãy nêu mục đích khác trong X-Purpose.',
  );
  const { errors } = await gateway.ask("{ closed }", {}, { "accept-language": "vi" });
  expect(errors[0]?.message).toBe('Dịch vụ "people" chưa cho phép bạn đọc Query.closed.');
});

test("a file of grants counts as soon as it changes, and a faulty one not at all", async () => {
  const teller = await as({ roles: ["clerk"] });
  const money = async () => (await said("{ me { money } }", teller)).data;
  expect(await money()).toEqual({ me: { money: null } });
  await grant([{ service: "bank", at: "Person.money", to: ["role:clerk"] }]);
  await expect.poll(money).toEqual({ me: { money: 7 } });
  await writeFile(
    grantsFile,
    '{ "grants": [{ "service": "bank", "at": "Person.money", "to": ["clerks"] }] }',
  );
  await expect.poll(() => JSON.stringify(gateway.log)).toContain("must be anyone");
  expect(await money()).toEqual({ me: { money: 7 } });
  await grant([]);
  await expect.poll(money).toEqual({ me: { money: null } });
});
