/**
 * Entities whose keys are null, or null in part.
 */
import { link, type TestGraph } from "./graph.ts";

export const NULL_KEYS: TestGraph = {
  name: "null-keys",
  nullKeys: true,
  stockFails: { conditions: true },
  subgraphs: {
    staff: `${link("@key @shareable")}
      type Query { staff: [Person] chief: Person offices: [[Office]] }
      type Person @key(fields: "id") { id: ID name: String office: Office rooms: [Office] }
      type Office @key(fields: "city { name } number") { city: City number: Int floor: Int }
      type City @shareable { name: String }`,
    pay: `${link("@key @external @requires")}
      type Query { paid: [Person] }
      type Person @key(fields: "id") { id: ID salary: Int name: String @external card: String @requires(fields: "name") bank: Bank }
      type Bank @key(fields: "code branch") { code: ID branch: Int swift: String }`,
    places: `${link("@key @shareable")}
      type Query { places: [Office!] }
      type Office @key(fields: "city { name } number") { city: City number: Int street: String bank: Bank }
      type City @shareable { name: String }
      type Bank @key(fields: "code branch") { code: ID branch: Int title: String }`,
  },
};
