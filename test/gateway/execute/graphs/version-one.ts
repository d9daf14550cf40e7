/**
 * Subgraphs in the style of Federation 1: `extend type`, @external keys, no @link.
 */
import type { TestGraph } from "./graph.ts";

export const VERSION_ONE: TestGraph = {
  name: "version-one",
  stockFails: { conditions: true },
  subgraphs: {
    accounts: `
      extend type Query { me: User users: [User!] }
      type User @key(fields: "id") @key(fields: "email") { id: ID! email: String! name: Name age: Int }
      type Name { first: String last: String }`,
    products: `
      extend type Query { product(upc: String!): Product catalogue: [Product] }
      type Product @key(fields: "upc") { upc: String! title: String price: Int weight: Int maker: Maker }
      type Maker @key(fields: "id country") { id: ID! country: String! title: String }`,
    reviews: `
      extend type Query { latest(first: Int = 2): [Review!]! }
      type Review @key(fields: "id") {
        id: ID!
        body: String
        author: User @provides(fields: "age")
        product: Product
      }
      extend type User @key(fields: "email") {
        email: String! @external
        name: Name @external
        age: Int @external
        reviews: [Review]
        greeting: String @requires(fields: "name { first last }")
      }
      extend type Name { first: String @external last: String @external }
      extend type Product @key(fields: "upc") { upc: String! @external reviews: [Review!] }`,
    inventory: `
      extend type Product @key(fields: "upc") {
        upc: String! @external
        price: Int @external
        weight: Int @external
        inStock: Boolean
        estimate(zip: String = "1"): Int @requires(fields: "price weight")
      }
      extend type Maker @key(fields: "id country") { id: ID! @external country: String! @external stock: [Product!] }`,
  },
};
