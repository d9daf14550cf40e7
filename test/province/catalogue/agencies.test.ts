import { describe, expect, it } from "vitest";
import { AGENCIES, agencyOf, legacyCodeOf } from "../../../province/catalogue/agencies.ts";
import { officersOf } from "../../../province/catalogue/officers.ts";
import { ADMINISTRATIVE_UNITS } from "../../../province/catalogue/places.ts";
import { parseAgencyCode } from "../../../subgraphs/kit/identifiers.ts";

const countOf = (kind: string): number => AGENCIES.filter((agency) => agency.kind === kind).length;

const validOn = (day: string) =>
  ADMINISTRATIVE_UNITS.filter((unit) => unit.validFrom <= day && (unit.validTo ?? day) >= day);

const levelsOn = (day: string): string[] => [...new Set(validOn(day).map(({ level }) => level))].sort();

describe("agencies", () => {
  it("are the centre, three vertical ones, sixteen departments, a commune and a power company", () => {
    expect(["CENTER", "VERTICAL", "DEPARTMENT", "COMMUNE", "STATE_ENTERPRISE"].map(countOf)).toEqual([
      1, 3, 16, 1, 1,
    ]);
  });

  it("have codes that are well-formed in both spellings, and name the same agency", () => {
    for (const { code, legacyCode } of AGENCIES) {
      expect(parseAgencyCode(code)).toBe(code);
      expect(parseAgencyCode(legacyCode ?? code)).toBe(code);
    }
    expect(legacyCodeOf("H56.14")).toBe("000.00.14.H56");
    expect(legacyCodeOf("G12.56")).toBe("000.00.56.G12");
    expect(legacyCodeOf("H56.31.01")).toBe("000.01.31.H56");
    expect(legacyCodeOf("H56")).toBe("000.00.00.H56");
  });

  it("are unknown by any other code", () => {
    expect(() => agencyOf("H57")).toThrow(RangeError);
  });

  it("have officers, each with a code of their own", () => {
    for (const { code, officers } of AGENCIES) {
      expect(officersOf(code)).toHaveLength(officers);
      expect(new Set(officersOf(code).map((officer) => officer.code)).size).toBe(officers);
    }
  });
});

describe("administrative units", () => {
  it("have three levels until 30 June 2025 and two since", () => {
    expect(levelsOn("2025-06-30")).toEqual(["COMMUNE", "DISTRICT", "PROVINCE"]);
    expect(levelsOn("2025-07-01")).toEqual(["COMMUNE", "PROVINCE"]);
  });

  it("have one unit a code on any day, under a unit of the same day", () => {
    for (const day of ["2010-01-01", "2025-06-30", "2025-07-01", "2026-11-21"]) {
      const units = validOn(day);
      const codes = new Set(units.map(({ code }) => code));
      expect(codes.size).toBe(units.length);
      const parents = units.flatMap(({ parentCode }) => parentCode ?? []);
      expect(parents.filter((code) => !codes.has(code))).toEqual([]);
    }
  });
});
