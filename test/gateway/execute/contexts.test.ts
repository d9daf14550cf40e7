import { isObjectType } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { putTogether } from "../parts.ts";
import { startSubgraph, type TestServer } from "../servers.ts";
import { type NativeOnly, openNative } from "./engines.ts";
import { link } from "./graphs/graph.ts";
import { composeAt } from "./subgraphs.ts";

const SDL = {
  shops: `${link("@key @context @fromContext")}
    type Query { shops: [Shop] offices: [Office!] }
    type Shop @key(fields: "id") @context(name: "place") {
      id: ID! currency: String best: Item items: [Item!] shelves: [[Item]] inner: Hall
    }
    type Office @key(fields: "id") @context(name: "place") { id: ID! money: String item: Item }
    type Hall { deep: [Item] }
    type Item @key(fields: "id") {
      id: ID!
      price(
        in: String @fromContext(field: "$place ... on Shop { currency } ... on Office { money }")
        rounded: Boolean = false
      ): String
    }`,
  names: `${link("@key")} type Query { ping: Int } type Item @key(fields: "id") { id: ID! name: String }`,
} as const;

const cup = { id: "cup" };
const shops = [
  {
    id: "1",
    currency: "VND",
    best: cup,
    items: [cup, { id: "pot" }],
    shelves: [[cup, null], [{ id: "pan" }]],
    inner: { deep: [cup] },
  },
  { id: "2", currency: "USD", best: cup, items: [cup], shelves: [], inner: null },
  { id: "3", currency: null, best: cup, items: [], shelves: null, inner: { deep: [] } },
];

const price = ({ id }: { id: string }, { in: currency, rounded }: { in?: string; rounded: boolean }) =>
  `${id} in ${currency ?? "nothing"}${rounded ? ", rounded" : ""}`;

describe("arguments from above (@context, @fromContext)", () => {
  const servers: TestServer[] = [];
  let engine: NativeOnly;

  beforeAll(async () => {
    const urls = new Map<string, string>();
    for (const [name, typeDefs, resolvers] of [
      [
        "shops",
        SDL.shops,
        {
          Query: { shops: () => shops, offices: () => [{ id: "9", money: "EUR", item: cup }] },
          Item: { price, __resolveReference: (item: object) => item },
        },
      ],
      [
        "names",
        SDL.names,
        { Item: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `a ${id}` }) } },
      ],
    ] as const) {
      const server = await startSubgraph(typeDefs, resolvers);
      servers.push(server);
      urls.set(name, server.url);
    }
    engine = await openNative(
      composeAt({ name: "contexts", subgraphs: SDL }, (name) => urls.get(name) ?? ""),
    );
  });
  afterAll(async () => {
    await engine?.close();
    for (const server of servers) await server.close();
  });

  const ask = async (query: string) => {
    const { data, errors } = await engine.native(query);
    expect(errors).toEqual([]);
    return JSON.parse(data ?? "null") as unknown;
  };

  test("each place has its own value, also where the same entity stands at several", async () => {
    expect(await ask("{ shops { best { price } } }")).toEqual({
      shops: [
        { best: { price: "cup in VND" } },
        { best: { price: "cup in USD" } },
        { best: { price: "cup in nothing" } },
      ],
    });
  });

  test("through lists, lists of lists and value types, beside other subgraphs' fields", async () => {
    expect(
      await ask(
        "{ shops { items { name price(rounded: true) } shelves { price } inner { deep { price id } } } }",
      ),
    ).toEqual({
      shops: [
        {
          items: [
            { name: "a cup", price: "cup in VND, rounded" },
            { name: "a pot", price: "pot in VND, rounded" },
          ],
          shelves: [[{ price: "cup in VND" }, null], [{ price: "pan in VND" }]],
          inner: { deep: [{ price: "cup in VND", id: "cup" }] },
        },
        { items: [{ name: "a cup", price: "cup in USD, rounded" }], shelves: [], inner: null },
        { items: [], shelves: null, inner: { deep: [] } },
      ],
    });
  });

  test("from whichever type sets the context", async () => {
    expect(await ask("{ offices { item { price } } shops { best { price } } }")).toMatchObject({
      offices: [{ item: { price: "cup in EUR" } }],
    });
  });

  test("deferred", async () => {
    const query = `{
      shops { id ... @defer { best { id ... @defer { name price } } items { price(rounded: true) } } }
      ... @defer { offices { item { price } } }
    }`;
    const { data, errors } = putTogether("v0.2", await engine.inParts("v0.2", query));
    expect(errors).toEqual([]);
    expect(data).toEqual(await ask(query));
    expect(data).toMatchObject({ shops: [{ best: { name: "a cup", price: "cup in VND" } }, {}, {}] });
  });

  test("the argument is not the client's to give, nor to see", () => {
    const item = engine.schema.getType("Item");
    if (!isObjectType(item)) throw new Error("there is no type Item");
    expect(item.getFields()["price"]?.args.map(({ name }) => name)).toEqual(["rounded"]);
  });
});
