/**
 * Abstract types over several subgraphs: interfaces without keys, unions and enums that differ between subgraphs.
 */
import { link, type TestGraph } from "./graph.ts";

export const UNIONS: TestGraph = {
  name: "unions",
  stockFails: { abstract: true },
  subgraphs: {
    feed: `${link("@key @shareable")}
      type Query { feed(kind: Kind): [Entry!]! first: Entry pinned: Node nodes: [Node] posts: [Post!] sorted(order: Order = ASC): [Sortable!] }
      enum Order { ASC DESC }
      enum Kind { NEW OLD }
      enum Mood { GLAD SAD }
      interface Node { id: ID! }
      interface Sortable implements Node { id: ID! rank: Int }
      union Entry = Post | Photo
      type Post implements Node & Sortable @key(fields: "id") { id: ID! rank: Int text: String mood: Mood @shareable author: User link: Linked }
      type Photo implements Node @key(fields: "id") { id: ID! width: Int size: Int tags: [Tag!] of: [Entry] }
      type User implements Node @key(fields: "id") { id: ID! nick: String entries: [Entry!] }
      type Tag { name: String kind: Mood }
      union Linked = Post | Tag`,
    chat: `${link("@key @shareable")}
      type Query { talk: [Said] last: Said room: Room! }
      enum Mood { GLAD SAD ANGRY }
      interface Node { id: ID! }
      union Said = Post | Message
      union Entry = Post | Message
      type Room { entries: [Entry!]! nodes: [Node!] title: String mood: Mood }
      type Post @key(fields: "id") { id: ID! mood: Mood @shareable likes: Int replies: [Message!] }
      type Message implements Node @key(fields: "id") { id: ID! text: String! mood: Mood size: String author: User }
      type User implements Node @key(fields: "id") { id: ID! online: Boolean said: [Said!] }`,
    archive: `${link("@key @shareable")}
      type Query { oldest: Node box: [Boxed!]! }
      interface Node { id: ID! }
      interface Sortable implements Node { id: ID! rank: Int }
      union Boxed = Photo | Message | Folder
      type Photo implements Node @key(fields: "id") { id: ID! year: Int }
      type Message implements Node & Sortable @key(fields: "id") { id: ID! rank: Int year: Int }
      type Folder implements Node @key(fields: "id") { id: ID! items: [Boxed] inner: [[Node!]!] }`,
  },
};
