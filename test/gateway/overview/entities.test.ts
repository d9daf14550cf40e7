import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readServiceMap } from "../../../gateway/overview/entities.ts";
import { composeShop } from "../shop.ts";

const COUPONS = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  type Order @key(fields: "id") { id: ID! title: String @external coupon: String @requires(fields: "title") }
  type Shelf @key(fields: "store code", resolvable: false) { store: ID! code: ID! }
  type Query { best: Order shelfOfTheDay: Shelf }`;

const ENTITIES = [
  {
    name: "Order",
    partitionedBy: undefined,
    parts: [
      { service: "coupons", keys: ["id"], resolvable: true, fields: ["coupon"] },
      { service: "orders", keys: ["id"], resolvable: true, fields: ["title", "shelves"] },
    ],
  },
  {
    name: "Shelf",
    partitionedBy: "store",
    parts: [
      { service: "coupons", keys: ["store code"], resolvable: false, fields: [] },
      { service: "notes", keys: ["store code"], resolvable: true, fields: ["note"] },
      { service: "orders", keys: ["store code"], resolvable: true, fields: [] },
      { service: "stock", keys: ["store code"], resolvable: true, fields: ["count", "refused"] },
    ],
  },
];

test("tells who knows which entity, by which key, and what each adds", () => {
  expect(readServiceMap(composeShop({}, { coupons: COUPONS })).entities).toEqual(ENTITIES);
});

test("the digest of a service changes with its schema, and with nothing else", () => {
  const before = readServiceMap(composeShop({}, { coupons: COUPONS })).digests;
  expect([...before.keys()].toSorted()).toEqual(["coupons", "notes", "orders", "stock"]);
  const changed = (coupons: string, urls = {}) => {
    const after = readServiceMap(composeShop(urls, { coupons })).digests;
    return [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name);
  };
  expect(changed(COUPONS)).toEqual([]);
  expect(changed(COUPONS, { orders: "http://elsewhere/graphql" })).toEqual([]);
  expect(changed(COUPONS.replace("coupon: String @requires", "coupon: Int @requires"))).toEqual(["coupons"]);
  expect(changed(COUPONS.replace("best: Order", "best: Order worst: Order"))).toEqual(["coupons"]);
});

test.each(["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"])("reads supergraphs of join %s", async (version) => {
  const sdl = await readFile(new URL(`../joins/${version}.graphql`, import.meta.url), "utf8");
  const { entities, digests } = readServiceMap(sdl);
  expect(digests.size).toBeGreaterThan(1);
  expect(new Set(digests.values()).size).toBe(digests.size);
  expect(entities.length).toBeGreaterThan(0);
  for (const { parts } of entities)
    for (const { service, keys } of parts) {
      expect(digests.has(service)).toBe(true);
      expect(keys.length).toBeGreaterThan(0);
    }
});
