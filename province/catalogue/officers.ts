/** The officers (cán bộ, công chức) of each agency, named from its code: the same province always has the same people. */
import { Random } from "../random.ts";
import { AGENCIES, type Agency } from "./agencies.ts";
import { personName } from "./names.ts";

export interface Officer {
  /** Within the agency: `CB01`. */
  readonly code: string;
  readonly name: string;
  readonly title: string;
}

/** Names the sequence of random numbers that officers are drawn from. */
const OFFICER_STREAM = 0x0ff1ce;

const OFFICERS: ReadonlyMap<string, readonly Officer[]> = new Map(
  AGENCIES.map((agency, index) => [agency.code, officersFor(agency, index)]),
);

/** The first is the head of a division, all others work on cases. */
export function officersOf(agency: string): readonly Officer[] {
  return OFFICERS.get(agency) ?? [];
}

function officersFor(agency: Agency, index: number): readonly Officer[] {
  const random = new Random();
  return Array.from({ length: agency.officers }, (_, place) => {
    random.restart(OFFICER_STREAM, index * 1_000 + place);
    return {
      code: `CB${String(place + 1).padStart(2, "0")}`,
      name: personName(random, random.chance(0.45)),
      title: titleOf(agency, place),
    };
  });
}

function titleOf(agency: Agency, place: number): string {
  if (agency.code.startsWith("G01")) return place === 0 ? "Đội trưởng" : "Cán bộ";
  if (agency.kind === "CENTER") return place === 0 ? "Trưởng bộ phận tiếp nhận" : "Cán bộ tiếp nhận";
  if (agency.kind === "STATE_ENTERPRISE") return place === 0 ? "Trưởng phòng Kinh doanh" : "Nhân viên";
  if (agency.kind === "COMMUNE") return place === 0 ? "Phó Chủ tịch" : "Công chức chuyên môn";
  return place === 0 ? "Trưởng phòng" : "Chuyên viên";
}
