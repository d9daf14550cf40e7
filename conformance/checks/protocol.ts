/**
 * Checks of GraphQL over HTTP, as the gateway speaks it.
 */
import { opening } from "../cases.ts";
import type { Check } from "../check.ts";
import { caseKey, sampleDossiers } from "../samples.ts";
import { answerOf, summary } from "../subject.ts";

const OVER_HTTP = "GraphQL over HTTP";

export const protocolChecks: readonly Check[] = [
  {
    id: "protocol.media-type",
    wants:
      "answers are JSON, by their content-type too: application/json or application/graphql-response+json",
    reference: OVER_HTTP,
    writes: false,
    run: async (subject, findings) => {
      for (const query of ["{ __typename }", "{ noSuchField }"]) {
        const { exchange } = await subject.ask(query);
        findings.expect(
          ["application/json", "application/graphql-response+json"].includes(
            exchange.answer?.mediaType ?? "",
          ),
          `content-type is "${exchange.answer?.mediaType}"`,
          exchange,
        );
      }
    },
  },
  {
    id: "protocol.operation-name",
    wants: "operationName chooses the operation of a document that has several, every time",
    reference: `${OVER_HTTP}; GraphQL section 6.1`,
    writes: false,
    run: async (subject, findings) => {
      const query = "query One { one: __typename } query Two { two: __typename }";
      // Servers that compile an operation do so when it comes again.
      for (const name of ["One", "Two", "One", "Two", "Two", "One"]) {
        const { data, exchange } = await subject.post({ query, operationName: name });
        findings.same(`the answer to ${name}`, data, { [name.toLowerCase()]: "Query" }, exchange);
      }
    },
  },
  {
    id: "protocol.nulls",
    wants: "variables, operationName and extensions may be null or left out",
    reference: OVER_HTTP,
    writes: false,
    run: async (subject, findings) => {
      const query = "{ __typename }";
      for (const others of [
        {},
        { variables: null },
        { operationName: null },
        { extensions: null },
        { variables: {}, operationName: null, extensions: {} },
      ]) {
        const { data, exchange } = await subject.post({ query, ...others });
        findings.same("the answer", data, { __typename: "Query" }, exchange);
      }
    },
  },
  {
    id: "protocol.variables",
    wants: "the same document with other variables has another answer, also when it comes many times at once",
    reference: OVER_HTTP,
    writes: false,
    run: async (subject, findings) => {
      const dossiers = await subject.once(sampleDossiers);
      const asked = Array.from({ length: 30 }, (_, index) => dossiers[index % dossiers.length] ?? "");
      const answers = await Promise.all(
        asked.map((dossierCode) =>
          subject.ask(
            `query ($agencyCode: ID!, $dossierCode: ID!) {
              agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { dossierCode } }`,
            { agencyCode: subject.agency, dossierCode },
          ),
        ),
      );
      for (const [index, { data, exchange }] of answers.entries())
        findings.same("the answer", data, { agencyCase: { dossierCode: asked[index] } }, exchange);
    },
  },
  {
    id: "protocol.aliases",
    wants:
      "aliases and fragments are followed, and one field may be asked for several times with other arguments",
    reference: "GraphQL sections 2.7, 2.8",
    writes: false,
    run: async (subject, findings) => {
      const dossiers = (await subject.once(sampleDossiers)).slice(0, 3);
      const fields = dossiers.map(
        (code, index) =>
          `c${index}: agencyCase(agencyCode: "${subject.agency}", dossierCode: "${code}") { ...Code }`,
      );
      const { data, exchange } = await subject.ask(
        `{ ${fields.join(" ")} } fragment Code on AgencyCase { is: dossierCode ... on AgencyCase { dossierCode } }`,
      );
      findings.same(
        "the answer",
        data,
        Object.fromEntries(dossiers.map((code, index) => [`c${index}`, { is: code, dossierCode: code }])),
        exchange,
      );
    },
  },
  {
    id: "protocol.get-mutation",
    wants: "a mutation by GET is refused and not carried out: pages of strangers can send one",
    reference: `${OVER_HTTP}: a GET must not execute a mutation`,
    writes: true,
    run: async (subject, findings) => {
      const variables = {
        ...(await opening(subject)),
        agencyCode: subject.agency,
        idempotencyKey: subject.names.idempotencyKey(),
      };
      const query = `mutation ($agencyCode: ID!, $input: OpenCaseInput!, $idempotencyKey: ID!) {
        openCase(agencyCode: $agencyCode, input: $input, idempotencyKey: $idempotencyKey) { case { state } } }`;
      const parameters = `query=${encodeURIComponent(query)}&variables=${encodeURIComponent(JSON.stringify(variables))}`;
      const exchange = await subject.client.send({
        method: "GET",
        url: `${subject.url}?${parameters}`,
        headers: { accept: "application/json" },
      });
      const { status = 0 } = exchange.answer ?? {};
      const isRefused = (status >= 400 && status < 500) || answerOf(exchange).errors.length > 0;
      findings.expect(isRefused, () => summary(exchange), exchange);
      const { list } = await subject.entities("__typename", [caseKey(subject, variables.input.dossierCode)]);
      findings.same("the case", list, [null], exchange);
    },
  },
  {
    id: "protocol.no-entities",
    wants: "a request for no entities at all is answered with an empty list",
    reference: "Apollo Federation, subgraph specification, Query._entities",
    writes: false,
    run: async (subject, findings) => {
      const { list, errors, exchange } = await subject.entities("__typename", []);
      findings.expect(list?.length === 0 && errors.length === 0, () => summary(exchange), exchange);
    },
  },
  {
    id: "protocol.conditions",
    wants: "@skip and @include are obeyed, also by variables that change from one request to the next",
    reference: "GraphQL section 3.13",
    writes: false,
    run: async (subject, findings) => {
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      for (const isWanted of [true, false, true, false]) {
        const { data, exchange } = await subject.ask(
          `query ($representations: [_Any!]!, $isWanted: Boolean!) { _entities(representations: $representations) {
            ... on AgencyCase { agencyCode @skip(if: $isWanted) dossierCode @include(if: $isWanted) } } }`,
          { representations: [caseKey(subject, dossierCode)], isWanted },
        );
        const entity = isWanted ? { dossierCode } : { agencyCode: subject.agency };
        findings.same("the answer", data, { _entities: [entity] }, exchange);
      }
    },
  },
];
