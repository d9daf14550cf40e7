import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Route, ROUTES } from "../../../province/catalogue/routes.ts";
import { DossierGenerator } from "../../../province/seed/generator.ts";
import type { DossierPlan } from "../../../province/seed/plan.ts";
import { openLeg, planDossier } from "../../../subgraphs/center/routing.ts";
import { isLate, WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";
import { isPaused, stateOf } from "../../../subgraphs/kit/states.ts";
import { expectLawful, instantOf } from "./rules.ts";

const NOW = new Date("2026-11-20T10:20:00+07:00");
const calendar = new WorkingCalendar();

function generate(count: number, now = NOW): DossierPlan[] {
  const generator = new DossierGenerator(Math.floor(now.getTime() / 1_000));
  return Array.from({ length: count }, () => generator.next());
}

describe("DossierGenerator", () => {
  it("makes dossiers that obey the rules, whatever the moment", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(
        // Working hours, nights, weekends and Tết.
        fc.date({ min: new Date("2025-12-01"), max: new Date("2027-03-01"), noInvalidDate: true }),
        (now) => {
          for (const plan of generate(60, now)) expectLawful(plan, now);
        },
      ),
      {
        numRuns: 15,
        examples: [[new Date("2026-02-17T09:00:00+07:00")], [new Date("2026-11-21T19:00:00+07:00")]],
      },
    );
  });

  it("makes dossiers that obey the rules, whatever their kind", () => {
    const plans = generate(4_000);
    const seen = new Set<Route>();
    for (const plan of plans) {
      // The rules take two milliseconds a dossier: some of each kind are enough.
      if (!seen.has(plan.route) || plan.id % 8 === 0) expectLawful(plan, NOW);
      seen.add(plan.route);
    }
    // The rarest procedures come a few times in ten thousand.
    expect(seen.size).toBeGreaterThan(ROUTES.length * 0.9);
  });

  it("ends withdrawn and rejected dossiers lawfully, in whatever state they were", () => {
    const ended = generate(30_000).filter(({ state }) => ["WITHDRAWN", "REJECTED"].includes(stateOf(state)));
    expect(ended.length).toBeGreaterThan(200);
    for (const plan of ended) expectLawful(plan, NOW);
    // Some are withdrawn before an agency has acknowledged them.
    const unseen = ended.filter(({ legs }) => legs.some((leg) => leg.case?.events.length === 3));
    expect(unseen.length).toBeGreaterThan(0);
  });

  it("plans as the centre does, where nothing paused", () => {
    const plans = generate(3_000).filter(({ legs }) =>
      legs.every((leg) => !leg.case?.events.some(({ to }) => isPaused(stateOf(to)))),
    );
    expect(plans.length).toBeGreaterThan(2_000);
    for (const { route, receivedAt, dueAt, legs } of plans) {
      const planned = planDossier(
        {
          totalDays: route.totalDays,
          receptionCutoff: route.procedure.receptionCutoff,
          legs: route.legs.map(({ agency, procedure, days, dependsOn }) => ({
            agency,
            procedure: procedure.code,
            days,
            dependsOn,
          })),
        },
        instantOf(receivedAt),
        calendar,
      );
      expect(instantOf(dueAt)).toEqual(planned.dueAt);
      for (const [index, { openedAt, dueAt: legDueAt, leg }] of legs.entries()) {
        const foreseen = planned.legs[index];
        if (foreseen === undefined) throw new Error("the centre plans fewer legs");
        const waited = leg.dependsOn.length > 0 && openedAt !== null;
        const row = { ...foreseen, dossierId: 1, reportedState: null, reportedAt: null };
        const expected = waited ? openLeg(row, instantOf(openedAt), calendar) : row;
        expect(instantOf(legDueAt)).toEqual(expected.dueAt);
      }
    }
  });

  it("makes the same again, and the first of many are those of few", () => {
    const few = generate(300);
    expect(generate(300)).toEqual(few);
    expect(generate(2_000).slice(0, 300)).toEqual(few);
  });

  it("finishes 98 to 99 % on time, and leaves some open, paused, overdue, apologised for", () => {
    const plans = generate(20_000);
    const finished = plans.filter(({ state }) => ["COMPLETED", "RETURNED"].includes(stateOf(state)));
    const late = finished.filter(({ dueAt, finishedAt }) =>
      isLate(instantOf(dueAt), finishedAt === null ? null : instantOf(finishedAt), NOW),
    );
    const onTime = 1 - late.length / finished.length;
    expect(onTime).toBeGreaterThan(0.98);
    expect(onTime).toBeLessThan(0.99);
    const cases = plans.flatMap(({ legs }) => legs.flatMap((leg) => leg.case ?? []));
    const count = (state: string) => cases.filter((played) => stateOf(played.state) === state).length;
    for (const state of ["ACCEPTED", "IN_PROGRESS", "AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "SUSPENDED"])
      expect(count(state)).toBeGreaterThan(0);
    const own = new Set(plans.map(({ state }) => stateOf(state)));
    expect([...own].sort()).toEqual([
      "ACCEPTED",
      "COMPLETED",
      "IN_PROGRESS",
      "REJECTED",
      "RETURNED",
      "WITHDRAWN",
    ]);
    const open = plans.filter(({ finishedAt }) => finishedAt === null);
    expect(open.filter(({ dueAt }) => isLate(instantOf(dueAt), null, NOW)).length).toBeGreaterThan(20);
    expect(cases.filter(({ delay }) => delay !== null).length).toBeGreaterThan(50);
  });

  it("receives over the last year up to now, mostly land, by every channel", () => {
    const plans = generate(5_000);
    const times = plans.map(({ receivedAt }) => receivedAt);
    const day = 86_400;
    const now = NOW.getTime() / 1_000;
    expect(now - Math.max(...times)).toBeLessThan(day);
    expect(now - Math.min(...times)).toBeGreaterThan(330 * day);
    expect(now - Math.min(...times)).toBeLessThan(400 * day);
    const fields = new Map<string, number>();
    for (const { route } of plans)
      fields.set(route.procedure.field, (fields.get(route.procedure.field) ?? 0) + 1);
    expect([...fields].sort(([, one], [, other]) => other - one)[0]?.[0]).toBe("Đất đai");
    expect(new Set(plans.map(({ channel }) => channel))).toEqual(new Set([1, 2, 3]));
  });

  it("gives every code, person, business, card, notice and licence to one only", () => {
    expect.hasAssertions();
    const plans = generate(20_000);
    const people = plans.flatMap((plan) => plan.people);
    const businesses = plans.flatMap((plan) => plan.businesses);
    const extras = plans.flatMap(({ legs }) => legs.flatMap((leg) => leg.case?.extras ?? []));
    expectUnique(plans.map(({ code }) => code));
    expectUnique(plans.map(({ legacyCode }) => legacyCode));
    expectUnique(people.map(({ personalId }) => personalId));
    expectUnique(people.map(({ insuranceNumber }) => insuranceNumber));
    expectUnique([...people.map(({ taxCode }) => taxCode), ...businesses.map(({ taxCode }) => taxCode)]);
    expectUnique([
      ...people.map(({ healthCard }) => healthCard?.number),
      ...extras.map(({ healthCard }) => healthCard?.number),
    ]);
    expectUnique([
      ...extras.flatMap(({ notices }) => notices?.map(({ number }) => number)),
      ...people.map(({ yearlyNotice }) => yearlyNotice?.number),
      ...businesses.map(({ yearlyNotice }) => yearlyNotice?.number),
    ]);
    expectUnique(extras.map(({ licence }) => licence?.number));
  });

  it("has agencies know whom they write about", () => {
    const plans = generate(20_000);
    const people = plans.flatMap((plan) => plan.people);
    const known = new Set(people.filter((person) => person.known).map(({ personalId }) => personalId));
    const insured = new Set(people.map(({ insuranceNumber }) => insuranceNumber));
    const extras = plans.flatMap(({ legs }) => legs.flatMap((leg) => leg.case?.extras ?? []));
    const residents = extras.flatMap(({ residence }) => residence?.personalId ?? []);
    expect(residents.length).toBeGreaterThan(100);
    expect(residents.filter((id) => !known.has(id))).toEqual([]);
    const numbers = extras.flatMap(({ healthCard, allowance }) => [
      ...(healthCard === undefined ? [] : [healthCard.insuranceNumber]),
      ...(allowance?.insuranceNumber == null ? [] : [allowance.insuranceNumber]),
    ]);
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter((number) => !insured.has(number))).toEqual([]);
    const everywhere = people.filter(
      ({ known: byPolice, taxCode, insuranceNumber }) =>
        byPolice && taxCode !== null && insuranceNumber !== null,
    );
    expect(everywhere.length / people.length).toBeGreaterThan(0.4);
  });
});

function expectUnique(values: readonly (string | null | undefined)[]): void {
  const given = values.filter((value) => value != null);
  expect(given.length).toBeGreaterThan(0);
  expect(new Set(given).size).toBe(given.length);
}
