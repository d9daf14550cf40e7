/**
 * Requests that misuse HTTP itself.
 */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { jsonBody } from "../http/body.ts";
import type { Hostile } from "./hostile.ts";

const GOOD = jsonBody({ query: "{ __typename }" });
const BAD = jsonBody({ query: "{ noSuchField }" });
const NO_CONTENT = { "content-type": undefined };

function typed(name: string, contentType: string | undefined, body = GOOD): Hostile {
  return {
    name: `type-${name}`,
    what:
      contentType === undefined ? "a request without a content-type" : `a request of the type ${contentType}`,
    headers: { "content-type": contentType },
    body,
  };
}

export const hostileHttp: readonly Hostile[] = [
  { name: "method-put", what: "PUT", method: "PUT", body: GOOD },
  { name: "method-patch", what: "PATCH", method: "PATCH", body: GOOD },
  { name: "method-delete", what: "DELETE", method: "DELETE", headers: NO_CONTENT },
  { name: "method-unknown", what: "a method that is not there", method: "BREW", headers: NO_CONTENT },
  { name: "get-nothing", what: "GET without a query", method: "GET", headers: NO_CONTENT },
  {
    name: "get-empty",
    what: "GET with an empty query",
    method: "GET",
    headers: NO_CONTENT,
    suffix: "?query=",
  },
  {
    name: "get-two-operations",
    what: "two operations by GET and no name that chooses",
    method: "GET",
    headers: NO_CONTENT,
    suffix: `?query=${encodeURIComponent("query A { __typename } query B { __typename }")}`,
  },
  {
    name: "get-bad-variables",
    what: "variables by GET that are not JSON",
    method: "GET",
    headers: NO_CONTENT,
    suffix: `?query=${encodeURIComponent("query ($v: Boolean!) { __typename @skip(if: $v) }")}&variables=%7Bv`,
  },
  {
    name: "get-bad-escape",
    what: "a URL with broken percent signs",
    method: "GET",
    headers: NO_CONTENT,
    suffix: "?query=%E0%A4%A&variables=%",
  },
  {
    name: "get-query-twice",
    what: "two queries in one URL",
    method: "GET",
    headers: NO_CONTENT,
    suffix: "?query=%7BnoSuchField%7D&query=%7BnoSuchField%7D",
  },
  {
    name: "get-long",
    what: "a URL of 100,000 characters",
    method: "GET",
    headers: NO_CONTENT,
    suffix: `?query=${"x".repeat(100_000)}`,
    mayBeCutOff: true,
  },
  { name: "path-unknown", what: "a path below the endpoint", suffix: "/no/such/path", body: GOOD },
  {
    name: "path-climbing",
    what: "a path that climbs out of its folder",
    suffix: "/../../../../etc/passwd",
    method: "GET",
    headers: NO_CONTENT,
  },
  typed("missing", undefined),
  typed("text", "text/plain"),
  typed("form", "application/x-www-form-urlencoded", ["query=%7B__typename%7D"]),
  typed("multipart", "multipart/form-data"),
  typed("xml", "application/xml", ["<query>{ __typename }</query>"]),
  typed("garbage", ";;;=,/"),
  typed("list", "application/json, text/plain", BAD),
  {
    name: "encoding-missing",
    what: "gzip that is not announced",
    body: [new Uint8Array(gzipSync(Buffer.from('{"query":"{ __typename }"}')))],
  },
  {
    name: "encoding-false",
    what: "gzip announced, something else sent",
    headers: { "content-encoding": "gzip" },
    body: BAD,
  },
  {
    name: "encoding-unknown",
    what: "an encoding that is not there",
    headers: { "content-encoding": "rot13" },
    body: BAD,
  },
  {
    name: "header-large",
    what: "a header of 60,000 characters",
    headers: { "x-padding": "x".repeat(60_000) },
    body: BAD,
    mayBeCutOff: true,
  },
  {
    name: "header-language",
    what: "an Accept-Language that is none",
    headers: { "accept-language": ";;q=,vi;q=abc,,*;q=-1,__proto__" },
    body: BAD,
  },
  {
    name: "header-request-id",
    what: "a request id of 6,000 signs",
    headers: { "x-request-id": "${jndi:ldap://x/}".repeat(352) },
    body: BAD,
  },
  {
    name: "oversized",
    what: "a body of 16 MiB",
    body: [
      '{"query":"{ noSuchField }","variables":{"padding":"',
      { repeat: "x".repeat(1024), times: 16_384 },
      '"}}',
    ],
    mayBeCutOff: true,
  },
];
