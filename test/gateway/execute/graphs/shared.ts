/**
 * What several subgraphs have each in their own way: value types with different fields, types of fields that are
 * narrower here than there, interfaces whose objects have their fields in different places, inputs with different fields.
 */
import { link, type TestGraph } from "./graph.ts";

export const SHARED: TestGraph = {
  name: "shared",
  stockFails: { conditions: true, abstract: true },
  subgraphs: {
    east: `${link("@key @shareable")}
      input Search { text: String = "east" first: Int only: Color }
      enum Color { RED GREEN BLUE }
      interface Thing { id: ID! label: String }
      interface Priced { price: Money }
      type Query {
        things(search: Search): [Thing] @shareable
        priced: [Priced!]
        box: Box @shareable
        boxes(of: Color): [Box!]! @shareable
      }
      type Money @shareable { amount: Float! currency: String }
      type Box implements Thing & Priced @key(fields: "id") {
        id: ID! label: String @shareable price: Money @shareable color: Color @shareable inner: [Thing!] @shareable size: Size @shareable
      }
      type Ball implements Thing @key(fields: "id") { id: ID! label: String @shareable radius: Int }
      type Size { width: Int @shareable height: Int depth: Int @shareable }`,
    west: `${link("@key @shareable")}
      input Search { text: String = "east" only: Color }
      enum Color { RED GREEN BLUE }
      interface Thing { id: ID! label: String }
      interface Priced { price: Money }
      type Query {
        things(search: Search): [Thing!] @shareable
        box: Box @shareable
        boxes(of: Color): [Box!] @shareable
        west: [Priced]
      }
      type Money @shareable { amount: Float! currency: String! }
      type Box implements Thing & Priced @key(fields: "id") {
        id: ID! label: String! @shareable price: Money @shareable color: Color @shareable inner: [Thing] @shareable crate: Crate
      }
      type Ball implements Thing & Priced @key(fields: "id") { id: ID! label: String @shareable price: Money bounce: Boolean }
      type Crate implements Thing & Priced @key(fields: "id") { id: ID! label: String price: Money size: Size2 }
      type Size2 { width: Int box: Box }`,
    north: `${link("@key @shareable")}
      interface Priced { price: Money }
      union Stock = Box | Ball | Crate
      type Query { stock: [Stock!] north: Priced }
      type Money @shareable { amount: Float! currency: String }
      type Box implements Priced @key(fields: "id") { id: ID! price: Money @shareable count: Int shelf: Shelf @shareable }
      type Ball @key(fields: "id") { id: ID! count: Int }
      type Crate @key(fields: "id") { id: ID! count: Int holds: [Stock] }
      type Shelf { number: Int @shareable stock: [[Stock]] }`,
    south: `${link("@key @shareable")}
      type Query { latest: Box full: [Box] }
      type Shelf @shareable { number: Int }
      type Size @shareable { width: Int }
      type Box @key(fields: "id") { id: ID! shelf: Shelf @shareable size: Size @shareable weight: Float }`,
  },
};
