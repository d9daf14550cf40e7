/**
 * Subscriptions whose plans are made otherwise than by Hive's planner in one piece.
 */
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { openContext } from "../../../gateway/context.ts";
import { createNativeEngine } from "../../../gateway/execute/engine.ts";
import type { SubgraphRequest } from "../../../gateway/transport/transport.ts";

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@requires", "@external", "@interfaceObject", "@context", "@fromContext"])`;

/** Subscribes, sends one event, and answers what it asks: each entity by its key, with the fields asked for. */
async function run(
  subgraphs: Record<string, string>,
  query: string,
  event: Record<string, unknown>,
  entity: (request: SubgraphRequest, representation: Record<string, unknown>) => unknown,
) {
  const { supergraphSdl = "", errors } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, typeDefs: parse(`${LINK} ${sdl}`) })),
  );
  if (errors !== undefined) throw new Error(errors.join("; "));
  const engine = await createNativeEngine(supergraphSdl);
  const { operation, errors: faults } = engine.open(query, undefined);
  if (operation === undefined) throw new Error(faults.join("; "));
  const context = openContext("test", {});
  const subscribed = await engine.subscribe({ ...operation, variables: {} }, context, async (request) => {
    const lists = request.entities ?? [];
    return {
      data: Object.fromEntries(
        lists.map(({ responseKey, variable }) => [
          responseKey,
          (request.variables[variable] as Record<string, unknown>[]).map((one) => entity(request, one)),
        ]),
      ),
    };
  });
  if (subscribed.errors) throw new Error(subscribed.errors.join("; "));
  const { data, errors: told } = await subscribed.respond({ data: event }, context);
  return { source: subscribed.source, data: JSON.parse(data ?? "null") as unknown, errors: told };
}

test("arguments from context, which Apollo's planner plans", async () => {
  const { source, data, errors } = await run(
    {
      shops: `
        type Query { shop: Shop }
        type Subscription { opened: Shop }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! unit: String! item: Item }
        type Item @key(fields: "id") { id: ID! price(unit: String @fromContext(field: "$shop { unit }")): String }`,
    },
    "subscription { opened { item { price } } }",
    { opened: { __typename: "Shop", unit: "m", item: { __typename: "Item", id: "7" } } },
    ({ variables }, { id }) => ({
      price: `${String(id)} ${JSON.stringify(
        Object.entries(variables)
          .filter(([name]) => name !== "representations")
          .map(([, value]) => value),
      )}`,
    }),
  );
  expect(source).toMatchObject({ service: "shops", query: expect.stringMatching(/^subscription/) });
  expect({ data, errors }).toEqual({ data: { opened: { item: { price: '7 ["m"]' } } }, errors: [] });
});

test("an interface that is an object elsewhere, planned in pieces", async () => {
  const { source, data, errors } = await run(
    {
      media: `
        type Query { medium: Medium }
        type Subscription { added: Medium }
        interface Medium @key(fields: "id") { id: ID! }
        type Book implements Medium @key(fields: "id") { id: ID! pages: Int }
        type Film implements Medium @key(fields: "id") { id: ID! minutes: Int }`,
      stars: `
        type Medium @key(fields: "id") @interfaceObject { id: ID! stars: Int comment: String }`,
    },
    "subscription { added { id ... on Book { stars pages } ... on Film { comment } } }",
    { added: { __typename: "Book", id: "1", pages: 9 } },
    (_request, { id }) => ({ __typename: "Medium", id, stars: 5, comment: "none" }),
  );
  expect(source).toMatchObject({ service: "media", query: expect.stringMatching(/^subscription/) });
  expect({ data, errors }).toEqual({ data: { added: { id: "1", stars: 5, pages: 9 } }, errors: [] });
});

test("an operation that Hive's planner finds no plan for, in pieces", async () => {
  const { data, errors } = await run(
    {
      items: `
        type Query { item: Item }
        type Subscription { changed: Item }
        type Item @key(fields: "id") { id: ID! size: Int other: Item }`,
      prices: `
        type Item @key(fields: "id") { id: ID! size: Int @external price: String @requires(fields: "size") }`,
    },
    "subscription { changed { price other { price other { id price } } } }",
    {
      changed: {
        __typename: "Item",
        id: "1",
        size: 1,
        other: { __typename: "Item", id: "2", size: 2, other: { __typename: "Item", id: "3", size: 3 } },
      },
    },
    (_request, { id, size }) => ({ __typename: "Item", id, price: `${String(id)}:${String(size)}` }),
  );
  expect({ data, errors }).toEqual({
    data: { changed: { price: "1:1", other: { price: "2:2", other: { id: "3", price: "3:3" } } } },
    errors: [],
  });
});
