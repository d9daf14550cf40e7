/**
 * The agencies (cơ quan) of the sample province, coded H56: the centre, the vertical agencies at it, sixteen
 * departments, one commune, and the power company under its business code. The province is invented; the kinds of
 * agencies and the form of their codes are real (Decision 20/2020/QĐ-TTg).
 */

export type AgencyKind = "CENTER" | "DEPARTMENT" | "VERTICAL" | "COMMUNE" | "STATE_ENTERPRISE";
export type Level = "CENTRAL" | "PROVINCE" | "DISTRICT" | "COMMUNE";

/** The program that serves an agency: a folder of `subgraphs/`, and the base of its URL in `schema/members.json`. */
export type Server = "center" | "tax" | "social-insurance" | "police" | "departments" | "power";

export interface Agency {
  /** Canonical spelling, `H56.14`. */
  readonly code: string;
  /** Spelling of QCVN 102:2016, `000.00.14.H56`; null for an enterprise, whose code is its tax code. */
  readonly legacyCode: string | null;
  readonly name: string;
  readonly kind: AgencyKind;
  readonly level: Level;
  readonly server: Server;
  /** How its papers are marked: `123/GP-SYT`. */
  readonly mark: string;
  /** How many officers work on cases. */
  readonly officers: number;
}

export const CENTER = "H56";
export const TAX = "G12.56";
export const SOCIAL_INSURANCE = "G24.56";
export const POLICE = "G01.56";
export const JUSTICE = "H56.02";
export const PLANNING = "H56.03";
export const FINANCE = "H56.04";
export const INDUSTRY = "H56.05";
export const AGRICULTURE = "H56.06";
export const TRANSPORT = "H56.07";
export const CONSTRUCTION = "H56.08";
export const CULTURE = "H56.09";
export const LABOUR = "H56.10";
export const HEALTH = "H56.11";
export const EDUCATION = "H56.12";
export const SCIENCE = "H56.13";
export const LAND = "H56.14";
export const HOME_AFFAIRS = "H56.15";
export const INFORMATION = "H56.16";
export const PROVINCE_OFFICE = "H56.01";
export const COMMUNE = "H56.31.01";
export const POWER = "5601001007";

export const AGENCIES: readonly Agency[] = [
  agency(CENTER, "Trung tâm Phục vụ hành chính công tỉnh", "CENTER", "center", "TTPVHCC", 12),
  agency(TAX, "Thuế tỉnh", "VERTICAL", "tax", "TTI", 24),
  agency(SOCIAL_INSURANCE, "Bảo hiểm xã hội tỉnh", "VERTICAL", "social-insurance", "BHXH", 14),
  agency(POLICE, "Công an tỉnh", "VERTICAL", "police", "CAT", 20),
  agency(PROVINCE_OFFICE, "Văn phòng Ủy ban nhân dân tỉnh", "DEPARTMENT", "departments", "VPUB", 6),
  agency(JUSTICE, "Sở Tư pháp", "DEPARTMENT", "departments", "STP", 12),
  agency(PLANNING, "Sở Kế hoạch và Đầu tư", "DEPARTMENT", "departments", "SKHĐT", 14),
  agency(FINANCE, "Sở Tài chính", "DEPARTMENT", "departments", "STC", 8),
  agency(INDUSTRY, "Sở Công Thương", "DEPARTMENT", "departments", "SCT", 10),
  agency(AGRICULTURE, "Sở Nông nghiệp và Phát triển nông thôn", "DEPARTMENT", "departments", "SNN", 10),
  agency(TRANSPORT, "Sở Giao thông vận tải", "DEPARTMENT", "departments", "SGTVT", 14),
  agency(CONSTRUCTION, "Sở Xây dựng", "DEPARTMENT", "departments", "SXD", 12),
  agency(CULTURE, "Sở Văn hóa, Thể thao và Du lịch", "DEPARTMENT", "departments", "SVHTTDL", 8),
  agency(LABOUR, "Sở Lao động - Thương binh và Xã hội", "DEPARTMENT", "departments", "SLĐTBXH", 12),
  agency(HEALTH, "Sở Y tế", "DEPARTMENT", "departments", "SYT", 12),
  agency(EDUCATION, "Sở Giáo dục và Đào tạo", "DEPARTMENT", "departments", "SGDĐT", 8),
  agency(SCIENCE, "Sở Khoa học và Công nghệ", "DEPARTMENT", "departments", "SKHCN", 6),
  agency(LAND, "Sở Tài nguyên và Môi trường", "DEPARTMENT", "departments", "STNMT", 36),
  agency(HOME_AFFAIRS, "Sở Nội vụ", "DEPARTMENT", "departments", "SNV", 6),
  agency(INFORMATION, "Sở Thông tin và Truyền thông", "DEPARTMENT", "departments", "STTTT", 5),
  agency(COMMUNE, "Ủy ban nhân dân phường Tân Giang", "COMMUNE", "departments", "UBND", 10),
  agency(POWER, "Công ty Điện lực tỉnh", "STATE_ENTERPRISE", "power", "ĐLT", 8),
];

const BY_CODE: ReadonlyMap<string, Agency> = new Map(AGENCIES.map((each) => [each.code, each]));

/** @throws RangeError when the province has no such agency. */
export function agencyOf(code: string): Agency {
  const found = BY_CODE.get(code);
  if (found === undefined) throw new RangeError(`the sample province has no agency "${code}"`);
  return found;
}

/** `H56.14` → `000.00.14.H56`: groups reversed, absent levels written as zeros. */
export function legacyCodeOf(code: string): string {
  const [first = "", second = "00", third = "00", fourth = "000"] = code.split(".");
  return [fourth, third, second, first].join(".");
}

function agency(
  code: string,
  name: string,
  kind: AgencyKind,
  server: Server,
  mark: string,
  officers: number,
): Agency {
  const legacyCode = kind === "STATE_ENTERPRISE" ? null : legacyCodeOf(code);
  const level = kind === "COMMUNE" ? "COMMUNE" : "PROVINCE";
  return { code, legacyCode, name, kind, level, server, mark, officers };
}
