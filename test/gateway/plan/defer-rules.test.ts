import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { RULES } from "../../../gateway/plan/defer-rules.ts";

const schema = buildSchema(`
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { a: String thing: Thing things: [Thing] }
  type Mutation { change: Thing }
  type Subscription { changed: Thing }
  type Thing { id: ID thing: Thing }
`);

const faults = (query: string) => validate(schema, parse(query), RULES).map(({ message }) => message);

describe("valid", () => {
  test.each([
    "{ ... @defer { a } }",
    '{ ... @defer(label: "x") { a } thing { ...F @defer(label: "y") } } fragment F on Thing { id }',
    "query ($on: Boolean!) { thing { ... @defer(if: $on) { id } } }",
    "{ thing { ... @defer { thing { ... @defer { id } } } } }",
    "{ ... @defer(label: null) { a } thing { ... @defer(label: null) { id } } }",
    "mutation { change { ... @defer { id } } }",
    "mutation { ...M } fragment M on Mutation { change { ... @defer { id } } }",
    "subscription ($on: Boolean!) { changed { ... @defer(if: $on) { id } } }",
    "subscription { changed { ... @defer(if: false) { id } } }",
  ])("%s", (query) => {
    expect(faults(query)).toEqual([]);
  });
});

describe("invalid", () => {
  const ofMutation = "Root fields of a mutation cannot be deferred.";
  const ofSubscription = "A subscription cannot be deferred; turn @defer off with its argument `if`.";
  test.each([
    ["mutation { ... @defer { change { id } } }", [ofMutation]],
    ["mutation { ... @defer(if: false) { change { id } } }", [ofMutation]],
    ["mutation { ... { ...M @defer } } fragment M on Mutation { change { id } }", [ofMutation]],
    ["mutation { ...M } fragment M on Mutation { ... @defer { change { id } } }", [ofMutation]],
    [
      "subscription { ... @defer(if: false) { changed { id } } }",
      ["Root fields of a subscription cannot be deferred."],
    ],
    ["subscription { changed { ... @defer { id } } }", [ofSubscription]],
    ["subscription { changed { ... @defer(if: true) { id } } }", [ofSubscription]],
    ["subscription { changed { ...F } } fragment F on Thing { ... @defer { id } }", [ofSubscription]],
    [
      '{ ... @defer(label: "x") { a } thing { ... @defer(label: "x") { id } } }',
      ['There can be only one @defer with the label "x".'],
    ],
    [
      "query ($label: String) { ... @defer(label: $label) { a } }",
      ["The label of @defer must be a string, not a variable."],
    ],
    ["{ ... @defer(label: 5) { a } }", ["String cannot represent a non string value: 5"]],
    ["{ ... @defer @defer { a } }", ['The directive "@defer" can only be used once at this location.']],
    ["{ a @defer }", ['Directive "@defer" may not be used on FIELD.']],
  ])("%s", (query, messages) => {
    expect(faults(query)).toEqual(messages);
  });
});
