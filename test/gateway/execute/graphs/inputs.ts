/**
 * Input coercion: defaults, nested input objects, lists, enums, nulls; mutations; custom scalars; @cost and @listSize.
 */
import { link, type TestGraph } from "./graph.ts";

export const INPUTS: TestGraph = {
  name: "inputs",
  subgraphs: {
    forms: `${link("@key @shareable @inaccessible @cost @listSize")}
      scalar JSON
      enum Level { LOW HIGH HIDDEN @inaccessible }
      input Filter {
        text: String = "all"
        levels: [Level!] = [LOW]
        range: Range
        not: Filter
        ids: [ID!]
        exact: Boolean! = false
        hidden: Int @inaccessible
      }
      input Range { from: Int! = 1 to: Int }
      type Query {
        forms(filter: Filter, first: Int = 5): [Form!]! @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false)
        form(id: ID!, level: Level! = HIGH): Form @cost(weight: 5)
        echo(filter: Filter! = { text: "none", range: { to: 4 } }): JSON
        sum(numbers: [[Int!]!]! = [[1, 2], [3]], scale: Float = 1.5): Float
      }
      type Mutation {
        save(filter: Filter!, name: String = "new"): Form
        rename(id: ID!, names: [String]): Form
        drop: Boolean!
      }
      type Form @key(fields: "id") { id: ID! name(style: Level = LOW): String pages(range: Range = { to: 2 }): [Page] data: JSON }
      type Page { number: Int text(filter: Filter): String form: Form }`,
    answers: `${link("@key")}
      scalar JSON
      scalar Day
      enum Level { LOW HIGH }
      input Query2 { day: Day = "2020-01-01", raw: JSON, levels: [[Level]] }
      type Query { answers(query: Query2 = {}): [Answer] count(of: [ID!] = ["a"]): Int }
      type Mutation { answer(form: ID!, text: String!): Answer clear(before: Day): Int }
      type Form @key(fields: "id") { id: ID! answers(query: Query2, first: Int! = 3): [Answer!] }
      type Answer @key(fields: "id") { id: ID! on: Day level(as: [Level!]! = [HIGH]): Level form: Form raw(path: [String!]): JSON }`,
  },
};
