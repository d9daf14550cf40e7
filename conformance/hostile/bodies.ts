/**
 * Bodies that are not JSON, and JSON that is not a GraphQL request.
 */
import { Buffer } from "node:buffer";
import { jsonBody } from "../http/body.ts";
import type { Hostile } from "./hostile.ts";

const GOOD = '{"query":"{ __typename }"}';
/** Needs a variable, so that variables which do not arrive are missed. */
const NEEDS_VARIABLE = "query ($code: ID!) { procedure(agencyCode: $code, code: $code) { code } }";

const notJson: readonly Hostile[] = [
  { name: "empty-body", what: "no body", body: [""] },
  { name: "truncated-json", what: "JSON that breaks off", body: [GOOD.slice(0, -1)] },
  { name: "truncated-string", what: "JSON that breaks off inside a string", body: [GOOD.slice(0, 14)] },
  { name: "trailing-garbage", what: "something after the JSON", body: [`${GOOD} and more`] },
  { name: "two-objects", what: "two JSON objects, one after the other", body: [GOOD + GOOD] },
  { name: "single-quotes", what: "single quotes instead of double", body: ["{'query':'{ __typename }'}"] },
  { name: "bare-word", what: "a word without quotes", body: ["query"] },
  { name: "graphql-as-json", what: "a GraphQL document announced as JSON", body: ["{ __typename }"] },
  { name: "html", what: "HTML announced as JSON", body: ["<!doctype html><p>xin chào</p>"] },
  { name: "json-comment", what: "a comment inside JSON", body: ['{"query":/* now */"{ __typename }"}'] },
  { name: "trailing-comma", what: "a comma too many", body: ['{"query":"{ __typename }",}'] },
  { name: "not-a-number", what: "NaN, which is not JSON", body: ['{"query":NaN}'] },
  { name: "nul-bytes", what: "NUL bytes only", body: [Buffer.alloc(64)] },
  { name: "nul-in-string", what: "a raw NUL inside a string", body: ['{"query":"{ __type\u0000name }"}'] },
  {
    name: "newline-in-string",
    what: "a raw line break inside a string",
    body: ['{"query":"{ __type\nname }"}'],
  },
  {
    name: "bad-utf8",
    what: "bytes that are not UTF-8",
    body: ['{"query":"{ ', Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]), ' }"}'],
  },
  { name: "utf16", what: "UTF-16 with a byte order mark", body: [Buffer.from(`\ufeff${GOOD}`, "utf16le")] },
  { name: "deep-arrays", what: "100,000 opened arrays", body: [{ repeat: "[", times: 100_000 }] },
  { name: "deep-objects", what: "100,000 opened objects", body: [{ repeat: '{"a":', times: 100_000 }] },
];

const notRequests: readonly Hostile[] = [
  ...(
    [
      ["null", null],
      ["number", 42],
      ["string", "{ __typename }"],
      ["boolean", true],
      ["empty-list", []],
      ["empty-object", {}],
    ] as const
  ).map(([kind, value]) => ({
    name: `json-${kind}`,
    what: `${kind.replace("-", " ")} as the body`,
    body: jsonBody(value),
  })),
  { name: "batch-of-garbage", what: "a list of what are no requests", body: jsonBody([1, null, "x", {}]) },
  { name: "query-null", what: "a query that is null", body: jsonBody({ query: null }) },
  { name: "query-number", what: "a query that is a number", body: jsonBody({ query: 1 }) },
  {
    name: "query-object",
    what: "a query that is an object",
    body: jsonBody({ query: { kind: "Document" } }),
  },
  { name: "query-list", what: "a query that is a list", body: jsonBody({ query: ["{ nothing }"] }) },
  { name: "query-empty", what: "an empty query", body: jsonBody({ query: "" }) },
  {
    name: "query-blank",
    what: "a query of spaces and a comment",
    body: jsonBody({ query: " \n# nothing\n" }),
  },
  {
    name: "query-syntax-tree",
    what: "a syntax tree in the query's place, as some servers take one",
    body: jsonBody({ query: '{"kind":"Document"}' }),
  },
  {
    name: "query-odd-syntax-tree",
    what: "a broken syntax tree in the query's place",
    body: jsonBody({ query: '{"kind":"Document","definitions":[null,{"kind":"OperationDefinition"}]}' }),
  },
  {
    name: "query-json-number",
    what: "a number as text in the query's place",
    body: jsonBody({ query: "42" }),
  },
  { name: "query-json-null", what: "null as text in the query's place", body: jsonBody({ query: "null" }) },
  {
    name: "variables-text",
    what: "variables that are a text",
    body: jsonBody({ query: NEEDS_VARIABLE, variables: "code" }),
  },
  {
    name: "variables-list",
    what: "variables that are a list",
    body: jsonBody({ query: NEEDS_VARIABLE, variables: ["H56"] }),
  },
  {
    name: "variables-number",
    what: "variables that are a number",
    body: jsonBody({ query: NEEDS_VARIABLE, variables: 7 }),
  },
  {
    name: "variables-missing",
    what: "a required variable left out",
    body: jsonBody({ query: NEEDS_VARIABLE }),
  },
  {
    name: "variable-object",
    what: "an object for a scalar",
    body: jsonBody({ query: NEEDS_VARIABLE, variables: { code: { toString: "H56" } } }),
  },
  {
    name: "variable-deep",
    what: "a list nested 20,000 deep for a scalar",
    body: [
      `{"query":${JSON.stringify(NEEDS_VARIABLE)},"variables":{"code":`,
      { repeat: "[", times: 20_000 },
      { repeat: "]", times: 20_000 },
      "}}",
    ],
  },
  {
    name: "operation-unknown",
    what: "an operation name that the document does not have",
    body: jsonBody({ query: "query One { __typename }", operationName: "Two" }),
  },
  {
    name: "operation-prototype",
    what: "constructor as the operation's name",
    body: jsonBody({ query: "query One { __typename }", operationName: "constructor" }),
  },
  {
    name: "operation-number",
    what: "an operation name that is a number",
    body: jsonBody({ query: "query One { __typename }", operationName: 1 }),
  },
  {
    name: "operation-missing",
    what: "two operations and no name that chooses",
    body: jsonBody({ query: "query One { __typename } query Two { __typename }" }),
  },
  { name: "duplicate-keys", what: "query twice, wrong both times", body: ['{"query":1,"query":{}}'] },
  {
    name: "prototype-query",
    what: "a query that only __proto__ has",
    body: ['{"__proto__":{"query":"{ __typename }"}}'],
  },
  {
    name: "constructor-query",
    what: "a query that only constructor.prototype has",
    body: ['{"constructor":{"prototype":{"query":"{ __typename }"}}}'],
  },
  {
    name: "prototype-variables",
    what: "a variable that only __proto__ has",
    body: [`{"query":${JSON.stringify(NEEDS_VARIABLE)},"variables":{"__proto__":{"code":"H56"}}}`],
  },
  {
    name: "inherited-variable",
    what: "a required variable named toString, which every object inherits",
    body: jsonBody({
      query: "query ($toString: ID!) { procedure(agencyCode: $toString, code: $toString) { code } }",
      variables: {},
    }),
  },
];

export const hostileBodies: readonly Hostile[] = [...notJson, ...notRequests];
