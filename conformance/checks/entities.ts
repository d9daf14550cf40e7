/**
 * Checks of `_entities`: how the gateway fetches what an agency owns.
 */
import { findProcedure } from "../cases.ts";
import { type Check, Stopped } from "../check.ts";
import { caseKey, sampleDossiers } from "../samples.ts";
import { type Subject, summary } from "../subject.ts";

const FEDERATION = "Apollo Federation, subgraph specification, Query._entities";
const SELECTION = "__typename ... on AgencyCase { agencyCode dossierCode }";

/** Asks for cases by dossier code; `null` stands for one that must not be found. @throws Stopped without a list */
async function ask(subject: Subject, dossiers: readonly string[]) {
  const answer = await subject.entities(
    SELECTION,
    dossiers.map((code) => caseKey(subject, code)),
  );
  if (answer.list === undefined)
    throw new Stopped(`no list of entities: ${summary(answer.exchange)}`, answer.exchange);
  const { exchange } = answer;
  return { ...answer, exchange, found: answer.list.map((entity) => entity?.["dossierCode"] ?? null) };
}

export const entityChecks: readonly Check[] = [
  {
    id: "entities.order",
    wants: "_entities answers in the order of the representations",
    reference: FEDERATION,
    writes: false,
    run: async (subject, findings) => {
      const dossiers = await subject.once(sampleDossiers);
      if (dossiers.length === 1) findings.note("one case only");
      // Neither the order in which they were opened nor that of their codes.
      const shuffled = [
        ...dossiers.filter((_, index) => index % 2 === 1).toReversed(),
        ...dossiers.filter((_, index) => index % 2 === 0),
      ];
      for (const order of [shuffled, shuffled.toReversed()]) {
        const { found, exchange } = await ask(subject, order);
        findings.same("the order", found, order, exchange);
      }
    },
  },
  {
    id: "entities.unknown",
    wants: "a key that the agency has no row for is null, without an error, and costs no other entity",
    reference: FEDERATION,
    writes: false,
    run: async (subject, findings) => {
      const [known = ""] = await subject.once(sampleDossiers);
      const [unknown, another] = [subject.names.dossier(), subject.names.dossier()];
      const { found, errors, exchange } = await ask(subject, [unknown, known, another]);
      findings.same("the answer", found, [null, known, null], exchange);
      findings.same("the errors", errors, [], exchange);
    },
  },
  {
    id: "entities.duplicates",
    wants: "a representation that stands in a request several times is answered at each of its places",
    reference: FEDERATION,
    writes: false,
    run: async (subject, findings) => {
      const [first = "", second = first] = await subject.once(sampleDossiers);
      const unknown = subject.names.dossier();
      const order = [first, first, second, unknown, first, unknown, second];
      const { found, exchange } = await ask(subject, order);
      findings.same(
        "the answer",
        found,
        order.map((code) => (code === unknown ? null : code)),
        exchange,
      );
    },
  },
  {
    id: "entities.five-hundred",
    wants: "500 representations in one request are answered, each at its place",
    reference: "docs/conformance.md, what the gateway may send",
    writes: false,
    run: async (subject, findings) => {
      const dossiers = await subject.once(sampleDossiers);
      const order = Array.from({ length: 500 }, (_, index) =>
        index % 3 === 2 ? subject.names.dossier() : (dossiers[(index * 7) % dossiers.length] ?? ""),
      );
      const known = new Set(dossiers);
      const { found, exchange } = await ask(subject, order);
      const wrong = order.findIndex(
        (code, index) => (found[index] ?? null) !== (known.has(code) ? code : null),
      );
      findings.same("the number of entities", found.length, 500, exchange);
      findings.expect(
        wrong < 0,
        () => `entity ${wrong} of ${order[wrong]} is ${JSON.stringify(found[wrong])}`,
        exchange,
      );
    },
  },
  {
    id: "entities.types",
    wants:
      "Agency, Procedure and AgencyCase are all found by their keys, also in one request, each with its __typename",
    reference: "schema/agency.graphql, @key",
    writes: false,
    run: async (subject, findings) => {
      const [dossierCode = ""] = await subject.once(sampleDossiers);
      const { code, name } = await subject.once(findProcedure);
      const { list, exchange } = await subject.entities(
        "__typename ... on Agency { code } ... on Procedure { code name } ... on AgencyCase { dossierCode }",
        [
          { __typename: "Procedure", agencyCode: subject.agency, code },
          caseKey(subject, dossierCode),
          { __typename: "Agency", code: subject.agency },
        ],
      );
      findings.same(
        "the answer",
        list,
        [
          { __typename: "Procedure", code, name },
          { __typename: "AgencyCase", dossierCode },
          { __typename: "Agency", code: subject.agency },
        ],
        exchange,
      );
    },
  },
  {
    id: "entities.malformed-key",
    wants:
      "a malformed key costs its own entity alone: null, with an error or without, and the others are answered",
    reference: "docs/partition.md; docs/errors.md, INVALID_DOSSIER_CODE",
    writes: false,
    run: async (subject, findings) => {
      const [known = ""] = await subject.once(sampleDossiers);
      const { found, errors, exchange } = await ask(subject, [known, "not a dossier", known]);
      findings.same("the answer", found, [known, null, known], exchange);
      for (const { path } of errors) findings.same("the path of the error", path, ["_entities", 1], exchange);
    },
  },
  {
    id: "entities.other-agency",
    wants:
      "a key of another agency is null, at most with the error UNKNOWN_AGENCY, and costs no other entity",
    reference: "docs/partition.md; docs/errors.md, UNKNOWN_AGENCY",
    writes: false,
    run: async (subject, findings) => {
      const [known = ""] = await subject.once(sampleDossiers);
      const other = subject.agency === "H98.76" ? "H98.75" : "H98.76";
      const { list, errors, exchange } = await subject.entities(SELECTION, [
        { __typename: "AgencyCase", agencyCode: other, dossierCode: known },
        caseKey(subject, known),
        { __typename: "Agency", code: other },
      ]);
      findings.same(
        "the answer",
        list?.map((entity) => entity?.["dossierCode"] ?? null),
        [null, known, null],
        exchange,
      );
      for (const { extensions } of errors)
        findings.same("the code of the error", extensions?.code, "UNKNOWN_AGENCY", exchange);
    },
  },
];
