import { OperationTypeNode } from "graphql";
import { expect, test } from "vitest";
import { readSupergraph } from "../../gateway/supergraph.ts";
import { composeShop } from "./shop.ts";

test("tells the subgraphs with their URLs, and what is partitioned by what", () => {
  const supergraph = readSupergraph(composeShop({ orders: "http://orders/graphql" }), "supergraph.graphql");
  expect([...supergraph.subgraphs]).toEqual([
    ["notes", ""],
    ["orders", "http://orders/graphql"],
    ["stock", ""],
  ]);
  expect([...supergraph.partitionedTypes]).toEqual([["Shelf", "store"]]);
  expect([...(supergraph.partitionedFields.get(OperationTypeNode.QUERY) ?? [])]).toEqual([
    ["shelf", { argument: "store", fallback: undefined }],
    ["nearest", { argument: "store", fallback: "N1" }],
  ]);
  expect([...(supergraph.partitionedFields.get(OperationTypeNode.MUTATION) ?? [])]).toEqual([
    ["fill", { argument: "store", fallback: undefined }],
  ]);
});

test.each([
  ["type Query {", /^x\.graphql:1:13: Syntax Error/],
  ["", /^x\.graphql:1:1: Syntax Error/],
  ["type Query { a: Int }", /^x\.graphql is not a composed supergraph/],
])("%j is refused with its place and what to do", (sdl, message) => {
  expect(() => readSupergraph(sdl, "x.graphql")).toThrow(message);
});
