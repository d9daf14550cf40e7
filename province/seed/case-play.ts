/** Plays the script of a case up to a moment: its state, history, steps and supplements as they stand then. */
import type { Officer } from "../catalogue/officers.ts";
import type { Random } from "../random.ts";
import { AWAITING_PAYMENT, AWAITING_SUPPLEMENT, type CaseScript, SUSPENDED } from "./case-script.ts";
import type { CasePlan, DelayPlan, EventPlan, StepPlan, SupplementPlan } from "./plan.ts";
import { DAY, type WorkingTime } from "./working-time.ts";

/** How the dossier around the case ended, in working seconds; Infinity where it did not. */
export interface Ending {
  /** What lies at or after this has not happened: now, or the withdrawal. */
  readonly limit: number;
  readonly withdrawn: boolean;
  readonly returned: number;
}

export interface CaseIdentity {
  readonly id: number;
  readonly officers: readonly Officer[];
  readonly resultNumber: string;
}

const PAUSE_NOTES = {
  [AWAITING_SUPPLEMENT]: "Yêu cầu bổ sung hồ sơ",
  [AWAITING_PAYMENT]: "Chờ thực hiện nghĩa vụ tài chính",
  [SUSPENDED]: "Tạm dừng để xác minh, lấy ý kiến cơ quan liên quan",
} as const;

const WITHDRAWAL_NOTE = "Công dân đề nghị rút hồ sơ";

const SUPPLEMENT_REASONS = [
  "Giấy tờ nộp kèm chưa rõ, cần bản chụp khác",
  "Thiếu giấy tờ chứng minh theo quy định",
  "Thông tin trên tờ khai chưa khớp với cơ sở dữ liệu",
  "Bản sao chưa được chứng thực",
] as const;

const DELAY_REASONS = [
  "Cần xác minh thêm tại cơ quan phối hợp",
  "Hồ sơ phức tạp, phải kiểm tra thực địa",
  "Lượng hồ sơ tăng đột biến, thiếu nhân lực",
  "Hệ thống dùng chung gián đoạn",
] as const;

export function playCase(
  random: Random,
  time: WorkingTime,
  script: CaseScript,
  ending: Ending,
  identity: CaseIdentity,
): Omit<CasePlan, "extras"> {
  const { accept, pause, finish, apology } = script;
  const { limit } = ending;
  const officer = identity.officers[random.integer(1, identity.officers.length - 1)]?.code ?? null;
  const events = eventsOf(time, script, ending, officer, identity.resultNumber);
  const last = events[events.length - 1] as EventPlan;
  const finished = finish < limit;
  const paused = last.to === AWAITING_SUPPLEMENT || last.to === AWAITING_PAYMENT || last.to === SUSPENDED;
  const apologised = apology !== null && apology.at < limit;
  const resumed = pause !== null && pause.to < limit;
  const due = time.deadline(resumed ? script.due : script.firstDue);
  return {
    id: identity.id,
    state: last.to,
    resumeState: paused ? last.from : null,
    receivedAt: time.instant(script.open),
    dueAt: apologised ? time.deadline(apology.newDue) : due,
    pausedAt: paused ? last.at : null,
    finishedAt: finished ? time.instant(finish) : ending.withdrawn ? time.instant(limit) : null,
    officer: accept < limit ? officer : null,
    delay: apologised ? delayOf(random, time, apology.at, due) : null,
    resultNumber: finished ? identity.resultNumber : null,
    steps: stepsOf(time, script, limit, officer, identity.officers[0]?.code ?? null),
    supplement:
      pause?.state === AWAITING_SUPPLEMENT && pause.from < limit
        ? supplementOf(random, time, script, limit)
        : null,
    events,
  };
}

function eventsOf(
  time: WorkingTime,
  script: CaseScript,
  { limit, withdrawn, returned }: Ending,
  officer: string | null,
  resultNumber: string,
): EventPlan[] {
  const { open, accept, begin, pause, finish } = script;
  const events: EventPlan[] = [{ at: time.instant(open), from: null, to: 1, officer: null, note: null }];
  if (accept < limit) events.push({ at: time.instant(accept), from: 1, to: 2, officer, note: null });
  if (begin < limit) events.push({ at: time.instant(begin), from: 2, to: 4, officer, note: null });
  if (pause !== null && pause.from < limit) {
    const note = PAUSE_NOTES[pause.state];
    events.push({ at: time.instant(pause.from), from: 4, to: pause.state, officer, note });
    if (pause.to < limit) {
      // What the applicant brings, no officer does.
      const actor = pause.state === SUSPENDED ? officer : null;
      events.push({ at: time.instant(pause.to), from: pause.state, to: 4, officer: actor, note: null });
    }
  }
  if (finish < limit) {
    events.push({ at: time.instant(finish), from: 4, to: 9, officer, note: resultNumber });
    if (returned < limit)
      events.push({ at: time.instant(returned), from: 9, to: 10, officer: null, note: null });
  } else if (withdrawn) {
    const at = time.instant(limit);
    let from = (events[events.length - 1] as EventPlan).to;
    // From 1 there is no way to 7: a case that no one has acknowledged is accepted first.
    if (from === 1) events.push({ at, from, to: (from = 2), officer: null, note: null });
    events.push({ at, from, to: 7, officer: null, note: WITHDRAWAL_NOTE });
  }
  return events;
}

/** Steps share the time from acceptance to the end as the procedure's hours do. */
function stepsOf(
  time: WorkingTime,
  { leg, accept, finish }: CaseScript,
  limit: number,
  officer: string | null,
  head: string | null,
): StepPlan[] {
  const { steps } = leg.procedure;
  // A case that is stuck stays in a step that is under way.
  const end = finish === Infinity ? Math.max(limit, accept) + 10 * DAY : finish;
  let hours = 0;
  for (const step of steps) hours += step.hours;
  let passed = 0;
  let startedAt: number | null = accept < limit ? time.instant(accept) : null;
  return steps.map((step, index) => {
    const place = startedAt === null ? null : index === 0 || index === steps.length - 1 ? head : officer;
    passed += step.hours;
    const ends = index === steps.length - 1 ? end : accept + Math.floor(((end - accept) * passed) / hours);
    const finishedAt = ends < limit ? time.instant(ends) : null;
    const plan = { officer: place, startedAt, finishedAt };
    startedAt = finishedAt;
    return plan;
  });
}

function supplementOf(random: Random, time: WorkingTime, script: CaseScript, limit: number): SupplementPlan {
  const { pause, leg } = script;
  const { documents } = leg.procedure;
  return {
    documents: [documents[random.integer(0, documents.length - 1)]?.name ?? ""],
    reason: random.pick(SUPPLEMENT_REASONS),
    requestedAt: time.instant(pause?.from ?? 0),
    receivedAt: pause !== null && pause.to < limit ? time.instant(pause.to) : null,
  };
}

function delayOf(random: Random, time: WorkingTime, at: number, previousDueAt: number): DelayPlan {
  return { reason: random.pick(DELAY_REASONS), apologisedAt: time.instant(at), previousDueAt };
}
