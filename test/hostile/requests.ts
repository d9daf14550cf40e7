/**
 * Hostile requests against the graph of the tests, by class.
 */
import { gzipSync } from "node:zlib";
import { gql, type Hostile } from "./asking.ts";

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(" ");
const nested = (depth: number, open: string, inside: string, close: string) =>
  open.repeat(depth) + inside + close.repeat(depth);
const PREFLIGHT = { "apollo-require-preflight": "1" };
const ORDER = "query ($id: ID!) { order(id: $id) { id } }";
const get = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters)}`;
const MUTATION = "mutation { touch(id: 1) { id } }";

export const CLASSES: Readonly<Record<string, readonly Hostile[]>> = {
  "alias bombs": [
    { name: "201 aliases", body: gql(`{ order(id: 1) { ${times(201, (n) => `a${n}: id`)} } }`) },
    { name: "5,000 aliases", body: gql(`{ order(id: 1) { ${times(4_900, (n) => `a${n}: id`)} } }`) },
    { name: "aliases of a root field", body: gql(`{ ${times(150, (n) => `a${n}: order(id: 1) { id }`)} }`) },
    { name: "aliases of __typename", body: gql(`{ ${times(300, (n) => `a${n}: __typename`)} }`) },
    {
      name: "aliases through a fragment",
      body: gql(
        `{ order(id: 1) { ${times(60, () => "...F")} } } fragment F on Order { a: id b: id c: id d: title }`,
      ),
    },
    {
      name: "aliases of the schema",
      body: gql(`{ ${times(250, (n) => `a${n}: __schema { description }`)} }`),
    },
    { name: "one alias for different fields", body: gql("{ a: order(id: 1) { id } a: stores }") },
  ],
  "field bombs": [
    { name: "one field 1,001 times", body: gql(`{ order(id: 1) { ${times(1_001, () => "id")} } }`) },
    { name: "one field 14,000 times", body: gql(`{ order(id: 1) { ${times(14_000, () => "id")} } }`) },
    { name: "root fields", body: gql(`{ ${times(101, () => "__typename")} }`) },
    { name: "fields to compare in pairs", body: gql(`{ ${times(400, () => "order(id: 1) { id title }")} }`) },
    { name: "tokens", body: gql(`{ ${times(15_001, () => "stores")} }`) },
    { name: "tokens of punctuation", body: gql(`{ stores ${times(15_001, () => "(")} }`) },
    { name: "tokens in a list", body: gql(`{ order(id: [${times(15_001, () => "1")}]) { id } }`) },
    { name: "many unknown fields", body: gql(`{ ${times(99, (n) => `nothing${n}`)} }`) },
  ],
  "fragment bombs": [
    {
      name: "doubling 30 times",
      body: gql(
        `{ ...F0 } ${times(30, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on Query { stores }`,
      ),
    },
    {
      name: "doubling 1,000 times",
      body: gql(
        `{ ...F0 } ${times(1_000, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F1000 on Query { stores }`,
      ),
    },
    {
      name: "doubling inline",
      body: gql(`{ order(id: 1) { ${nested(12, "... on Order { ", "id", " } ... on Order { id }")} } } {`),
    },
    {
      name: "hundreds of fragments of one field",
      body: gql(
        `{ ${times(300, (n) => `...F${n}`)} } ${times(300, (n) => `fragment F${n} on Query { stores }`)}`,
      ),
    },
    {
      name: "unused fragments",
      body: gql(`{ stores } ${times(500, (n) => `fragment F${n} on Query { stores }`)}`),
    },
    {
      name: "one fragment 1,001 times",
      body: gql(`{ ${times(1_001, () => "...F")} } fragment F on Query { stores }`),
    },
    { name: "a fragment of no type", body: gql("{ ...F } fragment F on Nothing { id }") },
    { name: "a fragment that is not there", body: gql("{ ...Missing }") },
    {
      name: "a fragment twice",
      body: gql("{ ...F } fragment F on Query { stores } fragment F on Query { stores }"),
    },
  ],
  "circular fragments": [
    { name: "itself", body: gql("{ ...F } fragment F on Query { ...F }") },
    { name: "itself with a field", body: gql("{ ...F } fragment F on Query { stores ...F }") },
    { name: "two", body: gql("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }") },
    {
      name: "deep within",
      body: gql(
        "{ ...A } fragment A on Query { order(id: 1) { ...B } } fragment B on Order { ... on Order { ...B } }",
      ),
    },
    { name: "unused", body: gql("{ stores } fragment A on Query { ...B } fragment B on Query { ...A }") },
    {
      name: "a ring of 500",
      body: gql(`{ ...F0 } ${times(500, (n) => `fragment F${n} on Query { ...F${(n + 1) % 500} }`)}`),
    },
  ],
  "deep documents": [
    { name: "31 levels", body: gql(`{ order(id: 1) ${nested(31, "{ a ", "{ b }", "}")} }`) },
    { name: "3,000 levels", body: gql(nested(3_000, "{ a ", "", "}")) },
    { name: "7,000 levels", body: gql(nested(7_000, "{ a ", "", "}")) },
    {
      name: "inline fragments",
      body: gql(`{ ${nested(3_000, "... { ", "stores", "}")} ${times(101, () => "stores")} }`),
    },
    { name: "lists in a literal", body: gql(`{ order(id: ${nested(6_000, "[", "1", "]")}) { id } }`) },
    { name: "objects in a literal", body: gql(`{ order(id: ${nested(2_000, "{ a: ", "1", "}")}) { id } }`) },
    { name: "types of a variable", body: gql(`query ($a: ${nested(5_000, "[", "Int", "]")}) { stores }`) },
    { name: "directives", body: gql(`{ stores ${times(201, () => "@skip(if: false)")} }`) },
    { name: "unknown directives", body: gql(`{ stores ${times(150, (n) => `@a${n}`)} }`) },
  ],
  "huge and deep JSON": [
    { name: "more than the limit", body: gql("{ stores }", { a: "x".repeat(70_000) }) },
    {
      name: "arrays 30,000 deep",
      body: `{"query":"{ stores }","variables":{"a":${nested(30_000, "[", "", "]")}}}`,
    },
    {
      name: "objects 10,000 deep",
      body: `{"query":"${ORDER}","variables":{"id":${nested(10_000, '{"a":', "1", "}")}}}`,
    },
    { name: "a body that is arrays 30,000 deep", body: nested(30_000, "[", "", "]") },
    { name: "arrays that do not end", body: "[".repeat(60_000) },
    { name: "extensions 20,000 deep", body: `{"extensions":${nested(10_000, '{"a":', "1", "}")}}` },
    { name: "a number without end", body: `{"query":"${ORDER}","variables":{"id":[${"9".repeat(50_000)}]}}` },
    { name: "a number beyond all numbers", body: `{"query":"${ORDER}","variables":{"id":1e999999}}` },
    {
      name: "10,000 variables",
      body: gql("{ nothing }", Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`v${n}`, n]))),
    },
    { name: "half a body", body: '{"query":"{ stores' },
    { name: "two bodies", body: `${gql("{ stores }")}${gql("{ stores }")}` },
    { name: "nothing", body: "" },
    { name: "null", body: "null" },
    { name: "a string", body: '"{ stores }"' },
    { name: "NaN", body: '{"query":"{ stores }","variables":NaN}' },
    { name: "a byte order mark twice", body: "\uFEFF\uFEFF{}" },
  ],
  "wrong shapes": [
    { name: "query is a number", body: '{"query":1}' },
    { name: "query is a list", body: '{"query":["{ stores }"]}' },
    { name: "query is empty", body: '{"query":""}' },
    { name: "variables are a list", body: '{"query":"{ stores }","variables":[]}' },
    { name: "variables are a text", body: '{"query":"{ stores }","variables":"{}"}' },
    { name: "operationName is an object", body: '{"query":"{ stores }","operationName":{}}' },
    { name: "operationName of nothing", body: gql("query A { stores }", {}, { operationName: "__proto__" }) },
    { name: "documentId is a number", body: '{"documentId":1}' },
    {
      name: "a hash that is none",
      body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"../../etc/passwd"}}}',
    },
    {
      name: "a hash that is an object",
      body: '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":{"a":1}}}}',
    },
    { name: "a subscription without a stream", body: gql("subscription { nothing }") },
  ],
  batching: [
    { name: "a batch of two", body: `[${gql("{ stores }")},${gql("{ stores }")}]` },
    { name: "a batch of 1,000", body: `[${times(1_000, () => '{"query":"{ stores }"},')}{}]` },
    { name: "an empty batch", body: "[]" },
    { name: "batches in batches", body: `[[${gql("{ stores }")}]]` },
  ],
  "wrong content types": [
    ...[
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain; a=application/json",
      "application/graphql",
      "text/xml",
      "application/jsonp",
      "text/plain\t",
      "application/json/x",
      ";",
    ].map((type) => ({ name: type, headers: { "content-type": type }, body: gql(MUTATION) })),
    {
      name: "gzip",
      headers: { "content-encoding": "gzip" },
      body: gzipSync("0".repeat(5_000_000)).toString("latin1"),
    },
    { name: "gzip within gzip", headers: { "content-encoding": "gzip, gzip" }, body: "x" },
    { name: "br", headers: { "content-encoding": "br" }, body: "x" },
    {
      name: "an encoding that is none",
      headers: { "content-encoding": "${jndi:ldap://x}" },
      body: gql("{ stores }"),
    },
  ],
  "GET and other methods": [
    { name: "a mutation by GET", method: "GET", headers: PREFLIGHT, search: get({ query: MUTATION }) },
    {
      name: "a mutation among queries by GET",
      method: "GET",
      headers: PREFLIGHT,
      search: get({
        query: `query A { stores } ${MUTATION.replace("mutation", "mutation B")}`,
        operationName: "B",
      }),
    },
    { name: "a foreign page's GET", method: "GET", search: get({ query: "{ stores }" }) },
    {
      name: "a foreign page's image",
      method: "GET",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" },
      search: get({ query: "{ stores }" }),
    },
    {
      name: "a GET from a page of the same site",
      method: "GET",
      headers: { "sec-fetch-site": "same-site" },
      search: get({ query: "{ stores }" }),
    },
    {
      name: "two queries by GET",
      method: "GET",
      headers: PREFLIGHT,
      search: "?query={stores}&query={stores}",
    },
    {
      name: "variables that are no JSON",
      method: "GET",
      headers: PREFLIGHT,
      search: get({ query: ORDER, variables: "{" }),
    },
    {
      name: "deep variables by GET",
      method: "GET",
      headers: PREFLIGHT,
      search: get({ query: ORDER, variables: `{"id":${nested(2_000, "[", "", "]")}}` }),
    },
    { name: "nothing by GET", method: "GET", headers: PREFLIGHT },
    { name: "a broken escape", method: "GET", headers: PREFLIGHT, search: "?query=%E0%A4%A" },
    { name: "PUT", method: "PUT", headers: { "content-type": "application/json" }, body: gql(MUTATION) },
    { name: "DELETE", method: "DELETE" },
    { name: "PATCH", method: "PATCH", headers: { "content-type": "application/json" }, body: gql(MUTATION) },
    {
      name: "OPTIONS",
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    },
    { name: "another path", path: "/graphql/../admin", body: gql("{ stores }") },
    { name: "a path with a broken escape", path: "/%zz", body: gql("{ stores }") },
    { name: "a file", method: "GET", path: "/..%2f..%2fpackage.json" },
    { name: "a file among the page's", method: "GET", path: "/sandbox/assets/..%2f..%2f..%2fpackage.json" },
  ],
  "__proto__ and its kin": [
    { name: "a query in __proto__", body: '{"__proto__":{"query":"{ stores }"}}' },
    { name: "variables in __proto__", body: `{"query":"${ORDER}","variables":{"__proto__":{"id":"1"}}}` },
    {
      name: "variables in constructor",
      body: `{"query":"${ORDER}","variables":{"constructor":{"prototype":{"id":"1"}}}}`,
    },
    { name: "a field __proto__", body: gql("{ __proto__ { id } }") },
    { name: "a field constructor", body: gql("{ constructor }") },
    { name: "an argument toString", body: gql("{ order(toString: 1) { id } }") },
    { name: "a variable hasOwnProperty", body: gql("query ($hasOwnProperty: Missing) { stores }") },
    { name: "a type __proto__", body: gql("{ ... on __proto__ { id } }") },
    { name: "a fragment __proto__", body: gql("{ ...__proto__ }") },
    { name: "a directive constructor", body: gql("{ stores @constructor }") },
    { name: "a document called __proto__", body: '{"documentId":"__proto__"}' },
  ],
  "odd characters": [
    { name: "a null character", body: gql("{ stores \u0000 }") },
    { name: "half a surrogate pair", body: '{"query":"{ \\ud800 }"}' },
    { name: "a name in Cyrillic letters that look Latin", body: gql("{ оrder(id: 1) { id } }") },
    { name: "text that turns around", body: gql("{ \u202eserots\u202c }") },
    { name: "a zero width joiner in a name", body: gql("{ sto\u200dres }") },
    { name: "an escape that ends too soon", body: gql('{ order(id: "\\u12") { id } }') },
    { name: "a code point beyond all", body: gql('{ order(id: "\\u{110000}") { id } }') },
    { name: "a text that does not end", body: gql('{ order(id: "x) { id } }') },
    { name: "a block text that does not end", body: gql('{ order(id: """x) { id } }') },
    { name: "bytes that are no UTF-8", body: '{"query":"{ \u00ff\u00fe }"}' },
  ],
  "logs and headers": [
    { name: "a name with line breaks", body: gql('query A { nothing }\n{"level":60,"msg":"forged"}') },
    {
      name: "an operation name with line breaks",
      body: gql("query A { stores }", {}, { operationName: 'A\n{"level":60,"msg":"forged"}' }),
    },
    {
      name: "a request id with quotes",
      headers: { "x-request-id": '"}{"msg":"forged"}' },
      body: gql("{ nothing }"),
    },
    {
      name: "a request id that is long",
      headers: { "x-request-id": "x".repeat(10_000) },
      body: gql("{ nothing }"),
    },
    {
      name: "a language that is none",
      headers: { "accept-language": "../../vi;q=NaN,".repeat(200) },
      body: gql("{ nothing }"),
    },
    { name: "types by the hundred", headers: { accept: "a/b;q=0.1,".repeat(900) }, body: gql("{ nothing }") },
    {
      name: "another host",
      headers: { "x-forwarded-host": "evil.example", "x-original-url": "/admin" },
      body: gql("{ nothing }"),
    },
  ],
};
