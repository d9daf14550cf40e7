/**
 * Checks of the schema: what the subgraph says that it has, and that it has it.
 */
import { CASE, findProcedure } from "../cases.ts";
import type { Check } from "../check.ts";
import { differences } from "../contract.ts";
import { sampleDossiers } from "../samples.ts";
import { summary } from "../subject.ts";

const OFFICER = "officer { code name title }";
const DURATION = "{ amount unit }";
const WHOLE_PROCEDURE = `__typename agencyCode code agency { code } name field level statutoryDuration ${DURATION}
  committedDuration ${DURATION} onlineDuration ${DURATION} fee onlineLevel oneStopKind
  requiredDocuments { name originals copies optional } steps { order name role hours }
  publication { decision issuedOn validFrom validTo }`;
const WHOLE_CASE = `__typename ${CASE} agency { code } dossier { code } procedure { ${WHOLE_PROCEDURE} } ${OFFICER}
  delay { apologisedAt } steps { name ${OFFICER} } events { note ${OFFICER} } supplements { requestedAt }`;
const PAGE_INFO = "pageInfo { hasNextPage startCursor endCursor }";

export const schemaChecks: readonly Check[] = [
  {
    id: "schema.sdl",
    wants:
      "_service.sdl has the whole contract: types, fields, arguments, defaults, keys, values of enums; own types and fields may stand beside",
    reference: "schema/agency.graphql; Apollo Federation, subgraph specification, Query._service",
    writes: false,
    run: async (subject, findings) => {
      const { data, exchange } = await subject.ask("{ _service { sdl } }");
      const { sdl } = (data?.["_service"] ?? {}) as { sdl?: unknown };
      if (typeof sdl !== "string") return findings.fail(`no SDL: ${summary(exchange)}`, exchange);
      for (const difference of differences(sdl)) findings.fail(difference, exchange);
    },
  },
  {
    id: "schema.case-fields",
    wants: "every field of a case, also of what it leads to, is answered without an error",
    reference: "schema/agency.graphql, AgencyCase",
    writes: false,
    run: async (subject, findings) => {
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      const { data, errors, exchange } = await subject.ask(
        `query ($agencyCode: ID!, $dossierCode: ID!) {
          agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { ${WHOLE_CASE} } }`,
        { agencyCode: subject.agency, dossierCode },
      );
      findings.expect(errors.length === 0, () => summary(exchange), exchange);
      const given = data?.["agencyCase"] as { agency?: unknown; dossier?: unknown } | null | undefined;
      findings.same(
        "agency and dossier",
        [given?.agency, given?.dossier],
        [{ code: subject.agency }, { code: dossierCode }],
        exchange,
      );
    },
  },
  {
    id: "schema.list-fields",
    wants: "every field of the lists of procedures and cases is answered without an error",
    reference: "schema/agency.graphql, Agency, Procedure, ProcedureConnection, AgencyCaseConnection",
    writes: false,
    run: async (subject, findings) => {
      const { code } = await subject.once(findProcedure);
      const { list, errors, exchange } = await subject.entities(
        `... on Agency { code procedures { edges { cursor node { ${WHOLE_PROCEDURE} } } nodes { code } ${PAGE_INFO} totalCount }
          cases(first: 5) { edges { cursor node { ${WHOLE_CASE} } } nodes { state } ${PAGE_INFO} } }
         ... on Procedure { ${WHOLE_PROCEDURE} }`,
        [
          { __typename: "Agency", code: subject.agency },
          { __typename: "Procedure", agencyCode: subject.agency, code },
        ],
      );
      findings.expect(
        errors.length === 0 && list?.length === 2 && !list.includes(null),
        () => summary(exchange),
        exchange,
      );
    },
  },
];
