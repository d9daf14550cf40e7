/**
 * Checks of the states of a case and the moves between them.
 */
import type { Check } from "../check.ts";
import { change, openCase, readCase } from "../cases.ts";
import { allowedAfter, isClosed, type Place, type State } from "../national-states.ts";
import { codeOf, type Subject, summary } from "../subject.ts";
import { type Sight, walkStates, withdrawUnseen } from "../walk.ts";

const STATES_REFERENCE = "schema/agency.graphql, CaseState; subgraphs/kit/states.ts has the table of moves";

export const transitionChecks: readonly Check[] = [
  {
    id: "transitions.legal",
    wants: "every move that the national codes allow is made, and a query afterwards sees it",
    reference: `${STATES_REFERENCE}; Mutation`,
    writes: true,
    run: async (subject, findings) => {
      const { legal, stopped } = await subject.once(walkStates);
      for (const { message, exchange } of stopped) findings.fail(message, exchange);
      for (const { place, to, change: made, after } of legal) {
        const what = `the move from ${nameOf(place)} to ${to}`;
        if (made.view === null)
          findings.fail(`${what} was refused: ${summary(made.exchange)}`, made.exchange);
        else findings.same(`the state in the answer to ${what}`, made.view.state, to, made.exchange);
        if (after) findings.same(`the state after ${what}`, after.view.state, to, after.answer.exchange);
      }
      findings.note(`${legal.length} moves`);
    },
  },
  {
    id: "transitions.illegal",
    wants: "every other move is refused, and the case stays as it was",
    reference: `${STATES_REFERENCE}; docs/errors.md: a refused change has changed nothing`,
    writes: true,
    run: async (subject, findings) => {
      const { illegal, sights, unmoved } = await subject.once(walkStates);
      for (const { place, to, change: made } of illegal)
        findings.expect(
          made.view === null && made.errors.length > 0,
          () => `the move from ${nameOf(place)} to ${to} was not refused: ${summary(made.exchange)}`,
          made.exchange,
        );
      for (const [index, { place, view, answer }] of unmoved.entries())
        findings.same(
          `the case at ${nameOf(place)} after refused moves`,
          [view.state, view.events.length],
          [sights[index]?.view.state, sights[index]?.view.events.length],
          answer.exchange,
        );
      findings.note(`${illegal.length} moves`);
    },
  },
  {
    id: "transitions.refusal",
    wants:
      "a refused move has the code ILLEGAL_TRANSITION, and extensions.allowed lists the states that may follow",
    reference: "docs/errors.md, ILLEGAL_TRANSITION",
    writes: true,
    run: async (subject, findings) => {
      const { illegal } = await subject.once(walkStates);
      for (const { place, to, change: refused } of illegal.filter((each) => each.change.view === null)) {
        const what = `the refusal of ${nameOf(place)} to ${to}`;
        findings.same(`the code of ${what}`, codeOf(refused), "ILLEGAL_TRANSITION", refused.exchange);
        const allowed = refused.errors[0]?.extensions?.["allowed"];
        findings.same(
          `extensions.allowed of ${what}`,
          Array.isArray(allowed) ? allowed.map(String).toSorted() : allowed,
          allowedAfter(place).toSorted(),
          refused.exchange,
        );
      }
    },
  },
  {
    id: "transitions.allowed-states",
    wants:
      "allowedStates lists exactly the states that may follow; after a supplement also the state before it",
    reference: "schema/agency.graphql, AgencyCase.allowedStates",
    writes: true,
    run: async (subject, findings) => {
      for (const { place, view, answer } of await allSights(subject))
        findings.same(
          `allowedStates at ${nameOf(place)}`,
          view.allowedStates.toSorted(),
          allowedAfter(place).toSorted(),
          answer.exchange,
        );
    },
  },
  {
    id: "transitions.finished-at",
    wants: "finishedAt is there when the work has ended (3, 7, 9, 10), and null while it goes on",
    reference: "schema/agency.graphql, AgencyCase.finishedAt",
    writes: true,
    run: async (subject, findings) => {
      for (const { place, view, answer } of await allSights(subject))
        findings.expect(
          (view.finishedAt !== null) === isClosed(place.state),
          `finishedAt at ${nameOf(place)} is ${view.finishedAt}`,
          answer.exchange,
        );
    },
  },
  {
    id: "transitions.history",
    wants:
      "events has one entry for each move, numbered from 1 without gaps, oldest first, each legal and going on from the one before",
    reference: "schema/agency.graphql, AgencyCase.events, CaseEvent",
    writes: true,
    run: async (subject, findings) => {
      for (const sight of [...(await allSights(subject)), await subject.once(withdrawUnseen)]) {
        const fault = faultOfHistory(sight);
        if (fault !== undefined) findings.fail(`at ${nameOf(sight.place)}: ${fault}`, sight.answer.exchange);
      }
    },
  },
  {
    id: "transitions.unseen-withdrawal",
    wants:
      "a case that nobody has acknowledged does not go from REGISTERED to WITHDRAWN at once: it is refused, or accepted first",
    reference: STATES_REFERENCE,
    writes: true,
    run: async (subject, findings) => {
      const { change: made, view, answer } = await subject.once(withdrawUnseen);
      const moves = view.events.slice(1).map(({ to }) => to);
      findings.expect(
        made.view === null ? moves.length === 0 : moves.join() === "ACCEPTED,WITHDRAWN",
        `withdrawCase of a REGISTERED case made the history ${JSON.stringify(moves)}`,
        answer.exchange,
      );
    },
  },
  {
    id: "transitions.race",
    wants:
      "of ten requests that make the same move at the same moment, with ten keys, exactly one moves the case",
    reference: "schema/agency.graphql, Mutation.advanceCase",
    writes: true,
    run: async (subject, findings) => {
      const { dossierCode } = await openCase(subject);
      const changes = await Promise.all(
        Array.from({ length: 10 }, () => change(subject, "advanceCase", { dossierCode, to: "ACCEPTED" })),
      );
      const made = changes.filter(({ view }) => view !== null);
      const { view, answer } = await readCase(subject, dossierCode);
      findings.same("the number of requests that moved the case", made.length, 1, answer.exchange);
      findings.same("the number of events", view.events.length, 2, answer.exchange);
    },
  },
];

/** The cases at all places, and those that a legal move has led on from there. */
async function allSights(subject: Subject): Promise<readonly Sight[]> {
  const { sights, legal } = await subject.once(walkStates);
  const moved = legal.flatMap(({ place, to, after }) =>
    after === undefined ? [] : [{ ...after, place: placeAfter(place, to as State) }],
  );
  return [...sights, ...moved];
}

function placeAfter({ state, route }: Place, to: State): Place {
  const via = [...route, to];
  if (to === "AWAITING_SUPPLEMENT" && state !== "AWAITING_SUPPLEMENT")
    return { state: to, resume: state, route: via };
  return { state: to, route: via };
}

function faultOfHistory({ place, view: { events, state } }: Sight): string | undefined {
  let before: State | null = null;
  let resume: State | undefined;
  for (const [index, { sequence, from, to }] of events.entries()) {
    if (sequence !== index + 1) return `event ${index + 1} has the sequence ${sequence}`;
    if (from !== before) return `event ${sequence} leads from ${from}, the one before led to ${before}`;
    if (before === null ? to !== "REGISTERED" : !isAllowed(before, resume, to))
      return `event ${sequence} leads from ${from} to ${to}, which is not allowed`;
    resume = to === "AWAITING_SUPPLEMENT" ? (before ?? undefined) : undefined;
    before = to;
  }
  if (before !== state) return `the last event leads to ${before}, the state is ${state}`;
  const wanted = place.route.length + 1;
  // An unseen case that is withdrawn has one event more, or two: another check looks at that.
  if (state !== "WITHDRAWN" && events.length !== wanted) return `${events.length} events, not ${wanted}`;
  return undefined;
}

function isAllowed(from: State, resume: State | undefined, to: State): boolean {
  return allowedAfter({ state: from, ...(resume && { resume }) }).includes(to);
}

function nameOf({ state, resume }: Place): string {
  return resume === undefined ? state : `${state} (after ${resume})`;
}
