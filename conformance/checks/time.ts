/**
 * Checks of time: Vietnam's offset, and days that are days in Vietnam.
 */
import { onDay, openAt, readPage } from "../case-list.ts";
import { change, findProcedure, openCase, opening, readCase } from "../cases.ts";
import type { Check } from "../check.ts";
import { existingDossiers } from "../samples.ts";
import { dayOf, instantOn, plusDays, VIETNAM_INSTANT } from "../vietnam-time.ts";

const DATE_TIME = "schema/agency.graphql, DateTime";
/** Clocks of two machines may differ; a forgotten time zone makes seven hours. */
const CLOCK_TOLERANCE_MS = 3_600_000;

export const timeChecks: readonly Check[] = [
  {
    id: "time.offset",
    wants: "every instant is RFC 3339 with the offset +07:00",
    reference: DATE_TIME,
    writes: false,
    run: async (subject, findings) => {
      for (const dossierCode of (await existingDossiers(subject)).slice(0, 20)) {
        const { view, answer } = await readCase(subject, dossierCode);
        const instants = [
          view.receivedAt,
          view.dueAt,
          view.finishedAt,
          view.result?.issuedAt,
          ...view.events.map(({ at }) => at),
          ...view.steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]),
        ].filter((instant) => instant != null);
        const wrong = instants.find((instant) => !VIETNAM_INSTANT.test(instant));
        if (wrong !== undefined) findings.fail(`an instant of ${dossierCode} is ${wrong}`, answer.exchange);
      }
    },
  },
  {
    id: "time.same-instant",
    wants: "an instant given with another offset comes back as the same instant in Vietnam's",
    reference: DATE_TIME,
    writes: true,
    run: async (subject, findings) => {
      const day = subject.names.day();
      const { dossierCode } = await openCase(subject, {
        receivedAt: `${day}T20:30:00Z`,
        dueAt: `${plusDays(day, 40)}T08:00:00-03:00`,
      });
      const { view, answer } = await readCase(subject, dossierCode);
      const seconds = [view.receivedAt, view.dueAt].map((instant) => instant.replace(/\.\d+/, ""));
      findings.same(
        "receivedAt and dueAt",
        seconds,
        [instantOn(plusDays(day, 1), "03:30:00"), instantOn(plusDays(day, 40), "18:00:00")],
        answer.exchange,
      );
    },
  },
  {
    id: "time.now",
    wants: "what happens now is dated now: receivedAt and the first event of a case that is opened",
    reference: `${DATE_TIME}; OpenCaseInput.receivedAt: now when left out`,
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const { view, answer } = await readCase(subject, dossierCode);
      for (const instant of [view.receivedAt, view.events[0]?.at ?? ""])
        findings.expect(
          Math.abs(Date.parse(instant) - Date.now()) < CLOCK_TOLERANCE_MS,
          `${instant} is more than an hour from now`,
          answer.exchange,
        );
    },
  },
  {
    id: "time.vietnam-days",
    wants: "a day of a filter is that day in Vietnam, from 00:00 to 24:00 +07:00",
    reference: "schema/agency.graphql, CaseFilter.receivedFrom, receivedTo",
    writes: true,
    run: async (subject, findings) => {
      const day = subject.names.day();
      const inside = [await openAt(subject, day, "23:59:59"), await openAt(subject, day, "00:00:00")];
      const outside = [
        await openAt(subject, plusDays(day, -1), "23:59:59"),
        await openAt(subject, plusDays(day, 1), "00:00:00"),
      ];
      const { dossiers, exchange } = await readPage(subject, { filter: onDay(day), first: 100 });
      for (const code of inside)
        findings.expect(
          dossiers.includes(code),
          `${code}, received on ${day} in Vietnam, is missing`,
          exchange,
        );
      for (const code of outside)
        findings.expect(!dossiers.includes(code), `${code}, received on another day, is there`, exchange);
    },
  },
  {
    id: "time.overdue-by-day",
    wants: "a case is overdue when its deadline was on a day before today in Vietnam, not by the hour",
    reference: "schema/agency.graphql, AgencyCase.isOverdue",
    writes: true,
    run: async (subject, findings) => {
      const today = dayOf(Date.now());
      const receivedAt = instantOn(plusDays(today, -9), "08:00:00");
      const dueEarlier = await openCase(subject, { receivedAt, dueAt: instantOn(today, "00:00:00") });
      const dueYesterday = await openCase(subject, {
        receivedAt,
        dueAt: instantOn(plusDays(today, -1), "23:59:59"),
      });
      const first = await readCase(subject, dueEarlier.dossierCode);
      // At midnight the question answers itself.
      if (dayOf(Date.now()) === today)
        findings.same(
          "isOverdue of a deadline early today",
          first.view.isOverdue,
          false,
          first.answer.exchange,
        );
      const second = await readCase(subject, dueYesterday.dossierCode);
      findings.same(
        "isOverdue of a deadline late yesterday",
        second.view.isOverdue,
        true,
        second.answer.exchange,
      );
    },
  },
  {
    id: "time.invalid",
    wants: "what is no instant (no offset, 30 February, a number) is refused",
    reference: DATE_TIME,
    writes: true,
    run: async (subject, findings) => {
      for (const receivedAt of [
        "2026-03-02T08:00:00",
        "2026-02-30T08:00:00+07:00",
        "2026-03-02",
        "soon",
        1_700_000_000,
      ]) {
        const { view, exchange } = await change(subject, "openCase", await opening(subject, { receivedAt }));
        findings.expect(view === null, `${JSON.stringify(receivedAt)} was taken`, exchange);
        findings.expect((exchange.answer?.status ?? 500) < 500, `HTTP ${exchange.answer?.status}`, exchange);
      }
    },
  },
  {
    id: "time.dates",
    wants: "a calendar day is ISO 8601, without a time",
    reference: "schema/agency.graphql, Date",
    writes: false,
    run: async (subject, findings) => {
      const { code } = await subject.once(findProcedure);
      const { data, exchange } = await subject.ask(
        `query ($agencyCode: ID!, $code: ID!) {
          procedure(agencyCode: $agencyCode, code: $code) { publication { issuedOn validFrom validTo } } }`,
        { agencyCode: subject.agency, code },
      );
      const { publication } = (data?.["procedure"] ?? {}) as { publication?: Record<string, string | null> };
      for (const [name, day] of Object.entries(publication ?? { publication: "missing" }))
        findings.expect(day === null || /^\d{4}-\d\d-\d\d$/.test(day), `${name} is ${day}`, exchange);
    },
  },
];
