import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { departmentPart } from "../../../../subgraphs/departments/own-part.ts";
import {
  STATES,
  type State,
  allowedMoves,
  codeOf,
  isClosed,
  isPaused,
} from "../../../../subgraphs/kit/states.ts";
import { type Answer, type TestAgency, insert, insertProcedure, startAgency } from "../../../setup/agency.ts";
import { ACCEPTED, type Delivery } from "../../../setup/gateway.ts";

const CODE = "H56.14";
const REVERSED = "000.00.14.H56";

/** A Monday; the two weeks after it have no holiday. */
const MONDAY = "2026-03-02T08:00";
/** 1.004222: 8 working days, three steps, a supplement restarts the time. 1.001193: the same, but it pauses. */
const RESTARTS = "1.004222";
const PAUSES = "1.001193";

let agency: TestAgency;
beforeAll(async () => {
  agency = await startAgency(departmentPart, CODE);
  const { database } = agency;
  await insert(database, "officer", { code: "CB01", name: "Trần Thị Bình", title: "Chuyên viên" });
  await insert(database, "officer", { code: "CB02", name: "Lê Văn Cường", title: "Phó Giám đốc" });
  await insertProcedure(database, { code: RESTARTS });
  await insertProcedure(database, { code: PAUSES, supplement_clock: "PAUSE" });
  await insertProcedure(database, { code: "1.000001", reception_cutoff: "09:00", committed_days: 1 });
  await insertProcedure(database, { code: "1.000002", calendar_days: true, committed_days: 5 });
  await insertProcedure(database, { code: "1.000003", valid_to: "2026-03-01", steps: "[]" });
  await insertProcedure(database, { code: "1.000004", valid_to: "2026-03-02", steps: "[]" });
  return agency.close;
});

beforeEach(() => {
  // The clock alone: what waits, waits for real.
  vi.useFakeTimers({ toFake: ["Date"] });
  at(MONDAY);
});
afterEach(async () => {
  agency.gateway.reply = () => ACCEPTED;
  await forgetReports();
});
afterAll(() => {
  vi.useRealTimers();
});

/** Sets the time, Vietnam's. */
function at(local: string): void {
  vi.setSystemTime(`${local}:00+07:00`);
}

interface Case {
  readonly state: State;
  readonly allowedStates: readonly State[];
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly finishedAt: string | null;
  readonly officer: { readonly code: string } | null;
  readonly delay: { readonly reason: string; readonly previousDueAt: string } | null;
  readonly steps: readonly { readonly startedAt: string | null; readonly finishedAt: string | null }[];
  readonly supplements: readonly { readonly receivedAt: string | null }[];
  readonly events: readonly { readonly sequence: number; readonly from: State | null; readonly to: State }[];
  readonly result: { readonly number: string } | null;
}

const CASE = `{ agencyCode dossierCode state allowedStates receivedAt dueAt finishedAt isOverdue officer { code }
  delay { reason apologisedAt previousDueAt } steps { order name officer { code } startedAt finishedAt }
  supplements { documents reason requestedAt receivedAt } result { number summary issuedAt }
  events { sequence at from to officer { code } note } }`;

const TYPES: Readonly<Record<string, string>> = {
  agencyCode: "ID!",
  dossierCode: "ID!",
  idempotencyKey: "ID!",
  input: "OpenCaseInput!",
  to: "CaseState!",
  officerCode: "ID",
  nextOfficerCode: "ID",
  note: "String",
  documents: "[String!]!",
  reason: "String!",
  result: "CaseResultInput!",
  newDueAt: "DateTime!",
};

let keys = 0;
const newKey = (): string => `key-${String((keys += 1)).padStart(6, "0")}`;

let orders = 0;
const newDossier = (): string => `H56.14-260302-${String((orders += 1)).padStart(4, "0")}`;

type Arguments = Readonly<Record<string, unknown>>;

function mutate(mutation: string, given: Arguments): Promise<Answer<Record<string, { case: Case } | null>>> {
  const args: Arguments = { agencyCode: CODE, idempotencyKey: newKey(), ...given };
  const names = Object.keys(args);
  return agency.query(
    `mutation (${names.map((name) => `$${name}: ${TYPES[name]}`).join(", ")}) {
       ${mutation}(${names.map((name) => `${name}: $${name}`).join(", ")}) { case ${CASE} } }`,
    args,
  );
}

/** The case after a change that must succeed. */
async function done(mutation: string, args: Arguments): Promise<Case> {
  const { data, errors } = await mutate(mutation, args);
  expect(errors).toBeUndefined();
  const payload = data[mutation];
  if (!payload) throw new Error(`${mutation} gave no case`);
  return payload.case;
}

/** What a change that must be refused says, having changed nothing at all. */
async function refused(mutation: string, args: Arguments): Promise<unknown> {
  await reports();
  const before = await everything();
  const { status, data, errors } = await mutate(mutation, args);
  expect(await everything()).toEqual(before);
  expect({ status, data, errors: errors?.length }).toEqual({
    status: 200,
    data: { [mutation]: null },
    errors: 1,
  });
  return errors?.[0]?.extensions;
}

/** What the centre has been told, once all of it has been told: a change waits for its report a second at most. */
async function reports(): Promise<readonly Delivery[]> {
  for (;;) {
    const waiting = await agency.database.query("select from outbox limit 1");
    if (waiting.length === 0) return agency.gateway.received;
  }
}

async function forgetReports(): Promise<void> {
  await reports();
  agency.gateway.received.length = 0;
}

/** How many rows there are, and which transaction wrote last: the same twice means that nothing was written between. */
function everything(): Promise<unknown[]> {
  const tables = ["agency_case", "case_event", "outbox", "idempotency"];
  return agency.database.query(
    tables
      .map(
        (table) =>
          `select '${table}' as name, count(*) as rows, max(xmin::text::bigint) as writer from ${table}`,
      )
      .join(" union all "),
  );
}

/** Opens a case; the dossier's code. */
async function open(procedureCode = RESTARTS): Promise<string> {
  const dossierCode = newDossier();
  await done("openCase", { input: { dossierCode, procedureCode } });
  return dossierCode;
}

/** A case in a state, put there without the rules. */
async function put(state: State, resume: State | null = null, procedure = RESTARTS): Promise<string> {
  const dossierCode = newDossier();
  await insert(agency.database, "agency_case", {
    dossier_code: dossierCode,
    procedure_code: procedure,
    state: codeOf(state),
    resume_state: resume === null ? null : codeOf(resume),
    received_at: "2026-03-02T08:00:00+07:00",
    due_at: "2026-03-12T08:00:00+07:00",
    paused_at: resume === null ? null : "2026-03-02T08:00:00+07:00",
    finished_at: isClosed(state) ? "2026-03-02T08:00:00+07:00" : null,
  });
  return dossierCode;
}

async function advance(dossierCode: string, ...path: State[]): Promise<Case> {
  let last: Case | undefined;
  for (const to of path) last = await done("advanceCase", { dossierCode, to });
  if (last === undefined) throw new Error("advance needs a state");
  return last;
}

const RESULT = { number: "12/GP", summary: "Giấy phép" };

describe("opening", () => {
  test("a case is registered, due by its procedure, and the centre is not told what it did itself", async () => {
    const dossierCode = newDossier();
    const opened = await done("openCase", {
      agencyCode: REVERSED,
      input: {
        dossierCode: dossierCode.toLowerCase(),
        procedureCode: "1.004222.000.00.00.H56",
        applicantName: "  Nguyễn Văn An ".normalize("NFD"),
        personalId: "001090012345",
        taxCode: "0100109106",
      },
    });
    expect(opened).toMatchObject({
      agencyCode: CODE,
      dossierCode,
      state: "REGISTERED",
      receivedAt: "2026-03-02T08:00:00+07:00",
      dueAt: "2026-03-12T08:00:00+07:00",
      isOverdue: false,
      events: [{ sequence: 1, at: "2026-03-02T08:00:00+07:00", from: null, to: "REGISTERED", officer: null }],
      steps: [
        { order: 1, name: "Tiếp nhận", officer: null, startedAt: null, finishedAt: null },
        { order: 2, name: "Thẩm định" },
        { order: 3, name: "Ký duyệt" },
      ],
    });
    const rows = await agency.database.query(
      "select applicant_name, personal_id, tax_code from agency_case where dossier_code = $1",
      [dossierCode],
    );
    expect(rows).toEqual([
      {
        applicant_name: "Nguyễn Văn An".normalize("NFC"),
        personal_id: "001090012345",
        tax_code: "0100109106",
      },
    ]);
    expect(await reports()).toEqual([]);
  });

  test.each([
    ["by the procedure's own cut-off", "1.000001", "2026-03-02T09:00", "2026-03-03T17:00:00+07:00"],
    ["in calendar days, moved off Saturday", "1.000002", "2026-03-02T09:00", "2026-03-09T17:00:00+07:00"],
    [
      "from the next working day after a Friday evening",
      RESTARTS,
      "2026-03-06T19:00",
      "2026-03-18T17:00:00+07:00",
    ],
  ])("the deadline is counted %s", async (_, procedureCode, now, dueAt) => {
    at(now);
    expect(await done("openCase", { input: { dossierCode: newDossier(), procedureCode } })).toMatchObject({
      dueAt,
    });
  });

  test("times that the centre gives are kept, and the deadline counts from its time", async () => {
    const given = { dossierCode: newDossier(), procedureCode: RESTARTS, receivedAt: "2026-02-26T01:00:00Z" };
    expect(await done("openCase", { input: given })).toMatchObject({
      receivedAt: "2026-02-26T08:00:00+07:00",
      dueAt: "2026-03-10T08:00:00+07:00",
    });
    const both = { ...given, dossierCode: newDossier(), dueAt: "2026-02-27T17:00:00+07:00" };
    expect(await done("openCase", { input: both })).toMatchObject({
      dueAt: "2026-02-27T17:00:00+07:00",
      isOverdue: true,
    });
  });

  test("a second case of the same dossier is refused", async () => {
    const dossierCode = await open();
    expect(await refused("openCase", { input: { dossierCode, procedureCode: PAUSES } })).toEqual({
      code: "CASE_EXISTS",
      agency: CODE,
      dossier: dossierCode,
    });
  });

  test("a procedure is offered through its last day of validity", async () => {
    await done("openCase", { input: { dossierCode: newDossier(), procedureCode: "1.000004" } });
    expect(
      await refused("openCase", { input: { dossierCode: newDossier(), procedureCode: "1.000003" } }),
    ).toEqual({
      code: "UNKNOWN_PROCEDURE",
      procedure: "1.000003",
      allowed: "it was valid until 2026-03-01",
    });
  });

  test.each([
    ["INVALID_DOSSIER_CODE", { dossierCode: "H56.14-260231-0001" }, "input.dossierCode"],
    ["INVALID_PROCEDURE_CODE", { procedureCode: "đất đai" }, "input.procedureCode"],
    ["INVALID_PERSONAL_ID", { personalId: "00109001234" }, "input.personalId"],
    ["INVALID_TAX_CODE", { taxCode: "0100109107" }, "input.taxCode"],
    ["INVALID_INPUT", { applicantName: "An\u0000" }, "input.applicantName"],
  ])("%s is told with its place and what is allowed", async (code, wrong, field) => {
    const input = { dossierCode: newDossier(), procedureCode: RESTARTS, ...wrong };
    expect(await refused("openCase", { input })).toMatchObject({
      code,
      field,
      allowed: expect.stringMatching(/\w/),
    });
  });

  test("an unknown procedure says where the known ones are", async () => {
    const input = { dossierCode: newDossier(), procedureCode: "9.999999" };
    expect(await refused("openCase", { input })).toMatchObject({
      code: "UNKNOWN_PROCEDURE",
      allowed: "see Agency.procedures of H56.14",
    });
  });
});

function resumeOf(state: State): State | null {
  return isPaused(state) ? "IN_PROGRESS" : null;
}

describe("moving from", () => {
  /** States that are reached by a mutation of their own. */
  const OWN: Partial<Record<State, string>> = {
    AWAITING_SUPPLEMENT: "requestSupplement",
    COMPLETED: "completeCase",
  };

  test.each(STATES)("%s goes where the national rules allow, is written down and reported", async (from) => {
    const legal = allowedMoves(from, resumeOf(from));
    for (const to of legal.filter((state) => OWN[state] === undefined)) {
      if (from === "AWAITING_SUPPLEMENT" && to === "IN_PROGRESS") continue;
      const dossierCode = await put(from, resumeOf(from));
      await forgetReports();
      const moved = await done("advanceCase", {
        dossierCode,
        to,
        officerCode: "CB01",
        note: "theo quy định",
      });
      expect(moved).toMatchObject({
        state: to,
        officer: { code: "CB01" },
        finishedAt: isClosed(to) ? "2026-03-02T08:00:00+07:00" : null,
        events: [{ sequence: 1, from, to, officer: { code: "CB01" }, note: "theo quy định" }],
      });
      expect(await reports()).toMatchObject([
        {
          query: expect.stringContaining("reportCase("),
          variables: {
            dossierCode,
            agencyCode: CODE,
            state: to,
            at: "2026-03-02T01:00:00.000Z",
            key: `report:${CODE}:${dossierCode}:1`,
          },
        },
      ]);
    }
  });

  test.each(STATES)("%s goes nowhere else, and nothing changes", async (from) => {
    const resume = resumeOf(from);
    const legal = allowedMoves(from, resume);
    const dossierCode = await put(from, resume);
    for (const to of STATES.filter((state) => !legal.includes(state)))
      expect(await refused("advanceCase", { dossierCode, to })).toEqual({
        code: "ILLEGAL_TRANSITION",
        from,
        to,
        allowed: legal,
      });
    for (const to of legal.filter((state) => OWN[state] !== undefined))
      expect(await refused("advanceCase", { dossierCode, to })).toMatchObject({
        code: "INVALID_INPUT",
        allowed: expect.stringContaining(OWN[to] ?? "nothing"),
      });
    expect(await reports()).toEqual([]);
  });

  test("a supplement back is receiving it", async () => {
    const dossierCode = await put("AWAITING_SUPPLEMENT", "ACCEPTED");
    expect(await refused("advanceCase", { dossierCode, to: "ACCEPTED" })).toMatchObject({
      code: "INVALID_INPUT",
      allowed: expect.stringContaining("receiveSupplement"),
    });
  });
});

test("a case that nobody acknowledged in time reads as overdue from the next day on", async () => {
  const dossierCode = await open();
  const overdue = async (): Promise<unknown> =>
    (await agency.query(`{ agencyCase(agencyCode: "${CODE}", dossierCode: "${dossierCode}") { isOverdue } }`))
      .data;
  at("2026-03-12T23:59");
  expect(await overdue()).toEqual({ agencyCase: { isOverdue: false } });
  at("2026-03-13T00:00");
  expect(await overdue()).toEqual({ agencyCase: { isOverdue: true } });
});

describe("internal steps", () => {
  test("follow one another, each with who did it", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED");
    at("2026-03-02T09:00");
    await done("advanceCase", { dossierCode, to: "IN_PROGRESS", officerCode: "CB01" });
    at("2026-03-02T10:00");
    await done("finishStep", { dossierCode, nextOfficerCode: "CB02" });
    at("2026-03-02T11:00");
    await done("finishStep", { dossierCode, note: "đủ điều kiện" });
    at("2026-03-02T14:00");
    await forgetReports();
    const last = await done("finishStep", { dossierCode, nextOfficerCode: "CB01" });
    expect(last.steps).toEqual([
      {
        order: 1,
        name: "Tiếp nhận",
        officer: { code: "CB01" },
        startedAt: "2026-03-02T09:00:00+07:00",
        finishedAt: "2026-03-02T10:00:00+07:00",
      },
      {
        order: 2,
        name: "Thẩm định",
        officer: { code: "CB02" },
        startedAt: "2026-03-02T10:00:00+07:00",
        finishedAt: "2026-03-02T11:00:00+07:00",
      },
      {
        order: 3,
        name: "Ký duyệt",
        officer: { code: "CB02" },
        startedAt: "2026-03-02T11:00:00+07:00",
        finishedAt: "2026-03-02T14:00:00+07:00",
      },
    ]);
    expect(last.events.slice(-3)).toMatchObject([
      { from: "IN_PROGRESS", to: "IN_PROGRESS", officer: { code: "CB01" }, note: "Tiếp nhận" },
      { officer: { code: "CB02" }, note: "đủ điều kiện" },
      { officer: { code: "CB02" }, note: "Ký duyệt" },
    ]);
    // The state has not changed: the centre has nothing to learn.
    expect(await reports()).toEqual([]);
    expect(await refused("finishStep", { dossierCode })).toEqual({
      code: "NO_OPEN_STEP",
      state: "IN_PROGRESS",
    });
  });

  test("a pause does not begin another step", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED", "IN_PROGRESS", "AWAITING_PAYMENT");
    expect(await refused("finishStep", { dossierCode })).toEqual({
      code: "NO_OPEN_STEP",
      state: "AWAITING_PAYMENT",
    });
    const back = await advance(dossierCode, "IN_PROGRESS");
    expect(back.steps.filter(({ startedAt }) => startedAt !== null)).toHaveLength(1);
  });

  test("a case that is not being worked on has none under way", async () => {
    const dossierCode = await open();
    expect(await refused("finishStep", { dossierCode })).toEqual({
      code: "NO_OPEN_STEP",
      state: "REGISTERED",
    });
  });
});

describe("a supplement", () => {
  const REQUEST = { documents: ["Bản đồ", " Trích lục ", ""], reason: "Thiếu bản vẽ", officerCode: "CB01" };

  test("stops the clock and says what is missing", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED");
    at("2026-03-03T10:00");
    expect(await done("requestSupplement", { dossierCode, ...REQUEST })).toMatchObject({
      state: "AWAITING_SUPPLEMENT",
      allowedStates: ["ACCEPTED", "REJECTED", "WITHDRAWN"],
      dueAt: "2026-03-12T08:00:00+07:00",
      supplements: [
        {
          documents: ["Bản đồ", "Trích lục"],
          reason: "Thiếu bản vẽ",
          requestedAt: "2026-03-03T10:00:00+07:00",
          receivedAt: null,
        },
      ],
      events: [
        { to: "REGISTERED" },
        { to: "ACCEPTED" },
        { from: "ACCEPTED", to: "AWAITING_SUPPLEMENT", officer: { code: "CB01" }, note: "Thiếu bản vẽ" },
      ],
    });
    expect((await reports()).map(({ variables }) => variables["state"])).toEqual([
      "ACCEPTED",
      "AWAITING_SUPPLEMENT",
    ]);
  });

  test.each([
    ["begins the time anew, by decree 61/2018", RESTARTS, "2026-03-05T10:00", "2026-03-17T10:00:00+07:00"],
    ["after the cut-off begins it the next day", RESTARTS, "2026-03-05T15:30", "2026-03-17T17:00:00+07:00"],
    [
      "lets the time go on, where the procedure says so",
      PAUSES,
      "2026-03-05T10:00",
      "2026-03-16T08:00:00+07:00",
    ],
    [
      "lets it go on at once, also after the cut-off",
      PAUSES,
      "2026-03-05T16:00",
      "2026-03-16T14:00:00+07:00",
    ],
    [
      "lets it go on from the next opening, when it comes at night",
      PAUSES,
      "2026-03-05T21:00",
      "2026-03-16T15:00:00+07:00",
    ],
  ])("that arrives %s", async (_, procedure, arrival, dueAt) => {
    const dossierCode = await open(procedure);
    await advance(dossierCode, "ACCEPTED", "IN_PROGRESS");
    at("2026-03-03T10:00");
    await done("requestSupplement", { dossierCode, ...REQUEST });
    at(arrival);
    const received = await done("receiveSupplement", { dossierCode, documents: ["Bản đồ", "Trích lục"] });
    expect(received).toMatchObject({
      state: "IN_PROGRESS",
      dueAt,
      supplements: [{ receivedAt: `${arrival}:00+07:00` }],
    });
    expect(received.events.at(-1)).toMatchObject({
      from: "AWAITING_SUPPLEMENT",
      to: "IN_PROGRESS",
      note: "Bản đồ; Trích lục",
    });
  });

  test.each(["REGISTERED", "ACCEPTED", "IN_PROGRESS"] as const)(
    "returns to %s, again and again",
    async (before) => {
      const dossierCode = await put(before);
      for (let round = 1; round <= 2; round++) {
        await done("requestSupplement", { dossierCode, ...REQUEST, reason: `lần ${round}` });
        expect((await done("receiveSupplement", { dossierCode, documents: ["đủ"] })).state).toBe(before);
      }
      const rows = await agency.database.query(
        "select supplements from agency_case where dossier_code = $1",
        [dossierCode],
      );
      expect(rows).toMatchObject([{ supplements: [{ reason: "lần 1" }, { reason: "lần 2" }] }]);
    },
  );

  test("that never comes ends with a refusal", async () => {
    const dossierCode = await put("ACCEPTED");
    await done("requestSupplement", { dossierCode, ...REQUEST });
    expect(await advance(dossierCode, "REJECTED")).toMatchObject({ finishedAt: "2026-03-02T08:00:00+07:00" });
    expect(await refused("receiveSupplement", { dossierCode, documents: ["muộn"] })).toEqual({
      code: "ILLEGAL_TRANSITION",
      from: "REJECTED",
      to: "the state before a supplement",
      allowed: [],
    });
  });

  test("nobody asked for cannot be received", async () => {
    for (const state of ["REGISTERED", "IN_PROGRESS", "COMPLETED"] as const) {
      const dossierCode = await put(state);
      expect(await refused("receiveSupplement", { dossierCode, documents: ["gì đó"] })).toMatchObject({
        code: "ILLEGAL_TRANSITION",
        from: state,
        allowed: allowedMoves(state),
      });
    }
  });

  test("names at least one document, and a reason", async () => {
    const dossierCode = await put("ACCEPTED");
    for (const documents of [[], [""], ["  "]]) {
      expect(await refused("requestSupplement", { dossierCode, documents, reason: "thiếu" })).toMatchObject({
        code: "INVALID_INPUT",
        field: "documents",
      });
      expect(await refused("receiveSupplement", { dossierCode, documents })).toMatchObject({
        field: "documents",
      });
    }
    expect(await refused("requestSupplement", { dossierCode, documents: ["x"], reason: " " })).toMatchObject({
      code: "INVALID_INPUT",
      field: "reason",
    });
  });

  test.each(["AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "SUSPENDED", "COMPLETED"] as const)(
    "cannot be asked for in %s",
    async (state) => {
      const dossierCode = await put(state, isClosed(state) ? null : "IN_PROGRESS");
      expect(await refused("requestSupplement", { dossierCode, ...REQUEST })).toMatchObject({
        code: "ILLEGAL_TRANSITION",
        from: state,
        to: "AWAITING_SUPPLEMENT",
      });
    },
  );
});

describe.each(["AWAITING_PAYMENT", "SUSPENDED"] as const)("%s", (pause) => {
  test("moves the deadline by the working time it took", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED", "IN_PROGRESS");
    at("2026-03-04T14:00");
    expect(await advance(dossierCode, pause)).toMatchObject({ dueAt: "2026-03-12T08:00:00+07:00" });
    // Three working days and a weekend later.
    at("2026-03-09T14:00");
    expect(await advance(dossierCode, "IN_PROGRESS")).toMatchObject({ dueAt: "2026-03-17T08:00:00+07:00" });
    // And once more, for three hours and one.
    await advance(dossierCode, pause);
    at("2026-03-10T08:00");
    expect(await advance(dossierCode, "IN_PROGRESS")).toMatchObject({ dueAt: "2026-03-17T14:00:00+07:00" });
  });

  test("that began when the time was over gives none back", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED", "IN_PROGRESS");
    at("2026-03-20T08:00");
    await advance(dossierCode, pause);
    at("2026-03-27T08:00");
    expect(await advance(dossierCode, "IN_PROGRESS")).toMatchObject({
      dueAt: "2026-03-12T08:00:00+07:00",
      isOverdue: true,
    });
  });
});

describe("ending", () => {
  test("with a result closes the step under way; handing over keeps the time of the work's end", async () => {
    const dossierCode = await open();
    await advance(dossierCode, "ACCEPTED", "IN_PROGRESS");
    at("2026-03-05T10:00");
    const completed = await done("completeCase", { dossierCode, result: RESULT, officerCode: "CB02" });
    expect(completed).toMatchObject({
      state: "COMPLETED",
      finishedAt: "2026-03-05T10:00:00+07:00",
      result: { ...RESULT, issuedAt: "2026-03-05T10:00:00+07:00" },
      steps: [{ finishedAt: "2026-03-05T10:00:00+07:00" }, { startedAt: null }, { startedAt: null }],
    });
    expect(completed.events.at(-1)).toMatchObject({
      to: "COMPLETED",
      officer: { code: "CB02" },
      note: "12/GP",
    });
    at("2026-03-09T10:00");
    expect(await advance(dossierCode, "RETURNED")).toMatchObject({
      finishedAt: "2026-03-05T10:00:00+07:00",
      result: { number: "12/GP" },
    });
  });

  test.each(["ACCEPTED", "IN_PROGRESS"] as const)("with a result is possible from %s", async (state) => {
    expect(await done("completeCase", { dossierCode: await put(state), result: RESULT })).toMatchObject({
      state: "COMPLETED",
    });
  });

  test.each(STATES.filter((state) => state !== "ACCEPTED" && state !== "IN_PROGRESS"))(
    "with a result is not possible from %s",
    async (state) => {
      expect(await refused("completeCase", { dossierCode: await put(state), result: RESULT })).toMatchObject({
        code: "ILLEGAL_TRANSITION",
        from: state,
        to: "COMPLETED",
      });
    },
  );

  test("a result has a number and says what it is", async () => {
    const dossierCode = await put("IN_PROGRESS");
    for (const [field, result] of [
      ["result.number", { ...RESULT, number: " " }],
      ["result.summary", { ...RESULT, summary: "\u0007" }],
    ] as const)
      expect(await refused("completeCase", { dossierCode, result })).toMatchObject({
        code: "INVALID_INPUT",
        field,
      });
  });

  test.each(["ACCEPTED", "IN_PROGRESS", "AWAITING_SUPPLEMENT", "AWAITING_PAYMENT", "SUSPENDED"] as const)(
    "by withdrawing is possible from %s",
    async (state) => {
      const dossierCode = await put(state, state === "AWAITING_SUPPLEMENT" ? "ACCEPTED" : null);
      expect(await done("withdrawCase", { dossierCode, reason: "đổi ý" })).toMatchObject({
        state: "WITHDRAWN",
        finishedAt: "2026-03-02T08:00:00+07:00",
        allowedStates: [],
        events: [{ sequence: 1, from: state, to: "WITHDRAWN", note: "đổi ý" }],
      });
    },
  );

  test("by withdrawing what nobody has looked at passes through its acknowledgement", async () => {
    const dossierCode = await open();
    await forgetReports();
    const withdrawn = await done("withdrawCase", { dossierCode });
    expect(withdrawn.events).toMatchObject([
      { sequence: 1, from: null, to: "REGISTERED" },
      { sequence: 2, from: "REGISTERED", to: "ACCEPTED" },
      { sequence: 3, from: "ACCEPTED", to: "WITHDRAWN" },
    ]);
    expect((await reports()).map(({ variables }) => variables["state"])).toEqual(["WITHDRAWN"]);
  });

  test.each(["REJECTED", "WITHDRAWN", "COMPLETED", "RETURNED"] as const)(
    "by withdrawing is not possible from %s",
    async (state) => {
      expect(await refused("withdrawCase", { dossierCode: await put(state) })).toMatchObject({
        code: "ILLEGAL_TRANSITION",
        from: state,
        to: "WITHDRAWN",
        allowed: allowedMoves(state),
      });
    },
  );
});

describe("an apology for a delay", () => {
  const NEW = { reason: "Chờ đo đạc", newDueAt: "2026-03-20T17:00:00+07:00" };

  test("gives one new appointment, and only one", async () => {
    const dossierCode = await open();
    at("2026-03-11T08:00");
    await forgetReports();
    expect(await done("apologiseForDelay", { dossierCode, ...NEW })).toMatchObject({
      state: "REGISTERED",
      dueAt: "2026-03-20T17:00:00+07:00",
      delay: {
        reason: "Chờ đo đạc",
        apologisedAt: "2026-03-11T08:00:00+07:00",
        previousDueAt: "2026-03-12T08:00:00+07:00",
      },
      events: [{}, { from: "REGISTERED", to: "REGISTERED", note: "Chờ đo đạc" }],
    });
    expect(await reports()).toEqual([]);
    const later = { ...NEW, newDueAt: "2026-03-25T17:00:00+07:00" };
    expect(await refused("apologiseForDelay", { dossierCode, ...later })).toEqual({
      code: "DELAY_ALREADY_SET",
      until: "2026-03-20T17:00:00+07:00",
    });
  });

  test("names a day after the present deadline, and a reason", async () => {
    const dossierCode = await open();
    for (const newDueAt of ["2026-03-12T08:00:00+07:00", "2026-03-11T17:00:00+07:00"])
      expect(await refused("apologiseForDelay", { dossierCode, ...NEW, newDueAt })).toMatchObject({
        code: "INVALID_INPUT",
        field: "newDueAt",
        allowed: "later than 2026-03-12T08:00:00+07:00",
      });
    expect(await refused("apologiseForDelay", { dossierCode, ...NEW, reason: "" })).toMatchObject({
      field: "reason",
    });
  });

  test("comes too late for a closed case", async () => {
    const dossierCode = await put("COMPLETED");
    expect(await refused("apologiseForDelay", { dossierCode, ...NEW })).toMatchObject({
      code: "ILLEGAL_TRANSITION",
      from: "COMPLETED",
    });
  });
});

/** Each change that begins from a case, with arguments that a case IN_PROGRESS accepts. */
const CHANGES: readonly (readonly [mutation: string, args: Arguments])[] = [
  ["advanceCase", { to: "AWAITING_PAYMENT", officerCode: "CB01" }],
  ["finishStep", { nextOfficerCode: "CB02" }],
  ["requestSupplement", { documents: ["Bản đồ"], reason: "thiếu", officerCode: "CB01" }],
  ["receiveSupplement", { documents: ["Bản đồ"] }],
  ["withdrawCase", { reason: "đổi ý" }],
  ["completeCase", { result: RESULT, officerCode: "CB01" }],
  ["apologiseForDelay", { reason: "chờ", newDueAt: "2026-03-20T17:00:00+07:00" }],
];

/** A case in which the change is possible. */
async function ready(mutation: string): Promise<string> {
  const dossierCode = await open();
  await advance(dossierCode, "ACCEPTED", "IN_PROGRESS");
  if (mutation === "receiveSupplement")
    await done("requestSupplement", { dossierCode, documents: ["Bản đồ"], reason: "thiếu" });
  return dossierCode;
}

describe.each(CHANGES)("%s", (mutation, args) => {
  test("of a case that is not here is refused", async () => {
    const dossierCode = newDossier();
    expect(await refused(mutation, { dossierCode, ...args })).toEqual({
      code: "UNKNOWN_CASE",
      agency: CODE,
      dossier: dossierCode,
    });
  });

  test("at another agency, of a malformed dossier, or with a malformed key is refused", async () => {
    const dossierCode = await ready(mutation);
    const wrong = [
      ["UNKNOWN_AGENCY", { agencyCode: "H56.15" }],
      ["INVALID_AGENCY_CODE", { agencyCode: "sở đất" }],
      ["INVALID_DOSSIER_CODE", { dossierCode: "H56.14" }],
      ["INVALID_INPUT", { idempotencyKey: "short" }],
    ] as const;
    for (const [code, given] of wrong)
      expect(await refused(mutation, { dossierCode, ...args, ...given })).toMatchObject({ code });
  });

  test("with the same key happens once and answers the same, in either spelling of the agency", async () => {
    const dossierCode = await ready(mutation);
    const idempotencyKey = newKey();
    const first = await done(mutation, { dossierCode, ...args, idempotencyKey });
    const before = await everything();
    at("2026-03-04T09:00");
    expect(await done(mutation, { ...args, agencyCode: REVERSED, idempotencyKey, dossierCode })).toEqual(
      first,
    );
    expect(await everything()).toEqual(before);
  });

  test("twenty times at the same moment with the same key happens once", async () => {
    const dossierCode = await ready(mutation);
    const idempotencyKey = newKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => mutate(mutation, { dossierCode, ...args, idempotencyKey })),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.errors).toBeUndefined();
    const { events } = answers[0]?.data[mutation]?.case ?? { events: [] };
    const rows = await agency.database.query<{ sequence: number }>(
      "select sequence from case_event join agency_case on id = case_id where dossier_code = $1 order by sequence",
      [dossierCode],
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual(events.map(({ sequence }) => sequence));
  });

  test("with a key that named another request is refused", async () => {
    const [dossierCode, other] = [await ready(mutation), await ready(mutation)];
    const idempotencyKey = newKey();
    await done(mutation, { dossierCode, ...args, idempotencyKey });
    expect(await refused(mutation, { dossierCode: other, ...args, idempotencyKey })).toEqual({
      code: "IDEMPOTENCY_KEY_REUSED",
      key: idempotencyKey,
    });
  });

  test("that failed can be tried again with its key", async () => {
    const idempotencyKey = newKey();
    const dossierCode = newDossier();
    expect(await refused(mutation, { dossierCode, ...args, idempotencyKey })).toMatchObject({
      code: "UNKNOWN_CASE",
    });
    const state: State = mutation === "receiveSupplement" ? "AWAITING_SUPPLEMENT" : "IN_PROGRESS";
    await insert(agency.database, "agency_case", {
      dossier_code: dossierCode,
      procedure_code: RESTARTS,
      state: codeOf(state),
      resume_state: mutation === "receiveSupplement" ? codeOf("ACCEPTED") : null,
      received_at: "2026-03-02T08:00:00+07:00",
      due_at: "2026-03-12T08:00:00+07:00",
      step_names: ["Một"],
      step_officers: [null],
      step_started: ["2026-03-02T01:00:00Z"],
      step_finished: [null],
    });
    expect((await done(mutation, { dossierCode, ...args, idempotencyKey })).events).toHaveLength(1);
  });
});

test.each(CHANGES.filter(([, args]) => "officerCode" in args || "nextOfficerCode" in args))(
  "%s by an officer whom the agency does not have is refused",
  async (mutation, args) => {
    const dossierCode = await ready(mutation);
    const field = "officerCode" in args ? "officerCode" : "nextOfficerCode";
    for (const officer of ["CB99", "cb01", ""])
      expect(await refused(mutation, { dossierCode, ...args, [field]: officer })).toEqual({
        code: "UNKNOWN_OFFICER",
        officer,
      });
    expect(await refused(mutation, { dossierCode, ...args, [field]: "CB01\u0000" })).toMatchObject({
      code: "INVALID_INPUT",
    });
  },
);

describe("at the same moment", () => {
  test("of many that want the same move one wins, and the others are told what is allowed now", async () => {
    const dossierCode = await open();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => mutate("advanceCase", { dossierCode, to: "ACCEPTED" })),
    );
    const refusals = answers.flatMap(({ errors }) => errors ?? []);
    expect(refusals).toHaveLength(9);
    for (const { extensions } of refusals)
      expect(extensions).toEqual({
        code: "ILLEGAL_TRANSITION",
        from: "ACCEPTED",
        to: "ACCEPTED",
        allowed: allowedMoves("ACCEPTED"),
      });
    expect(await reports()).toHaveLength(1);
  });

  test("the history keeps its order without gaps", async () => {
    const dossierCode = await put("IN_PROGRESS");
    const moves: State[] = [
      "AWAITING_PAYMENT",
      "SUSPENDED",
      "IN_PROGRESS",
      "AWAITING_PAYMENT",
      "IN_PROGRESS",
    ];
    await Promise.all(moves.map((to) => mutate("advanceCase", { dossierCode, to })));
    const events = await agency.database.query<{ sequence: number; from: number; to: number }>(
      `select sequence, from_state as "from", to_state as "to" from case_event join agency_case on id = case_id
       where dossier_code = $1 order by sequence`,
      [dossierCode],
    );
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    for (const [index, { from }] of events.entries())
      expect(from).toBe(events[index - 1]?.to ?? codeOf("IN_PROGRESS"));
  });
});

describe("telling the centre", () => {
  test("has been tried when the change is answered, and does not hold it back while the gateway is away", async () => {
    const dossierCode = await open();
    agency.gateway.reply = () => ({ status: 503, body: "away" });
    expect(await advance(dossierCode, "ACCEPTED")).toMatchObject({ state: "ACCEPTED" });
    await agency.gateway.arrived(1);
    expect(await agency.database.query("select topic from outbox")).toEqual([{ topic: dossierCode }]);
    agency.gateway.reply = () => ACCEPTED;
    await agency.database.query("update outbox set next_attempt_at = now()");
    // The next change of any case takes along what waits.
    await advance(await open(), "ACCEPTED");
    expect((await reports()).map(({ variables }) => variables["dossierCode"])).toContain(dossierCode);
  });
});

test("whatever is asked in whatever order, the history is legal and the centre knows the state", async () => {
  const asked = fc.constantFrom(
    ...STATES.map((to) => ["advanceCase", { to }] as const),
    ...CHANGES.filter(([mutation]) => mutation !== "advanceCase"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 5, maxLength: 15 }), async (requests) => {
      const dossierCode = await open();
      await forgetReports();
      for (const [mutation, args] of requests) await mutate(mutation, { dossierCode, ...args });
      const { data } = await agency.query<{ agencyCase: Case }>(
        `{ agencyCase(agencyCode: "${CODE}", dossierCode: "${dossierCode}") ${CASE} }`,
      );
      const { state, finishedAt, events } = data.agencyCase;
      let resume: State | null = null;
      for (const [index, { sequence, from, to }] of events.entries()) {
        expect(sequence).toBe(index + 1);
        expect(from).toBe(events[index - 1]?.to ?? null);
        expect(from === null || from === to || allowedMoves(from, resume).includes(to)).toBe(true);
        if (to !== from) resume = to === "AWAITING_SUPPLEMENT" ? from : null;
      }
      expect(events.at(-1)?.to).toBe(state);
      expect(finishedAt !== null).toBe(isClosed(state));
      const reported = (await reports()).map(({ variables }) => variables["state"]);
      expect(reported.at(-1) ?? "REGISTERED").toBe(state);
    }),
    { numRuns: 20 },
  );
});
