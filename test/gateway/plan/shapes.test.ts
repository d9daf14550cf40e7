import { expect, test } from "vitest";
import { link } from "../execute/graphs/graph.ts";
import { serveBoth } from "../execute/served.ts";

const money = { amount: 5, unit: { code: "VND" } };

/** In `shop` names and prices of a crate may be null, those of a box may not; in the supergraph all may. */
const both = serveBoth({
  shop: {
    sdl: `${link("@key @shareable")}
      union Good = Box | Crate
      type Query { goods: [Good!]! }
      type Box @key(fields: "id") { id: ID! label: String! @shareable price: Price! @shareable }
      type Crate @key(fields: "id") { id: ID! label: String price: Price }
      type Price @shareable { amount: Int! unit: Unit! }
      type Unit @shareable { code: ID! }`,
    resolvers: {
      Query: {
        goods: () => [
          { __typename: "Box", id: "1", label: "a box", price: money },
          { __typename: "Crate", id: "2", label: null, price: money },
          { __typename: "Crate", id: "3", label: "a crate", price: null },
        ],
      },
      Box: { __resolveReference: ({ id }: { id: string }) => ({ id, label: `box ${id}`, price: money }) },
      Crate: {
        __resolveReference: ({ id }: { id: string }) => ({ id, label: `crate ${id}`, price: money }),
        label: ({ label }: { label: string | null }) => {
          if (label === null) throw new Error("no label");
          return label;
        },
      },
    },
  },
  stock: {
    sdl: `${link("@key @shareable")}
      union Thing = Box | Crate
      type Query { stock: [Thing!]! }
      type Box @key(fields: "id") { id: ID! label: String @shareable price: Price @shareable }
      type Crate @key(fields: "id") { id: ID! }
      type Price @shareable { amount: Int! unit: Unit! }
      type Unit @shareable { code: ID! }`,
    resolvers: {
      Query: {
        stock: () => [
          { __typename: "Crate", id: "8" },
          { __typename: "Box", id: "9" },
        ],
      },
      Box: { label: ({ id }: { id: string }) => `box ${id}`, price: () => money },
    },
  },
});

const SELECTION =
  "... on Box { label price { unit { code } } } ... on Crate { label price { amount unit { code } } }";

test("fields of one name that may be null here and not there are asked for under two names", async () => {
  const { data, errors } = await both.native(`{ goods { ${SELECTION} } }`);
  expect(data).toEqual({
    goods: [
      { label: "a box", price: { unit: { code: "VND" } } },
      { label: null, price: { amount: 5, unit: { code: "VND" } } },
      { label: "a crate", price: null },
    ],
  });
  // In the client's names.
  expect(errors).toEqual(["goods.1.label no label"]);
  expect(both.asked()).toHaveLength(1);
});

test("so are those of entities", async () => {
  const { data, errors } = await both.native(`{ stock { ${SELECTION} } }`);
  expect(errors).toEqual([]);
  expect(data).toEqual({
    stock: [
      { label: "crate 8", price: { amount: 5, unit: { code: "VND" } } },
      { label: "box 9", price: { unit: { code: "VND" } } },
    ],
  });
});
