/**
 * Checks of what the mutations write beside the state: the case, steps, supplements, the result, a delay.
 */
import {
  caseAt,
  change,
  findProcedure,
  openCase,
  opening,
  readCase,
  receiveSupplement,
  succeeded,
} from "../cases.ts";
import { type Check, Skipped } from "../check.ts";
import { codeOf, summary } from "../subject.ts";
import { dayOf, instantOn, plusDays } from "../vietnam-time.ts";

export const workChecks: readonly Check[] = [
  {
    id: "work.open",
    wants: "a case that is opened is REGISTERED, has the deadline that the centre gave, and is found at once",
    reference: "schema/agency.graphql, Mutation.openCase",
    writes: true,
    run: async (subject, findings) => {
      const dueAt = instantOn(plusDays(dayOf(Date.now()), 30), "17:00:00");
      const { input } = await opening(subject, { dueAt });
      const opened = await change(subject, "openCase", { input });
      const view = succeeded("openCase", opened);
      findings.same("the state", view.state, "REGISTERED", opened.exchange);
      findings.same("the agency", view.agencyCode, subject.agency, opened.exchange);
      const { view: read, answer } = await readCase(subject, input.dossierCode);
      findings.same("the case as it is read", read, view, answer.exchange);
      findings.same("the deadline", Date.parse(read.dueAt), Date.parse(dueAt), answer.exchange);
    },
  },
  {
    id: "work.deadline",
    wants: "without a deadline from the centre, the agency computes one, later than the reception",
    reference: "schema/agency.graphql, OpenCaseInput.dueAt",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.expect(
        Date.parse(view.dueAt) > Date.parse(view.receivedAt),
        `received ${view.receivedAt}, due ${view.dueAt}`,
        answer.exchange,
      );
    },
  },
  {
    id: "work.steps",
    wants:
      "a case IN_PROGRESS has a step under way; finishStep ends it and begins the next, each in its order from 1",
    reference: "schema/agency.graphql, Mutation.finishStep",
    writes: true,
    run: async (subject, findings) => {
      const { steps } = await subject.once(findProcedure);
      if (steps.length < 2) throw new Skipped("no procedure with two internal steps");
      const { dossierCode } = await caseAt(subject, { route: ["ACCEPTED", "IN_PROGRESS"] });
      const before = await readCase(subject, dossierCode);
      const order = before.view.steps.map((step) => step.order);
      findings.same(
        "the order of the steps",
        order,
        steps.map((_, index) => index + 1),
        before.answer.exchange,
      );
      const progress = (of: typeof before.view.steps): string =>
        of.map(({ startedAt, finishedAt }) => (finishedAt ? "done" : startedAt ? "now" : "later")).join(" ");
      const rest = Array.from({ length: steps.length - 2 }, () => "later");
      findings.same(
        "the steps",
        progress(before.view.steps),
        ["now", "later", ...rest].join(" "),
        before.answer.exchange,
      );
      const finished = await change(subject, "finishStep", { dossierCode });
      succeeded("finishStep", finished);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same("the steps", progress(view.steps), ["done", "now", ...rest].join(" "), answer.exchange);
    },
  },
  {
    id: "work.supplement",
    wants: "a supplement is recorded with its documents and reason, its receivedAt null until it arrives",
    reference: "schema/agency.graphql, Mutation.requestSupplement, receiveSupplement",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await caseAt(subject, { route: ["ACCEPTED"] });
      const asked = { documents: ["Sổ hộ khẩu", "Bản đồ"], reason: "Còn thiếu" };
      succeeded("requestSupplement", await change(subject, "requestSupplement", { dossierCode, ...asked }));
      const waiting = await readCase(subject, dossierCode);
      findings.same(
        "supplements",
        waiting.view.supplements,
        [{ ...asked, receivedAt: null }],
        waiting.answer.exchange,
      );
      succeeded("receiveSupplement", await receiveSupplement(subject, dossierCode));
      const { view, answer } = await readCase(subject, dossierCode);
      const arrived = view.supplements.map(({ receivedAt }) => receivedAt !== null);
      findings.same("whether supplements arrived", arrived, [true], answer.exchange);
    },
  },
  {
    id: "work.no-documents",
    wants: "a supplement of no documents is refused with INVALID_INPUT",
    reference: "schema/agency.graphql, Mutation.requestSupplement(documents:): at least one",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const refused = await change(subject, "requestSupplement", {
        dossierCode,
        documents: [],
        reason: "Thiếu",
      });
      findings.expect(
        refused.view === null && codeOf(refused) === "INVALID_INPUT",
        () => `not refused: ${summary(refused.exchange)}`,
        refused.exchange,
      );
    },
  },
  {
    id: "work.result",
    wants: "a case that is completed has its result, and had none before",
    reference: "schema/agency.graphql, Mutation.completeCase",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await caseAt(subject, { route: ["ACCEPTED"] });
      const before = await readCase(subject, dossierCode);
      findings.same("the result before", before.view.result, null, before.answer.exchange);
      const result = { number: "123/GCN-ĐKKS", summary: "Giấy khai sinh" };
      succeeded("completeCase", await change(subject, "completeCase", { dossierCode, result }));
      const { view, answer } = await readCase(subject, dossierCode);
      const { number, summary: text } = view.result ?? {};
      findings.same("the result", { number, summary: text }, result, answer.exchange);
    },
  },
  {
    id: "work.delay",
    wants:
      "an apology sets one later deadline and keeps the one before; an earlier one and a second one are refused",
    reference: "schema/agency.graphql, Mutation.apologiseForDelay; docs/errors.md, DELAY_ALREADY_SET",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode, dueAt } = await caseAt(subject, { route: ["ACCEPTED"] });
      const reason = "Chờ đo đạc";
      const later = (days: number): string => instantOn(plusDays(dayOf(Date.parse(dueAt)), days), "17:00:00");
      const earlier = await change(subject, "apologiseForDelay", {
        dossierCode,
        reason,
        newDueAt: later(-2),
      });
      findings.same("the code for an earlier deadline", codeOf(earlier), "INVALID_INPUT", earlier.exchange);
      succeeded(
        "apologiseForDelay",
        await change(subject, "apologiseForDelay", { dossierCode, reason, newDueAt: later(5) }),
      );
      const second = await change(subject, "apologiseForDelay", { dossierCode, reason, newDueAt: later(9) });
      findings.same("the code for a second one", codeOf(second), "DELAY_ALREADY_SET", second.exchange);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same(
        "deadline, reason and deadline before",
        [Date.parse(view.dueAt), view.delay?.reason, Date.parse(view.delay?.previousDueAt ?? "")],
        [Date.parse(later(5)), reason, Date.parse(dueAt)],
        answer.exchange,
      );
    },
  },
];
