/**
 * Arguments from above (@context, @fromContext), on several types, through lists and value types.
 */
import { link, type TestGraph } from "./graph.ts";

export const CONTEXTS: TestGraph = {
  name: "contexts",
  stockFails: { graph: true },
  subgraphs: {
    shops: `${link("@key @context @fromContext @shareable")}
      type Query { shops(first: Int = 2): [Shop!]! office: Office places: [Place] open: Boolean }
      union Place = Shop | Office
      type Shop @key(fields: "id") @context(name: "place") @context(name: "shop") {
        id: ID! currency: String rate: Int best: Item items: [Item!] shelves: [[Item]] owner: Owner stand: Stand
      }
      type Office @key(fields: "id") @context(name: "place") { id: ID! money: String item: Item desks: [Desk!] }
      type Desk { number: Int items: [Item] }
      type Stand { item: Item! goods: [Good!]! }
      type Item @key(fields: "id") {
        id: ID!
        weight: Int
        price(
          in: String @fromContext(field: "$place ... on Shop { currency } ... on Office { money }")
          rounded: Boolean = false
        ): String
      }
      type Good @key(fields: "id") { id: ID! tax(at: Int @fromContext(field: "$shop { rate }"), year: Int): Int item: Item }
      type Owner @key(fields: "id") { id: ID! }`,
    names: `${link("@key @external @requires")}
      type Query { owners: [Owner] }
      type Item @key(fields: "id") { id: ID! weight: Int @external name: String label: String @requires(fields: "weight") }
      type Good @key(fields: "id") { id: ID! name: String owner: Owner }
      type Owner @key(fields: "id") { id: ID! name: String friend: Owner }
      type Shop @key(fields: "id") { id: ID! motto: String }`,
  },
};
