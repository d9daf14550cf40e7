import { describe, expect, it } from "vitest";
import { PROCEDURES, procedureOf } from "../../../province/catalogue/procedures.ts";
import { ROUTES, totalDaysOf } from "../../../province/catalogue/routes.ts";

/** A route as agency, days and what each leg waits for. */
function shapeOf(agency: string, code: string) {
  const route = ROUTES.find(({ procedure }) => procedure.agency === agency && procedure.code === code);
  return {
    total: route && totalDaysOf(route),
    legs: route?.legs.map(({ agency: at, days, dependsOn }) => [at, days, dependsOn]),
  };
}

describe("routes", () => {
  it("lead every procedure that the centre receives, once", () => {
    const received = PROCEDURES.filter(({ volume }) => volume > 0);
    expect(ROUTES.map(({ procedure }) => procedure).toSorted(byKey)).toEqual(received.toSorted(byKey));
  });

  it("go by procedures that the agencies offer, in time for them, to each agency once", () => {
    for (const { legs } of ROUTES) {
      for (const [index, leg] of legs.entries()) {
        expect(procedureOf(leg.agency, leg.procedure.code)).toBe(leg.procedure);
        expect(leg.days).toBeLessThanOrEqual(leg.procedure.committedDays);
        for (const position of leg.dependsOn) expect(position).toBeLessThanOrEqual(index);
      }
      expect(new Set(legs.map(({ agency }) => agency)).size).toBe(legs.length);
    }
  });

  it("take no longer than was committed", () => {
    const longer = ROUTES.filter((route) => totalDaysOf(route) > route.procedure.committedDays);
    expect(longer.map(({ procedure }) => procedure.name)).toEqual([]);
  });

  it("birth: commune, then police and social insurance side by side, 3 days", () => {
    expect(shapeOf("H56.31.01", "2.002621")).toEqual({
      total: 3,
      legs: [
        ["H56.31.01", 0.5, []],
        ["G01.56", 2, [1]],
        ["G24.56", 2, [1]],
      ],
    });
  });

  it("death: registration, then residence and funeral allowance, by social insurance or the commune", () => {
    expect(shapeOf("H56.31.01", "2.002622").legs).toEqual([
      ["H56.31.01", 0.5, []],
      ["G01.56", 2, [1]],
      ["G24.56", 8, [1]],
    ]);
    expect(shapeOf("H56.02", "2.002622").legs).toEqual([
      ["H56.02", 0.5, []],
      ["G01.56", 2, [1]],
      ["H56.31.01", 5, [1]],
    ]);
  });

  it("land transfer: land and tax side by side, 8 days", () => {
    expect(shapeOf("H56.14", "1.013831")).toEqual({
      total: 8,
      legs: [
        ["H56.14", 8, []],
        ["G12.56", 5, []],
      ],
    });
  });

  it("business start: registration and tax, then social insurance, 3 days", () => {
    for (const code of ["2.001583", "2.001199", "2.002043", "2.001610"])
      expect(shapeOf("H56.03", code)).toEqual({
        total: 3,
        legs: [
          ["H56.03", 2, []],
          ["G12.56", 1, []],
          ["G24.56", 1, [1, 2]],
        ],
      });
  });

  it("karaoke: commune 3, police 3, department 10, one after another", () => {
    expect(shapeOf("H56.09", "1.001029")).toEqual({
      total: 16,
      legs: [
        ["H56.31.01", 3, []],
        ["G01.56", 3, [1]],
        ["H56.09", 10, [2]],
      ],
    });
  });

  it("power: construction permit, then the utility, 5 days at low voltage and at most 30 at medium", () => {
    const low = shapeOf("5601001007", "2.002701").legs;
    const medium = shapeOf("5601001007", "2.002702").legs;
    expect(low?.[1]).toEqual(["5601001007", 5, [1]]);
    expect(medium?.[0]?.[0]).toBe("H56.08");
    expect(medium?.[1]?.[1]).toBeLessThanOrEqual(30);
  });
});

function byKey(one: { agency: string; code: string }, other: { agency: string; code: string }): number {
  return `${one.agency} ${one.code}`.localeCompare(`${other.agency} ${other.code}`);
}
