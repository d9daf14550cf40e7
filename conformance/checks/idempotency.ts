/**
 * Checks of idempotency keys: the same key twice gives the same answer and one effect.
 */
import { randomBytes } from "node:crypto";
import { type CaseView, type Change, change, openCase, opening, readCase, succeeded } from "../cases.ts";
import type { Check, Findings } from "../check.ts";
import { codeOf, summary } from "../subject.ts";

const REFERENCE = "schema/agency.graphql, Mutation: the same key twice gives the same answer and one effect";
const AT_ONCE = 10;

/** Every answer must be a success, and the same. */
function expectOneAnswer(findings: Findings, changes: readonly Change[]): void {
  const first = changes.find(({ view }) => view !== null)?.view;
  for (const { view, exchange } of changes)
    if (view === null) findings.fail(`refused: ${summary(exchange)}`, exchange);
    else findings.same("the answer", view, first, exchange);
}

function eventsOf({ events }: CaseView): number {
  return events.length;
}

export const idempotencyChecks: readonly Check[] = [
  {
    id: "idempotency.open-again",
    wants: "openCase sent again with the same key gives the same answer and opens nothing more",
    reference: REFERENCE,
    writes: true,
    run: async (subject, findings) => {
      const variables = { ...(await opening(subject)), idempotencyKey: subject.names.idempotencyKey() };
      const changes = [
        await change(subject, "openCase", variables),
        await change(subject, "openCase", variables),
      ];
      expectOneAnswer(findings, changes);
      const { view, answer } = await readCase(subject, variables.input.dossierCode);
      findings.same("the number of events", eventsOf(view), 1, answer.exchange);
    },
  },
  {
    id: "idempotency.open-at-once",
    wants: "ten openCase with the same key at the same moment give one answer and one case",
    reference: REFERENCE,
    writes: true,
    run: async (subject, findings) => {
      const variables = { ...(await opening(subject)), idempotencyKey: subject.names.idempotencyKey() };
      expectOneAnswer(
        findings,
        await Promise.all(Array.from({ length: AT_ONCE }, () => change(subject, "openCase", variables))),
      );
      const { view, answer } = await readCase(subject, variables.input.dossierCode);
      findings.same("the number of events", eventsOf(view), 1, answer.exchange);
    },
  },
  {
    id: "idempotency.change-again",
    wants:
      "a change sent again with the same key, also after the case has gone on, gives its first answer and moves nothing",
    reference: REFERENCE,
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const variables = { dossierCode, to: "ACCEPTED", idempotencyKey: subject.names.idempotencyKey() };
      const first = await change(subject, "advanceCase", variables);
      succeeded("the change", first);
      const second = await change(subject, "advanceCase", variables);
      succeeded("the next change", await change(subject, "advanceCase", { dossierCode, to: "IN_PROGRESS" }));
      const third = await change(subject, "advanceCase", variables);
      for (const { view, exchange } of [second, third])
        if (view === null) findings.fail(`refused: ${summary(exchange)}`, exchange);
        else findings.same("the state in the answer", view.state, "ACCEPTED", exchange);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same(
        "state and number of events",
        [view.state, eventsOf(view)],
        ["IN_PROGRESS", 3],
        answer.exchange,
      );
    },
  },
  {
    id: "idempotency.change-at-once",
    wants: "ten equal changes with the same key at the same moment give one answer and one event",
    reference: REFERENCE,
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const variables = { dossierCode, to: "ACCEPTED", idempotencyKey: subject.names.idempotencyKey() };
      const changes = await Promise.all(
        Array.from({ length: AT_ONCE }, () => change(subject, "advanceCase", variables)),
      );
      for (const { view, exchange } of changes)
        if (view === null) findings.fail(`refused: ${summary(exchange)}`, exchange);
        else findings.same("the state in the answer", view.state, "ACCEPTED", exchange);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same("the number of events", eventsOf(view), 2, answer.exchange);
    },
  },
  {
    id: "idempotency.other-request",
    wants:
      "a key that was used for another request is refused with IDEMPOTENCY_KEY_REUSED, and nothing changes",
    reference: "docs/errors.md, IDEMPOTENCY_KEY_REUSED",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const idempotencyKey = subject.names.idempotencyKey();
      const variables = { dossierCode, to: "ACCEPTED", idempotencyKey };
      succeeded("the change", await change(subject, "advanceCase", variables));
      const others = [
        await change(subject, "advanceCase", { ...variables, to: "IN_PROGRESS" }),
        await change(subject, "withdrawCase", { dossierCode, idempotencyKey }),
      ];
      for (const other of others) {
        findings.expect(other.view === null, "it was not refused", other.exchange);
        findings.same("the code", codeOf(other), "IDEMPOTENCY_KEY_REUSED", other.exchange);
      }
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same(
        "state and number of events",
        [view.state, eventsOf(view)],
        ["ACCEPTED", 2],
        answer.exchange,
      );
    },
  },
  {
    id: "idempotency.key-form",
    wants: "a key of other than 8 to 128 characters of A–Z a–z 0–9 _ . : - is refused with INVALID_INPUT",
    reference: "schema/agency.graphql, Mutation.openCase(idempotencyKey:)",
    writes: true,
    run: async (subject, findings) => {
      for (const idempotencyKey of ["", "1234567", "x".repeat(129), "with a space", "khóa-chống-lặp"]) {
        const refused = await change(subject, "openCase", { ...(await opening(subject)), idempotencyKey });
        findings.expect(
          refused.view === null,
          `the key ${JSON.stringify(idempotencyKey.slice(0, 20))} was taken`,
          refused.exchange,
        );
        findings.same("the code", codeOf(refused), "INVALID_INPUT", refused.exchange);
      }
      for (const length of [8, 128]) {
        const idempotencyKey = randomBytes(6).toString("base64url").padEnd(length, "a_.:-Z");
        const { view, exchange } = await change(subject, "openCase", {
          ...(await opening(subject)),
          idempotencyKey,
        });
        findings.expect(view !== null, () => `a key of ${length} characters: ${summary(exchange)}`, exchange);
      }
    },
  },
];
