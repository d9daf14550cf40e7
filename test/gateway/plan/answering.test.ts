import { buildASTSchema, parse } from "graphql";
import { expect, test } from "vitest";
import { readAnswering } from "../../../gateway/plan/answering.ts";
import { readLinks } from "../../../gateway/plan/links.ts";
import { composeSubgraphs } from "../../../gateway/registry/compose.ts";
import { link } from "../execute/graphs/graph.ts";

const HEAD = link(
  "@key @shareable @external @requires @provides @interfaceObject @override @context @fromContext",
);

function answering(subgraphs: Record<string, string>) {
  const sources = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    file: name,
    url: "http://x",
    sdl: HEAD + sdl,
  }));
  const { supergraph, faults } = composeSubgraphs(sources);
  if (faults) throw new Error(JSON.stringify(faults));
  const document = parse(supergraph);
  return readAnswering(buildASTSchema(document, { assumeValidSDL: true }), readLinks(document));
}

test("whoever resolves a field may be asked for it, and nobody else", () => {
  const { askedFor } = answering({
    a: `type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String @shareable size: Int }`,
    b: `type Query { items: [Item] } type Item @key(fields: "id") {
          id: ID! name: String @shareable size: Int @override(from: "a") price: Int
        }`,
  });
  expect(askedFor("Item.name")).toEqual(["a", "b"]);
  expect(askedFor("Item.price")).toEqual(["b"]);
  expect(askedFor("Item.size")).toEqual(["b"]);
  expect(askedFor("Query.items")).toEqual(["b"]);
  expect(askedFor("Item.nothing")).toEqual([]);
});

test("a key is not asked of who has the object from others only", () => {
  const { askedFor } = answering({
    a: `type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String }`,
    adds: `type Item @key(fields: "id") { id: ID! note: String }`,
    gives: `type Query { found: [Found] } union Found = Item type Item @key(fields: "id") { id: ID! rank: Int }`,
  });
  expect(askedFor("Item.id")).toEqual(["a", "gives"]);
  expect(askedFor("Item.note")).toEqual(["adds"]);
});

test("one of several keys is: it may be told the other", () => {
  const { askedFor } = answering({
    a: `type Query { item: Item } type Item @key(fields: "id") { id: ID! }`,
    b: `type Query { items: [Item] } type Item @key(fields: "id") @key(fields: "number") { id: ID! number: ID! }`,
    knows: `type Item @key(fields: "id") @key(fields: "number") { id: ID! number: ID! note: String }`,
    refers: `type Query { best: Best } type Best { note: String }
             type Item @key(fields: "number", resolvable: false) @key(fields: "id") { id: ID! number: ID! rank: Int }`,
  });
  expect(askedFor("Item.number")).toEqual(["b", "knows", "refers"]);
  expect(askedFor("Item.id")).toEqual(["a", "b", "knows"]);
});

test("what is external is asked of its owner, and of who provides it", () => {
  const { askedFor } = answering({
    a: `type Query { item: Item } type Item @key(fields: "id") { id: ID! name: String @shareable size: Int @shareable }`,
    b: `type Query { best: Item @provides(fields: "name") other: Item }
        type Item @key(fields: "id") {
          id: ID! name: String @external size: Int @external twice: Int @requires(fields: "size")
        }`,
  });
  expect(askedFor("Item.name")).toEqual(["a", "b"]);
  expect(askedFor("Item.size")).toEqual(["a"]);
});

test("what an interface has as an object, its types have from there", () => {
  const { askedFor } = answering({
    a: `type Query { thing: Thing } interface Thing @key(fields: "id") { id: ID! }
        type Car implements Thing @key(fields: "id") { id: ID! wheels: Int }`,
    b: `type Thing @key(fields: "id") @interfaceObject { id: ID! owner: String }`,
  });
  expect(askedFor("Car.owner")).toEqual(["b"]);
  expect(askedFor("Car.wheels")).toEqual(["a"]);
  expect(askedFor("Car.id")).toEqual(["a"]);
});

test("what a subgraph requires, through lists, objects and whatever type stands there, it reads", () => {
  const { readsFor } = answering({
    a: `type Query { item: Item } interface Part { weight: Int } type Wheel implements Part { weight: Int spokes: Int }
        type Door implements Part { weight: Int }
        type Item @key(fields: "id") { id: ID! parts: [Part!] unit: String }`,
    b: `interface Part { weight: Int } type Wheel implements Part { weight: Int @external spokes: Int @external }
        type Door implements Part { weight: Int @external }
        type Item @key(fields: "id") {
          id: ID! parts: [Part!] @external unit: String @external
          load: Int @requires(fields: "unit parts { weight ... on Wheel { spokes } }")
        }`,
  });
  expect(readsFor("Item.unit")).toEqual([]);
  const [reading, ...others] = readsFor("Item.load");
  expect(others).toEqual([]);
  expect(reading).toMatchObject({ service: "b", directive: "@requires" });
  expect(new Set(reading?.fields)).toEqual(
    new Set(["Item.unit", "Item.parts", "Wheel.weight", "Door.weight", "Wheel.spokes"]),
  );
});

test("what an argument takes from above is read", () => {
  const { readsFor } = answering({
    a: `type Query { person: Person } type Person @key(fields: "id") { id: ID! tongue: String }`,
    b: `type Person @key(fields: "id") @context(name: "who") { id: ID! tongue: String @external note: Note }
        type Note @key(fields: "id") { id: ID! text(tongue: String @fromContext(field: "$who { tongue }")): String }`,
  });
  expect(readsFor("Note.text")).toEqual([
    { service: "b", directive: "@fromContext", fields: ["Person.tongue"] },
  ]);
});
