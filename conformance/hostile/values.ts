/**
 * Valid documents with hostile values: keys of entities, codes, cursors.
 */
import { type Body, jsonBody } from "../http/body.ts";
import type { Subject } from "../subject.ts";
import type { Hostile } from "./hostile.ts";

const ENTITIES =
  "query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on AgencyCase { dossierCode } } }";

/** A request for one entity. */
function entity(
  name: string,
  what: string,
  representation: (agencyCode: string) => unknown,
  mayFindNothing = true,
): Hostile {
  return {
    name: `entity-${name}`,
    what,
    body: ({ agency }: Subject) => jsonBody({ query: ENTITIES, variables: { r: [representation(agency)] } }),
    mayFindNothing,
  };
}

const caseOf = (dossierCode: unknown) => (agencyCode: string) => ({
  __typename: "AgencyCase",
  agencyCode,
  dossierCode,
});

/** A mutation that must be refused, whatever else the subgraph makes of the value. */
function withdrawal(name: string, what: string, variables: Readonly<Record<string, unknown>>): Hostile {
  return {
    name,
    what,
    isMutation: true,
    body: ({ agency, names }: Subject) =>
      bodyWithLong({
        query: `mutation ($a: ID!, $d: ID!, $r: String, $k: ID!) {
          withdrawCase(agencyCode: $a, dossierCode: $d, reason: $r, idempotencyKey: $k) { case { state } } }`,
        variables: { a: agency, d: names.dossier(), k: names.idempotencyKey(), ...variables },
      }),
  };
}

export const hostileValues: readonly Hostile[] = [
  {
    name: "entities-text",
    what: "a text instead of the list of representations",
    body: jsonBody({ query: ENTITIES, variables: { r: "AgencyCase" } }),
    // A single value stands for a list of one (GraphQL section 3.11).
    mayFindNothing: true,
  },
  {
    name: "entities-null",
    what: "null instead of the list of representations",
    body: jsonBody({ query: ENTITIES, variables: { r: null } }),
  },
  entity("null", "a representation that is null", () => null, false),
  entity("number", "a representation that is a number", () => 1),
  entity("no-typename", "a representation without __typename", (agencyCode) => ({ agencyCode })),
  entity("unknown-typename", "a representation of a type that is not there", () => ({
    __typename: "NoSuchType",
  })),
  entity("prototype-typename", "__proto__ as a type's name", () => ({ __typename: "__proto__" })),
  entity("root-typename", "Query as an entity", () => ({ __typename: "Query" })),
  entity("object-typename", "an object as a type's name", () => ({ __typename: {} })),
  entity("no-key", "a representation without a key", () => ({ __typename: "AgencyCase" })),
  entity("null-key", "a key that is null", caseOf(null)),
  entity("number-key", "a key that is a number", caseOf(42)),
  entity("object-key", "a key that is an object", caseOf({ $ne: "" })),
  entity("list-key", "a key that is a list", caseOf(["H56.14-260302-0001"])),
  entity("nul-key", "a key with a NUL", caseOf("H56.14-260302-0001\u0000")),
  entity("surrogate-key", "a key with half a character", caseOf("H56.14-260302-\ud800")),
  entity("quote-key", "a key that would end a string of SQL", caseOf("x' or 1=1 --")),
  entity("foreign-digits", "a key with digits of another script", caseOf("H56.14-٢٦٠٣٠٢-٠٠٠١")),
  entity("long-key", "a key of 1,000,000 letters", caseOf(long("H", 1_000_000))),
  withdrawal("mutation-nul", "a remark with a NUL", { r: "xin\u0000chào" }),
  withdrawal("mutation-surrogate", "a remark with half a character", { r: "\udfff" }),
  withdrawal("mutation-long", "a remark of 1,000,000 letters", { r: long("x", 1_000_000) }),
  withdrawal("mutation-key-nul", "an idempotency key with a NUL", { k: "12345678\u0000" }),
  withdrawal("mutation-key-long", "an idempotency key of 100,000 letters", { k: long("x", 100_000) }),
  withdrawal("mutation-code-object", "an object as the dossier's code", { d: { code: "x" } }),
];

/** Stands for a text of that letter, so many times; a command that shows the request cannot hold it written out. */
function long(letter: string, times: number): string {
  return `<<${letter}*${times}>>`;
}

function bodyWithLong(value: unknown): Body {
  const [before = "", letter, times, after] = JSON.stringify(value).split(/<<(\w)\*(\d+)>>/);
  if (letter === undefined || after === undefined) return [before];
  return [before, { repeat: letter, times: Number(times) }, after];
}
