/**
 * Cases for the checks, opened and moved by the contract's mutations.
 */
import { z } from "zod";
import { Stopped } from "./check.ts";
import { type Place, type State, STATES } from "./national-states.ts";
import { type Answer, type Subject, summary } from "./subject.ts";

const instant = z.string();
const state = z.enum(STATES);
const caseSchema = z.object({
  agencyCode: z.string(),
  dossierCode: z.string(),
  state,
  allowedStates: z.array(state),
  receivedAt: instant,
  dueAt: instant,
  finishedAt: instant.nullable(),
  isOverdue: z.boolean(),
  delay: z.object({ reason: z.string(), previousDueAt: instant }).nullable(),
  steps: z.array(z.object({ order: z.int(), startedAt: instant.nullable(), finishedAt: instant.nullable() })),
  events: z.array(z.object({ sequence: z.int(), at: instant, from: state.nullable(), to: state })),
  supplements: z.array(
    z.object({ documents: z.array(z.string()), reason: z.string(), receivedAt: instant.nullable() }),
  ),
  result: z.object({ number: z.string(), summary: z.string(), issuedAt: instant }).nullable(),
});

/** A case as it came: of the contract's form, the values are for the checks. */
export type CaseView = z.infer<typeof caseSchema>;

/** A mutation's answer; `view` is null when it was refused. */
export interface Change extends Answer {
  readonly view: CaseView | null;
}

export const CASE = `agencyCode dossierCode state allowedStates receivedAt dueAt finishedAt isOverdue
  delay { reason previousDueAt } steps { order startedAt finishedAt } events { sequence at from to }
  supplements { documents reason receivedAt } result { number summary issuedAt }`;

/** The contract's mutations with their own arguments, beside the agency code and the idempotency key. */
const ARGUMENTS = {
  openCase: { input: "OpenCaseInput!" },
  advanceCase: { dossierCode: "ID!", to: "CaseState!", officerCode: "ID", note: "String" },
  finishStep: { dossierCode: "ID!", nextOfficerCode: "ID", note: "String" },
  requestSupplement: { dossierCode: "ID!", documents: "[String!]!", reason: "String!", officerCode: "ID" },
  receiveSupplement: { dossierCode: "ID!", documents: "[String!]!" },
  withdrawCase: { dossierCode: "ID!", reason: "String" },
  completeCase: { dossierCode: "ID!", result: "CaseResultInput!", officerCode: "ID" },
  apologiseForDelay: { dossierCode: "ID!", reason: "String!", newDueAt: "DateTime!" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
export type Mutation = keyof typeof ARGUMENTS;

const SUPPLEMENT = { documents: ["Bản sao giấy chứng nhận"], reason: "Thiếu giấy tờ" };

const payloadSchema = z.object({ case: caseSchema });

/** Sends a mutation. `variables` may replace the agency code and the idempotency key. */
export async function change(
  subject: Subject,
  mutation: Mutation,
  variables: Readonly<Record<string, unknown>>,
): Promise<Change> {
  const types = { agencyCode: "ID!", idempotencyKey: "ID!", ...ARGUMENTS[mutation] };
  const declared = Object.entries(types).map(([name, type]) => `$${name}: ${type}`);
  const given = Object.keys(types).map((name) => `${name}: $${name}`);
  const answer = await subject.ask(
    `mutation (${declared.join(", ")}) { ${mutation}(${given.join(", ")}) { case { ${CASE} } } }`,
    { agencyCode: subject.agency, idempotencyKey: subject.names.idempotencyKey(), ...variables },
  );
  const payload = payloadSchema.safeParse(answer.data?.[mutation]);
  const view = payload.success ? payload.data.case : null;
  if (mutation === "openCase" && view !== null) subject.opened.add(view.dossierCode);
  return { ...answer, view };
}

/** The arguments that open a case of a new dossier. @throws Stopped when the agency offers no procedure */
export async function opening(
  subject: Subject,
  input: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly input: { readonly dossierCode: string; readonly [name: string]: unknown } }> {
  const { code } = await subject.once(findProcedure);
  return {
    input: {
      dossierCode: subject.names.dossier(),
      procedureCode: code,
      applicantName: "Conformance",
      ...input,
    },
  };
}

/** @throws Stopped when it is refused */
export async function openCase(
  subject: Subject,
  input?: Readonly<Record<string, unknown>>,
): Promise<CaseView> {
  const variables = await opening(subject, input);
  return succeeded("openCase", await change(subject, "openCase", variables));
}

/** A new case that has been moved to a place. @throws Stopped when a move is refused */
export async function caseAt(subject: Subject, { route }: Pick<Place, "route">): Promise<CaseView> {
  let view = await openCase(subject);
  for (const to of route)
    view = succeeded(`the move from ${view.state} to ${to}`, await move(subject, view.dossierCode, to));
  return view;
}

/** Moves a case by the mutation that is meant for the state. */
export function move(subject: Subject, dossierCode: string, to: State): Promise<Change> {
  switch (to) {
    case "AWAITING_SUPPLEMENT":
      return change(subject, "requestSupplement", { dossierCode, ...SUPPLEMENT });
    case "COMPLETED":
      return change(subject, "completeCase", {
        dossierCode,
        result: { number: "01/KQ", summary: "Kết quả" },
      });
    case "WITHDRAWN":
      return change(subject, "withdrawCase", { dossierCode, reason: "Công dân xin rút" });
    default:
      return change(subject, "advanceCase", { dossierCode, to });
  }
}

/** Back to the state before the supplement. */
export function receiveSupplement(subject: Subject, dossierCode: string): Promise<Change> {
  return change(subject, "receiveSupplement", { dossierCode, documents: SUPPLEMENT.documents });
}

/** @throws Stopped when the case is not there */
export async function readCase(
  subject: Subject,
  dossierCode: string,
): Promise<{ readonly view: CaseView; readonly answer: Answer }> {
  const answer = await subject.ask(
    `query ($agencyCode: ID!, $dossierCode: ID!) {
      agencyCase(agencyCode: $agencyCode, dossierCode: $dossierCode) { ${CASE} } }`,
    { agencyCode: subject.agency, dossierCode },
  );
  const view = caseSchema.safeParse(answer.data?.["agencyCase"]);
  if (view.success) return { view: view.data, answer };
  throw new Stopped(`agencyCase of ${dossierCode}: ${summary(answer.exchange)}`, answer.exchange);
}

/** @throws Stopped when the change was refused */
export function succeeded(what: string, { view, exchange }: Change): CaseView {
  if (view === null) throw new Stopped(`${what} was refused: ${summary(exchange)}`, exchange);
  return view;
}

const offerSchema = z.object({
  procedures: z.object({
    nodes: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        field: z.string(),
        steps: z.array(z.object({ order: z.int() })),
        publication: z.object({ validTo: z.string().nullable() }),
      }),
    ),
  }),
});
/** A procedure at which cases can be opened. */
export type OfferedProcedure = z.infer<typeof offerSchema>["procedures"]["nodes"][number];

/** A procedure that is valid today, one with internal steps where there is one. @throws Stopped */
export async function findProcedure(subject: Subject): Promise<OfferedProcedure> {
  const { list, exchange } = await subject.entities(
    "... on Agency { procedures(first: 100) { nodes { code name field steps { order } publication { validTo } } } }",
    [{ __typename: "Agency", code: subject.agency }],
  );
  const offered = offerSchema.safeParse(list?.[0]);
  const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  const valid = (offered.success ? offered.data.procedures.nodes : []).filter(
    ({ publication: { validTo } }) => validTo === null || validTo >= today,
  );
  const found = valid.find(({ steps }) => steps.length > 1) ?? valid[0];
  if (found === undefined)
    throw new Stopped(
      `Agency.procedures of ${subject.agency} has no valid procedure to open cases at: ${summary(exchange)}`,
      exchange,
    );
  return found;
}
