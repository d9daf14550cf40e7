/**
 * @provides on objects, unions and interfaces; @shareable, @override (with a label too), @inaccessible, @tag.
 */
import { link, type TestGraph } from "./graph.ts";

export const PROVIDES: TestGraph = {
  name: "provides",
  stockFails: { abstract: true },
  subgraphs: {
    books: `${link("@key @shareable @inaccessible @tag")}
      type Query { books: [Book!] film: Film media: [Media!]! recent: Work }
      interface Media { id: ID! title: String }
      union Media2 = Book | Film
      interface Work @tag(name: "public") { id: ID! }
      type Book implements Media & Work @key(fields: "id") {
        id: ID!
        title: String @shareable
        pages: Int @shareable
        isbn: String @inaccessible
        price: Int
        stars: Float
        author: Author @shareable
      }
      type Film implements Media & Work @key(fields: "id") {
        id: ID!
        title: String @shareable
        minutes: Int @shareable
        stars: Float
        pair: Media2
      }
      type Author @key(fields: "id") { id: ID! name: String @shareable born: Int @tag(name: "public") }
      type Secret @inaccessible { key: String }`,
    reviews: `${link("@key @external @provides @shareable @override")}
      type Query {
        reviews(first: Int): [Review]
        best: Book @provides(fields: "title author { name }")
        featured: Media @provides(fields: "... on Book { title pages } ... on Film { minutes }")
        listed: [Pick!]! @provides(fields: "... on Book { title } ... on Film { title minutes }")
      }
      interface Media { id: ID! title: String }
      union Pick = Book | Film
      type Review @key(fields: "id") { id: ID! text: String book: Book @provides(fields: "title pages") about: Pick }
      type Book implements Media @key(fields: "id") {
        id: ID!
        title: String @external
        pages: Int @external
        price: Int @override(from: "books")
        author: Author @external
        reviews: [Review!]
      }
      type Film implements Media @key(fields: "id") {
        id: ID!
        title: String @external
        minutes: Int @external
        reviews: [Review!]
      }
      type Author @key(fields: "id") { id: ID! name: String @external }`,
    ratings: `${link("@key @shareable @override")}
      type Query { top: [Book] }
      type Book @key(fields: "id") { id: ID! title: String @shareable stars: Float @override(from: "books", label: "percent(50)") votes: Int! }
      type Film @key(fields: "id") { id: ID! minutes: Int @shareable votes: Int! }
      type Author @key(fields: "id") { id: ID! name: String @shareable fans: [Fan!]! }
      type Fan { nick: String! favourite: Book }`,
  },
};
