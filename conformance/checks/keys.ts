/**
 * Checks of codes: every spelling that people use, one spelling in the answers.
 */
import { change, findProcedure, opening } from "../cases.ts";
import { type Check, Skipped } from "../check.ts";
import { reversedSpelling } from "../codes.ts";
import { sampleDossiers } from "../samples.ts";
import { type Subject, summary } from "../subject.ts";

const SPELLINGS = "schema/agency.graphql, Query.agencyCase(agencyCode:): either spelling";

function reversedOf(subject: Subject): string {
  const reversed = reversedSpelling(subject.agency);
  if (reversed === undefined) throw new Skipped(`${subject.agency} has one spelling only`);
  return reversed;
}

export const keyChecks: readonly Check[] = [
  {
    id: "keys.agency-entities",
    wants: "entities are found by both spellings of the agency's code, and answer with the canonical one",
    reference: SPELLINGS,
    writes: false,
    run: async (subject, findings) => {
      const reversed = reversedOf(subject);
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      const { code } = await subject.once(findProcedure);
      const { list, exchange } = await subject.entities(
        "... on Agency { agency: code } ... on Procedure { agency: agencyCode } ... on AgencyCase { agency: agencyCode }",
        [subject.agency, reversed].flatMap((agencyCode) => [
          { __typename: "AgencyCase", agencyCode, dossierCode },
          { __typename: "Procedure", agencyCode, code },
          { __typename: "Agency", code: agencyCode },
        ]),
      );
      findings.same(
        "the answer",
        list?.map((entity) => entity?.["agency"] ?? null),
        Array.from({ length: 6 }, () => subject.agency),
        exchange,
      );
    },
  },
  {
    id: "keys.agency-fields",
    wants: "root fields take both spellings of the agency's code",
    reference: SPELLINGS,
    writes: false,
    run: async (subject, findings) => {
      const agencyCode = reversedOf(subject);
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      const { code } = await subject.once(findProcedure);
      const { data, exchange } = await subject.ask(
        `query ($agencyCode: ID!, $dossierCode: ID!, $code: ID!) {
          agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { agencyCode dossierCode }
          procedure(agencyCode: $agencyCode, code: $code) { agencyCode code } }`,
        { agencyCode, dossierCode, code },
      );
      findings.same(
        "the answer",
        data,
        {
          agencyCase: { agencyCode: subject.agency, dossierCode },
          procedure: { agencyCode: subject.agency, code },
        },
        exchange,
      );
    },
  },
  {
    id: "keys.agency-mutations",
    wants:
      "mutations take both spellings of the agency's code; under one idempotency key they are the same request",
    reference: `${SPELLINGS}; Mutation`,
    writes: true,
    run: async (subject, findings) => {
      const agencyCode = reversedOf(subject);
      const variables = { ...(await opening(subject)), idempotencyKey: subject.names.idempotencyKey() };
      for (const spelling of [agencyCode, subject.agency]) {
        const { view, exchange } = await change(subject, "openCase", { ...variables, agencyCode: spelling });
        findings.expect(
          view?.dossierCode === variables.input.dossierCode,
          () => `openCase with ${spelling}: ${summary(exchange)}`,
          exchange,
        );
      }
    },
  },
  {
    id: "keys.procedure",
    wants: "a procedure is found by its short and its long code, and answers with the short one",
    reference: "schema/agency.graphql, Query.procedure(code:), Procedure.code",
    writes: false,
    run: async (subject, findings) => {
      const { code } = await subject.once(findProcedure);
      const { agency: agencyCode } = subject;
      for (const spelling of [code, `${code}.000.00.00.H56`, `${code}.H56`]) {
        const { data, exchange } = await subject.ask(
          "query ($agencyCode: ID!, $code: ID!) { procedure(agencyCode: $agencyCode, code: $code) { code } }",
          { agencyCode, code: spelling },
        );
        findings.same(`the procedure ${spelling}`, data, { procedure: { code } }, exchange);
      }
    },
  },
];
