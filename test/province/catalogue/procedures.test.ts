import { describe, expect, it } from "vitest";
import { AGENCIES, agencyOf } from "../../../province/catalogue/agencies.ts";
import { PROCEDURES, procedureOf, proceduresOf } from "../../../province/catalogue/procedures.ts";
import { parseProcedureCode } from "../../../subgraphs/kit/identifiers.ts";

describe("procedures", () => {
  it("are at least 120, and every agency but the centre offers some", () => {
    expect(PROCEDURES.length).toBeGreaterThanOrEqual(120);
    const idle = AGENCIES.filter((agency) => proceduresOf(agency.code).length === 0);
    expect(idle.map(({ kind }) => kind)).toEqual(["CENTER"]);
  });

  it("have well-formed short codes, once at each agency", () => {
    for (const { code } of PROCEDURES) expect(parseProcedureCode(code)).toBe(code);
    const keys = PROCEDURES.map(({ agency, code }) => `${agency} ${code}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("bear the codes that are known", () => {
    expect(procedureOf("H56.31.01", "1.001193").name).toMatch(/khai sinh/);
    expect(procedureOf("H56.31.01", "2.002621").name).toMatch(/khai sinh.*thường trú.*bảo hiểm y tế/);
    expect(procedureOf("H56.31.01", "2.002622").name).toMatch(/khai tử.*thường trú.*mai táng/);
    expect(procedureOf("G01.56", "1.004222").name).toBe("Đăng ký thường trú");
  });

  it("are done faster than the law allows: by a fifth or more where it allows over ten days", () => {
    for (const { statutoryDays, committedDays, onlineDays } of PROCEDURES) {
      const limit = statutoryDays > 10 ? statutoryDays * 0.8 : statutoryDays;
      expect(committedDays).toBeLessThanOrEqual(limit);
      expect(committedDays * 2).toBe(Math.round(committedDays * 2));
      expect(onlineDays ?? 0).toBeLessThan(committedDays);
    }
  });

  it("say what is handed in, how it is worked on, and what decided it", () => {
    for (const procedure of PROCEDURES) {
      expect(procedure.documents.length).toBeGreaterThan(0);
      expect(procedure.documents.some(({ optional }) => !optional)).toBe(true);
      expect(procedure.steps.length).toBeGreaterThanOrEqual(2);
      const hours = procedure.steps.reduce((sum, step) => sum + step.hours, 0);
      expect(hours / 8).toBeLessThanOrEqual(procedure.committedDays + 0.5);
      expect(procedure.decision).toMatch(/^\d+\/QĐ-/);
      expect(procedure.issuedOn < procedure.validFrom).toBe(true);
    }
  });

  it("are received by the centre only while they are valid", () => {
    const expired = PROCEDURES.filter(({ validTo }) => validTo !== null);
    expect(expired.length).toBeGreaterThan(0);
    for (const { volume } of expired) expect(volume).toBe(0);
  });

  it("are applied for most often in the field of land", () => {
    const volumes = new Map<string, number>();
    for (const { agency, volume } of PROCEDURES) volumes.set(agency, (volumes.get(agency) ?? 0) + volume);
    const [busiest] = [...volumes].sort(([, one], [, other]) => other - one)[0] ?? [""];
    expect(agencyOf(busiest).name).toBe("Sở Tài nguyên và Môi trường");
  });

  it("refuse to be looked up where nobody offers them", () => {
    expect(() => procedureOf("H56.14", "9.999999")).toThrow(RangeError);
  });
});
