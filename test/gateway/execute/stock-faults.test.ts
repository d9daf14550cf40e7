/**
 * What the stock engine (@apollo/gateway 2, with its planner) is known to get wrong, what the own engine answers
 * instead, and where the specification says so. The random comparison of the two (differential.test.ts) leaves out
 * what stands here, and nothing else.
 */
import { execFile } from "node:child_process";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { createStockEngine } from "../../../gateway/execute/apollo.ts";
import { createNativeEngine } from "../../../gateway/execute/engine.ts";
import { startRaw } from "../servers.ts";
import { openEngines } from "./engines.ts";
import { CONTEXTS } from "./graphs/contexts.ts";
import { link } from "./graphs/graph.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { serveBoth } from "./served.ts";
import { composeAt } from "./subgraphs.ts";

const PRICES: Record<string, number> = { VND: 25_000, USD: 1, EUR: 2 };
const item = (id: string) => ({ __typename: "Item", id });

const shop = serveBoth({
  goods: {
    sdl: `${link("@key @shareable")}
      enum Currency { VND USD EUR }
      interface Named { name: String }
      union Listed = Item | Note
      type Query { item: Item items: [Item!]! listed: [Listed!]! }
      type Item implements Named @key(fields: "id") { id: ID! name: String weight: Int size: Size price(in: Currency = VND): Int }
      type Size { width: Int height: Int }
      type Note implements Named { name: String }`,
    resolvers: {
      Query: {
        item: () => item("1"),
        items: () => [item("1"), item("2")],
        listed: () => [item("1"), { __typename: "Note", name: "n" }, item("2")],
      },
      Item: {
        __resolveReference: ({ id }: { id: string }) => item(id),
        name: ({ id }: { id: string }) => `item ${id}`,
        weight: ({ id }: { id: string }) => Number(id) * 10,
        size: () => ({ width: 2, height: 3 }),
        price: (_item: unknown, { in: currency }: { in: string }) => PRICES[currency],
      },
    },
  },
  shipping: {
    sdl: `${link("@key @external @requires")}
      enum Currency { VND USD EUR }
      type Query { heaviest: Item }
      type Item @key(fields: "id") {
        id: ID!
        weight: Int @external
        size: Size @external
        price(in: Currency = VND): Int @external
        cost(speed: Int = 1): Int @requires(fields: "weight")
        space: Int @requires(fields: "size { width height }")
        duty: String @requires(fields: "price(in: USD)")
        fee: String @requires(fields: "price(in: EUR)")
        stock: Int
        refused: String
      }
      type Size { width: Int @external height: Int @external }`,
    resolvers: {
      Query: { heaviest: () => item("2") },
      Item: {
        cost: ({ weight }: { weight?: number }, { speed }: { speed: number }) => {
          if (weight === undefined) throw new Error("cost asked without the weight");
          return weight * speed;
        },
        space: ({ size }: { size: { width: number; height: number } }) => size.width * size.height,
        duty: ({ price }: { price: number }) => `on ${price}`,
        fee: ({ price }: { price: number }) => `on ${price}`,
        stock: () => 7,
        refused: ({ id }: { id: string }) => {
          if (id === "2") throw new Error("refused");
          return "given";
        },
      },
    },
  },
  insurance: {
    sdl: `${link("@key @external @requires")}
      type Item @key(fields: "id") { id: ID! cost(speed: Int = 1): Int @external premium: Int @requires(fields: "cost(speed: 3)") }
      type Query { ping: Int }`,
    resolvers: { Item: { premium: ({ cost }: { cost: number }) => cost + 1 } },
  },
});

interface StockFault {
  /** What the stock engine does. */
  readonly fault: string;
  /** Section of the GraphQL specification (October 2021) that demands otherwise, and what it demands. */
  readonly demanded: string;
  readonly query: string;
  readonly variables?: object;
  readonly right: object;
  readonly stock: object;
}

const answers = (data: unknown, ...errors: readonly string[]) => ({ data, errors });

/** Arguments of a field are part of what it is asked; a subgraph must be told what its field requires, no other thing. */
const OF_REQUIREMENTS: readonly StockFault[] = [
  {
    fault:
      "a field is required with one argument and asked for with another: the client's replaces the required",
    demanded: "6.4.1: a field is resolved with its own arguments",
    query: "{ item { price duty } }",
    right: answers({ item: { price: 25_000, duty: "on 1" } }),
    stock: answers({ item: { price: 25_000, duty: "on 25000" } }),
  },
  {
    fault: "two fields require one field with different arguments: both get the last one's",
    demanded: "6.4.1: a field is resolved with its own arguments",
    query: "{ item { duty fee } }",
    right: answers({ item: { duty: "on 1", fee: "on 2" } }),
    stock: answers({ item: { duty: "on 2", fee: "on 2" } }),
  },
  {
    fault: "a field is required with an argument, itself requires others, and is asked for without",
    demanded: "6.4.1: a field is resolved with its own arguments",
    query: "{ items { cost premium } }",
    right: answers({
      items: [
        { cost: 10, premium: 31 },
        { cost: 20, premium: 61 },
      ],
    }),
    stock: answers({
      items: [
        { cost: 10, premium: 11 },
        { cost: 20, premium: 21 },
      ],
    }),
  },
  {
    fault: "a required field that itself requires others is asked of the subgraph at hand before it has them",
    demanded: "6.4.4: an error is of the field that failed; here no field need fail",
    query: "{ heaviest { premium } }",
    right: answers({ heaviest: { premium: 61 } }),
    stock: answers({ heaviest: { premium: 1 } }, "heaviest.cost cost asked without the weight"),
  },
];

/** A response key is the client's to choose (2.7), and the planner's own fields share the object with it. */
const OF_NAMES: readonly StockFault[] = [
  {
    fault: "__typename as the alias of another field is taken for the object's type",
    demanded: "2.7: the alias is the field's key in the response, nothing more",
    query: "{ item { __typename: name } }",
    right: answers({ item: { __typename: "item 1" } }),
    stock: answers({ item: null }),
  },
  {
    fault: "an alias that is the name of a key gets the key's value",
    demanded: "2.7: the alias is the key of the field that it stands before",
    query: "{ item { id: name stock } }",
    right: answers({ item: { id: "item 1", stock: 7 } }),
    stock: answers({ item: { id: "1", stock: 7 } }),
  },
  {
    fault: "an error about one of the entities that were asked for is told at its place among those alone",
    demanded: "7.1.2: the path leads to the field that failed, with the index in its list",
    query: "{ listed { ... on Item { refused } } }",
    right: answers({ listed: [{ refused: "given" }, {}, { refused: null }] }, "listed.2.refused refused"),
    stock: answers({ listed: [{ refused: "given" }, {}, { refused: null }] }, "listed.1.refused refused"),
  },
];

const OF_SELECTIONS: readonly StockFault[] = [
  {
    fault: "a field with @requires that is not included takes what stands beside it along",
    demanded: "3.13.2: @include leaves out the field that it stands at",
    query: "{ item { stock cost @include(if: false) } }",
    right: answers({ item: { stock: 7 } }),
    stock: answers({ item: { stock: null } }),
  },
  {
    fault: "a field with @requires that is skipped takes what stands beside it along",
    demanded: "3.13.1: @skip leaves out the field that it stands at",
    query: "{ item { cost space @skip(if: true) } }",
    right: answers({ item: { cost: 10 } }),
    stock: answers({ item: { cost: null } }),
  },
  {
    fault: "a list of which every field is left out, under a condition of its own, is not asked for",
    demanded: "6.3: a selection set without fields gives an object without fields",
    query: "query ($without: Boolean!) { items @skip(if: $without) { name @skip(if: true) } }",
    variables: { without: false },
    right: answers({ items: [{}, {}] }),
    stock: answers(null),
  },
  {
    fault: "a fragment on an interface, where only one type may stand, loses the fragments within",
    demanded: "6.3.2: a fragment applies to every object of its type",
    query: "{ item { ... on Named { ... on Item { name } } } }",
    right: answers({ item: { name: "item 1" } }),
    stock: answers({ item: {} }),
  },
];

describe.each([
  ["what fields require", OF_REQUIREMENTS],
  ["names", OF_NAMES],
  ["what is selected", OF_SELECTIONS],
])("of %s", (_group, faults) => {
  test.each(faults)("$fault ($demanded)", async ({ query, variables, right, stock }) => {
    expect(await shop.native(query, variables)).toEqual(right);
    expect(await shop.stock(query, variables)).toEqual(stock);
  });
});

describe("of fields that may be null here and not there", () => {
  const boxes = serveBoth({
    west: {
      sdl: `${link("@key @shareable")}
        interface Thing { label: String }
        type Query { things: [Thing!]! }
        type Box implements Thing @key(fields: "id") { id: ID! label: String! @shareable }`,
      resolvers: { Query: { things: () => [{ __typename: "Box", id: "1", label: "a box" }] } },
    },
    east: {
      sdl: `${link("@key @shareable")}
        type Query { ping: Int }
        type Box @key(fields: "id") { id: ID! label: String @shareable }`,
      resolvers: {},
    },
  });

  test("under a condition they are asked for in a call that the subgraph refuses (5.3.2: SameResponseShape)", async () => {
    const query = "{ things { ... @skip(if: false) { label ... on Box { label } } } }";
    expect(await boxes.native(query)).toEqual(answers({ things: [{ label: "a box" }] }));
    const { data, errors } = await boxes.stock(query);
    expect(data).toBeNull();
    expect(errors).toEqual([expect.stringMatching(/^- Fields "label" conflict/)]);
  });
});

test("the order of fields is by where each first stands, of @shareable ones too (7.2.2)", async () => {
  const query = "{ item { ... on Item { weight } name ... on Item { __typename } } }";
  expect(JSON.stringify((await shop.native(query)).data)).toBe(
    '{"item":{"weight":10,"name":"item 1","__typename":"Item"}}',
  );
  expect(JSON.stringify((await shop.stock(query)).data)).toBe(
    '{"item":{"weight":10,"__typename":"Item","name":"item 1"}}',
  );
});
describe("of types known as objects (@interfaceObject)", () => {
  const dog = { __typename: "Dog", id: "1" };
  const ward = serveBoth({
    animals: {
      sdl: `${link("@key")}
        type Query { dog: Dog }
        interface Animal @key(fields: "id") { id: ID! name: String }
        interface Named { name: String }
        type Dog implements Animal & Named @key(fields: "id") { id: ID! name: String }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { dog: () => dog },
        Animal: { __resolveType: () => "Dog", __resolveReference: () => dog },
        Dog: { __resolveReference: () => dog, name: () => "Rex" },
      },
    },
    clinic: {
      sdl: `${link("@key @interfaceObject")}
        type Query { patients: [Animal!]! }
        type Animal @key(fields: "id") @interfaceObject { id: ID! healthy: Boolean }`,
      resolvers: { Query: { patients: () => [{ id: "1" }] }, Animal: { healthy: () => true } },
    },
    insurer: {
      sdl: `${link("@key @interfaceObject")}
        type Query { insured: [Animal!]! }
        type Animal @key(fields: "id") @interfaceObject { id: ID! holder: String }`,
      resolvers: { Query: { insured: () => [{ id: "1" }] }, Animal: { holder: () => "An" } },
    },
  });

  test.each<Pick<StockFault, "fault" | "demanded" | "query" | "right" | "stock">>([
    {
      fault: "the interface's name takes the place of the object's type, and the object is lost",
      demanded: "4.1: __typename is the name of the object's type",
      query: "{ dog { healthy __typename } }",
      right: answers({ dog: { healthy: true, __typename: "Dog" } }),
      stock: answers({ dog: null }),
    },
    {
      fault: "the type is found, and then lost in another subgraph that knows the interface only",
      demanded: "6.3.2: a fragment applies to every object of its type",
      query: "{ insured { ... on Dog { key: id healthy } } }",
      right: answers({ insured: [{ key: "1", healthy: true }] }),
      stock: answers({ insured: [{}] }),
    },
    {
      fault: "what is not included takes the type along",
      demanded: "3.13.2: @include leaves out the selection that it stands at",
      query: "{ patients { ... on Dog { ... on Dog @include(if: false) { name id } id } } }",
      right: answers({ patients: [{ id: "1" }] }),
      stock: answers({ patients: [{}] }),
    },
  ])("$fault ($demanded)", async ({ query, right, stock }) => {
    expect(await ward.native(query)).toEqual(right);
    expect(await ward.stock(query)).toEqual(stock);
  });

  test("a fragment on another interface is not planned at all (6.3.2: it applies to every object of its type)", async () => {
    const query = "{ insured { ... on Named { name } } }";
    expect(await ward.native(query)).toEqual(answers({ insured: [{ name: "Rex" }] }));
    await expect(ward.stock(query)).rejects.toThrow("We should have an edge from Animal(insurer)");
  });

  test("a field with @requires within a fragment on one type: planning never ends (6: a valid operation is executed)", async () => {
    const sdl = composeAt(INTERFACES, () => "http://127.0.0.1:1/");
    expect(await endOfStockPlanning(sdl, "{ worst { premium } }")).toBe("planned");
    expect(await endOfStockPlanning(sdl, "{ worst { ... on Cat { premium } } }")).toBe("heap out of memory");
    // That the own engine plans it, and answers right, is seen in differential.test.ts.
  });
});

describe("of values that are not as the schema says", () => {
  test("a null where none may be is told nowhere (6.4.4: a field error is raised)", async () => {
    expect(await said('{"data":{"thing":{"name":null}}}', "{ thing { name } }")).toEqual({
      data: ['{"thing":null}', '{"thing":null}'],
      errors: [["thing.name"], []],
    });
  });

  test("a value that is not of its type is told nowhere (6.4.3: a field error is raised)", async () => {
    expect(await said('{"data":{"count":"five"}}', "{ count }")).toEqual({
      data: ['{"count":null}', '{"count":null}'],
      errors: [["count"], []],
    });
  });

  test("a number with more digits than JavaScript keeps is lost, or rounded (3.5.2, 7.2)", async () => {
    expect(await said('{"data":{"ratio":1.00000000000000000001}}', "{ ratio }")).toEqual({
      data: ['{"ratio":1.00000000000000000001}', '{"ratio":null}'],
      errors: [[], []],
    });
  });
});

describe("of supergraphs", () => {
  test.each([
    ["@authenticated", "@authenticated"],
    ["@requiresScopes", '@requiresScopes(scopes: [["read"]])'],
    ["@policy", '@policy(policies: [["read"]])'],
  ])("those with %s are refused", async (directive, applied) => {
    const subgraphs = {
      main: `${link(`@key ${directive}`)} type Query { secret: Int ${applied} open: Int }`,
    };
    const sdl = composeAt({ name: "secured", subgraphs }, () => "http://127.0.0.1:1/");
    expect((await createNativeEngine(sdl)).schema.getQueryType()?.getFields()["secret"]).toBeDefined();
    await expect(createStockEngine(sdl, pino({ level: "silent" }))).rejects.toThrow(directive.slice(1));
  });

  test("those with @fromContext are refused", async () => {
    const sdl = composeAt(CONTEXTS, () => "http://127.0.0.1:1/");
    await expect(createStockEngine(sdl, pino({ level: "silent" }))).rejects.toThrow("context/v0.1");
  });
});

/** Data, and the paths of errors, of the own engine and of the stock one. */
async function said(body: string, query: string) {
  const server = await startRaw((_request, response) => response.end(body));
  const subgraphs = {
    main: `${link("@key")} type Query { thing: Thing count: Int ratio: Float } type Thing { name: String! }`,
  };
  const engines = await openEngines(composeAt({ name: "raw", subgraphs }, () => server.url));
  const native = await engines.native(query);
  const stock = await engines.stock(query);
  await engines.close();
  await server.close();
  return {
    data: [native.data, stock.data],
    errors: [
      native.errors.map(({ path }) => path?.join(".")),
      stock.errors.map(({ path }) => path?.join(".")),
    ],
  };
}

const PLANNING = `
  const { operationFromDocument, Supergraph } = require("@apollo/federation-internals");
  const { QueryPlanner } = require("@apollo/query-planner");
  const { parse } = require("graphql");
  const [sdl, query] = process.argv.slice(1);
  const graph = Supergraph.build(sdl);
  new QueryPlanner(graph).buildQueryPlan(operationFromDocument(graph.apiSchema(), parse(query)));
`;

/** In a process with little memory, so that it ends soon: the planner follows fetches in a circle. */
function endOfStockPlanning(sdl: string, query: string): Promise<string> {
  const limits = ["--max-old-space-size=96", "--no-warnings"];
  return new Promise((resolve) => {
    execFile(process.execPath, [...limits, "-e", PLANNING, sdl, query], (error, _output, complaint) =>
      resolve(error === null ? "planned" : (/heap out of memory/.exec(complaint)?.[0] ?? complaint)),
    );
  });
}
