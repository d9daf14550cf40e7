import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WorkingCalendar } from "../../../subgraphs/kit/calendar.ts";
import { type Heard, subscribeBy } from "../../gateway/clients.ts";
import { type State, STATES, allowedMoves } from "../../../subgraphs/kit/states.ts";
import {
  BIRTH,
  COMMUNE,
  INSURANCE,
  LAND,
  LAND_TRANSFER,
  POLICE,
  type RecordingGateway,
  TAX,
  type TestCenter,
  insertDossiers,
  startCenter,
  startGateway,
} from "./fixture.ts";

const DOSSIER = `dossier { code state finishedAt returnedAt dueAt result { number summary receivedBy returnChannel }
  legs { order agency { code } openedAt dueAt } events { sequence at from to note } }`;
const MUTATIONS = {
  receiveDossier: `mutation ($input: ReceiveDossierInput!, $key: ID!) {
    receiveDossier(input: $input, idempotencyKey: $key) { ${DOSSIER} } }`,
  reportCase: `mutation ($code: ID!, $agency: ID!, $state: CaseState!, $at: DateTime!, $key: ID!) {
    reportCase(dossierCode: $code, agencyCode: $agency, state: $state, at: $at, idempotencyKey: $key) { ${DOSSIER} } }`,
  withdrawDossier: `mutation ($code: ID!, $reason: String, $key: ID!) {
    withdrawDossier(code: $code, reason: $reason, idempotencyKey: $key) { ${DOSSIER} } }`,
  completeDossier: `mutation ($code: ID!, $result: DossierResultInput!, $key: ID!) {
    completeDossier(code: $code, result: $result, idempotencyKey: $key) { ${DOSSIER} } }`,
  returnResult: `mutation ($code: ID!, $receivedBy: String!, $channel: Channel, $key: ID!) {
    returnResult(code: $code, receivedBy: $receivedBy, channel: $channel, idempotencyKey: $key) { ${DOSSIER} } }`,
} as const;
const RESULT = { number: "12/GKS", summary: "Giấy khai sinh" };

let gateway: RecordingGateway;
let center: TestCenter;
let keys = 0;
beforeAll(async () => {
  gateway = await startGateway();
  center = await startCenter("center_dossiers", gateway.url);
});
afterAll(async () => {
  await center.close();
  await gateway.close();
});
beforeEach(() => {
  gateway.told.length = 0;
});

function change(field: keyof typeof MUTATIONS, variables: object, key = `dossiers-test-${(keys += 1)}`) {
  return center.ask(MUTATIONS[field], { ...variables, key });
}

/** The dossier after a change that must succeed. */
async function changed(field: keyof typeof MUTATIONS, variables: object) {
  const { data, errors } = await change(field, variables);
  expect(errors).toBeUndefined();
  return data[field].dossier;
}

/** A received dossier, its first message already told and forgotten. */
async function receive(procedureCode: string): Promise<string> {
  const applicant = { kind: "CITIZEN", name: "Nguyễn Thị Hoa", personalId: "056190012345" };
  const { code } = await changed("receiveDossier", { input: { procedureCode, applicant } });
  await gateway.hasBeenTold(1);
  gateway.told.length = 0;
  return code;
}

function report(code: string, agency: string, state: State, at = new Date().toISOString()) {
  return changed("reportCase", { code, agency, state, at });
}

/** A dossier that all agencies have finished. */
async function receiveFinished(): Promise<string> {
  const code = await receive(LAND_TRANSFER);
  await report(code, LAND, "COMPLETED");
  await report(code, TAX, "COMPLETED");
  gateway.told.length = 0;
  return code;
}

function moves(dossier: { events: { from: State | null; to: State }[] }): string {
  return dossier.events.map(({ from, to }) => `${from ?? ""}→${to}`).join(" ");
}

/** Keys of the messages, in the order of the legs. */
function keysTold(): string[] {
  return gateway.told.map(({ args }) => String(args["idempotencyKey"])).toSorted((a, b) => (a < b ? -1 : 1));
}

/** Everything stored of a dossier. */
function stored(code: string): Promise<object[]> {
  return center.database.query(
    `select to_jsonb(dossier) as row from dossier where code = $1
     union all (select to_jsonb(leg) from dossier_leg leg join dossier on id = dossier_id where code = $1 order by position)
     union all (select to_jsonb(event) from dossier_event event join dossier on id = dossier_id where code = $1 order by sequence)
     union all (select jsonb_build_object('messages', count(*)) from outbox where topic like $1 || '/%')`,
    [code],
  );
}

/** Refused with `errorCode`, and nothing changed. */
async function expectRefusal(
  code: string,
  field: keyof typeof MUTATIONS,
  variables: object,
  errorCode: string,
) {
  const before = await stored(code);
  const { data, errors } = await change(field, { code, ...variables });
  expect(data).toEqual({ [field]: null });
  expect(errors?.map((error) => error.extensions["code"])).toEqual([errorCode]);
  expect(await stored(code)).toEqual(before);
  expect(gateway.told).toEqual([]);
  return errors?.[0];
}

const WATCH =
  "subscription ($code: ID!) { dossierChanged(code: $code) { code state legs { case { dossierCode } } } }";

function watch(code: string): Heard {
  return subscribeBy.sse(`${center.server.url}/graphql`, WATCH, { code });
}

function listening(): Promise<object[]> {
  return center.database.query(
    "select from pg_stat_activity where datname = current_database() and query like 'listen%'",
  );
}

describe("dossierChanged", () => {
  test("tells of every change of this dossier that is committed, and of no other", async () => {
    const [code, other] = [await receive(BIRTH), await receive(BIRTH)];
    const heard = watch(code.toLowerCase());
    await expect.poll(listening).toHaveLength(1);
    await report(other, COMMUNE, "ACCEPTED");
    await expectRefusal(code, "returnResult", { receivedBy: "Hoa" }, "ILLEGAL_TRANSITION");
    await report(code, COMMUNE, "ACCEPTED");
    await expect
      .poll(() => heard.answers[0])
      .toMatchObject({ data: { dossierChanged: { code, state: "IN_PROGRESS" } } });
    await changed("withdrawDossier", { code });
    await expect
      .poll(() => heard.answers.at(-1))
      .toMatchObject({ data: { dossierChanged: { state: "WITHDRAWN" } } });
    heard.leave();
    await expect.poll(listening).toHaveLength(0);
    const told = new Set(
      heard.answers.map(({ data }) => (data?.["dossierChanged"] as { code: string } | undefined)?.code),
    );
    expect([...told]).toEqual([code]);
  });

  test.each([
    ["H56.14-200101-9999", "UNKNOWN_DOSSIER"],
    ["nothing at all", "INVALID_DOSSIER_CODE"],
  ])("%s is refused: %s", async (code, expected) => {
    const heard = watch(code);
    await expect.poll(() => heard.end).toBe("complete");
    expect(heard.answers).toMatchObject([{ errors: [{ extensions: { code: expected } }] }]);
  });
});

describe("reportCase", () => {
  test("the first agency's work begins the dossier's; its end opens the legs that waited", async () => {
    const code = await receive(BIRTH);
    expect(moves(await report(code, COMMUNE, "REGISTERED"))).toBe("→ACCEPTED");
    expect(moves(await report(code, COMMUNE, "ACCEPTED"))).toBe("→ACCEPTED ACCEPTED→IN_PROGRESS");
    await report(code, COMMUNE, "IN_PROGRESS");
    expect(gateway.told).toEqual([]);
    const dossier = await report(code, COMMUNE, "COMPLETED");
    expect(dossier.state).toBe("IN_PROGRESS");
    expect(dossier.legs.every((leg: { openedAt: string | null }) => leg.openedAt !== null)).toBe(true);
    await gateway.hasBeenTold(2);
    expect(keysTold()).toEqual([`open:${code}:2`, `open:${code}:3`]);
    const police = gateway.told.find(({ args }) => args["agencyCode"] === POLICE);
    expect(police?.args["input"]).toMatchObject({ dossierCode: code, procedureCode: "1.004200" });
  });

  test("when the last agency has finished, the dossier is completed, at the time of the last report", async () => {
    const code = await receive(BIRTH);
    const now = Date.now();
    const times = [3, 2, 1].map((minutes) =>
      new Date(Math.floor(now / 1_000) * 1_000 - minutes * 1_000).toISOString(),
    );
    await report(code, COMMUNE, "COMPLETED", times[0]);
    // Police finish last, but their report is the first to arrive.
    expect((await report(code, POLICE, "COMPLETED", times[2])).state).toBe("IN_PROGRESS");
    const dossier = await report(code, INSURANCE, "COMPLETED", times[1]);
    expect(dossier.state).toBe("COMPLETED");
    expect(new Date(dossier.finishedAt).toISOString()).toBe(times[2]);
    expect(moves(dossier)).toBe("→ACCEPTED ACCEPTED→IN_PROGRESS IN_PROGRESS→COMPLETED");
    expect(dossier.events.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 2, 3]);
  });

  test("a leg opened in time keeps its foreseen deadline; opened late, it has its days from then", async () => {
    const received = await receive(LAND_TRANSFER);
    const before = (
      await center.ask("query ($c: ID!) { dossier(code: $c) { legs { dueAt } } }", { c: received })
    ).data;
    const early = await report(received, LAND, "COMPLETED");
    expect(early.legs[1].dueAt).toBe(before.dossier.legs[1].dueAt);

    const late = `${LAND}-260105-0001`;
    await insertDossiers(center.database, [
      {
        code: late,
        receivedAt: "2026-01-05T08:00:00+07:00",
        dueAt: "2026-01-15T08:00:00+07:00",
        state: "IN_PROGRESS",
        legs: [
          { agencyCode: LAND, openedAt: "2026-01-05T08:00:00+07:00" },
          { agencyCode: TAX, dependsOn: [1] },
        ],
      },
    ]);
    const dossier = await report(late, LAND, "COMPLETED", "2026-02-02T09:00:00+07:00");
    const expected = new WorkingCalendar().addWorkingDays(new Date("2026-02-02T09:00:00+07:00"), 2);
    expect(new Date(dossier.legs[1].dueAt)).toEqual(expected);
    expect(dossier.legs[1].openedAt).toBe("2026-02-02T09:00:00+07:00");
    // The appointment is the applicant's: it stays.
    expect(dossier.dueAt).toBe("2026-01-15T08:00:00+07:00");
  });

  test("an older report that arrives late changes nothing", async () => {
    const code = await receive(LAND_TRANSFER);
    await report(code, LAND, "IN_PROGRESS", new Date(Date.now() - 1_000).toISOString());
    const before = await stored(code);
    const dossier = await report(code, LAND, "COMPLETED", new Date(Date.now() - 60_000).toISOString());
    expect(dossier.state).toBe("IN_PROGRESS");
    expect(await stored(code)).toEqual(before);
  });

  test("a clock that runs ahead does not shut out the reports that follow", async () => {
    const code = await receive(LAND_TRANSFER);
    await report(code, LAND, "IN_PROGRESS", new Date(Date.now() + 3_600_000).toISOString());
    await report(code, LAND, "COMPLETED");
    await gateway.hasBeenTold(1);
    expect(keysTold()).toEqual([`open:${code}:2`]);
  });

  test("after a rejected leg those that wait for it are not opened, and the dossier ends", async () => {
    const code = await receive(BIRTH);
    const dossier = await report(code, COMMUNE, "REJECTED");
    expect(dossier.state).toBe("COMPLETED");
    expect(dossier.legs.map((leg: { openedAt: string | null }) => leg.openedAt !== null)).toEqual([
      true,
      false,
      false,
    ]);
    expect(gateway.told).toEqual([]);
  });

  test("a rejected leg beside one at work: the dossier waits for that one", async () => {
    const code = await receive(BIRTH);
    await report(code, COMMUNE, "COMPLETED");
    expect((await report(code, POLICE, "REJECTED")).state).toBe("IN_PROGRESS");
    expect((await report(code, INSURANCE, "COMPLETED")).state).toBe("COMPLETED");
  });

  test("a report resumes a dossier that the centre had paused", async () => {
    const code = `${LAND}-260105-0002`;
    await insertDossiers(center.database, [
      {
        code,
        receivedAt: "2026-01-05T08:00:00+07:00",
        state: "AWAITING_SUPPLEMENT",
        legs: [{ agencyCode: LAND, openedAt: "2026-01-05T08:00:00+07:00" }],
      },
    ]);
    expect((await report(code, LAND, "AWAITING_SUPPLEMENT")).state).toBe("AWAITING_SUPPLEMENT");
    expect(moves(await report(code, LAND, "COMPLETED"))).toBe(
      "→AWAITING_SUPPLEMENT AWAITING_SUPPLEMENT→IN_PROGRESS IN_PROGRESS→COMPLETED",
    );
  });

  test("reports about a closed dossier are kept, and move nothing", async () => {
    const code = await receive(BIRTH);
    await changed("withdrawDossier", { code });
    const dossier = await report(code, COMMUNE, "COMPLETED");
    expect(dossier.state).toBe("WITHDRAWN");
    expect(dossier.legs[1].openedAt).toBeNull();
  });

  test("from an agency without an opened leg it is refused", async () => {
    const code = await receive(BIRTH);
    const at = new Date().toISOString();
    const error = await expectRefusal(
      code,
      "reportCase",
      { agency: TAX, state: "COMPLETED", at },
      "UNKNOWN_CASE",
    );
    expect(error?.extensions).toMatchObject({ agency: TAX, dossier: code });
    await expectRefusal(code, "reportCase", { agency: POLICE, state: "COMPLETED", at }, "UNKNOWN_CASE");
    await expectRefusal(
      code,
      "reportCase",
      { agency: "nobody", state: "COMPLETED", at },
      "INVALID_AGENCY_CODE",
    );
  });

  test("both last agencies at the same moment complete it once", async () => {
    const code = await receive(BIRTH);
    await report(code, COMMUNE, "COMPLETED");
    await Promise.all([report(code, POLICE, "COMPLETED"), report(code, INSURANCE, "COMPLETED")]);
    const { data } = await center.ask("query ($c: ID!) { dossier(code: $c) { state events { from to } } }", {
      c: code,
    });
    expect(moves(data.dossier)).toBe("→ACCEPTED ACCEPTED→IN_PROGRESS IN_PROGRESS→COMPLETED");
  });
});

describe("withdrawDossier", () => {
  test("ends the dossier and every case still open", async () => {
    const code = await receive(BIRTH);
    await report(code, COMMUNE, "COMPLETED");
    await gateway.hasBeenTold(2);
    await report(code, INSURANCE, "IN_PROGRESS");
    gateway.told.length = 0;
    const dossier = await changed("withdrawDossier", { code, reason: " Gia đình đổi ý " });
    expect(dossier.state).toBe("WITHDRAWN");
    expect(dossier.finishedAt).not.toBeNull();
    expect(dossier.events.at(-1)).toMatchObject({
      from: "IN_PROGRESS",
      to: "WITHDRAWN",
      note: "Gia đình đổi ý",
    });
    await gateway.hasBeenTold(2);
    expect(keysTold()).toEqual([`withdraw:${code}:2`, `withdraw:${code}:3`]);
    expect(gateway.told[0]).toMatchObject({
      field: "withdrawCase",
      args: { dossierCode: code, reason: "Gia đình đổi ý" },
    });
  });
});

describe("completeDossier", () => {
  test("names the agencies that have not finished, those that wait too", async () => {
    const code = await receive(LAND_TRANSFER);
    const error = await expectRefusal(code, "completeDossier", { result: RESULT }, "LEGS_NOT_FINISHED");
    expect(error?.extensions["agencies"]).toEqual([LAND, TAX]);
  });

  test("adds the result to a dossier that the last report has completed, once", async () => {
    const code = await receiveFinished();
    const dossier = await changed("completeDossier", { code, result: RESULT });
    expect(dossier).toMatchObject({
      state: "COMPLETED",
      result: { ...RESULT, receivedBy: null, returnChannel: null },
    });
    expect(dossier.events.at(-1)).toMatchObject({ from: "COMPLETED", to: "COMPLETED", note: RESULT.number });
    gateway.told.length = 0;
    const error = await expectRefusal(code, "completeDossier", { result: RESULT }, "ILLEGAL_TRANSITION");
    expect(error?.extensions["allowed"]).toEqual(["RETURNED"]);
  });

  test("completes a dossier whose agencies have all finished", async () => {
    const code = `${LAND}-260105-0003`;
    const openedAt = "2026-01-05T08:00:00+07:00";
    await insertDossiers(center.database, [
      {
        code,
        receivedAt: openedAt,
        state: "IN_PROGRESS",
        legs: [{ agencyCode: LAND, openedAt, reported: "COMPLETED" }],
      },
    ]);
    const dossier = await changed("completeDossier", { code, result: RESULT });
    expect(moves(dossier)).toBe("→IN_PROGRESS IN_PROGRESS→COMPLETED");
    expect(dossier.finishedAt).not.toBeNull();
  });

  test("a blank result is refused", async () => {
    const code = await receiveFinished();
    const result = { number: " ", summary: "x" };
    const error = await expectRefusal(code, "completeDossier", { result }, "INVALID_INPUT");
    expect(error?.extensions["field"]).toBe("result.number");
  });
});

describe("returnResult", () => {
  test("hands over, and returns the cases that were completed", async () => {
    const code = await receive(BIRTH);
    await report(code, COMMUNE, "COMPLETED");
    await report(code, POLICE, "REJECTED");
    await report(code, INSURANCE, "COMPLETED");
    await changed("completeDossier", { code, result: RESULT });
    gateway.told.length = 0;
    const dossier = await changed("returnResult", { code, receivedBy: "Nguyễn Thị Hoa", channel: "POST" });
    expect(dossier).toMatchObject({
      state: "RETURNED",
      result: { ...RESULT, receivedBy: "Nguyễn Thị Hoa", returnChannel: "POST" },
    });
    expect(dossier.returnedAt).not.toBeNull();
    await gateway.hasBeenTold(2);
    expect(keysTold()).toEqual([`return:${code}:1`, `return:${code}:3`]);
    expect(gateway.told[0]).toMatchObject({
      field: "advanceCase",
      args: { to: "RETURNED", dossierCode: code },
    });
  });

  test("is at the counter unless told otherwise", async () => {
    const code = await receiveFinished();
    await changed("completeDossier", { code, result: RESULT });
    expect((await changed("returnResult", { code, receivedBy: "A" })).result.returnChannel).toBe("COUNTER");
  });
});

/** A dossier of one agency, whose case has ended. */
async function insertEnded(state: State): Promise<string> {
  const openedAt = "2026-01-06T08:00:00+07:00";
  const code = `${LAND}-260106-${String((keys += 1)).padStart(4, "0")}`;
  await insertDossiers(center.database, [
    { code, receivedAt: openedAt, state, legs: [{ agencyCode: LAND, openedAt, reported: "REJECTED" }] },
  ]);
  return code;
}

describe("transitions", () => {
  const variables = {
    withdrawDossier: {},
    completeDossier: { result: RESULT },
    returnResult: { receivedBy: "A" },
  };
  const to = {
    withdrawDossier: "WITHDRAWN",
    completeDossier: "COMPLETED",
    returnResult: "RETURNED",
  } as const;
  const all = STATES.flatMap((state) =>
    (["withdrawDossier", "completeDossier", "returnResult"] as const).map((field) => ({
      state,
      field,
      allowed: allowedMoves(state, state === "AWAITING_SUPPLEMENT" ? "IN_PROGRESS" : null),
    })),
  );
  const isLegal = ({ state, field, allowed }: (typeof all)[number]): boolean =>
    // A completed dossier without a result still gets one.
    allowed.includes(to[field]) || (state === "COMPLETED" && field === "completeDossier");

  test.each(all.filter(isLegal))("$state: $field is done", async ({ state, field }) => {
    const code = await insertEnded(state);
    expect((await changed(field, { code, ...variables[field] })).state).toBe(to[field]);
  });

  test.each(all.filter((each) => !isLegal(each)))(
    "$state: $field is refused",
    async ({ state, field, allowed }) => {
      const code = await insertEnded(state);
      const error = await expectRefusal(code, field, variables[field], "ILLEGAL_TRANSITION");
      expect(error?.extensions).toMatchObject({ from: state, to: to[field], allowed });
    },
  );
});

describe("every change", () => {
  test.each([
    ["withdrawDossier", {}],
    ["completeDossier", { result: RESULT }],
    ["returnResult", { receivedBy: "A" }],
    ["reportCase", { agency: LAND, state: "COMPLETED", at: "2026-01-05T08:00:00+07:00" }],
  ] as const)("%s: an unknown dossier, a malformed code", async (field, variables) => {
    const error = await expectRefusal("H56.99-260101-0001", field, variables, "UNKNOWN_DOSSIER");
    expect(error?.message).toBe("there is no dossier H56.99-260101-0001");
    await expectRefusal("nonsense", field, variables, "INVALID_DOSSIER_CODE");
  });

  test("takes the legacy code of a recoded dossier", async () => {
    const code = `${LAND}-260107-0001`;
    await insertDossiers(center.database, [
      { code, legacyCode: "HS 77/2019", receivedAt: "2026-01-07T08:00:00+07:00" },
    ]);
    expect((await changed("withdrawDossier", { code: "HS 77/2019" })).code).toBe(code);
  });

  test("the same key again, also ten times at once, gives the same answer and one effect", async () => {
    const code = await receive(BIRTH);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => change("withdrawDossier", { code }, `withdraw-once-${code}`)),
    );
    await gateway.hasBeenTold(1);
    answers.push(await change("withdrawDossier", { code }, `withdraw-once-${code}`));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.errors).toBeUndefined();
    expect(moves(answers[0]?.data.withdrawDossier.dossier)).toBe("→ACCEPTED ACCEPTED→WITHDRAWN");
    expect(keysTold()).toEqual([`withdraw:${code}:1`]);
  });

  test("two different withdrawals at once: one wins, the other is told why not", async () => {
    const code = await receive(BIRTH);
    const answers = await Promise.all([
      change("withdrawDossier", { code }),
      change("withdrawDossier", { code }),
    ]);
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions["code"]);
    expect(new Set(codes)).toEqual(new Set([undefined, "ILLEGAL_TRANSITION"]));
  });

  test("history is append-only", async () => {
    await expect(center.database.query("update dossier_event set note = 'x'")).rejects.toThrow("append-only");
    await expect(center.database.query("delete from dossier_event")).rejects.toThrow("append-only");
  });
});
