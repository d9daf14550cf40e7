/**
 * An agency in memory, written without the kit: procedures, cases and what changes them.
 */
import type { Faulty } from "./faults.ts";
import { Refusal } from "./refusal.ts";

export const CODE = "H56.30";

export interface Case {
  readonly id: number;
  readonly dossierCode: string;
  readonly procedureCode: string;
  state: string;
  resume: string | undefined;
  readonly receivedAt: number;
  dueAt: number;
  finishedAt: number | null;
  delay: { reason: string; apologisedAt: number; previousDueAt: number } | null;
  steps: { order: number; name: string; startedAt: number | null; finishedAt: number | null }[];
  events: { sequence: number; at: number; from: string | null; to: string; note: string | null }[];
  supplements: { documents: string[]; reason: string; requestedAt: number; receivedAt: number | null }[];
  result: { number: string; summary: string; issuedAt: number } | null;
}

export const PROCEDURES = [
  ["1.000001", "Cấp giấy phép xây dựng", "Xây dựng"],
  ["1.000002", "Đăng ký biến động đất đai", "Đất đai"],
  ["1.000003", "Cấp giấy khai sinh", "Giấy tờ hộ tịch"],
].map(([code = "", name = "", field = ""]) => ({
  code,
  name,
  field,
  steps: ["Tiếp nhận", "Thẩm định", "Ký duyệt"],
}));

const MOVES: Readonly<Record<string, readonly string[]>> = {
  REGISTERED: ["ACCEPTED", "REJECTED", "AWAITING_SUPPLEMENT"],
  ACCEPTED: ["IN_PROGRESS", "AWAITING_SUPPLEMENT", "WITHDRAWN", "COMPLETED"],
  IN_PROGRESS: ["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "WITHDRAWN", "SUSPENDED", "COMPLETED"],
  AWAITING_SUPPLEMENT: ["REJECTED", "WITHDRAWN"],
  AWAITING_PAYMENT: ["IN_PROGRESS", "WITHDRAWN"],
  SUSPENDED: ["IN_PROGRESS", "WITHDRAWN"],
  COMPLETED: ["RETURNED"],
};
const CLOSED = new Set(["REJECTED", "WITHDRAWN", "COMPLETED", "RETURNED"]);
const DAY_MS = 86_400_000;

export class Store {
  readonly cases = new Map<string, Case>();
  readonly meeting = new Meeting();
  readonly #answers = new Map<string, { readonly request: string; readonly answer: Promise<Case> }>();
  readonly #has: Faulty;

  constructor(has: Faulty) {
    this.#has = has;
  }

  allowed({ state, resume }: Case): string[] {
    const moves = MOVES[state] ?? [];
    return resume === undefined || this.#has("allowed states forget the way back")
      ? [...moves]
      : [resume, ...moves];
  }

  /** Once by key: the same request again gets a copy of the first answer. */
  async once(name: string, key: string, args: object, effect: () => Case): Promise<Case> {
    if (!/^[A-Za-z0-9_.:-]{8,128}$/.test(key) && !this.#has("any key will do"))
      throw new Refusal("INVALID_INPUT", {
        field: "idempotencyKey",
        value: key.slice(0, 20),
        allowed: "8 to 128",
      });
    const isOpening = name === "openCase";
    if (this.#has(isOpening ? "keys race when a case is opened" : "keys race when a case changes")) {
      // Looked for, and written down only later: what many programs do.
      if (this.#answers.has(key)) return this.#known(key, "");
      await this.meeting.meet();
      const answer = structuredClone(effect());
      this.#answers.set(key, { request: "", answer: Promise.resolve(answer) });
      return answer;
    }
    if (this.#has("keys are not known again")) return structuredClone(effect());
    const request = JSON.stringify([name, args]);
    if (this.#answers.has(key)) return this.#known(key, request);
    const answer = (async () => structuredClone(effect()))();
    this.#answers.set(key, { request, answer });
    // A refusal leaves no trace.
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }

  async #known(key: string, request: string): Promise<Case> {
    const known = this.#answers.get(key);
    if (known === undefined) throw new Error("not known");
    if (
      request !== "" &&
      known.request !== request &&
      !this.#has("keys are not compared with their requests")
    )
      throw new Refusal("IDEMPOTENCY_KEY_REUSED", { key });
    const answer = await known.answer;
    return this.#has("a repetition tells of now") ? this.find(answer.dossierCode) : answer;
  }

  open(dossierCode: string, procedureCode: string, receivedAt: number, dueAt: number | undefined): Case {
    if (this.cases.has(dossierCode)) throw new Refusal("CASE_EXISTS", { agency: CODE, dossier: dossierCode });
    const procedure = PROCEDURES.find(({ code }) => code === procedureCode);
    if (procedure === undefined)
      throw new Refusal("UNKNOWN_PROCEDURE", { procedure: procedureCode, allowed: "" });
    const due = this.#has("the centre's deadline is not kept") ? undefined : dueAt;
    const computed = this.#has("due when received") ? receivedAt : receivedAt + 10 * DAY_MS;
    const opened: Case = {
      id: this.cases.size + 1,
      dossierCode,
      procedureCode,
      state: "REGISTERED",
      resume: undefined,
      receivedAt,
      dueAt: due ?? computed,
      finishedAt: null,
      delay: null,
      steps: procedure.steps.map((name, index) => ({
        order: index + 1,
        name,
        startedAt: null,
        finishedAt: null,
      })),
      events: [{ sequence: 1, at: Date.now(), from: null, to: "REGISTERED", note: null }],
      supplements: [],
      result: null,
    };
    this.cases.set(dossierCode, opened);
    return opened;
  }

  find(dossierCode: string): Case {
    const found = this.cases.get(dossierCode);
    if (found === undefined) throw new Refusal("UNKNOWN_CASE", { agency: CODE, dossier: dossierCode });
    return found;
  }

  move(dossierCode: string, to: string, note: string | null = null): Case {
    const found = this.find(dossierCode);
    const from = found.state;
    const isFaulty =
      (this.#has("closed cases open again") && from === "COMPLETED" && to === "IN_PROGRESS") ||
      (this.#has("unseen cases are withdrawn at once") && from === "REGISTERED" && to === "WITHDRAWN");
    const isAllowed = (MOVES[from] ?? []).includes(to) || to === found.resume;
    if ((!isAllowed && !isFaulty) || (this.#has("no payments") && to === "AWAITING_PAYMENT"))
      throw new Refusal(
        "ILLEGAL_TRANSITION",
        this.#has("refusals say nothing of what is allowed")
          ? { from, to }
          : {
              from,
              to,
              allowed: [...new Set([...(found.resume ? [found.resume] : []), ...(MOVES[from] ?? [])])],
            },
      );
    return this.settle(found, to, note);
  }

  settle(found: Case, to: string, note: string | null): Case {
    const from = found.state;
    found.resume = to === "AWAITING_SUPPLEMENT" ? from : undefined;
    found.state = to;
    if (CLOSED.has(to)) found.finishedAt ??= this.#has("the end is not dated") ? null : Date.now();
    if (to === "IN_PROGRESS") this.startStep(found);
    const sequence = found.events.length + (this.#has("history has gaps") ? 2 : 1);
    found.events.push({ sequence, at: Date.now(), from, to, note });
    return found;
  }

  startStep({ steps }: Case): void {
    if (steps.some((step) => step.startedAt !== null && step.finishedAt === null)) return;
    const next = steps.find((step) => step.startedAt === null);
    if (next !== undefined) next.startedAt = Date.now();
  }

  finishStep(dossierCode: string): Case {
    const found = this.find(dossierCode);
    const step = found.steps.find((each) => each.startedAt !== null && each.finishedAt === null);
    if (step === undefined || found.state !== "IN_PROGRESS")
      throw new Refusal("NO_OPEN_STEP", { state: found.state });
    if (this.#has("steps do not go on")) return found;
    step.finishedAt = Date.now();
    this.startStep(found);
    return found;
  }
}

/** Where requests at the same moment get in each other's way: each waits for another, for a while. */
export class Meeting {
  #waiting: (() => void) | undefined;

  meet(): Promise<void> {
    if (this.#waiting !== undefined) {
      this.#waiting();
      this.#waiting = undefined;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const alone = setTimeout(resolve, 1_000);
      this.#waiting = () => {
        clearTimeout(alone);
        resolve();
      };
    });
  }
}
