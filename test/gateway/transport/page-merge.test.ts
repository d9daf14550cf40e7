import fc from "fast-check";
import { expect, test } from "vitest";
import { type Given, mergePages } from "../../../gateway/transport/page-merge.ts";

interface Row {
  readonly value: number;
  readonly place: number;
  readonly at: number;
}

const compare = (a: Row, b: Row) => a.value - b.value;

/** A member's rows in order, of which it has given some. */
const member = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), fc.nat({ max: 12 }))
  .map(([values, given]) => ({ values: values.toSorted((a, b) => a - b), given }));

test("what is certain is the beginning of the whole, and more is wanted only of those who may still add to it", () => {
  fc.assert(
    fc.property(fc.array(member, { maxLength: 6 }), fc.integer({ min: 1, max: 15 }), (members, size) => {
      const rows = members.map(({ values }, place) => values.map((value, at): Row => ({ value, place, at })));
      const given = rows.map((own, place): Given<Row> => {
        const count = members[place]?.given ?? 0;
        return { rows: own.slice(0, count), more: count < own.length };
      });
      const whole = rows.flat().toSorted(compare).slice(0, size);
      const merged = mergePages(given, size, compare);
      expect(merged.rows.slice(0, merged.certain)).toEqual(whole.slice(0, merged.certain));
      expect(merged.certain).toBeLessThanOrEqual(whole.length);
      for (const [place, count] of merged.wanting) {
        const own = given[place]?.rows ?? [];
        expect(merged.rows).toEqual(expect.arrayContaining([...own]));
        expect(own.length + count).toBeLessThanOrEqual(size);
      }
      // With what was wanted, the page is whole.
      const then = given.map((one, place): Given<Row> => {
        const count = one.rows.length + (merged.wanting.get(place) ?? 0);
        const own = rows[place] ?? [];
        return { rows: own.slice(0, count), more: count < own.length };
      });
      const second = mergePages(then, size, compare);
      expect(second.rows).toEqual(whole);
      expect(second.certain).toBe(whole.length);
      expect(second.left || then.some(({ more }) => more)).toBe(rows.flat().length > whole.length);
    }),
  );
});
