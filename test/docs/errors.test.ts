/**
 * docs/errors.md is the error table in words: written from the tables in the code, and kept the same by this test
 * (`npx vitest run test/docs -u` writes it anew).
 */
import { expect, test } from "vitest";
import { GATEWAY_ERRORS, type ErrorDetails } from "../../gateway/errors.ts";
import { ERRORS } from "../../subgraphs/kit/errors.ts";

test("docs/errors.md says what the code does", async () => {
  await expect(render()).toMatchFileSnapshot("../../docs/errors.md");
});

test("no code stands in both tables with another meaning", () => {
  const both = Object.keys(GATEWAY_ERRORS).filter((code) => code in ERRORS);
  expect(both).toEqual([]);
});

test.each([...Object.entries(GATEWAY_ERRORS), ...Object.entries(ERRORS)])(
  "%s speaks both languages",
  (_code, entry) => {
    const [english, vietnamese] = [entry.en(anything as never), entry.vi(anything as never)];
    expect(english).not.toBe("");
    expect(vietnamese).not.toBe(english);
    expect(vietnamese).toMatch(/\p{L}\p{M}|[à-ỹđ]/iu);
  },
);

/** Stands for every parameter, and shows as its name. */
const anything: object = new Proxy(
  {},
  { get: (_target, name) => (name === "faults" ? [FAULT] : named(String(name))) },
);

/** One of several faults, which are told each by its own message. */
const FAULT = { code: "UNKNOWN_DOSSIER", dossier: "…" };

function named(name: string): unknown {
  return Object.assign([], {
    join: () => `{${name}}`,
    toString: () => `{${name}}`,
    toUpperCase: () => `{${name}}`,
    length: 1,
    0: `{${name}}`,
  });
}

function render(): string {
  const details = anything as ErrorDetails;
  const gateway = Object.entries(GATEWAY_ERRORS).map(
    ([code, { status, en, vi, remedy }]) =>
      `| \`${code}\` | ${status} | ${cell(en(details))} | ${cell(vi(details))} | ${cell(remedy)} |`,
  );
  const agencies = Object.entries(ERRORS).map(
    ([code, { en, vi }]) =>
      `| \`${code}\` | ${cell(en(anything as never))} | ${cell(vi(anything as never))} |`,
  );
  return `# Errors

Every error of an answer has \`extensions.code\`, a message in English or Vietnamese by \`Accept-Language\`, and
\`extensions.service\` (for a partitioned subgraph also \`extensions.member\`) when it comes from a subgraph. A subgraph that
does not answer has \`extensions.since\` too. What stands in braces is given in \`extensions\`.

## Of the gateway

| code | HTTP | message | thông báo | what to do |
|---|---|---|---|---|
${gateway.join("\n")}

\`GRAPHQL_PARSE_FAILED\`, \`GRAPHQL_VALIDATION_FAILED\`, \`OPERATION_RESOLUTION_FAILURE\` and \`BAD_USER_INPUT\` (HTTP 400) are
refusals of an operation that GraphQL does not allow: not a document, not valid against the schema, no operation of that
name, a variable that is missing or not of its type.

## Of the agencies

A refused change has changed nothing.

| code | message | thông báo |
|---|---|---|
${agencies.join("\n")}
`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
