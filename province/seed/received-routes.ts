/** Which procedures come in how often and how, with what of their routes every dossier needs, computed once. */
import { pathDays, type Route, ROUTES } from "../catalogue/routes.ts";
import type { Random } from "../random.ts";
import { cutoffOf } from "./working-time.ts";

export interface RouteFacts {
  readonly route: Route;
  readonly paths: readonly number[];
  /** Index of the leg that ends last. */
  readonly critical: number;
  /** Working seconds into the day. */
  readonly cutoff: number;
  readonly allDocuments: readonly string[];
  readonly requiredDocuments: readonly string[];
  /** Share of those that come online. */
  readonly online: number;
}

const FACTS: readonly RouteFacts[] = ROUTES.map(factsOf);
/** Sums of the routes' volumes: a draw falls between two of them. */
const VOLUMES: readonly number[] = runningSums(FACTS.map(({ route }) => route.procedure.volume));

/** @throws RangeError when the centre does not receive the procedure. */
export function factsOfProcedure(code: string): RouteFacts {
  const facts = FACTS.find(({ route }) => route.procedure.code === code);
  if (facts === undefined) throw new RangeError(`no route for procedure ${code}`);
  return facts;
}

export function drawRoute(random: Random): RouteFacts {
  const draw = random.next() * (VOLUMES.at(-1) ?? 0);
  let low = 0;
  let high = VOLUMES.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((VOLUMES[middle] ?? 0) > draw) high = middle;
    else low = middle + 1;
  }
  return FACTS[low] as RouteFacts;
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

function factsOf(route: Route): RouteFacts {
  const { procedure } = route;
  const paths = pathDays(route.legs);
  return {
    route,
    paths,
    critical: paths.indexOf(Math.max(...paths)),
    cutoff: cutoffOf(procedure.receptionCutoff),
    allDocuments: procedure.documents.map(({ name }) => name),
    requiredDocuments: procedure.documents.filter(({ optional }) => !optional).map(({ name }) => name),
    online: { NONE: 0, PARTIAL: 0.3, FULL: 0.72 }[procedure.onlineLevel],
  };
}

/** 1 counter, 2 online, 3 post. */
export function drawChannel(random: Random, online: number): number {
  const draw = random.next();
  if (draw < online) return 2;
  return draw > 0.96 ? 3 : 1;
}
