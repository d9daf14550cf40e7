import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { createDocuments } from "../../../gateway/plan/documents.ts";

const schema = buildSchema("type Query { count: Int }");

const long = (index: number) => `{ count } #${index}${" ".repeat(30_000)}`;

test("a long document is worked on once by the request that sent it, and forgotten after a few others", () => {
  const documents = createDocuments(schema);
  const first = documents.open(long(0), undefined);
  expect(documents.open(long(0), undefined)).toBe(first);
  for (let index = 1; index <= 4; index += 1) documents.open(long(index), undefined);
  expect(documents.open(long(0), undefined)).not.toBe(first);
  // What a new graph is made ready for are the others.
  expect(documents.recent(10)).toEqual([]);
});

test("a document that is refused is remembered, too", () => {
  const documents = createDocuments(schema);
  const text = `{ ${"count ".repeat(2_000)} }`;
  const refused = documents.open(text, undefined);
  expect(refused.errors?.map(({ extensions }) => extensions["code"])).toEqual([
    "TOO_MANY_ROOT_FIELDS",
    "TOO_MANY_FIELDS",
  ]);
  expect(documents.open(text, undefined)).toBe(refused);
});
