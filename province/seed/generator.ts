/**
 * Makes dossiers one after another: the first thousand are the same, whether a thousand or a million follow. All times
 * are relative to a given `now`; what would happen later has not happened.
 */
import { CENTER, agencyOf } from "../catalogue/agencies.ts";
import { personName } from "../catalogue/names.ts";
import { officersOf } from "../catalogue/officers.ts";
import type { Route } from "../catalogue/routes.ts";
import { Random } from "../random.ts";
import { ApplicantPool } from "./applicants.ts";
import { playCase, type Ending } from "./case-play.ts";
import { AWAITING_PAYMENT, type CaseScript, type Fate, type Pause, scriptCase } from "./case-script.ts";
import { DossierCounters } from "./counters.ts";
import { extrasOf } from "./extras.ts";
import type { ApplicantPlan, DossierPlan, EventPlan, LegPlan, PersonPlan } from "./plan.ts";
import { foundedBusiness, registeredPerson } from "./population.ts";
import { drawChannel, drawRoute, type RouteFacts } from "./received-routes.ts";
import { SHOWN_SPAN, shownAt, shownFacts, shownScripts } from "./shown.ts";
import { DAY, vietnamDay, WorkingTime } from "./working-time.ts";

const DOSSIER_STREAM = 0xd0551e;
/** Dossiers of so many working days, about a year. */
const SPAN_DAYS = 250;
const CALENDAR_DAY = 24 * 3600;
/** How far the table of working days reaches: the longest work before and after. */
const DAYS_BEFORE = 450;
const DAYS_AFTER = 400;

const REJECTED_SHARE = 0.006;
const WITHDRAWN_SHARE = 0.007;
const SUSPENDED_SHARE = 0.004;
/** Finished late, by date. */
const LATE_SHARE = 0.0145;
/** Of those due within the last weeks, so many are still open. */
const STUCK_SHARE = 0.012;
const STUCK_DAYS = 60;
const RECODED_SHARE = 0.01;
/** Tax is determined within four working days; most pay within two weeks. */
const TAX_DETERMINED = { from: 0.2, to: 0.75 };
const TAX_PAID_DAYS = { from: 0.3, to: 9 };

const REJECTION_REASONS = [
  "Thành phần hồ sơ không đủ theo quy định",
  "Không thuộc thẩm quyền giải quyết",
  "Hồ sơ nộp trùng với hồ sơ đã tiếp nhận",
] as const;

/** Groups whose dossiers are about somebody else than the applicant. */
const BIRTH = "2.002621";
const DEATH = "2.002622";
/** The founding of a business is where its tax code comes from. */
const FOUNDING_TAX = "2.002237";
const LAND_TAX = "1.008603";

export class DossierGenerator {
  readonly #random = new Random();
  readonly #time: WorkingTime;
  /** Working second of now. */
  readonly #now: number;
  readonly #today: number;
  readonly #applicants: ApplicantPool;
  readonly counters: DossierCounters;
  readonly #caseIds = new Map<string, number>();
  #founded = 0;
  #index = 0;

  /** `now` in seconds since 1970. */
  constructor(now: number) {
    this.#time = new WorkingTime(now - DAYS_BEFORE * CALENDAR_DAY, now + DAYS_AFTER * CALENDAR_DAY);
    this.#now = this.#time.at(now);
    this.#today = vietnamDay(now);
    this.#applicants = new ApplicantPool(this.#today);
    this.counters = new DossierCounters();
  }

  next(): DossierPlan {
    const index = this.#index++;
    const random = this.#random;
    random.restart(DOSSIER_STREAM, index);
    const shown = shownAt(index);
    const facts = shown === undefined ? drawRoute(random) : shownFacts();
    const { route } = facts;
    const { procedure } = route;
    const received = shown === undefined ? this.#drawReception() : this.#now - shown.age;
    const receivedAt = this.#time.instant(received);
    const drawn = this.#applicants.draw(random, procedure.applicants, index);
    const channel = drawChannel(random, facts.online);
    const { code, legacyCode } = this.#code(procedure.agency, receivedAt);
    const documents = random.chance(0.5) ? facts.allDocuments : facts.requiredDocuments;
    const officers = officersOf(CENTER);
    const head = {
      id: index + 1,
      code,
      legacyCode,
      route,
      applicant: drawn.applicant,
      channel,
      receivedAt,
      receivedBy: officers[random.integer(0, officers.length - 1)]?.name ?? "",
      documents,
    };
    const firstDue = this.#dueOf(facts, received);
    if (shown !== undefined) {
      const scripts = shownScripts(shown, facts, received, this.#time);
      const finish = Math.max(...scripts.map((script) => script.finish)) + 1;
      const ending = { limit: this.#now, withdrawn: false, returned: Infinity };
      return this.#played(head, facts, drawn, scripts, firstDue, finish, ending);
    }
    if (random.chance(REJECTED_SHARE)) {
      const refused = received + random.integer(600, 4 * 3_600);
      if (refused < this.#now) return this.#rejected(head, facts, drawn, received, firstDue, refused);
    }
    const scripts = this.#scripts(facts, received, firstDue, this.#drawFate(firstDue));
    const finish = Math.max(...scripts.map((script) => script.finish)) + random.integer(60, 200);
    const ending = this.#endingOf(received, finish);
    return this.#played(head, facts, drawn, scripts, firstDue, finish, ending);
  }

  /** More of them in the morning; today only up to now. */
  #drawReception(): number {
    const random = this.#random;
    const uniform = Math.floor(this.#now - SHOWN_SPAN - random.next() * SPAN_DAYS * DAY);
    const day = Math.floor(uniform / DAY);
    const morning = random.chance(0.62);
    const second = morning
      ? Math.floor(((random.next() + random.next()) / 2) * 4.4 * 3_600)
      : Math.floor(4.5 * 3_600 + random.next() * random.between(0.5, 1) * 3.4 * 3_600);
    return day === Math.floor((this.#now - 1) / DAY) ? uniform : day * DAY + second;
  }

  #code(agency: string, receivedAt: number): { code: string; legacyCode: string | null } {
    const suffix = this.counters.next(agency, vietnamDay(receivedAt));
    const { legacyCode } = agencyOf(agency);
    const recoded = this.#random.chance(RECODED_SHARE) && legacyCode !== null;
    return { code: agency + suffix, legacyCode: recoded ? legacyCode + suffix : null };
  }

  /** Working second of the appointment. */
  #dueOf({ route, paths, cutoff }: RouteFacts, received: number): number {
    return this.#time.due(received, route.totalDays ?? Math.max(...paths), cutoff);
  }

  #drawFate(due: number): Fate {
    const draw = this.#random.next();
    if (draw < LATE_SHARE) return "late";
    if (draw < LATE_SHARE + SUSPENDED_SHARE) return "suspended";
    const recent = due < this.#now && due > this.#now - STUCK_DAYS * DAY;
    return recent && this.#random.chance(STUCK_SHARE) ? "stuck" : "smooth";
  }

  #scripts(facts: RouteFacts, received: number, firstDue: number, fate: Fate): readonly CaseScript[] {
    const random = this.#random;
    const { route, critical, cutoff } = facts;
    const scripts: CaseScript[] = [];
    const foreseen: number[] = [];
    const shifts: number[] = [];
    const payment = this.#drawPayment(route, received);
    for (const [index, leg] of route.legs.entries()) {
      let open = received;
      let shift = 0;
      let due = 0;
      if (leg.dependsOn.length === 0) due = this.#time.due(received, leg.days, cutoff);
      else {
        for (const position of leg.dependsOn) {
          open = Math.max(open, scripts[position - 1]?.finish ?? 0);
          shift = Math.max(shift, shifts[position - 1] ?? 0);
          due = Math.max(due, foreseen[position - 1] ?? 0);
        }
        open += random.integer(5, 60);
        due += leg.days * DAY;
      }
      foreseen.push(due);
      const script = scriptCase(random, this.#time, leg, {
        open,
        due: Math.max(due, Number.isFinite(open) ? this.#time.due(open, leg.days) : due),
        appointment: firstDue + shift,
        fate: index === critical || fate === "suspended" ? fate : "smooth",
        given: payment,
      });
      shifts.push(shift + script.due - script.firstDue);
      scripts.push(script);
    }
    return scripts;
  }

  /** The tax office determines what is to be paid; until it is paid, it and the land office wait. */
  #drawPayment(route: Route, received: number): Pause | null {
    if (!route.legs.some((leg) => leg.procedure.code === LAND_TAX)) return null;
    const random = this.#random;
    const from = minute(received + (0.6 + random.between(TAX_DETERMINED.from, TAX_DETERMINED.to) * 4) * DAY);
    const to = minute(from + random.between(TAX_PAID_DAYS.from, TAX_PAID_DAYS.to) * DAY);
    return { state: AWAITING_PAYMENT, from, to };
  }

  #endingOf(received: number, finish: number): Ending {
    const random = this.#random;
    const withdrawal = random.chance(WITHDRAWN_SHARE)
      ? received + Math.floor(random.between(0.1, 0.8) * (finish - received))
      : Infinity;
    const patience = random.next();
    const wait =
      patience < 0.7
        ? random.between(0.02, 0.9)
        : patience < 0.95
          ? random.between(1, 4)
          : random.between(5, 40);
    const returned = finish + Math.floor(wait * DAY);
    if (withdrawal < this.#now) return { limit: withdrawal, withdrawn: true, returned };
    return { limit: this.#now, withdrawn: false, returned };
  }

  #rejected(
    head: Head,
    facts: RouteFacts,
    drawn: Drawn,
    received: number,
    due: number,
    refused: number,
  ): DossierPlan {
    const finishedAt = this.#time.instant(refused);
    return {
      ...head,
      state: 3,
      dueAt: this.#time.deadline(due),
      finishedAt,
      returnedAt: null,
      resultNumber: null,
      returnChannel: null,
      legs: facts.route.legs.map((leg, index) => ({
        position: index + 1,
        leg,
        dueAt: this.#time.deadline(this.#time.due(received, facts.paths[index] ?? leg.days, facts.cutoff)),
        openedAt: null,
        case: null,
      })),
      events: [
        event(head.receivedAt, null, 1, null),
        event(finishedAt, 1, 3, this.#random.pick(REJECTION_REASONS)),
      ],
      people: drawn.newPerson === null ? [] : [drawn.newPerson],
      businesses: drawn.newBusiness === null ? [] : [drawn.newBusiness],
    };
  }

  #played(
    head: Head,
    facts: RouteFacts,
    drawn: Drawn,
    scripts: readonly CaseScript[],
    firstDue: number,
    finish: number,
    ending: Ending,
  ): DossierPlan {
    const { limit, withdrawn, returned } = ending;
    const time = this.#time;
    const subject = this.#subjectOf(head.id, facts.route, head.receivedAt);
    const founded = facts.route.legs.some((leg) => leg.procedure.code === FOUNDING_TAX)
      ? foundedBusiness(this.#founded++, head.applicant.address)
      : null;
    const legs: LegPlan[] = [];
    let shift = 0;
    const shifts: number[] = [];
    let begun = Infinity;
    let isRegistered = false;
    let isInsured = false;
    let isFounded = false;
    for (const [index, script] of scripts.entries()) {
      const { leg } = script;
      const resumed = script.pause !== null && script.pause.to < limit;
      const own = resumed ? script.due - script.firstDue : 0;
      const before = Math.max(0, ...leg.dependsOn.map((position) => shifts[position - 1] ?? 0));
      shifts.push(before + own);
      shift = Math.max(shift, before + own);
      const opened = script.open < limit;
      let played: LegPlan["case"] = null;
      if (opened) {
        const id = this.#caseId(leg.agency);
        const resultNumber = `${id}/KQ-${agencyOf(leg.agency).mark}`;
        const identity = { id, officers: officersOf(leg.agency), resultNumber };
        const extras = extrasOf({
          random: this.#random,
          time,
          script,
          limit,
          caseId: id,
          applicant: head.applicant,
          subject,
          insuranceNumber: drawn.insuranceNumber,
        });
        played = { ...playCase(this.#random, time, script, ending, identity), extras };
        if (script.begin < begun) begun = script.begin;
        isRegistered ||= extras.residence !== undefined;
        isInsured ||= extras.healthCard !== undefined || extras.allowance !== undefined;
        isFounded ||= leg.procedure.code === FOUNDING_TAX && script.finish < limit;
      }
      // A leg that waits is foreseen where it would end if it began on time; an open one has its case's deadline.
      const dueAt = time.deadline(resumed ? script.due : script.firstDue);
      legs.push({
        position: index + 1,
        leg,
        dueAt,
        openedAt: opened ? time.instant(script.open) : null,
        case: played,
      });
    }
    const people = drawn.newPerson === null ? [] : [drawn.newPerson];
    if (subject !== null && (isRegistered || isInsured))
      people.push(knownSubject(subject, isRegistered, isInsured));
    const businesses = drawn.newBusiness === null ? [] : [drawn.newBusiness];
    if (founded !== null && isFounded) businesses.push(founded);
    const isFinished = finish < limit;
    const isReturned = isFinished && returned < limit;
    const isBegun = begun < limit;
    const lead =
      legs.findLast((leg) => leg.leg.agency === facts.route.procedure.agency) ?? legs[legs.length - 1];
    return {
      ...head,
      state: isReturned ? 10 : isFinished ? 9 : withdrawn ? 7 : isBegun ? 4 : 2,
      dueAt: time.deadline(firstDue + shift),
      finishedAt: isFinished ? time.instant(finish) : withdrawn ? time.instant(limit) : null,
      returnedAt: isReturned ? time.instant(returned) : null,
      resultNumber: isFinished ? (lead?.case?.resultNumber ?? null) : null,
      returnChannel: isReturned ? head.channel : null,
      legs,
      events: this.#centerEvents(head.receivedAt, begun, finish, ending),
      people,
      businesses,
    };
  }

  #centerEvents(receivedAt: number, begun: number, finish: number, ending: Ending): EventPlan[] {
    const { limit, withdrawn, returned } = ending;
    const events = [event(receivedAt, null, 2, null)];
    if (begun < limit) events.push(event(this.#time.instant(begun), 2, 4, null));
    if (finish < limit) {
      events.push(event(this.#time.instant(finish), 4, 9, null));
      if (returned < limit) events.push(event(this.#time.instant(returned), 9, 10, null));
    } else if (withdrawn) {
      const at = this.#time.instant(limit);
      events.push(event(at, begun < limit ? 4 : 2, 7, "Công dân đề nghị rút hồ sơ"));
    }
    return events;
  }

  #caseId(agency: string): number {
    const id = (this.#caseIds.get(agency) ?? 0) + 1;
    this.#caseIds.set(agency, id);
    return id;
  }

  #subjectOf(dossier: number, { procedure }: Route, receivedAt: number): Subject | null {
    if (procedure.code !== BIRTH && procedure.code !== DEATH) return null;
    const random = this.#random;
    const female = random.chance(0.5);
    const received = vietnamDay(receivedAt);
    const bornOn =
      procedure.code === BIRTH ? received - random.integer(2, 55) : received - random.integer(20_000, 33_000);
    return registeredPerson(dossier, personName(random, female), female, bornOn);
  }
}

type Head = Pick<
  DossierPlan,
  "id" | "code" | "legacyCode" | "route" | "channel" | "receivedAt" | "receivedBy" | "documents"
> & { readonly applicant: ApplicantPlan };

type Drawn = ReturnType<ApplicantPool["draw"]>;

type Subject = ReturnType<typeof registeredPerson>;

/** Somebody is known to an agency from the day on which its case registers them. */
function knownSubject(subject: Subject, isRegistered: boolean, isInsured: boolean): PersonPlan {
  return {
    ...subject,
    known: isRegistered,
    residence: null,
    taxCode: null,
    insuranceNumber: isInsured ? subject.insuranceNumber : null,
    contributionMonths: 0,
    healthCard: null,
    yearlyNotice: null,
  };
}

function event(at: number, from: number | null, to: number, note: string | null): EventPlan {
  return { at, from, to, officer: null, note };
}

function minute(seconds: number): number {
  return Math.floor(seconds / 60) * 60;
}
