import { buildSchema, parse, specifiedRules, validate } from "graphql";
import fc from "fast-check";
import { expect, test } from "vitest";
import { validateBy } from "../../../gateway/plan/validate.ts";

const schema = buildSchema(`
  directive @once(name: String!) on FIELD | FRAGMENT_SPREAD
  input Filter { name: String, size: Int! }
  enum Color { RED GREEN }
  interface Node { id: ID! }
  type Thing implements Node { id: ID!, color: Color, part(size: Int!, filter: Filter): Part }
  type Part implements Node { id: ID!, weight: Int, thing: Thing }
  union Any = Thing | Part
  type Query { thing(id: ID): Thing, any: [Any], node: Node, count: Int }
  type Mutation { touch(id: ID!): Thing }
  type Subscription { moved: Thing, counted: Int }
`);

/** What both find, to be compared. */
function faultsOf(text: string) {
  const document = parse(text);
  const [own, theirs] = [validateBy(specifiedRules, schema, document), validate(schema, document)].map(
    (errors) => errors.map(({ message, locations }) => ({ message, locations })),
  );
  return { own, theirs };
}

test.each([
  "{ thing { id } }",
  "{ thing }  { count { x } }",
  "query A { nothing } query A { count } { count }",
  "query ($a: Int, $a: Thing, $unused: Int) { thing(id: $a, id: $b, id: $c) { ...Missing } }",
  "{ ...A } fragment A on Thing { ...B } fragment B on Thing { ...A } fragment A on Color { x }",
  "{ any { id ... on Thing { color: id } ... on Part { color: weight } ... on Query { count } } }",
  "{ thing { part(filter: { name: 1, name: 2, more: 3 }) { weight } part(size: 1) { weight: id } } }",
  "{ thing @once @once(name: 1) @nowhere @include { id @skip(if: $x) } }",
  "subscription { moved { id } counted } type Extra { a: Int } mutation @once(name: 1) { touch }",
  'query ("described" $a: Int) { thing(id: $a) { id } }',
  '"described" query A { count }',
  "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }",
  `{ ${Array.from({ length: 150 }, (_, index) => `nothing${index}`).join(" ")} }`,
])("graphql-js finds the same faults in %.100s", (text) => {
  const { own, theirs } = faultsOf(text);
  expect(own).toEqual(theirs);
});

test("graphql-js finds the same faults in whatever is asked", () => {
  const name = fc.constantFrom("thing", "part", "id", "color", "any", "node", "count", "weight", "nothing");
  const value = fc.constantFrom("1", "RED", '"x"', "$a", "$b", "{ size: 1 }", "[1]", "null");
  const parameters = fc.constantFrom("", "(id: 1)").chain((fixed) =>
    fc.oneof(
      fc.constant(fixed),
      fc.tuple(fc.constantFrom("id", "size", "filter"), value).map(([key, of]) => `(${key}: ${of})`),
    ),
  );
  const directive = fc.constantFrom("", "", "", "@once", '@once(name: "x")', "@skip(if: $a)");
  const { selection } = fc.letrec<{ selection: string; set: string }>((tie) => ({
    selection: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(name, parameters, directive).map((parts) => parts.join(" ")),
      fc.constantFrom("...A", "...B", "__typename"),
      fc.tuple(name, parameters, directive, tie("set")).map((parts) => parts.join(" ")),
      fc
        .tuple(fc.constantFrom("", "on Thing", "on Part", "on Node", "on Nothing"), directive, tie("set"))
        .map(([on, by, set]) => `... ${on} ${by} ${set}`),
    ),
    set: fc.array(tie("selection"), { minLength: 1, maxLength: 4 }).map((parts) => `{ ${parts.join(" ")} }`),
  }));
  fc.assert(
    fc.property(fc.array(selection, { minLength: 1, maxLength: 4 }), selection, (root, fragment) => {
      const { own, theirs } = faultsOf(
        `query Q($a: Int = 1, $b: Filter) { ${root.join(" ")} } fragment A on Thing { ${fragment} }`,
      );
      expect(own).toEqual(theirs);
    }),
    { numRuns: 150 },
  );
});
