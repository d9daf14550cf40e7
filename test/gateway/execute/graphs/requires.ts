/**
 * @requires: simple, nested, of lists, with arguments, with fragments, and chains of them.
 */
import { link, type TestGraph } from "./graph.ts";

export const REQUIRES: TestGraph = {
  name: "requires",
  stockFails: { fields: ["premium", "policy", "duty"], conditions: true },
  subgraphs: {
    goods: `${link("@key @shareable")}
      enum Currency { VND USD EUR }
      interface Box { volume: Int }
      type Crate implements Box { volume: Int planks: Int }
      type Bag implements Box { volume: Int cloth: String }
      union Mark = Stamp | Seal
      type Stamp { ink: String }
      type Seal { wax: Int }
      type Query { item(id: ID!): Item items: [Item!]! orders: [Order] }
      type Item @key(fields: "id") {
        id: ID!
        name: String
        weight: Float
        price(currency: Currency! = VND, rounded: Boolean): Int
        size: Size
        sizes: [Size!]
        box: Box
        boxes: [Box!]
        mark: Mark
        next: Item
      }
      type Size { width: Int height: Int unit: Unit }
      type Unit { name: String }
      type Order @key(fields: "number") { number: Int! lines: [Line!] gift: Boolean }
      type Line { item: Item count: Int }`,
    shipping: `${link("@key @external @requires @shareable")}
      enum Currency { VND USD EUR }
      interface Box { volume: Int }
      type Crate implements Box { volume: Int @external planks: Int @external }
      type Bag implements Box { volume: Int @external cloth: String @external }
      union Mark = Stamp | Seal
      type Stamp { ink: String @external }
      type Seal { wax: Int @external }
      type Query { slowest: Item carriers: [Carrier!] }
      type Item @key(fields: "id") {
        id: ID!
        weight: Float @external
        price(currency: Currency! = VND, rounded: Boolean): Int @external
        size: Size @external
        sizes: [Size!] @external
        box: Box @external
        boxes: [Box!] @external
        mark: Mark @external
        next: Item @external
        cost(speed: Int = 1): Int @requires(fields: "weight")
        duty: String @requires(fields: "price(currency: USD)")
        space: Int @requires(fields: "size { width height unit { name } }")
        spaces: [Int] @requires(fields: "sizes { width unit { name } }")
        label: String @requires(fields: "box { volume ... on Crate { planks } ... on Bag { cloth } }")
        labels: String @requires(fields: "boxes { ... on Crate { planks } volume }")
        customs: String @requires(fields: "mark { ... on Stamp { ink } ... on Seal { wax } }")
        follower: String @requires(fields: "next { id weight }")
        carrier: Carrier @requires(fields: "weight size { height }")
      }
      type Size { width: Int @external height: Int @external unit: Unit @external }
      type Unit { name: String @external }
      type Carrier @key(fields: "id") { id: ID! title: String items: [Item] }`,
    insurance: `${link("@key @external @requires")}
      type Item @key(fields: "id") {
        id: ID!
        cost(speed: Int = 1): Int @external
        label: String @external
        premium: Float @requires(fields: "cost(speed: 3)")
        policy(years: Int! = 2): Policy @requires(fields: "label cost")
      }
      type Policy { text: String item: Item }
      type Carrier @key(fields: "id") { id: ID! rating: Int title: String @external review: String @requires(fields: "title") }
      type Order @key(fields: "number") { number: Int! gift: Boolean @external fee: Int @requires(fields: "gift") }
      type Query { ping: String }`,
  },
};
