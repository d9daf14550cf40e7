/**
 * How dossiers travel: every procedure that the centre receives has a route; the interconnected groups go over several
 * agencies (DOMAIN.md, "Interconnected groups"), all others over one.
 */
import {
  COMMUNE,
  CONSTRUCTION,
  CULTURE,
  JUSTICE,
  LAND,
  PLANNING,
  POLICE,
  POWER,
  SOCIAL_INSURANCE,
  TAX,
} from "./agencies.ts";
import type { Procedure } from "./procedure.ts";
import { PROCEDURES, procedureOf } from "./procedures.ts";

export interface RouteLeg {
  readonly agency: string;
  /** The procedure by which that agency works. */
  readonly procedure: Procedure;
  /** Working days. */
  readonly days: number;
  /** Places, from 1, of the legs that must finish before it begins. */
  readonly dependsOn: readonly number[];
}

export interface Route {
  /** The procedure applied for, at the agency that leads. */
  readonly procedure: Procedure;
  /** A group's own total in working days; null where the longest path of the legs counts. */
  readonly totalDays: number | null;
  readonly legs: readonly RouteLeg[];
}

const BIRTH = group(COMMUNE, "2.002621", 3, [
  leg(COMMUNE, "1.001193", 0.5),
  leg(POLICE, "1.004222", 2, [1]),
  leg(SOCIAL_INSURANCE, "1.001939", 2, [1]),
]);

const DEATH = group(COMMUNE, "2.002622", null, [
  leg(COMMUNE, "1.000656", 0.5),
  leg(POLICE, "1.003197", 2, [1]),
  leg(SOCIAL_INSURANCE, "2.000809", 8, [1]),
]);

/** Registered by the justice department; the commune pays where the deceased was not insured. */
const DEATH_ABROAD = group(JUSTICE, "2.002622", null, [
  leg(JUSTICE, "1.000656", 0.5),
  leg(POLICE, "1.003197", 2, [1]),
  leg(COMMUNE, "1.001731", 5, [1]),
]);

/**
 * The land office and the tax office work side by side: the land office's case waits (financial obligation) while tax is
 * determined and paid, and that time does not count.
 */
const LAND_TRANSFER = group(LAND, "1.013831", 8, [leg(LAND, "1.013831", 8), leg(TAX, "1.008603", 5)]);

const BUSINESS_START = ["2.001583", "2.001199", "2.002043", "2.001610"].map((code) =>
  group(PLANNING, code, 3, [
    leg(PLANNING, code, 2),
    leg(TAX, "2.002237", 1),
    leg(SOCIAL_INSURANCE, "1.002051", 1, [1, 2]),
  ]),
);

const KARAOKE = group(CULTURE, "1.001029", null, [
  leg(COMMUNE, "2.002516", 3),
  leg(POLICE, "1.009901", 3, [1]),
  leg(CULTURE, "1.001029", 10, [2]),
]);

const POWER_LOW_VOLTAGE = group(POWER, "2.002701", null, [
  leg(CONSTRUCTION, "2.001116", 3),
  leg(POWER, "2.002703", 5, [1]),
]);

const POWER_MEDIUM_VOLTAGE = group(POWER, "2.002702", null, [
  leg(CONSTRUCTION, "2.001116", 3),
  leg(POWER, "2.002704", 22, [1]),
]);

const GROUPS: readonly Route[] = [
  BIRTH,
  DEATH,
  DEATH_ABROAD,
  LAND_TRANSFER,
  ...BUSINESS_START,
  KARAOKE,
  POWER_LOW_VOLTAGE,
  POWER_MEDIUM_VOLTAGE,
];

/** Every route of the province: groups first, then one leg for every other procedure that the centre receives. */
export const ROUTES: readonly Route[] = [...GROUPS, ...PROCEDURES.filter(isPlain).map(plainRoute)];

/** Working days from reception to the appointment. */
export function totalDaysOf(route: Route): number {
  return route.totalDays ?? Math.max(...pathDays(route.legs));
}

/** For each leg, the working days from reception to its end when all before it take their full time. */
export function pathDays(legs: readonly RouteLeg[]): readonly number[] {
  const paths: number[] = [];
  for (const { days, dependsOn } of legs)
    paths.push(days + Math.max(0, ...dependsOn.map((position) => paths[position - 1] ?? 0)));
  return paths;
}

function isPlain(procedure: Procedure): boolean {
  return procedure.volume > 0 && !GROUPS.some((route) => route.procedure === procedure);
}

function plainRoute(procedure: Procedure): Route {
  return {
    procedure,
    totalDays: null,
    legs: [{ agency: procedure.agency, procedure, days: procedure.committedDays, dependsOn: [] }],
  };
}

function group(agency: string, code: string, totalDays: number | null, legs: readonly RouteLeg[]): Route {
  return { procedure: procedureOf(agency, code), totalDays, legs };
}

function leg(agency: string, code: string, days: number, dependsOn: readonly number[] = []): RouteLeg {
  return { agency, procedure: procedureOf(agency, code), days, dependsOn };
}
