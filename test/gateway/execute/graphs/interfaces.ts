/**
 * Entity interfaces (@key on an interface) and @interfaceObject.
 */
import { link, type TestGraph } from "./graph.ts";

export const INTERFACES: TestGraph = {
  name: "interfaces",
  // With two subgraphs that know the interface as an object, the type is lost between them.
  stockFails: { fields: ["premium", "holder", "insured", "__typename"], conditions: true, abstract: true },
  subgraphs: {
    animals: `${link("@key")}
      type Query { animal(id: ID!): Animal animals: [Animal!]! dog: Dog cats: [Cat] home: Home }
      interface Animal @key(fields: "id") { id: ID! name: String legs: Int! }
      type Dog implements Animal @key(fields: "id") { id: ID! name: String legs: Int! barks: Boolean friend: Animal }
      type Cat implements Animal @key(fields: "id") { id: ID! name: String legs: Int! lives: Int prey: [Animal] }
      type Home @key(fields: "id") { id: ID! animals: [Animal!] pet: Animal }`,
    clinic: `${link("@key @interfaceObject")}
      type Query { patients: [Animal!] worst: Animal }
      type Animal @key(fields: "id") @interfaceObject { id: ID! visits(last: Int = 2): [Visit!] healthy: Boolean vet: Vet }
      type Visit { cost: Int patient: Animal vet: Vet }
      type Vet @key(fields: "id") { id: ID! name: String favourite: Animal }`,
    insurer: `${link("@key @interfaceObject @external @requires")}
      type Query { insured: [Animal] }
      type Animal @key(fields: "id") @interfaceObject { id: ID! legs: Int! @external premium: Float @requires(fields: "legs") holder: Holder }
      type Holder @key(fields: "id") { id: ID! animals: [Animal!]! home: Home }
      type Home @key(fields: "id") { id: ID! worth: Int }`,
    trainers: `${link("@key")}
      type Query { trainers: [Trainer!]! }
      type Trainer { name: String trains: Dog }
      type Dog @key(fields: "id") { id: ID! tricks: [String!] trainer: Trainer }
      type Vet @key(fields: "id") { id: ID! degree: String }`,
  },
};
