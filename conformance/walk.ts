/**
 * A walk over all pairs of the national states, as far as the contract's mutations reach: made once, looked at by the
 * checks of transitions.
 */
import {
  type CaseView,
  type Change,
  caseAt,
  change,
  move,
  openCase,
  readCase,
  receiveSupplement,
} from "./cases.ts";
import { Stopped } from "./check.ts";
import { allowedAfter, type Place, PLACES, type State, STATES } from "./national-states.ts";
import { inParallel } from "./parallel.ts";
import type { Answer, Subject } from "./subject.ts";

/** A case as a query reads it. */
export interface Sight {
  readonly place: Place;
  readonly view: CaseView;
  readonly answer: Answer;
}

export interface Attempt {
  readonly place: Place;
  readonly to: State | "the state before a supplement";
  readonly change: Change;
}

export interface Walk {
  /** A case at each place before anything else was tried. */
  readonly sights: readonly Sight[];
  /** Moves that the rules allow, with the case read afterwards when the move was made. */
  readonly legal: readonly (Attempt & { readonly after?: Sight })[];
  /** Moves that they do not allow. */
  readonly illegal: readonly Attempt[];
  /** The cases at which illegal moves were tried, after all of them. */
  readonly unmoved: readonly Sight[];
  /** Places that could not be reached. */
  readonly stopped: readonly Stopped[];
}

const AT_ONCE = 6;

export async function walkStates(subject: Subject): Promise<Walk> {
  const stopped: Stopped[] = [];
  const reach = async <T>(work: () => Promise<T>): Promise<T[]> => {
    try {
      return [await work()];
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopped.push(error);
      return [];
    }
  };
  const moves = PLACES.flatMap((place) => allowedAfter(place).map((to) => ({ place, to })));
  const [refusals, legal] = await Promise.all([
    inParallel(PLACES, AT_ONCE, (place) => reach(() => tryIllegal(subject, place))),
    inParallel(moves, AT_ONCE, ({ place, to }) => reach(() => tryLegal(subject, place, to))),
  ]);
  const tried = refusals.flat();
  return {
    sights: tried.map(({ before }) => before),
    legal: legal.flat(),
    illegal: tried.flatMap(({ attempts }) => attempts),
    unmoved: tried.map(({ after }) => after),
    stopped,
  };
}

/** A case that the applicant withdraws before the agency has looked at it: from 1 there is no way to 7. */
export async function withdrawUnseen(subject: Subject): Promise<Sight & { readonly change: Change }> {
  const { dossierCode } = await openCase(subject);
  const withdrawn = await change(subject, "withdrawCase", { dossierCode });
  return { place: PLACES[0] as Place, change: withdrawn, ...(await readCase(subject, dossierCode)) };
}

async function tryIllegal(subject: Subject, place: Place) {
  const { dossierCode } = await caseAt(subject, place);
  const before = { place, ...(await readCase(subject, dossierCode)) };
  const attempts: Attempt[] = [];
  const allowed = allowedAfter(place);
  for (const to of STATES.filter((state) => !allowed.includes(state)))
    attempts.push({
      place,
      to,
      // withdrawCase may accept an unseen case first; moving it there at once is never allowed.
      change:
        to === "WITHDRAWN" && place.state === "REGISTERED"
          ? await change(subject, "advanceCase", { dossierCode, to })
          : await move(subject, dossierCode, to),
    });
  if (place.resume === undefined)
    attempts.push({
      place,
      to: "the state before a supplement",
      change: await receiveSupplement(subject, dossierCode),
    });
  return { before, attempts, after: { place, ...(await readCase(subject, dossierCode)) } };
}

async function tryLegal(subject: Subject, place: Place, to: State): Promise<Walk["legal"][number]> {
  const { dossierCode } = await caseAt(subject, place);
  const made =
    to === place.resume
      ? await receiveSupplement(subject, dossierCode)
      : await move(subject, dossierCode, to);
  if (made.view === null) return { place, to, change: made };
  return { place, to, change: made, after: { place, ...(await readCase(subject, dossierCode)) } };
}
