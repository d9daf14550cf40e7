/**
 * Ways around: whatever form an operation has, what its caller may not read is not asked for and not told.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { getIntrospectionQuery, parse } from "graphql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lastErrors, subscribeBy } from "../clients.ts";
import { link } from "../execute/graphs/graph.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { startIssuer, type TestIssuer } from "./tokens.ts";

const HEAD = link("@key @authenticated @requiresScopes @policy");
const PEOPLE = `${HEAD}
  type Query { me: Person strict: Person! any: Being beings: [Being!] found: [Found] hidden: Int @authenticated }
  type Mutation { rename: Person erase: Int @requiresScopes(scopes: [["erase"]]) }
  type Subscription { changed: Person dropped: Person @requiresScopes(scopes: [["watch"]]) }
  interface Being { id: ID name: String secret: String }
  union Found = Person | Cat
  type Person implements Being @key(fields: "id") {
    id: ID name: String secret: String @requiresScopes(scopes: [["secret"]])
    number(form: String): String! @requiresScopes(scopes: [["number"]])
    cats: [Cat!] friend: Person
  }
  type Cat implements Being @key(fields: "id") { id: ID name: String secret: String }`;
const BANK = `${HEAD}
  type Person @key(fields: "id") { id: ID @authenticated money: Int @policy(policies: [["teller"]]) account: String }
  type Cat @key(fields: "id") { id: ID price: Int }`;

const ANN: Record<string, unknown> = {
  __typename: "Person",
  id: "p1",
  name: "Ann",
  secret: "S3CRET",
  number: "N0",
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
      hidden: () => 42,
    },
    Mutation: { rename: () => ANN, erase: () => erased.push(1) },
  });
  bank = await startSubgraph(BANK, {
    Person: { __resolveReference: () => ({ id: "p1", money: 7, account: "A1" }) },
    Cat: { __resolveReference: () => ({ id: "c1", price: 3 }) },
  });
  const { supergraphSdl = "", errors } = composeServices([
    { name: "people", url: people.url, typeDefs: parse(PEOPLE) },
    { name: "bank", url: bank.url, typeDefs: parse(BANK) },
  ]);
  if (errors !== undefined) throw new Error(errors.join());
  directory = await mkdtemp(join(tmpdir(), "trust-"));
  const issuers = [{ issuer: login.issuer, audience: "graph" }];
  const policies = { teller: { job: ["teller"] } };
  const start = async (name: string, more: object) => {
    const trust = join(directory, name);
    await writeFile(trust, JSON.stringify({ issuers, policies, ...more }));
    return startGateway(supergraphSdl, [], { trust });
  };
  gateway = await start("field.json", {});
  strict = await start("request.json", { refuse: "request" });
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

async function as(claims: object): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await login.token({ ...claims })}` };
}

/** Codes and paths of the errors; what was asked must not name what is refused. */
async function said(query: string, headers: Record<string, string> = {}, variables = {}) {
  const { data, errors } = await gateway.ask(query, variables, headers);
  return {
    data,
    errors: errors.map(({ path, extensions }) => `${String(extensions["code"])} ${path?.join(".")}`),
  };
}

const askedFor = (field: string) =>
  [...people.asked, ...bank.asked.map(({ query }) => query)].filter((query) =>
    new RegExp(`\\b${field}\\b`).test(query),
  );

describe("of whoever may not", () => {
  test.each([
    ["plainly", "{ me { name secret } }", { me: { name: "Ann", secret: null } }, "me.secret"],
    ["by an alias", "{ me { name: secret } }", { me: { name: null } }, "me.name"],
    ["by two aliases", "{ me { a: secret b: secret } }", { me: { a: null, b: null } }, "me.a"],
    ["in an inline fragment", "{ me { ... { secret } } }", { me: { secret: null } }, "me.secret"],
    [
      "in a fragment on the type",
      "{ me { ... on Person { secret } } }",
      { me: { secret: null } },
      "me.secret",
    ],
    [
      "in a fragment on an interface",
      "{ me { ... on Being { secret } } }",
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
    ["by an interface, without its type", "{ any { secret } }", { any: { secret: null } }, "any.secret"],
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
      "twice, permitted at one place",
      "{ beings { ... on Cat { secret } } me { secret } }",
      { beings: [{}, { secret: "fish" }], me: { secret: null } },
      "me.secret",
    ],
    [
      "after an entity of another service",
      "{ me { account secret } }",
      { me: { account: "A1", secret: null } },
      "me.secret",
    ],
    [
      "because @include says so",
      "{ me { name secret @include(if: true) } }",
      { me: { name: "Ann", secret: null } },
      "me.secret",
    ],
  ])("%s: null, told, and nobody is asked", async (_how, query, data, path) => {
    const reply = await said(query);
    expect(reply.data).toEqual(data);
    expect(reply.errors).toContain(`FORBIDDEN ${path}`);
    expect(JSON.stringify(reply)).not.toContain("S3CRET");
    // Of objects that may be cats, the field is asked as that of cats.
    for (const asked of askedFor("secret"))
      expect(asked.replaceAll(/\s+/g, " ")).toMatch(/on Cat ?\{[^}]*secret/);
  });

  test.each([
    ["@skip", "query($no: Boolean!) { me { name secret @skip(if: $no) } }", { no: true }],
    ["@include", "query($no: Boolean!) { me { name ... @include(if: $no) { secret } } }", { no: false }],
  ])("what %s leaves out is not refused", async (_how, query, variables) => {
    expect(await said(query, {}, variables)).toEqual({ data: { me: { name: "Ann" } }, errors: [] });
  });

  test("a null that must not be goes up to where it may be", async () => {
    expect(await said("{ me { name number } hidden }")).toEqual({
      data: { me: null, hidden: null },
      errors: ["FORBIDDEN me.number", "FORBIDDEN hidden"],
    });
    expect(await said("{ strict { number } }")).toEqual({ data: null, errors: ["FORBIDDEN strict.number"] });
  });

  test("a key that was fetched for another field is not told", async () => {
    expect(await said("{ me { account id } }")).toEqual({
      data: { me: { account: "A1", id: null } },
      errors: ["FORBIDDEN me.id"],
    });
  });

  test("one error tells of a field, however many objects it is missing in", async () => {
    expect(
      (await said("{ me { cats { secret } friend { friend { secret } } } a: me { secret } }")).errors,
    ).toEqual(["FORBIDDEN me.friend.friend.secret", "FORBIDDEN a.secret"]);
  });

  test("a policy is met by its claims only", async () => {
    expect((await said("{ me { money } }", await as({ job: "clerk" }))).data).toEqual({
      me: { money: null },
    });
    expect(askedFor("money")).toEqual([]);
    expect((await said("{ me { money } }", await as({ job: ["clerk", "teller"] }))).data).toEqual({
      me: { money: 7 },
    });
  });

  test("a mutation is not begun; those beside it are", async () => {
    const reply = await said("mutation { rename { name } erase again: erase }");
    expect(reply).toEqual({
      data: { rename: { name: "Ann" }, erase: null, again: null },
      errors: ["FORBIDDEN erase", "FORBIDDEN again"],
    });
    expect(erased).toEqual([]);
    expect((await said("mutation { erase }", await as({ scope: "erase" }))).data).toEqual({ erase: 1 });
  });

  test("entities cannot be asked for", async () => {
    const representations = [{ __typename: "Person", id: "p1" }];
    for (const query of [
      "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { secret } } }",
      "{ _service { sdl } }",
    ]) {
      const { status, errors } = await gateway.ask(query, { r: representations });
      expect([status, errors[0]?.extensions["code"]]).toEqual([400, "GRAPHQL_VALIDATION_FAILED"]);
    }
    expect(people.asked).toEqual([]);
  });

  test("introspection tells the schema, and nothing of who may read what", async () => {
    const { data, errors } = await said(getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(JSON.stringify(data)).not.toMatch(/requiresScopes|authenticated|policy|"teller"/);
    // Its names are no way to a field: what is aliased to them is refused as well.
    expect(
      (await said("{ me { __typename: secret } __schema { queryType { name } } }")).errors.length,
    ).toBeGreaterThan(0);
    expect(askedFor("secret")).toEqual([]);
  });

  test("deferred: in one answer, without it", async () => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: { accept: "multipart/mixed", "content-type": "application/json" },
      body: JSON.stringify({ query: "{ me { name ... @defer { secret friend { secret } } } }" }),
    });
    const text = await response.text();
    expect(text).toContain('"secret":null');
    expect(text).toContain("FORBIDDEN");
    expect(text).not.toContain("S3CRET");
    expect(askedFor("secret")).toEqual([]);
  });

  test.each(["websocket", "sse"] as const)("a subscription by %s", async (way) => {
    const refused = subscribeBy[way](gateway.url, "subscription { dropped { name } }");
    await expect.poll(() => refused.end).toBeDefined();
    expect(lastErrors(refused)).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    expect(people.open.size).toBe(0);

    const heard = subscribeBy[way](gateway.url, "subscription { changed { name secret } }");
    await expect.poll(() => people.open.size).toBe(1);
    people.emit("changed", ANN);
    await expect.poll(() => heard.answers.length).toBe(1);
    expect(heard.answers[0]).toMatchObject({
      data: { changed: { name: "Ann", secret: null } },
      errors: [{ path: ["changed", "secret"], extensions: { code: "FORBIDDEN" } }],
    });
    heard.leave();
    await expect.poll(() => people.open.size).toBe(0);
  });

  test("whoever may and whoever may not ask the same at once", async () => {
    const may = await as({ scope: "secret" });
    const replies = await Promise.all(
      [1, 2, 3].flatMap(() => [said("{ me { secret } }", may), said("{ me { secret } }")]),
    );
    expect(replies.map(({ data }) => data)).toEqual(
      [1, 2, 3].flatMap(() => [{ me: { secret: "S3CRET" } }, { me: { secret: null } }]),
    );
  });

  test("the reader's language", async () => {
    const { errors } = await gateway.ask("{ me { secret } }", {}, { "accept-language": "vi" });
    expect(errors[0]?.message).toBe("Bạn không được phép đọc Person.secret.");
  });
});

describe("of whoever may", () => {
  test("everything is as without guards", async () => {
    const headers = await as({ scope: "secret number", job: "teller" });
    expect(await said("{ me { id name secret number money } hidden }", headers)).toEqual({
      data: { me: { id: "p1", name: "Ann", secret: "S3CRET", number: "N0", money: 7 }, hidden: 42 },
      errors: [],
    });
  });
});

describe("where a request is refused as a whole", () => {
  test("nobody is asked anything", async () => {
    const { status, data, errors } = await strict.ask("{ me { name secret } beings { secret } }");
    expect([status, data, people.asked]).toEqual([403, undefined, []]);
    expect(errors.map(({ message, extensions }) => [message, extensions["code"]])).toEqual([
      ["The operation was refused, because you may not read Person.secret.", "OPERATION_FORBIDDEN"],
      ["The operation was refused, because you may not read Being.secret.", "OPERATION_FORBIDDEN"],
    ]);
  });

  test("one that asks for nothing refused is answered", async () => {
    expect((await strict.ask("{ me { name } }")).data).toEqual({ me: { name: "Ann" } });
    const may = await as({ scope: "secret" });
    expect((await strict.ask("{ me { secret } }", {}, may)).data).toEqual({ me: { secret: "S3CRET" } });
  });

  test.each(["websocket", "sse"] as const)("a subscription by %s is not begun", async (way) => {
    const heard = subscribeBy[way](strict.url, "subscription { changed { name secret } }");
    await expect.poll(() => heard.end).toBeDefined();
    expect(lastErrors(heard)).toMatchObject([{ extensions: { code: "OPERATION_FORBIDDEN" } }]);
    expect(people.open.size).toBe(0);
  });
});

describe("without a trust file", () => {
  test("guards count, and nobody passes; a header makes nobody known", async () => {
    const plain = await startGateway(await supergraphOf(gateway));
    const { data } = await plain.ask("{ me { name secret } hidden }", {}, await as({ scope: "secret" }));
    expect(data).toEqual({ me: { name: "Ann", secret: null }, hidden: null });
    await plain.close();
  });

  test("they do not count where that is said", async () => {
    const open = await startGateway(await supergraphOf(gateway), [], { authorization: false });
    expect((await open.ask("{ me { secret } hidden }")).data).toEqual({
      me: { secret: "S3CRET" },
      hidden: 42,
    });
    await open.close();
  });

  test("the stock engine serves the graph only where they do not count", async () => {
    const sdl = await supergraphOf(gateway);
    await expect(startGateway(sdl, [], { engine: "apollo" })).rejects.toThrow("cannot be served");
    const stock = await startGateway(sdl, [], { engine: "apollo", authorization: false });
    expect((await stock.ask("{ me { secret } }")).data).toEqual({ me: { secret: "S3CRET" } });
    await stock.close();
  });
});

function supergraphOf({ supergraphFile }: RunningGateway): Promise<string> {
  return readFile(supergraphFile, "utf8");
}
