import { describe, expect, test } from "vitest";
import { link } from "./graphs/graph.ts";
import { type Part, serveBoth } from "./served.ts";

const FIELDS = ["whole", "never", "few", "many", "always", "named"] as const;
const SHARED = { always: "new", never: "old", whole: "new", named: "old" };

type Answers = Readonly<Record<(typeof FIELDS)[number], string>>;

/** Every field answers with the name of the subgraph that was asked. */
const thing = (service: string) => ({
  Thing: {
    __resolveReference: (key: object) => key,
    ...Object.fromEntries(FIELDS.map((field) => [field, () => service])),
  },
});
const KEYS = ["1", "2", "3"].map((id) => ({ id }));

const newPart: Part = {
  sdl: `${link("@key @override")}
    type Query { ping: Int }
    type Thing @key(fields: "id") {
      id: ID!
      whole: String @override(from: "old")
      never: String @override(from: "old", label: "percent(0)")
      few: String @override(from: "old", label: "percent(25)")
      many: String @override(from: "old", label: "percent(75.5)")
      always: String @override(from: "old", label: "percent(100)")
      named: String @override(from: "old", label: "our-rollout")
    }`,
  resolvers: thing("new"),
};
const OLD_THING = `type Thing @key(fields: "id") {
  id: ID! whole: String never: String few: String many: String always: String named: String
}`;

const plain = serveBoth({
  old: {
    sdl: `${link("@key")} type Query { things: [Thing!]! other: Thing } ${OLD_THING}`,
    resolvers: { Query: { things: () => KEYS, other: () => KEYS[0] }, ...thing("old") },
  },
  new: newPart,
});

/** An operation with the price is planned by Apollo's planner, because of its argument. */
const contextual = serveBoth(
  {
    old: {
      sdl: `${link("@key @context @fromContext")}
        type Query { shop: Shop }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String boxes: [Box!]! }
        type Box @key(fields: "id") {
          id: ID! things: [Thing!]! other: Thing price(in: String @fromContext(field: "$shop { currency }")): String
        }
        ${OLD_THING}`,
      resolvers: {
        Query: { shop: () => ({ id: "s", currency: "VND" }) },
        Shop: { boxes: () => [{ id: "b" }] },
        Box: {
          __resolveReference: (key: object) => key,
          price: (_box: unknown, args: { in: string }) => args.in,
          things: () => KEYS,
          other: () => KEYS[0],
        },
        ...thing("old"),
      },
    },
    new: newPart,
  },
  true,
);

const SELECTION = `{ things { ${FIELDS.join(" ")} } other { ${FIELDS.join(" ")} } }`;

async function askPlain(): Promise<readonly Answers[]> {
  const { data } = await plain.native(SELECTION);
  return flat(data as { readonly things: readonly Answers[]; readonly other: Answers });
}

async function askContextual(): Promise<readonly Answers[]> {
  const { data } = await contextual.native(
    `{ shop { boxes { price ...All } } } fragment All on Box ${SELECTION}`,
  );
  const [box] = (data as { shop: { boxes: [{ price: string; things: readonly Answers[]; other: Answers }] } })
    .shop.boxes;
  expect(box.price).toBe("VND");
  return flat(box);
}

function flat({ things, other }: { readonly things: readonly Answers[]; readonly other: Answers }) {
  return [...things, other];
}

const REQUESTS = 60;

describe.each([
  ["Hive's planner", askPlain],
  ["Apollo's planner", askContextual],
])("@override by %s", (_planner, ask) => {
  test("without a label, and with percent(0), percent(100) and a label of one's own, always the same", async () => {
    for (let count = 0; count < 5; count += 1)
      for (const answers of await ask()) expect(answers).toMatchObject(SHARED);
  });

  test("a percentage is decided once for a request, for all of its places, a higher one with every lower", async () => {
    const seen = new Map<string, number>();
    for (let count = 0; count < REQUESTS; count += 1) {
      const ways = new Set((await ask()).map(({ few, many }) => `${few} ${many}`));
      expect(ways.size).toBe(1);
      for (const way of ways) seen.set(way, (seen.get(way) ?? 0) + 1);
    }
    // Each of the three comes about a quarter to a half of the time: that one is missing in 60 is one chance in millions.
    expect([...seen.keys()].toSorted()).toEqual(["new new", "old new", "old old"]);
  });
});

test("the stock engine leaves every label off", async () => {
  const { data } = await plain.stock("{ other { few many always named whole } }");
  expect(data).toEqual({ other: { few: "old", many: "old", always: "old", named: "old", whole: "new" } });
});
