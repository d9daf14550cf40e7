/** The rules that a dossier must obey, stated apart from the generator: each is an assertion. */
import { expect } from "vitest";
import { agencyOf } from "../../../province/catalogue/agencies.ts";
import { officersOf } from "../../../province/catalogue/officers.ts";
import type { CasePlan, DossierPlan, EventPlan, LegPlan } from "../../../province/seed/plan.ts";
import { dayOf, WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";
import {
  parseAgencyCode,
  parseDossierCode,
  parsePersonalId,
  parseTaxCode,
} from "../../../subgraphs/kit/identifiers.ts";
import { allowedMoves, isClosed, isPaused, type State, stateOf } from "../../../subgraphs/kit/states.ts";

const calendar = new WorkingCalendar();
const CENTER_STATES: readonly State[] = [
  "REJECTED",
  "ACCEPTED",
  "IN_PROGRESS",
  "WITHDRAWN",
  "COMPLETED",
  "RETURNED",
];

export function instantOf(seconds: number): Date {
  return new Date(seconds * 1_000);
}

export function expectLawful(plan: DossierPlan, now: Date): void {
  expectIdentifiers(plan);
  expectHistory(plan.events, plan.state, now);
  const state = stateOf(plan.state);
  expect(CENTER_STATES).toContain(state);
  expect(plan.finishedAt !== null).toBe(isClosed(state));
  expect(plan.returnedAt !== null).toBe(state === "RETURNED");
  expect(plan.resultNumber !== null).toBe(state === "COMPLETED" || state === "RETURNED");
  expectDeadline(plan.dueAt, plan.receivedAt);
  expectWorkingTime(plan.receivedAt);
  expect(plan.legs.map(({ leg }) => leg)).toEqual(plan.route.legs);
  for (const leg of plan.legs) expectLeg(plan, leg, now);
  expectAgreement(plan);
}

function expectIdentifiers({
  code,
  legacyCode,
  route,
  receivedAt,
  applicant,
  people,
  businesses,
}: DossierPlan): void {
  expect(parseDossierCode(code)).toBe(code);
  const [agency, day] = code.split("-");
  expect(agency).toBe(route.procedure.agency);
  expect(day).toBe(dayOf(instantOf(receivedAt)).slice(2).replaceAll("-", ""));
  if (legacyCode !== null) {
    expect(parseDossierCode(legacyCode)).toBe(legacyCode);
    expect(parseAgencyCode(legacyCode.split("-")[0] ?? "")).toBe(agency);
  }
  if (applicant.personalId !== null) parsePersonalId(applicant.personalId);
  if (applicant.taxCode !== null) parseTaxCode(applicant.taxCode);
  // A citizen is named by a personal ID, a business by a tax code.
  if (applicant.kind === 1) expect(applicant.personalId).not.toBeNull();
  if (applicant.kind === 2) expect(applicant.taxCode).not.toBeNull();
  for (const { personalId, taxCode, insuranceNumber, female, bornOn } of people) {
    parsePersonalId(personalId);
    if (taxCode !== null) parseTaxCode(taxCode);
    if (insuranceNumber !== null) expect(insuranceNumber).toMatch(/^\d{10}$/);
    const year = instantOf(bornOn * 86_400).getUTCFullYear();
    expect(personalId.slice(3, 6)).toBe(
      `${(year >= 2000 ? 2 : 0) + (female ? 1 : 0)}${String(year).slice(2)}`,
    );
  }
  for (const { taxCode } of businesses) expect(parseTaxCode(taxCode)).toMatch(/^\d{10}$/);
}

/** From nothing to the state now, every move allowed, in the order of time, nothing in the future. */
function expectHistory(events: readonly EventPlan[], state: number, now: Date): void {
  let before: EventPlan | undefined;
  let resume: State | null = null;
  for (const event of events) {
    expect(event.from).toBe(before?.to ?? null);
    expect(instantOf(event.at) <= now).toBe(true);
    if (before !== undefined) {
      expect(event.at).toBeGreaterThanOrEqual(before.at);
      const from = stateOf(before.to);
      expect(allowedMoves(from, resume)).toContain(stateOf(event.to));
      resume = stateOf(event.to) === "AWAITING_SUPPLEMENT" ? from : null;
    }
    before = event;
  }
  expect(before?.to).toBe(state);
}

function expectLeg(
  plan: DossierPlan,
  { leg, position, openedAt, dueAt, case: played }: LegPlan,
  now: Date,
): void {
  expect(played === null).toBe(openedAt === null);
  if (openedAt === null || played === null) return;
  expect(leg).toBe(plan.route.legs[position - 1]);
  expect(played.receivedAt).toBe(openedAt);
  for (const order of leg.dependsOn) {
    const before = plan.legs[order - 1]?.case;
    expect(before?.finishedAt).not.toBeNull();
    expect(openedAt).toBeGreaterThan(before?.finishedAt ?? Infinity);
    expect(["COMPLETED", "RETURNED"]).toContain(stateOf(before?.state ?? 0));
  }
  if (leg.dependsOn.length === 0) expect(openedAt).toBe(plan.receivedAt);
  expectDeadline(dueAt, openedAt);
  expectCase(leg.agency, played, dueAt, now);
  expect(played.steps).toHaveLength(leg.procedure.steps.length);
}

function expectCase(agency: string, played: CasePlan, dueAt: number, now: Date): void {
  expectHistory(played.events, played.state, now);
  const state = stateOf(played.state);
  expect(played.finishedAt !== null).toBe(isClosed(state));
  expect(played.pausedAt !== null).toBe(isPaused(state));
  expect(played.resumeState !== null).toBe(isPaused(state));
  if (isPaused(state)) expect(played.pausedAt).toBe(played.events.at(-1)?.at);
  expect(played.resultNumber !== null).toBe(state === "COMPLETED" || state === "RETURNED");
  const codes = new Set(officersOf(agency).map(({ code }) => code));
  for (const officer of [played.officer, ...played.events.map((event) => event.officer)])
    if (officer !== null) expect(codes.has(officer)).toBe(true);
  // Only an apology makes a case's deadline another than the centre's.
  const { delay } = played;
  expect(delay === null ? played.dueAt : delay.previousDueAt).toBe(dueAt);
  if (delay !== null) {
    expect(played.dueAt).toBeGreaterThan(delay.previousDueAt);
    // At least a day before the time is up.
    const notice = calendar.workingDaysBetween(instantOf(delay.apologisedAt), instantOf(delay.previousDueAt));
    expect(notice).toBeGreaterThanOrEqual(0.99);
    expectDeadline(played.dueAt, played.receivedAt);
  }
  expectSteps(played, now);
  const supplement = played.events.find(({ to }) => stateOf(to) === "AWAITING_SUPPLEMENT");
  expect(played.supplement?.requestedAt).toBe(supplement?.at);
}

/** One after another; the last of a finished case ends with it. */
function expectSteps({ steps, finishedAt, state }: CasePlan, now: Date): void {
  let before: (typeof steps)[number] | undefined;
  for (const step of steps) {
    if (before !== undefined) expect(step.startedAt).toBe(before.finishedAt);
    if (step.finishedAt !== null) {
      expect(step.finishedAt).toBeGreaterThanOrEqual(step.startedAt ?? Infinity);
      expect(instantOf(step.finishedAt) <= now).toBe(true);
    }
    expect(step.officer !== null).toBe(step.startedAt !== null);
    before = step;
  }
  if (["COMPLETED", "RETURNED"].includes(stateOf(state))) expect(before?.finishedAt).toBe(finishedAt);
}

/** What the centre says of the dossier is what the agencies say of their cases. */
function expectAgreement({ state, legs, finishedAt, route }: DossierPlan): void {
  const cases = legs.flatMap((leg) => leg.case ?? []);
  const states = cases.map((played) => stateOf(played.state));
  switch (stateOf(state)) {
    case "REJECTED":
      expect(cases).toEqual([]);
      break;
    case "RETURNED":
    case "COMPLETED":
      expect(states).toEqual(route.legs.map(() => stateOf(state)));
      for (const played of cases) expect(played.finishedAt).toBeLessThan(finishedAt ?? 0);
      break;
    case "WITHDRAWN":
      expect(states).toContain("WITHDRAWN");
      for (const each of states) expect(["WITHDRAWN", "COMPLETED"]).toContain(each);
      break;
    case "ACCEPTED":
      for (const each of states) expect(["REGISTERED", "ACCEPTED"]).toContain(each);
      break;
    default:
      expect(states.some((each) => each !== "REGISTERED" && each !== "ACCEPTED")).toBe(true);
  }
  for (const { agency } of route.legs) expect(agencyOf(agency).kind).not.toBe("CENTER");
}

function expectDeadline(dueAt: number, from: number): void {
  expect(dueAt).toBeGreaterThan(from);
  expectWorkingTime(dueAt);
  expect(dueAt % 60).toBe(0);
}

function expectWorkingTime(seconds: number): void {
  const at = instantOf(seconds);
  expect(calendar.isWorkingDay(dayOf(at))).toBe(true);
  // 07:00–11:30 and 13:30–17:00 in Vietnam, both ends.
  const minute = ((seconds + 7 * 3_600) % 86_400) / 60;
  const inside = (minute >= 420 && minute <= 690) || (minute >= 810 && minute <= 1_020);
  expect(inside).toBe(true);
}
