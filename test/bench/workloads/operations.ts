/**
 * The operations on the shop.
 */

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The query that federation benchmarks share: users and products, their reviews, and round again, five levels deep. */
export const DEEP: Operation = {
  query: `
    query Deep {
      users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
      topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
    }
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { upc name price weight inStock shippingEstimate }`,
  variables: {},
};

/** One field of one subgraph. */
export const SMALL: Operation = {
  query: "query Small($id: ID!) { user(id: $id) { id name username } }",
  variables: { id: "3" },
};

/** What a gateway asks of `reviews` in the deep query, and what makes the longest answer there. */
export const PRODUCT_REVIEWS: Operation = {
  query: `query Reviews($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Product { reviews { id body author { __typename id username } product { __typename upc } } } } }`,
  variables: { representations: ["1", "2", "3", "4"].map((upc) => ({ __typename: "Product", upc })) },
};

/** For each type: its scalar fields, and its fields that lead on. */
const FIELDS = {
  User: { scalars: ["id", "name", "username", "birthday"], edges: { reviews: "Review" } },
  Product: {
    scalars: ["upc", "name", "price", "weight", "inStock", "shippingEstimate"],
    edges: { reviews: "Review" },
  },
  Review: { scalars: ["id", "body"], edges: { author: "User", product: "Product" } },
} as const;

type TypeName = keyof typeof FIELDS;

const ROOTS: readonly (readonly [string, TypeName])[] = [
  ["me", "User"],
  ["users", "User"],
  ["topProducts", "Product"],
];

/** Levels below the root field. */
const DEEPEST = 4;

/**
 * Operations of which no two select the same; the same ones for the same seed.
 * @param avoid texts that are not to come again
 */
export function distinctOperations(
  count: number,
  seed: number,
  avoid: readonly Operation[] = [],
): readonly Operation[] {
  const random = generator(seed);
  const texts = new Set(avoid.map(({ query }) => query));
  const operations: Operation[] = [];
  while (operations.length < count) {
    const roots = ROOTS.filter(() => random() < 0.5);
    if (roots.length === 0) continue;
    const query = `{${roots.map(([name, type]) => `${name}${selection(type, DEEPEST, random)}`).join(" ")}}`;
    if (texts.has(query)) continue;
    texts.add(query);
    operations.push({ query, variables: {} });
  }
  return operations;
}

function selection(type: TypeName, deeper: number, random: () => number): string {
  const { scalars, edges } = FIELDS[type];
  const [key] = scalars;
  const chosen: string[] = scalars.filter((name) => name === key || random() < 0.4);
  for (const [name, target] of Object.entries(edges))
    if (deeper > 0 && random() < 0.6) chosen.push(`${name}${selection(target, deeper - 1, random)}`);
  return `{${chosen.join(" ")}}`;
}

/** Mulberry32: numbers from 0 to 1, always the same for a seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
