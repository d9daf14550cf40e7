/**
 * Ways from key to key over several subgraphs, requirements that lie behind other requirements and other entities, and
 * fields that several subgraphs share.
 */
import { link, type TestGraph } from "./graph.ts";

export const MESH: TestGraph = {
  name: "mesh",
  stockFails: { conditions: true },
  subgraphs: {
    identity: `${link("@key @shareable")}
      type Query { person(id: ID!): Person people: [Person!]! me: Person @shareable version: Int @shareable }
      type Person @key(fields: "id") @key(fields: "number") { id: ID! number: Int! name: Name @shareable home: Place }
      type Name @shareable { given: String family: String }
      type Place @key(fields: "code") { code: ID! }`,
    register: `${link("@key @shareable")}
      type Query { me: Person @shareable version: Int @shareable towns: [[Place!]] }
      type Person @key(fields: "number") @key(fields: "card { serial }") {
        number: Int! card: Card! spouse: Person children: [Person!] name: Name @shareable
      }
      type Name @shareable { given: String family: String }
      type Card { serial: ID! }
      type Place @key(fields: "code") { code: ID! town: String area: Float region: Region }
      type Region @key(fields: "id") { id: ID! places: [Place] capital: Place }`,
    bank: `${link("@key @external @requires @shareable")}
      type Person @key(fields: "card { serial }") {
        card: Card!
        spouse: Person @external
        balance(in: String = "VND"): Int
        limit: Int @requires(fields: "spouse { card { serial } }")
        accounts: [Account!]!
      }
      type Card @shareable { serial: ID! }
      type Account @key(fields: "iban") { iban: ID! owner: Person branch: Place opened: String @shareable }
      type Place @key(fields: "code") { code: ID! town: String @external area: Float @external fee: Int @requires(fields: "town area") }`,
    audit: `${link("@key @external @requires @shareable")}
      type Query { suspects: [Account] }
      type Account @key(fields: "iban") {
        iban: ID!
        branch: Place @external
        opened: String @shareable
        risk: Int @requires(fields: "branch { fee }")
        report: Report @requires(fields: "branch { code fee }")
      }
      type Place @key(fields: "code") { code: ID! fee: Int @external }
      type Report { text: String about: [Person] at: Region }
      type Person @key(fields: "number", resolvable: false) { number: Int! }
      type Region @key(fields: "id") { id: ID! officer: Person notes: [String] }`,
  },
};
