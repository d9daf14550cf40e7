/**
 * A graph with guards of every kind, and a plain reference of who may read what: a table written by hand beside the SDL,
 * and graphql-js with resolvers that refuse.
 */
import { execute, type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from "graphql";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { link, type TestGraph } from "../execute/graphs/graph.ts";
import type { Model, Thing } from "../execute/model.ts";

const HEAD = link(
  "@key @interfaceObject @external @requires @shareable @authenticated @requiresScopes @policy",
);

export const GUARDED: TestGraph = {
  name: "guarded",
  subgraphs: {
    people: `${HEAD}
      type Query {
        me: Person person(id: ID!): Person! people: [Person!]! things: [Thing] thing: Thing! named: Named
        found: [Found!] vault: Vault vaults: [Vault!]! staff: [Person!] @policy(policies: [["staff"], ["night", "door"]])
        level: Level papers: [Paper!]!
      }
      type Mutation {
        rename(id: ID!): Person!
        seal(id: ID!): Vault
        grant: Person @requiresScopes(scopes: [["grant"]])
      }
      interface Named { name: String! }
      interface Thing implements Named { id: ID! name: String! label: String nearest: Thing }
      union Found = Person | Book | Vault
      enum Level @requiresScopes(scopes: [["level"]]) { LOW HIGH }
      type Person implements Thing & Named @key(fields: "id") {
        id: ID! name: String!
        label: String @requiresScopes(scopes: [["label"]])
        nearest: Thing
        number: String! @requiresScopes(scopes: [["person", "number"], ["admin"]])
        mail: String @authenticated
        friend: Person friends: [Person!]
        best: Person! @authenticated
        level: Level! hoard: Vault hoards: [Vault!]
      }
      type Book implements Thing & Named @key(fields: "id") {
        id: ID! name: String! label: String nearest: Thing author: Person pages: Int @authenticated
      }
      type Vault implements Thing & Named @key(fields: "id") @requiresScopes(scopes: [["vault"]]) {
        id: ID! name: String! label: String nearest: Thing gold: Int owner: Person
      }
      type Paper @key(fields: "code") { code: ID @authenticated title: String }`,
    shop: `${HEAD}
      type Query { books: [Book] paper: Paper }
      type Person @key(fields: "id") {
        id: ID!
        number: String! @external
        card: String @requires(fields: "number") @requiresScopes(scopes: [["person", "number"], ["admin"]])
        bought: [Book!]
        debt: Int! @requiresScopes(scopes: [["admin"]])
      }
      type Book @key(fields: "id") { id: ID! price: Float buyers: [Person!] @policy(policies: [["staff"]]) }
      type Vault @key(fields: "id") { id: ID! value: Float }
      type Paper @key(fields: "code") { code: ID stamp: String sheets: Int! @authenticated }`,
  },
};

type May = (caller: Caller) => boolean;

const scopes =
  (...anyOf: readonly (readonly string[])[]): May =>
  (caller) =>
    anyOf.some((all) => all.every((scope) => caller.scopes.has(scope)));
const policies =
  (...anyOf: readonly (readonly string[])[]): May =>
  (caller) =>
    anyOf.some((all) => all.every((policy) => caller.policies.has(policy)));
const known: May = (caller) => caller.isAuthenticated;

/** What only some may read: objects of a type, fields, and fields that give something of a type. */
const MAY: Readonly<Record<string, May>> = {
  Vault: scopes(["vault"]),
  "Query.staff": policies(["staff"], ["night", "door"]),
  "Query.level": scopes(["level"]),
  "Query.vault": scopes(["vault"]),
  "Query.vaults": scopes(["vault"]),
  "Mutation.seal": scopes(["vault"]),
  "Mutation.grant": scopes(["grant"]),
  "Person.label": scopes(["label"]),
  "Person.number": scopes(["person", "number"], ["admin"]),
  "Person.card": scopes(["person", "number"], ["admin"]),
  "Person.mail": known,
  "Person.best": known,
  "Person.debt": scopes(["admin"]),
  "Person.level": scopes(["level"]),
  "Person.hoard": scopes(["vault"]),
  "Person.hoards": scopes(["vault"]),
  "Book.pages": known,
  "Book.buyers": policies(["staff"]),
  "Paper.code": known,
  "Paper.sheets": known,
};

export function mayRead(caller: Caller, type: string, field?: string): boolean {
  const rights = field === undefined ? [MAY[type]] : [MAY[type], MAY[`${type}.${field}`]];
  return rights.every((may) => may === undefined || may(caller));
}

/** Scopes, policies, and whether anybody: what a caller of the tests can have. */
export const RIGHTS = ["label", "person", "number", "admin", "vault", "level", "grant"] as const;
export const POLICIES = ["staff", "night", "door"] as const;

export function callerWith(...rights: readonly string[]): Caller {
  return {
    ...ANONYMOUS,
    isAuthenticated: true,
    subject: "s-1",
    scopes: new Set(rights.filter((right) => !(POLICIES as readonly string[]).includes(right))),
    policies: new Set(rights.filter((right) => (POLICIES as readonly string[]).includes(right))),
  };
}

const refused = () => new GraphQLError("refused", { extensions: { code: "FORBIDDEN" } });

/** What an operation ought to come to: graphql-js, as if the graph were one service that knows who asks. */
export function answerGuarded(
  schema: GraphQLSchema,
  model: Model,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
  seed: number,
  caller: Caller,
): ExecutionResult {
  return execute({
    schema,
    document: parse(query),
    variableValues,
    typeResolver: (value) => {
      const { type } = value as Thing;
      if (!mayRead(caller, type)) throw refused();
      return type;
    },
    fieldResolver: (source, args, _context, { fieldName, parentType }) => {
      if (!mayRead(caller, parentType.name, fieldName)) throw refused();
      const thing = (source ?? { type: parentType.name, number: 0 }) as Thing;
      return model.read(seed, thing, fieldName, args as object, model.require(seed, thing, fieldName));
    },
  }) as ExecutionResult;
}
