import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Queryable } from "../../../process/database.ts";
import { KIT_MIGRATIONS } from "../../../subgraphs/kit/database.ts";
import { once } from "../../../subgraphs/kit/idempotency.ts";
import { type TestDatabase, createDatabase } from "../../setup/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase([KIT_MIGRATIONS]);
  await database.query("create table effect (at serial, name text)");
  return () => database.close();
});
beforeEach(async () => {
  await database.query("truncate effect");
  await database.query("truncate idempotency");
});

const request = (args: unknown = { amount: 1 }, key = "key-0001", operation = "pay") => ({
  key,
  operation,
  args,
});

async function happen(tx: Queryable, name = "paid"): Promise<{ number: number }> {
  const [row] = await tx.query<{ at: number }>("insert into effect (name) values ($1) returning at", [name]);
  return { number: row?.at ?? 0 };
}

async function effects(): Promise<number> {
  const [row] = await database.query<{ count: number }>("select count(*) from effect");
  return row?.count ?? -1;
}

test("the same key twice: one effect, one answer", async () => {
  const first = await once(database, request(), (tx) => happen(tx));
  const second = await once(database, request(), (tx) => happen(tx));
  expect(second).toEqual(first);
  expect(await effects()).toBe(1);
});

test("twenty at the same moment: one effect, one answer", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => once(database, request(), (tx) => happen(tx))),
  );
  expect(new Set(answers.map(({ number }) => number)).size).toBe(1);
  expect(await effects()).toBe(1);
});

test("twenty keys at the same moment: twenty effects", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      once(database, request({}, `key-${1000 + index}`), (tx) => happen(tx)),
    ),
  );
  expect(new Set(answers.map(({ number }) => number)).size).toBe(20);
  expect(await effects()).toBe(20);
});

describe("a key belongs to one request", () => {
  test.each([
    ["other arguments", request({ amount: 2 })],
    ["another operation", request({ amount: 1 }, "key-0001", "refund")],
    ["one argument more", request({ amount: 1, note: "more" })],
    ["a number written as a text", request({ amount: "1" })],
  ])("with %s it is refused, and nothing happens", async (_, other) => {
    await once(database, request(), (tx) => happen(tx));
    await expect(once(database, other, (tx) => happen(tx))).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
      parameters: { key: "key-0001" },
    });
    expect(await effects()).toBe(1);
  });

  test("the order of the arguments does not matter, at any depth; the order of a list does", async () => {
    const args = { a: 1, b: { c: [1, 2], d: new Date("2026-03-02T01:00:00Z") } };
    const reordered = { b: { d: new Date("2026-03-02T01:00:00Z"), c: [1, 2] }, a: 1 };
    const first = await once(database, request(args), (tx) => happen(tx));
    expect(await once(database, request(reordered), (tx) => happen(tx))).toEqual(first);
    const turned = { ...args, b: { ...args.b, c: [2, 1] } };
    await expect(once(database, request(turned), (tx) => happen(tx))).rejects.toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
  });
});

test("a failure leaves no trace: the same key may be tried again", async () => {
  const failing = once(database, request(), async (tx) => {
    await happen(tx);
    throw new Error("the power went");
  });
  await expect(failing).rejects.toThrow("the power went");
  expect(await effects()).toBe(0);
  expect(await database.query("select key from idempotency")).toEqual([]);
  await once(database, request(), (tx) => happen(tx));
  expect(await effects()).toBe(1);
});

test("of several at the same moment, one that fails does not take the others with it", async () => {
  let attempts = 0;
  const tries = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      once(database, request(), async (tx) => {
        attempts += 1;
        if (attempts === 1) throw new Error("the first fails");
        return happen(tx);
      }),
    ),
  );
  expect(tries.filter(({ status }) => status === "rejected")).toHaveLength(1);
  expect(await effects()).toBe(1);
});

test("the answer comes back as it was: dates are dates, texts that look like dates are texts", async () => {
  const answer = {
    at: new Date("2026-03-02T01:00:00.123Z"),
    text: "2026-03-02T01:00:00.123Z",
    nested: [{ at: new Date(0), none: null, flags: [true, false], big: Number.MAX_SAFE_INTEGER }],
    letters: "Đăng ký 👍",
  };
  await once(database, request(), () => Promise.resolve(answer));
  const again = await once<typeof answer>(database, request(), () => Promise.reject(new Error("twice")));
  expect(again).toEqual(answer);
  expect(again.at).toBeInstanceOf(Date);
  expect(again.nested[0]?.at).toBeInstanceOf(Date);
  expect(again.text).toBe("2026-03-02T01:00:00.123Z");
});

test.each(["", "short", "with space!", "with/slash", "k".repeat(129), "khóa-0001", "key-0001\n"])(
  "%j is no key",
  async (key) => {
    await expect(once(database, request({}, key), (tx) => happen(tx))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      parameters: { field: "idempotencyKey" },
    });
    expect(await effects()).toBe(0);
  },
);

test.each(["12345678", "report:H56.14:H56.14-240823-0001:3", "A_b.c:d-9", "k".repeat(128)])(
  "%s is a key",
  async (key) => {
    await once(database, request({}, key), (tx) => happen(tx));
    expect(await effects()).toBe(1);
  },
);
