/** All procedures of the sample province, by agency. */
import { agencyOf } from "./agencies.ts";
import type { Procedure } from "./procedure.ts";
import {
  HOME_AFFAIRS_PROCEDURES,
  INFORMATION_PROCEDURES,
  PROVINCE_OFFICE_PROCEDURES,
  SCIENCE_PROCEDURES,
} from "./procedures/administration.ts";
import { CONSTRUCTION_PROCEDURES, TRANSPORT_PROCEDURES } from "./procedures/building-and-transport.ts";
import { COMMUNE_PROCEDURES } from "./procedures/commune.ts";
import { EDUCATION_PROCEDURES, HEALTH_PROCEDURES } from "./procedures/health-and-education.ts";
import { AGRICULTURE_PROCEDURES, INDUSTRY_PROCEDURES } from "./procedures/industry-and-agriculture.ts";
import { LAND_PROCEDURES } from "./procedures/land.ts";
import { FINANCE_PROCEDURES, PLANNING_PROCEDURES } from "./procedures/planning-and-finance.ts";
import { POWER_PROCEDURES } from "./procedures/power.ts";
import { CULTURE_PROCEDURES, JUSTICE_PROCEDURES, LABOUR_PROCEDURES } from "./procedures/society.ts";
import { POLICE_PROCEDURES, SOCIAL_INSURANCE_PROCEDURES, TAX_PROCEDURES } from "./procedures/vertical.ts";

export const PROCEDURES: readonly Procedure[] = [
  ...COMMUNE_PROCEDURES,
  ...LAND_PROCEDURES,
  ...PLANNING_PROCEDURES,
  ...FINANCE_PROCEDURES,
  ...INDUSTRY_PROCEDURES,
  ...AGRICULTURE_PROCEDURES,
  ...CONSTRUCTION_PROCEDURES,
  ...TRANSPORT_PROCEDURES,
  ...JUSTICE_PROCEDURES,
  ...CULTURE_PROCEDURES,
  ...LABOUR_PROCEDURES,
  ...HEALTH_PROCEDURES,
  ...EDUCATION_PROCEDURES,
  ...PROVINCE_OFFICE_PROCEDURES,
  ...SCIENCE_PROCEDURES,
  ...HOME_AFFAIRS_PROCEDURES,
  ...INFORMATION_PROCEDURES,
  ...TAX_PROCEDURES,
  ...SOCIAL_INSURANCE_PROCEDURES,
  ...POLICE_PROCEDURES,
  ...POWER_PROCEDURES,
];

const BY_KEY: ReadonlyMap<string, Procedure> = new Map(
  PROCEDURES.map((procedure) => [`${procedure.agency} ${procedure.code}`, procedure]),
);

/** @throws RangeError when the agency does not offer it. */
export function procedureOf(agency: string, code: string): Procedure {
  const found = BY_KEY.get(`${agency} ${code}`);
  if (found === undefined)
    throw new RangeError(`${agencyOf(agency).name} (${agency}) offers no procedure ${code}`);
  return found;
}

export function proceduresOf(agency: string): readonly Procedure[] {
  return PROCEDURES.filter((procedure) => procedure.agency === agency);
}
