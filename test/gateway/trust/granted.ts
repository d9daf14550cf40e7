/**
 * A graph with grants of every kind, and a plain reference of who may read what for which purpose: a table written by
 * hand beside the SDL, and graphql-js with resolvers that refuse.
 */
import { execute, type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from "graphql";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import type { StatedGrant } from "../../../gateway/trust/grant.ts";
import { link, type TestGraph } from "../execute/graphs/graph.ts";
import type { Model, Thing } from "../execute/model.ts";

export const GRANT = `extend schema @link(url: "https://example.com/grant/v1.0", import: ["@grant"]) @composeDirective(name: "@grant")
  directive @grant(to: [String!]!, for: [String!], by: String) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION\n`;
const HEAD =
  link("@key @external @requires @shareable @authenticated @requiresScopes @composeDirective") + GRANT;

export const GRANTED: TestGraph = {
  name: "granted",
  subgraphs: {
    people: `${HEAD}
      extend schema @grant(to: ["role:reader"], by: "people")
      type Query {
        me: Person person(id: ID!): Person! people: [Person!]! things: [Thing] found: [Found!]
        thing: Thing! @grant(to: ["anyone"], by: "people")
        count: Int @grant(to: ["client:app"], for: ["audit"])
        open: Int @grant(to: ["anyone"])
        paper: Paper @grant(to: ["anyone"]) papers: [Paper!] @grant(to: ["anyone"])
      }
      type Mutation {
        rename(id: ID!): Person! @grant(to: ["role:reader"], for: ["care"])
        touch: Paper @grant(to: ["anyone"])
      }
      interface Thing { id: ID! name: String @grant(to: ["role:reader", "role:clerk"], by: "people") label: String }
      union Found = Person | Book
      type Person implements Thing @key(fields: "id") @grant(to: ["role:reader", "organisation:north"], by: "people") {
        id: ID! name: String
        label: String @grant(to: ["role:clerk"], for: ["audit", "care"], by: "people")
        number: Int @grant(to: ["role:reader"], by: "people") @grant(to: ["service:shop"], for: ["audit"], by: "people")
        friend: Person best: Person! books: [Book!]!
        mail: String! @authenticated
      }
      type Book implements Thing @key(fields: "id") {
        id: ID! name: String label: String
        rank: Int @shareable
        pages: Int @grant(to: ["anyone"])
        author: Person @grant(to: ["anyone"], by: "people")
      }
      type Paper @grant(to: ["anyone"], by: "people") { code: ID title: String }`,
    shop: `${HEAD}
      extend schema @grant(to: ["role:reader", "role:clerk"], by: "shop")
      type Query { books: [Book] }
      type Person @key(fields: "id") {
        id: ID! number: Int @external label: String @external
        card: String @requires(fields: "number")
        debt: Int @requires(fields: "label")
        stamps: Int
      }
      type Book @key(fields: "id") {
        id: ID! price: Float @requiresScopes(scopes: [["price"]])
        rank: Int @shareable @grant(to: ["anyone"], by: "shop")
      }`,
  },
};

/** Beside the SDL. */
export const STATED: readonly StatedGrant[] = [
  { service: "people", at: "Query.open", to: ["role:nobody"] },
  { service: "people", at: "Paper.title", to: ["client:app"] },
  { service: "shop", at: "Person.stamps", to: ["organisation:north"], for: ["care"] },
  { service: "shop", at: "*", to: ["client:app"] },
  // Says nothing of what the SDL itself says nearer.
  { service: "people", at: "Person", to: ["client:app"] },
];

export interface Asking {
  readonly caller: Caller;
  readonly purpose: string | undefined;
}

type May = (asking: Asking) => boolean;

const role =
  (...names: readonly string[]): May =>
  ({ caller }) =>
    names.some((name) => caller.roles.has(name));
const north: May = ({ caller }) => caller.organisation === "north";
const app: May = ({ caller }) => caller.client === "app";
const scope: May = ({ caller }) => caller.scopes.has("price");
const known: May = ({ caller }) => caller.isAuthenticated;
const forPurpose =
  (...codes: readonly string[]): May =>
  ({ purpose }) =>
    purpose !== undefined && codes.includes(purpose);
const any =
  (...ways: readonly May[]): May =>
  (asking) =>
    ways.some((way) => way(asking));
const all =
  (...ways: readonly May[]): May =>
  (asking) =>
    ways.every((way) => way(asking));
const anyone: May = () => true;
const nobody: May = () => false;

const ofPeople = role("reader");
const ofPerson = any(role("reader"), north, app);
const ofShop = any(role("reader", "clerk"), app);

const MAY: Readonly<Record<string, May>> = {
  "Query.me": ofPeople,
  "Query.person": ofPeople,
  "Query.people": ofPeople,
  "Query.things": ofPeople,
  "Query.found": ofPeople,
  "Query.thing": anyone,
  "Query.count": all(app, forPurpose("audit")),
  "Query.open": anyone,
  "Query.paper": anyone,
  "Query.papers": anyone,
  "Query.books": ofShop,
  "Mutation.rename": all(role("reader"), forPurpose("care")),
  "Mutation.touch": anyone,
  "Person.id": ofPerson,
  "Person.name": role("reader", "clerk"),
  "Person.label": all(role("clerk"), forPurpose("audit", "care")),
  "Person.number": role("reader"),
  "Person.friend": ofPerson,
  "Person.best": ofPerson,
  "Person.books": ofPerson,
  "Person.mail": all(ofPerson, known),
  "Person.card": all(ofShop, forPurpose("audit")),
  "Person.debt": nobody,
  "Person.stamps": any(ofShop, all(north, forPurpose("care"))),
  "Book.id": all(ofPeople, ofShop),
  "Book.name": role("reader", "clerk"),
  "Book.label": ofPeople,
  "Book.rank": ofPeople,
  "Book.pages": anyone,
  "Book.author": anyone,
  "Book.price": all(ofShop, scope),
  "Paper.code": anyone,
  "Paper.title": anyone,
};

export function mayRead(asking: Asking, type: string, field: string): boolean {
  const may = MAY[`${type}.${field}`];
  if (may === undefined && !field.startsWith("__")) throw new Error(`the table has no ${type}.${field}`);
  return may === undefined || may(asking);
}

/** What a caller of the tests can be. */
export const CONSUMERS = [
  "anonymous",
  "role:reader",
  "role:clerk",
  "organisation:north",
  "client:app",
  "scope:price",
] as const;

export const PURPOSES = { audit: "Act 1", care: "Act 2", other: "Act 3" } as const;

export function callerAs(...names: readonly string[]): Caller {
  if (names.includes("anonymous")) return ANONYMOUS;
  const named = (kind: string): string[] =>
    names.filter((name) => name.startsWith(`${kind}:`)).map((name) => name.slice(kind.length + 1));
  return {
    ...ANONYMOUS,
    isAuthenticated: true,
    subject: "s-1",
    roles: new Set(named("role")),
    scopes: new Set(named("scope")),
    organisation: named("organisation")[0],
    client: named("client")[0],
  };
}

const refused = () => new GraphQLError("refused", { extensions: { code: "NOT_GRANTED" } });

/** What an operation ought to come to: graphql-js, as if the graph were one service that knows who asks, and what for. */
export function answerGranted(
  schema: GraphQLSchema,
  model: Model,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
  seed: number,
  asking: Asking,
): ExecutionResult {
  return execute({
    schema,
    document: parse(query),
    variableValues,
    typeResolver: (value) => (value as Thing).type,
    fieldResolver: (source, args, _context, { fieldName, parentType }) => {
      if (!mayRead(asking, parentType.name, fieldName)) throw refused();
      const thing = (source ?? { type: parentType.name, number: 0 }) as Thing;
      return model.read(seed, thing, fieldName, args as object, model.require(seed, thing, fieldName));
    },
  }) as ExecutionResult;
}
