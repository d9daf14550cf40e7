/**
 * Requests whose GraphQL document is wrong: not a document, not valid, or made to cost much.
 */
import { type Body, jsonBody } from "../http/body.ts";
import type { Hostile } from "./hostile.ts";

/** A request whose query is put together of pieces that need no escaping in JSON. */
function queryOf(...pieces: Body): Body {
  return ['{"query":"', ...pieces, '"}'];
}

function invalid(name: string, what: string, query: string): Hostile {
  return { name, what, body: jsonBody({ query }) };
}

const CASE = 'agencyCase(agencyCode: "H56.14", dossierCode: "H56.14-260302-0001")';

const wrong: readonly Hostile[] = [
  invalid("unclosed-selection", "a selection that is not closed", "{ __typename"),
  invalid("unclosed-string", "a string that is not closed", '{ agencyCase(agencyCode: "H56.14) { state } }'),
  invalid(
    "unclosed-block-string",
    "a block string that is not closed",
    '{ agencyCase(agencyCode: """H56) { state } }',
  ),
  invalid(
    "bad-escape",
    "an escape beyond Unicode",
    String.raw`{ agencyCase(agencyCode: "\u{110000}", dossierCode: "x") { state } }`,
  ),
  invalid("lone-surrogate", "half a character", "{ \ud800 }"),
  invalid("control-characters", "control characters in the document", "{ \u0000\u0007\u001b[2J __typename }"),
  invalid("schema-as-query", "a type definition instead of an operation", "type Query { x: Int }"),
  invalid("fragment-only", "a fragment without an operation", "fragment F on Query { __typename }"),
  invalid("unknown-field", "a field that is not there", "{ noSuchField }"),
  invalid("prototype-field", "fields named like what objects inherit", "{ __proto__ constructor toString }"),
  invalid("unknown-argument", "an argument that is not there", "{ __typename(first: 1) }"),
  invalid(
    "missing-argument",
    "a required argument left out",
    '{ agencyCase(agencyCode: "H56.14") { state } }',
  ),
  invalid(
    "null-argument",
    "null for a required argument",
    "{ agencyCase(agencyCode: null, dossierCode: null) { state } }",
  ),
  invalid("unknown-type", "a fragment on a type that is not there", "{ ... on NoSuchType { x } }"),
  invalid("unknown-directive", "a directive that is not there", "{ __typename @noSuchDirective }"),
  invalid("bad-directive", "a text for @skip's Boolean", '{ __typename @skip(if: "yes") }'),
  invalid("undefined-variable", "a variable that is not declared", `{ ${CASE} { state @skip(if: $v) } }`),
  invalid(
    "unknown-variable-type",
    "a variable of a type that is not there",
    "query ($v: NoSuchType) { __typename @skip(if: $v) }",
  ),
  invalid("selection-on-leaf", "a selection of a leaf's fields", `{ ${CASE} { state { name } } }`),
  invalid("no-selection", "no selection of an object's fields", `{ ${CASE} }`),
  invalid("conflicting-fields", "one name for two different fields", `{ ${CASE} { x: state x: dueAt } }`),
  invalid("fragment-cycle", "a fragment that spreads itself", "{ ...F } fragment F on Query { ...F }"),
  invalid(
    "fragment-ring",
    "fragments that spread each other in a ring",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }",
  ),
  invalid("unknown-subscription", "a subscription to what is not there", "subscription { noSuchEvent }"),
  invalid(
    "enum-unknown",
    "a state that is not there",
    'mutation { advanceCase(agencyCode: "H56.14", dossierCode: "x", to: FLYING, idempotencyKey: "12345678") { case { state } } }',
  ),
  invalid(
    "enum-as-text",
    "a state as a text",
    'mutation { advanceCase(agencyCode: "H56.14", dossierCode: "x", to: "ACCEPTED", idempotencyKey: "12345678") { case { state } } }',
  ),
  invalid(
    "input-unknown-field",
    "an input field that is not there",
    'mutation { completeCase(agencyCode: "H56.14", dossierCode: "x", result: { number: "1", summary: "x", colour: "red" }, idempotencyKey: "12345678") { case { state } } }',
  ),
  invalid(
    "input-missing-field",
    "a required input field left out",
    'mutation { completeCase(agencyCode: "H56.14", dossierCode: "x", result: {}, idempotencyKey: "12345678") { case { state } } }',
  ),
  invalid(
    "huge-integer",
    "an integer of 60 digits",
    `{ _entities(representations: []) { ... on Agency { cases(first: ${"9".repeat(60)}) { nodes { state } } } } }`,
  ),
  invalid(
    "integer-overflow",
    "an integer of more than 32 bits",
    "{ _entities(representations: []) { ... on Agency { cases(first: 2147483648) { nodes { state } } } } }",
  ),
  invalid(
    "fraction-for-integer",
    "a fraction for an Int",
    "{ _entities(representations: []) { ... on Agency { cases(first: 1.5) { nodes { state } } } } }",
  ),
];

const costly: readonly Hostile[] = [
  {
    name: "deep-selection",
    what: "selections nested 2,000 deep, with an unknown field at the bottom",
    body: queryOf(
      "{ _entities(representations: []) { ... on AgencyCase { ",
      { repeat: "agency { cases { nodes { ", times: 650 },
      "noSuchField",
      { repeat: " } } }", times: 650 },
      " } } }",
    ),
  },
  {
    name: "very-deep-selection",
    what: "60,000 opened selections",
    body: queryOf({ repeat: "{ agency ", times: 60_000 }),
  },
  {
    name: "deep-list-literal",
    what: "a list literal nested 30,000 deep",
    body: queryOf(
      "{ _entities(representations: ",
      { repeat: "[", times: 30_000 },
      { repeat: "]", times: 30_000 },
      ") { noSuchField } }",
    ),
  },
  {
    name: "deep-object-literal",
    what: "an object literal nested 30,000 deep",
    body: queryOf(
      "{ _entities(representations: ",
      { repeat: "{a:", times: 30_000 },
      "1",
      { repeat: "}", times: 30_000 },
      ") { noSuchField } }",
    ),
  },
  {
    name: "deep-variable-type",
    what: "a variable's list type nested 30,000 deep",
    body: queryOf(
      "query ($v: ",
      { repeat: "[", times: 30_000 },
      "ID",
      { repeat: "]", times: 30_000 },
      ") { noSuchField }",
    ),
  },
  {
    name: "many-unknown-fields",
    what: "one unknown field, 20,000 times",
    body: queryOf("{ ", { repeat: "noSuchField ", times: 20_000 }, "}"),
  },
  {
    name: "many-directives",
    what: "a directive that may stand once, 5,000 times",
    body: queryOf("{ __typename ", { repeat: "@include(if: true) ", times: 5_000 }, "}"),
  },
  {
    name: "many-operations",
    what: "10,000 operations without a name",
    body: queryOf({ repeat: "{ __typename } ", times: 10_000 }),
  },
  {
    name: "many-inline-fragments",
    what: "inline fragments nested 2,000 deep around an unknown field",
    body: queryOf(
      "{ ",
      { repeat: "... on Query { ", times: 2_000 },
      "noSuchField",
      { repeat: " }", times: 2_000 },
      " }",
    ),
  },
  {
    name: "long-name",
    what: "a field's name of 1,000,000 letters",
    body: queryOf("{ ", { repeat: "a", times: 1_000_000 }, " }"),
  },
  {
    name: "introspection-ring",
    what: "an introspection that goes round in a ring, ten times",
    body: queryOf(
      "{ __schema { types ",
      { repeat: "{ fields { type ", times: 10 },
      "{ noSuchField }",
      { repeat: " } }", times: 10 },
      " } }",
    ),
  },
];

export const hostileDocuments: readonly Hostile[] = [...wrong, ...costly];
