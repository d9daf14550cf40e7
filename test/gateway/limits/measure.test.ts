import fc from "fast-check";
import { Kind, parse, type DocumentNode, type SelectionSetNode } from "graphql";
import { expect, test } from "vitest";
import { measure } from "../../../gateway/limits/measure.ts";

const NONE = { depth: 1, fields: 1, rootFields: 1, aliases: 0, directives: 0, valueDepth: 0 };

test.each([
  ["{ a }", NONE],
  ["{ a { b { c } } }", { ...NONE, depth: 3, fields: 3 }],
  ["{ a ...F } fragment F on Query { b { c } d }", { ...NONE, depth: 2, fields: 4, rootFields: 3 }],
  ["{ ... on Query { ... { a b } } }", { ...NONE, fields: 2, rootFields: 2 }],
  ["{ x: a ...F ...F } fragment F on Query { y: b }", { ...NONE, fields: 3, rootFields: 3, aliases: 3 }],
  ["query @a { b @c ... @d { e @f } ...F @g } fragment F on Query @h { i @j }", { directives: 7 }],
  ["query ($v: Int @a @b) { c }", { directives: 2 }],
  ["{ a(x: [[{ y: [1] }]]) }", { valueDepth: 4 }],
  ["{ a @d(x: [[1]]) }", { valueDepth: 2 }],
  ["query ($v: [[[Int!]!]!]!) { a }", { valueDepth: 3 }],
  ["query ($v: X = { a: { b: 1 } }) { a }", { valueDepth: 2 }],
  // All of a document is validated, whichever operation is executed.
  ["query A { a } query B { b { c } d }", { depth: 2, fields: 3, rootFields: 2 }],
  ["{ a } fragment Unused on T { b { c { d } } }", { depth: 3, fields: 3, rootFields: 1 }],
  ["{ ...Missing }", { ...NONE, depth: 0, fields: 0, rootFields: 0 }],
])("%s", (text, size) => {
  expect(measure(parse(text))).toMatchObject(size);
});

test("fragments that spread each other in a circle end", () => {
  const circle = "{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }";
  expect(measure(parse(circle))).toMatchObject({ fields: 2 });
  expect(measure(parse("{ ...A } fragment A on Query { ...A }"))).toMatchObject({ fields: 0 });
});

test("fragments that double a hundred times are counted without being written out", () => {
  const doubling = Array.from(
    { length: 100 },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  );
  const text = `{ ...F0 } ${doubling.join(" ")} fragment F100 on Query { x: a }`;
  expect(measure(parse(text))).toMatchObject({
    fields: Number.MAX_SAFE_INTEGER,
    aliases: Number.MAX_SAFE_INTEGER,
    depth: 1,
  });
});

/** Of each definition every fragment written out, then counted; the greatest counts. */
function plainly({ definitions }: DocumentNode) {
  const greatest = { depth: 0, fields: 0, aliases: 0 };
  for (const definition of definitions) {
    const size = { depth: 0, fields: 0, aliases: 0 };
    if ("selectionSet" in definition) count(definition.selectionSet, 1, size);
    for (const key of ["depth", "fields", "aliases"] as const)
      greatest[key] = Math.max(greatest[key], size[key]);
  }
  return greatest;

  function count({ selections }: SelectionSetNode, depth: number, size: typeof greatest): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = definitions.find(
          (definition) => "name" in definition && definition.name?.value === selection.name.value,
        );
        if (fragment !== undefined && "selectionSet" in fragment) count(fragment.selectionSet, depth, size);
        continue;
      }
      const isField = selection.kind === Kind.FIELD;
      if (isField) {
        size.fields += 1;
        size.depth = Math.max(size.depth, depth);
        if (selection.alias !== undefined) size.aliases += 1;
      }
      if (selection.selectionSet !== undefined)
        count(selection.selectionSet, isField ? depth + 1 : depth, size);
    }
  }
}

/** Selections that may spread the fragments from `first` on. */
const selections = (first: number) =>
  fc.letrec<{ set: string }>((tie) => ({
    set: fc
      .array(
        fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom("a", "x: a", ...(first < 3 ? [`...F${first}`, "...F2"] : [])),
          tie("set").map((inner) => `b ${inner}`),
          tie("set").map((inner) => `y: b ${inner}`),
          tie("set").map((inner) => `... on T ${inner}`),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((all) => `{ ${all.join(" ")} }`),
  })).set;

test("is what writing the fragments out would give", () => {
  fc.assert(
    fc.property(selections(0), selections(1), selections(2), selections(3), (root, ...fragments) => {
      const texts = fragments.map((text, index) => `fragment F${index} on T ${text}`);
      const document = parse(`query ${root} ${texts.join(" ")}`);
      expect(measure(document)).toMatchObject(plainly(document));
    }),
  );
});
