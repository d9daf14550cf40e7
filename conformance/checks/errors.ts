/**
 * Checks of errors: their form, their codes, and that they cost no more than they must.
 */
import { change, openCase, opening } from "../cases.ts";
import type { Check } from "../check.ts";
import { sampleDossiers } from "../samples.ts";
import { type Answer, codeOf, type GivenError, type Subject, summary } from "../subject.ts";

const FORM = "GraphQL section 7.1.2; docs/errors.md";
const OTHER_CASE =
  "query ($agencyCode: ID!, $dossierCode: ID!) { agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { state } }";

/** Reads that the contract refuses, with the code of the refusal. */
async function refusedReads(subject: Subject): Promise<readonly (readonly [code: string, answer: Answer])[]> {
  const { agency: agencyCode } = subject;
  const other = agencyCode === "H98.76" ? "H98.75" : "H98.76";
  const dossierCode = subject.names.dossier();
  return [
    ["INVALID_AGENCY_CODE", await subject.ask(OTHER_CASE, { agencyCode: "no agency", dossierCode })],
    ["UNKNOWN_AGENCY", await subject.ask(OTHER_CASE, { agencyCode: other, dossierCode })],
    ["INVALID_DOSSIER_CODE", await subject.ask(OTHER_CASE, { agencyCode, dossierCode: "no dossier" })],
    [
      "INVALID_PROCEDURE_CODE",
      await subject.ask(
        "query ($agencyCode: ID!, $code: ID!) { procedure(agencyCode: $agencyCode, code: $code) { code } }",
        { agencyCode, code: "no procedure" },
      ),
    ],
  ];
}

export const errorChecks: readonly Check[] = [
  {
    id: "errors.form",
    wants:
      "an error has a message, extensions.code in capitals, and the path of its field, with list indexes as numbers",
    reference: FORM,
    writes: false,
    run: async (subject, findings) => {
      const { list, errors, exchange } = await subject.entities(
        "... on Agency { cases(first: 0) { nodes { state } } }",
        [{ __typename: "Agency", code: subject.agency }],
      );
      findings.expect(
        list !== undefined && errors.length === 1,
        `not one error: ${summary(exchange)}`,
        exchange,
      );
      findings.same("the path", errors[0]?.path, ["_entities", 0, "cases"], exchange);
      const reads = (await subject.once(refusedReads)).map(([, answer]) => answer);
      for (const answer of reads)
        for (const error of answer.errors) {
          const fault = faultOf(error);
          if (fault !== undefined) findings.fail(fault, answer.exchange);
        }
    },
  },
  {
    id: "errors.codes",
    wants: "a query that cannot be answered is told by the code of the error table",
    reference: "docs/errors.md, Of the agencies",
    writes: false,
    run: async (subject, findings) => {
      for (const [code, answer] of await subject.once(refusedReads))
        findings.expect(
          codeOf(answer) === code,
          () => `not ${code}: ${summary(answer.exchange)}`,
          answer.exchange,
        );
    },
  },
  {
    id: "errors.mutation-codes",
    wants: "a mutation that cannot be carried out is told by the code of the error table",
    reference: "docs/errors.md, Of the agencies",
    writes: true,
    run: async (subject, findings) => {
      const unknown = subject.names.dossier();
      const { dossierCode } = await openCase(subject);
      const open = async (input: Readonly<Record<string, unknown>>) =>
        change(subject, "openCase", await opening(subject, input));
      const refusals = [
        ["UNKNOWN_CASE", await change(subject, "advanceCase", { dossierCode: unknown, to: "ACCEPTED" })],
        ["UNKNOWN_PROCEDURE", await open({ procedureCode: "9.999999" })],
        ["INVALID_PROCEDURE_CODE", await open({ procedureCode: "birth" })],
        ["INVALID_DOSSIER_CODE", await open({ dossierCode: "H56.14-269999-0001" })],
        ["INVALID_PERSONAL_ID", await open({ personalId: "12345" })],
        ["INVALID_TAX_CODE", await open({ taxCode: "0000000000" })],
        ["CASE_EXISTS", await open({ dossierCode })],
        [
          "UNKNOWN_OFFICER",
          await change(subject, "advanceCase", {
            dossierCode,
            to: "ACCEPTED",
            officerCode: "no-such-officer",
          }),
        ],
        ["NO_OPEN_STEP", await change(subject, "finishStep", { dossierCode })],
      ] as const;
      for (const [code, answer] of refusals)
        findings.expect(
          answer.view === null && codeOf(answer) === code,
          () => `not ${code}: ${summary(answer.exchange)}`,
          answer.exchange,
        );
    },
  },
  {
    id: "errors.details",
    wants: "extensions has what the error is about: field, value and allowed of an invalid code",
    reference: "docs/errors.md: what stands in braces is given in extensions",
    writes: false,
    run: async (subject, findings) => {
      for (const [code, { errors, exchange }] of await subject.once(refusedReads)) {
        if (!code.startsWith("INVALID_")) continue;
        for (const name of ["field", "value", "allowed"])
          findings.expect(
            typeof errors[0]?.extensions?.[name] === "string",
            `${code} has no extensions.${name}`,
            exchange,
          );
      }
    },
  },
  {
    id: "errors.partial",
    wants: "a field that fails is null and costs no other: the answer is HTTP 200 with everything else",
    reference: "GraphQL section 6.4.4; schema/agency.graphql: root fields are nullable",
    writes: false,
    run: async (subject, findings) => {
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      const { data, errors, exchange } = await subject.ask(
        `query ($agencyCode: ID!, $dossierCode: ID!) {
          good: agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { dossierCode }
          bad: agencyCase(agencyCode: $agencyCode, dossierCode: "no dossier") { dossierCode } }`,
        { agencyCode: subject.agency, dossierCode },
      );
      findings.same("the HTTP status", exchange.answer?.status, 200, exchange);
      findings.same("the data", data, { good: { dossierCode }, bad: null }, exchange);
      findings.same(
        "the paths of the errors",
        errors.map(({ path }) => path),
        [["bad"]],
        exchange,
      );
    },
  },
  {
    id: "errors.language",
    wants: "the message is English or Vietnamese, by Accept-Language",
    reference: "docs/errors.md",
    writes: false,
    run: async (subject, findings) => {
      const [english, vietnamese] = await Promise.all(
        ["en", "vi-VN, en;q=0.5"].map((language) =>
          subject.ask(
            OTHER_CASE,
            { agencyCode: subject.agency, dossierCode: "no dossier" },
            { "accept-language": language },
          ),
        ) as [Promise<Answer>, Promise<Answer>],
      );
      const message = vietnamese.errors[0]?.message;
      findings.expect(
        typeof message === "string" && /[à-ỹđ]/i.test(message.normalize("NFC")),
        () => `to a Vietnamese reader: ${summary(vietnamese.exchange)}`,
        vietnamese.exchange,
      );
      findings.expect(
        typeof english.errors[0]?.message === "string" && english.errors[0].message !== message,
        () => `to an English reader: ${summary(english.exchange)}`,
        english.exchange,
      );
    },
  },
];

function faultOf({ message, path, extensions, locations }: GivenError): string | undefined {
  if (typeof message !== "string" || message.trim() === "")
    return `the message is ${JSON.stringify(message)}`;
  const code = extensions?.code;
  if (typeof code !== "string" || !/^[A-Z][A-Z0-9_]*$/.test(code))
    return `extensions.code is ${JSON.stringify(code)}`;
  if (!Array.isArray(path) || !path.every((part) => typeof part === "string" || Number.isInteger(part)))
    return `the path is ${JSON.stringify(path)}`;
  if (locations !== undefined && !(Array.isArray(locations) && locations.every(isLocation)))
    return `the locations are ${JSON.stringify(locations)}`;
  return undefined;
}

function isLocation(location: unknown): boolean {
  const { line, column } = (location ?? {}) as { line?: unknown; column?: unknown };
  return Number.isInteger(line) && Number.isInteger(column);
}
