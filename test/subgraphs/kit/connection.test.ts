import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeCursor, readPage, toConnection } from "../../../subgraphs/kit/connection.ts";
import { AgencyError } from "../../../subgraphs/kit/errors.ts";

type Row = readonly [day: string, id: string];

const DAY_AND_ID = [/^\d{4}-\d\d-\d\d$/, /^\d+$/];
/** Two texts, whatever they are. */
const ANY = [/^/, /^/];

const sortKey = (row: Row): Row => row;
const compare = (a: Row, b: Row): number =>
  a[0] === b[0] ? Number(a[1]) - Number(b[1]) : a[0] < b[0] ? -1 : 1;

/** A page as a keyset query reads it: one row more than asked. */
function readRows(rows: readonly Row[], first: number, after: string | null) {
  const page = readPage({ first, after }, DAY_AND_ID);
  const key = page.after as Row | undefined;
  const following = rows.toSorted(compare).filter((row) => key === undefined || compare(row, key) > 0);
  return toConnection(following.slice(0, page.limit + 1), page.limit, sortKey);
}

function codeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof AgencyError ? error.code : error;
  }
}

test("pages neither repeat nor lose a row while others come in between", () => {
  const days = fc.integer({ min: 10, max: 19 }).map((day) => `2026-03-${day}`);
  fc.assert(
    fc.property(
      fc.array(days, { maxLength: 60 }),
      fc.array(fc.array(days, { maxLength: 4 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      (initial, arrivals, size) => {
        const old: Row[] = initial.map((day, index) => [day, String(index)]);
        const rows = [...old];
        const seen: Row[] = [];
        let after: string | null = null;
        for (let page = 0; ; page++) {
          const connection = readRows(rows, size, after);
          seen.push(...connection.nodes);
          if (!connection.pageInfo.hasNextPage) break;
          after = connection.pageInfo.endCursor;
          const fresh = (arrivals[page] ?? []).map(
            (day, index): Row => [day, String(1_000 + page * 10 + index)],
          );
          rows.push(...fresh);
        }
        const ids = seen.map(([, id]) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(old.map(([, id]) => id)));
        expect(seen).toEqual(seen.toSorted(compare));
      },
    ),
  );
});

describe("a page", () => {
  const rows: Row[] = [
    ["2026-03-10", "1"],
    ["2026-03-11", "2"],
    ["2026-03-12", "3"],
  ];

  test("names its ends, and says whether more follow", () => {
    const first = readRows(rows, 2, null);
    expect(first.nodes).toEqual(rows.slice(0, 2));
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      startCursor: first.edges[0]?.cursor,
      endCursor: first.edges[1]?.cursor,
    });
    const second = readRows(rows, 2, first.pageInfo.endCursor);
    expect(second.nodes).toEqual(rows.slice(2));
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test("with nothing on it has no ends", () => {
    expect(readRows([], 5, null)).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
    });
  });

  test("that is exactly full is the last", () => {
    expect(readRows(rows, 3, null).pageInfo.hasNextPage).toBe(false);
  });
});

test("the size of a page is 20, or 1 to 100 when given", () => {
  expect(readPage({}, ANY).limit).toBe(20);
  expect(readPage({ first: null, after: null }, ANY)).toEqual({ limit: 20, after: undefined });
  expect(readPage({ first: 100 }, ANY).limit).toBe(100);
  for (const first of [0, -1, 101]) {
    expect(codeOf(() => readPage({ first }, ANY))).toBe("INVALID_INPUT");
    expect(() => readPage({ first }, ANY)).toThrow(`first: "${first}" is not allowed; allowed: 1 to 100`);
  }
});

test("any key comes back from its cursor", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (one, other) => {
      expect(readPage({ after: encodeCursor([one, other]) }, ANY).after).toEqual([one, other]);
    }),
  );
});

test("what is no cursor of this list is refused", () => {
  const foreign = [
    "",
    "nonsense",
    "💣",
    encodeCursor(["one"]),
    encodeCursor(["one", "two", "three"]),
    Buffer.from("[1,2]").toString("base64url"),
    Buffer.from('{"0":"a","1":"b","length":2}').toString("base64url"),
    Buffer.from("null").toString("base64url"),
  ];
  for (const after of foreign) expect(codeOf(() => readPage({ after }, ANY))).toBe("INVALID_CURSOR");
  for (const key of [
    ["2026-03-10", "x"],
    ["today", "1"],
    ["2026-03-10\n", "1"],
    ["2026-03-10", ""],
  ])
    expect(codeOf(() => readPage({ after: encodeCursor(key) }, DAY_AND_ID))).toBe("INVALID_CURSOR");
  fc.assert(
    fc.property(fc.string(), (after) => {
      expect(codeOf(() => readPage({ after }, ANY))).toBe("INVALID_CURSOR");
    }),
  );
});
