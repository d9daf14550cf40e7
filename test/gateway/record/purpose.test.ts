import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecord } from "../../../gateway/record/settings.ts";
import { type Recorded, startRecorded } from "./persons.ts";

let recorded: Recorded;
beforeAll(async () => {
  recorded = await startRecorded(
    {
      requirePurpose: true,
      personRoles: ["patient"],
    },
    { care: "Act 1, article 2" },
  );
});
afterAll(() => recorded?.close());

const QUERY = "{ person(id: 1) { name } }";

test("personal data is read for a purpose that there is", async () => {
  const missing = await recorded.gateway.ask(QUERY);
  expect(missing).toMatchObject({ status: 400, errors: [{ extensions: { code: "PURPOSE_MISSING" } }] });
  expect(missing.errors[0]?.message).toContain("Allowed: care");
  const unknown = await recorded.gateway.ask(QUERY, {}, { "x-purpose": "curiosity" });
  expect(unknown).toMatchObject({ status: 400, errors: [{ extensions: { code: "PURPOSE_UNKNOWN" } }] });
  const inherited = await recorded.gateway.ask(QUERY, {}, { "x-purpose": "constructor" });
  expect(inherited.errors).toMatchObject([{ extensions: { code: "PURPOSE_UNKNOWN" } }]);
  expect(recorded.servers.flatMap(({ asked }) => asked)).toEqual([]);
  const right = await recorded.gateway.ask(QUERY, {}, { "x-purpose": "care" });
  expect(right.data).toEqual({ person: { name: "An" } });
  expect(await recorded.entries()).toMatchObject([
    { purpose: null, code: "PURPOSE_MISSING", reads: [] },
    { purpose: "curiosity", code: "PURPOSE_UNKNOWN", reads: [] },
    { purpose: "constructor", code: "PURPOSE_UNKNOWN", reads: [] },
    { purpose: "care", basis: "Act 1, article 2", reads: [{ fields: ["Person.name"] }] },
  ]);
});

test("of what a client names as it likes only the beginning is kept", async () => {
  const name = "A".repeat(50_000);
  const purpose = "b".repeat(5_000);
  const { errors } = await recorded.gateway.ask(`query ${name} ${QUERY}`, {}, { "x-purpose": purpose });
  expect(errors[0]?.message).toContain(`"${"b".repeat(100)}"`);
  expect(await recorded.entries()).toMatchObject([
    {
      operation: { name: "A".repeat(100) },
      purpose: "b".repeat(100),
      code: "PURPOSE_UNKNOWN",
    },
  ]);
});

test("services are told the purpose, and whoever asks for nothing personal needs none", async () => {
  expect(recorded.servers[0]?.asked.at(-1)?.headers["x-purpose"]).toBe("care");
  const { data } = await recorded.gateway.ask("{ open }");
  expect(data).toEqual({ open: "open" });
  expect(await recorded.entries()).toEqual([]);
});

test("whoever asks for themselves stands in the record as subjects do", async () => {
  const headers = { ...(await recorded.as("patient", "001088000001")), "x-purpose": "care" };
  await recorded.gateway.ask(QUERY, {}, headers);
  const { pseudonym } = await recorded.keys();
  const [entry] = await recorded.entries();
  expect(entry?.caller).toEqual({
    pseudonym: pseudonym("001088000001"),
    client: "development",
    roles: ["patient"],
  });
  expect(entry?.reads).toEqual([{ fields: ["Person.name"], subjects: [pseudonym("001088000001")] }]);
});

test("faults of the record file are told all at once", () => {
  const file = { database: "mysql://x", purposes: {}, requirePurpose: 1, colour: 1 };
  expect(() => readRecord(JSON.stringify(file), "record.json")).toThrow(
    /record\.json: (?=.*database: must be a postgres)(?=.*keyFile)(?=.*requirePurpose)(?=.*"purposes", "colour")/s,
  );
});

test("no gateway starts that needs a purpose where there are none", async () => {
  await expect(startRecorded({ requirePurpose: true })).rejects.toThrow("the trust file lists none");
});
