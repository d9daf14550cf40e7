/**
 * Keys: several, compound, nested, of nested entities, of value types, not resolvable; entity lists within lists.
 */
import { link, type TestGraph } from "./graph.ts";

export const KEYS: TestGraph = {
  name: "keys",
  subgraphs: {
    catalogue: `${link("@key @shareable")}
      type Query {
        product(id: ID!): Product
        products(first: Int = 3): [Product!]!
        grid: [[Product]!]
        topShelf: Shelf
        maker: Maker!
      }
      type Product @key(fields: "id") @key(fields: "sku brand { code }") {
        id: ID!
        sku: String!
        brand: Brand!
        name: String
        similar(limit: Int): [Product!]
        variants: [[Product!]]
        maker: Maker
        parts: [Part]
      }
      type Brand @shareable { code: ID! title: String }
      type Maker @key(fields: "id") { id: ID! label: String! products: [Product] }
      type Part @key(fields: "product { id } number") { product: Product! number: Int! weight: Float }
      type Shelf @key(fields: "row column") { row: Int! column: Int! products: [Product!]! }`,
    stock: `${link("@key @shareable")}
      type Query { warehouses: [Warehouse!]! cheapest: Product }
      type Product @key(fields: "sku brand { code }") {
        sku: String!
        brand: Brand!
        inStock: Int
        warehouses: [Warehouse]
        lastSold: Sale
      }
      type Brand @shareable { code: ID! }
      type Warehouse @key(fields: "address { city street }") @key(fields: "id") {
        id: ID!
        address: Address!
        shelves: [[Shelf!]!]!
        keeper: Keeper
      }
      type Address @shareable { city: String! street: String! }
      type Shelf @key(fields: "row column") { row: Int! column: Int! height: Int }
      type Keeper @key(fields: "id", resolvable: false) { id: ID! }
      type Sale { product: Product at: String price: Price! }
      type Price @shareable { amount: Float! currency: String! }`,
    people: `${link("@key @shareable")}
      type Query { keepers: [Keeper!] me: Keeper }
      type Keeper @key(fields: "id") { id: ID! name: String! boss: Keeper team: [Keeper!]! works: Warehouse }
      type Warehouse @key(fields: "address { city street }") { address: Address! phone: String }
      type Address @shareable { city: String! street: String! }
      type Part @key(fields: "product { id } number") { product: Product! number: Int! checkedBy: Keeper price: Price }
      type Product @key(fields: "id", resolvable: false) { id: ID! }
      type Price @shareable { amount: Float! currency: String! }
      type Maker @key(fields: "id") { id: ID! owner: Keeper! }`,
  },
};
