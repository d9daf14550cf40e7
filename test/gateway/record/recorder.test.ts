import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../setup/database.ts";
import { type Recorded, startRecorded } from "./persons.ts";

let recorded: Recorded;
let pseudonym: (subject: string) => string;
beforeAll(async () => {
  recorded = await startRecorded();
  ({ pseudonym } = await recorded.keys());
});
afterAll(() => recorded?.close());

const AN = "001088000001";
const BINH = "001088000002";

async function ask(query: string, headers: Record<string, string> = {}, variables: object = {}) {
  return recorded.gateway.ask(query, variables, headers);
}

/** Fields by subject, of the one entry that was written. */
async function reads(): Promise<Record<string, string[]>> {
  const entries = await recorded.entries();
  expect(entries).toHaveLength(1);
  return Object.fromEntries(
    entries[0]!.reads.flatMap(({ fields, subjects }) =>
      subjects.length === 0 ? [["nobody", fields]] : subjects.map((subject) => [subject, fields]),
    ),
  );
}

test("an entry tells who read what of whom, for what, when and from where", async () => {
  const headers = { ...(await recorded.as("clerk")), "x-purpose": "care", "x-request-id": "r-1" };
  const { data } = await ask("query Who($id: ID!) { person(id: $id) { name } }", headers, { id: "1" });
  expect(data).toEqual({ person: { name: "An" } });
  const entries = await recorded.entries();
  expect(entries).toEqual([
    {
      v: 1,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      key: expect.stringMatching(/^[\w-]{43}$/),
      writer: expect.any(String),
      n: 1,
      request: "r-1",
      caller: { subject: "c-1", client: "development", roles: ["clerk"] },
      purpose: "care",
      operation: { name: "Who", kind: "query", hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      reads: [{ fields: ["Person.name"], subjects: [pseudonym(AN)] }],
      answers: [{ service: "people", digest: expect.stringMatching(/^[\w+/]{43}=$/) }],
      refused: [],
      subjectKey: (await recorded.keys()).subjectKeyId,
    },
  ]);
});

describe("whose data it is", () => {
  test("is asked for with it, and not told", async () => {
    const { data } = await ask("{ person(id: 1) { nickname town { name } name } }");
    expect(data).toEqual({ person: { nickname: "A", town: { name: "Huế" }, name: "An" } });
    expect(await reads()).toEqual({ [pseudonym(AN)]: ["Person.name"] });
  });

  test("is not what the client calls so", async () => {
    const { data } = await ask("{ person(id: 1) { number: nickname a: name b: number } }");
    expect(data).toEqual({ person: { number: "A", a: "An", b: AN } });
    expect(await reads()).toEqual({ [pseudonym(AN)]: ["Person.name", "Person.number"] });
  });

  test("is found in lists, below others, and through fragments and unions", async () => {
    await ask(
      `{ people { id ...F friends { ... on Named { name } } } } fragment F on Person { town { name } }`,
    );
    expect(await reads()).toEqual({
      [pseudonym(AN)]: ["Person.name"],
      [pseudonym(BINH)]: ["Person.name"],
      nobody: ["Person.name"],
    });
    await ask("{ things { ... on Shop { title } ... on Person { friends { id } name } } }");
    expect(await reads()).toEqual({ [pseudonym(AN)]: ["Person.name"] });
  });

  test("may stand at the end of a path, and at another service", async () => {
    const { data } = await ask("{ order(id: 7) { total } person(id: 1) { debts { amount } } }");
    expect(data).toEqual({ order: { total: 5 }, person: { debts: [{ amount: 12_345 }] } });
    expect(await reads()).toEqual({ [pseudonym("2")]: ["Order.total"], [pseudonym("1")]: ["Person.debts"] });
  });

  test("may be several", async () => {
    await ask("{ order(id: 8) { total } }");
    expect(await reads()).toEqual({ [pseudonym("2")]: ["Order.total"], [pseudonym("c-8")]: ["Order.total"] });
  });

  test("may be known to nobody: then that is recorded", async () => {
    await ask("{ person(id: 3) { name } }");
    expect(await reads()).toEqual({ nobody: ["Person.name"] });
  });
});

test("what changes something is recorded as well", async () => {
  await ask('mutation { rename(id: 1, name: "X") { name } }');
  expect(await recorded.entries()).toMatchObject([
    { operation: { kind: "mutation" }, reads: [{ fields: ["Person.name"], subjects: [pseudonym(AN)] }] },
  ]);
});

test("what is nobody's is not recorded", async () => {
  await ask("{ open person(id: 1) { nickname town { name } } things { __typename ... on Shop { title } } }");
  await ask("{ person(id: 9) { name } }");
  expect(await recorded.entries()).toEqual([]);
});

test("refusals are recorded, also beside what is given", async () => {
  const query = "{ person(id: 1) { mail } }";
  expect((await ask(query)).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  await ask("{ person(id: 1) { mail name } }", await recorded.as("clerk"));
  await ask(query, await recorded.as("postman"));
  expect(await recorded.entries()).toMatchObject([
    { caller: null, reads: [], refused: ["Person.mail"] },
    { caller: { subject: "c-1" }, reads: [{ fields: ["Person.name"] }], refused: ["Person.mail"] },
    { caller: { roles: ["postman"] }, reads: [{ fields: ["Person.mail"] }], refused: [] },
  ]);
});

test("an answer that is recorded comes in one", async () => {
  const response = await fetch(recorded.gateway.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed, application/json;q=0.5" },
    body: JSON.stringify({ query: "{ open ... @defer { person(id: 1) { name } } }" }),
  });
  expect(await response.json()).toEqual({ data: { open: "open", person: { name: "An" } } });
  expect(await reads()).toEqual({ [pseudonym(AN)]: ["Person.name"] });
});

test("requests at once are written together, and none is lost", async () => {
  const written = await statementsOf(recorded.databaseUrl, () =>
    Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ask("query($id: ID!) { person(id: $id) { name } }", { "x-request-id": `many-${index}` }, { id: "2" }),
      ),
    ),
  );
  const batches = written.filter((sql) => sql.includes("append_entries"));
  expect(batches.length).toBeLessThan(60);
  const requests = (await recorded.entries()).map(({ request }) => request);
  expect(new Set(requests)).toEqual(new Set(Array.from({ length: 60 }, (_, index) => `many-${index}`)));
});

test("values are nowhere in the record", async () => {
  const all = await recorded.database.query<{ body: string }>("select body from entry");
  const text = all.map(({ body }) => body).join("\n");
  for (const value of [AN, BINH, 'An"', "Bình", "example.com", "12345"]) expect(text).not.toContain(value);
});

test("where it cannot be written personal data is not given, and the rest is", async () => {
  await recorded.database.query("alter table entry rename to gone");
  const refused = await ask(
    "{ open person(id: 1) { nickname name } people { name number } order(id: 1) { id } }",
  );
  await recorded.database.query("alter table gone rename to entry");
  expect(refused).toMatchObject({
    status: 200,
    data: {
      open: "open",
      person: { nickname: "A", name: null },
      people: [1, 2, 3].map(() => ({ name: null, number: null })),
      order: null,
    },
    errors: [{ path: ["person", "name"], extensions: { code: "RECORD_UNAVAILABLE" } }],
  });
  const { data, errors } = await ask("{ person(id: 1) { name } }");
  expect([data, errors]).toEqual([{ person: { name: "An" } }, []]);
  expect(await recorded.entries()).toHaveLength(1);
});

test("all of it is as it was written", async () => {
  const { faults, entries } = await recorded.verify();
  expect(faults).toEqual([]);
  expect(entries).toBeGreaterThan(60);
});

test("the public key is told at the start", async () => {
  const { publicKey } = await recorded.keys();
  expect(recorded.gateway.log).toContainEqual(expect.objectContaining({ publicKey }));
});
