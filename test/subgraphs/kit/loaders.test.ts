import { expect, test } from "vitest";
import { manyByKey, oneByKey } from "../../../subgraphs/kit/loaders.ts";

interface Row {
  readonly owner: string | null;
  readonly name: string;
}

const ROWS: readonly Row[] = [
  { owner: "b", name: "first" },
  { owner: "a", name: "second" },
  { owner: null, name: "nobody's" },
  { owner: "b", name: "third" },
];

/** A query for the rows of some owners, which writes down what it was asked for. */
function query(asked: (readonly string[])[]) {
  return (keys: readonly string[]): Promise<readonly Row[]> => {
    asked.push(keys);
    return Promise.resolve(ROWS.filter(({ owner }) => owner !== null && keys.includes(owner)));
  };
}

const ownerOf = (row: Row): string | null => row.owner;

test("all keys of one turn are one query, each key once, each answer at its place", async () => {
  const asked: (readonly string[])[] = [];
  const loader = oneByKey(query(asked), ownerOf);
  const rows = await Promise.all(["a", "nobody", "b", "a"].map((key) => loader.load(key)));
  expect(rows.map((row) => row?.name ?? null)).toEqual(["second", null, "third", "second"]);
  expect(asked).toEqual([["a", "nobody", "b"]]);
});

test("several rows of a key keep the query's order; a key without rows has none", async () => {
  const asked: (readonly string[])[] = [];
  const loader = manyByKey(query(asked), ownerOf);
  const rows = await Promise.all(["b", "nobody", "a"].map((key) => loader.load(key)));
  expect(rows.map((group) => group.map(({ name }) => name))).toEqual([["first", "third"], [], ["second"]]);
  expect(asked).toHaveLength(1);
});

test("a query that fails fails for every key, and each may ask again with a new loader", async () => {
  const broken = oneByKey((): Promise<readonly Row[]> => Promise.reject(new Error("database gone")), ownerOf);
  const results = await Promise.allSettled([broken.load("a"), broken.load("b")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(oneByKey(query([]), ownerOf).load("a")).resolves.toMatchObject({ name: "second" });
});
