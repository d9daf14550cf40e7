/**
 * The shop that federation benchmarks are made of: accounts, products, inventory and reviews. In the language of
 * Federation 1, which every gateway reads, and which composes as Federation 2.
 */
import type { Entry, Representation, Subgraph } from "./answer.ts";

const SDL = {
  accounts: `
    extend type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`,
  products: `
    extend type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  inventory: `
    extend type Product @key(fields: "upc") {
      upc: String! @external
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  reviews: `
    type Review @key(fields: "id") {
      id: ID!
      body: String
      author: User @provides(fields: "username")
      product: Product
    }
    extend type User @key(fields: "id") { id: ID! @external username: String @external reviews: [Review] }
    extend type Product @key(fields: "upc") { upc: String! @external reviews: [Review] }`,
} as const;

const PEOPLE = ["An Nguyen", "Binh Tran", "Chi Le", "Dung Pham", "Ha Hoang", "Khoa Vu"];
const GOODS = ["Table", "Couch", "Glass", "Chair", "Screen", "Lamp", "Grill", "Fridge", "Sofa"];
const REVIEWS = 12;
/** Only the first few products are reviewed, three times each. */
const REVIEWED = 4;

const USERS = PEOPLE.map((name, index) => ({
  id: `${index + 1}`,
  name,
  username: name.toLowerCase().replace(" ", "."),
  birthday: 1_234_567_890 + index,
}));
const PRODUCTS = GOODS.map((name, index) => ({
  upc: `${index + 1}`,
  name,
  price: [899, 1299, 15, 499, 1299, 29, 429, 1299, 899][index] as number,
  weight: [100, 1000, 20, 100, 1000, 50, 250, 1000, 800][index] as number,
}));

export function createShop(): Readonly<Record<keyof typeof SDL, Subgraph>> {
  return { accounts: accounts(), products: products(), inventory: inventory(), reviews: reviews() };
}

function accounts(): Subgraph {
  const users: readonly Entry[] = USERS.map((user) => ({ __typename: "User", ...user }));
  const byId = indexBy(users, "id");
  return {
    sdl: SDL.accounts,
    query: { me: users[0], users, user: ({ id }: { id: string }) => byId.get(id) ?? null },
    entity: ({ id }) => byId.get(id) ?? null,
  };
}

function products(): Subgraph {
  const all: readonly Entry[] = PRODUCTS.map((product) => ({ __typename: "Product", ...product }));
  const byUpc = indexBy(all, "upc");
  return {
    sdl: SDL.products,
    query: { topProducts: ({ first }: { first?: number }) => all.slice(0, first ?? 5) },
    entity: ({ upc }) => byUpc.get(upc) ?? null,
  };
}

function inventory(): Subgraph {
  const known = new Map<string, Entry>();
  return {
    sdl: SDL.inventory,
    query: {},
    entity({ upc, price, weight }: Representation) {
      const key = `${String(upc)} ${String(price)} ${String(weight)}`;
      let entry = known.get(key);
      if (entry === undefined) {
        // What is expensive is sent free of charge; without the required fields nothing can be said.
        const estimate =
          typeof price !== "number" || typeof weight !== "number" ? null : price > 1000 ? 0 : weight / 2;
        entry = { __typename: "Product", upc, inStock: Number(upc) % 3 !== 0, shippingEstimate: estimate };
        known.set(key, entry);
      }
      return entry;
    },
  };
}

function reviews(): Subgraph {
  const users = USERS.map(({ id, username }) => ({
    __typename: "User",
    id,
    username,
    reviews: [] as Entry[],
  }));
  const goods = PRODUCTS.map(({ upc }) => ({ __typename: "Product", upc, reviews: [] as Entry[] }));
  const all = Array.from({ length: REVIEWS }, (_, number) => {
    const author = users[number % users.length];
    const product = goods[number % REVIEWED];
    const review: Entry = {
      __typename: "Review",
      id: `${number + 1}`,
      body: bodyOf(number),
      author,
      product,
    };
    author?.reviews.push(review);
    product?.reviews.push(review);
    return review;
  });
  const known = { User: indexBy(users, "id"), Product: indexBy(goods, "upc"), Review: indexBy(all, "id") };
  return {
    sdl: SDL.reviews,
    query: {},
    entity({ __typename, id, upc }) {
      return known[__typename as keyof typeof known]?.get(id ?? upc) ?? null;
    },
  };
}

/** Between 250 and 520 characters, as people write. */
function bodyOf(number: number): string {
  const words =
    "it stands well in the room and was easy to put together though one screw was missing from the box";
  const sentence = `${number + 1}: ${words}. `;
  return sentence.repeat(3 + (number % 3)).trim();
}

function indexBy(entries: readonly Entry[], key: string): ReadonlyMap<unknown, Entry> {
  return new Map(entries.map((entry) => [entry[key], entry]));
}
