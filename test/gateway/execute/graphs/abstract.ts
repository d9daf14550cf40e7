/**
 * Interfaces whose objects have their fields in different subgraphs; interfaces of interfaces; entity interfaces with
 * several keys, known as objects under another key elsewhere; requirements of and through abstract types.
 */
import { link, type TestGraph } from "./graph.ts";

export const ABSTRACT: TestGraph = {
  name: "abstract",
  stockFails: { fields: ["rated", "__typename"], conditions: true, abstract: true },
  subgraphs: {
    works: `${link("@key")}
      type Query { works: [Work!]! media(kind: Int): [Media] lent: Lent newest: Work }
      interface Media { id: ID! owner: Owner }
      interface Work implements Media @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! owner: Owner }
      union Lent = Book | Tape
      type Book implements Media & Work @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! owner: Owner pages: Int sequel: Work }
      type Song implements Media & Work @key(fields: "id") @key(fields: "slug") { id: ID! slug: String! owner: Owner sung: [Lent] }
      type Tape implements Media @key(fields: "id") { id: ID! owner: Owner songs: [[Song!]] }
      union Owner = Company | Person
      type Company @key(fields: "vat") { vat: ID! }
      type Person @key(fields: "id") { id: ID! works: [Media!] }`,
    people: `${link("@key")}
      interface Named { name: String }
      type Query { owners: [Party!] named: Named }
      union Party = Company | Person
      type Company implements Named @key(fields: "vat") { vat: ID! name: String seat: String }
      type Person implements Named @key(fields: "id") { id: ID! name: String boss: Party likes: [Named!] }`,
    ratings: `${link("@key @interfaceObject @external @requires")}
      type Query { rated: [Work] }
      type Work @key(fields: "slug") @interfaceObject { slug: String! stars: Int reviews(first: Int): [Review!]! }
      type Review { text: String of: Work by: Person }
      type Person @key(fields: "id") { id: ID! }`,
    rights: `${link("@key @external @requires")}
      interface Royal { id: ID! royalty: Int }
      interface Holder { name: String }
      type Query { royal: [Royal!] holder: Holder }
      union Owner = Company | Person
      type Company implements Holder @key(fields: "vat") { vat: ID! name: String @external seat: String @external }
      type Person implements Holder @key(fields: "id") { id: ID! name: String @external }
      type Book implements Royal @key(fields: "id") {
        id: ID! pages: Int @external owner: Owner @external
        royalty: Int @requires(fields: "pages")
        contract: String @requires(fields: "owner { ... on Holder { name } ... on Company { seat } }")
      }
      type Song implements Royal @key(fields: "id") { id: ID! royalty: Int lyrics: String }
      type Tape implements Royal @key(fields: "id") { id: ID! royalty: Int }`,
  },
};
