import { describe, expect, it } from "vitest";
import { businessOf, LARGEST_POPULATION, personOf, taxCodeOf } from "../../../province/seed/population.ts";
import { parseInsuranceNumber, parsePersonalId, parseTaxCode } from "../../../subgraphs/kit/identifiers.ts";

const TODAY = 20_777;

describe("the population", () => {
  it("is the same person for the same number", () => {
    expect(personOf(12_345, TODAY)).toEqual(personOf(12_345, TODAY));
    expect(businessOf(99, TODAY)).toEqual(businessOf(99, TODAY));
    expect(personOf(1, TODAY).personalId).not.toBe(personOf(2, TODAY).personalId);
  });

  it("has valid numbers at both ends and where serials begin anew", () => {
    for (const number of [0, 999_999, 1_000_000, 1_999_999, LARGEST_POPULATION - 1]) {
      const { personalId, taxCode, insuranceNumber } = personOf(number, TODAY);
      expect(parsePersonalId(personalId)).toBe(personalId);
      expect(parseTaxCode(taxCode ?? personalId)).toBe(taxCode ?? personalId);
      expect(parseInsuranceNumber(insuranceNumber ?? personalId)).toBe(insuranceNumber ?? personalId);
    }
  });

  it("never gives a serial twice at one place of birth", () => {
    const given = new Set<string>();
    for (let number = 0; number < 50_000; number++) given.add(personOf(number, TODAY).personalId.slice(6));
    expect(given.size).toBe(50_000);
    // A million later the serials repeat, at another place.
    const [first, later] = [personOf(7, TODAY), personOf(1_000_007, TODAY)];
    expect(later.personalId.slice(6)).toBe(first.personalId.slice(6));
    expect(later.personalId.slice(0, 3)).not.toBe(first.personalId.slice(0, 3));
  });

  it("never gives a tax code twice", () => {
    const given = new Set<string>();
    for (let number = 0; number < 250_000; number++) given.add(businessOf(number, TODAY).taxCode);
    expect(given.size).toBe(250_000);
  });

  it("finds a tax code with a check digit within four numbers, so that none is given twice", () => {
    for (const first of [280_000_000, 560_200_000, 800_000_000])
      for (let number = first; number < first + 400_000; number += 4) {
        const found = Number(taxCodeOf(number).slice(0, 9));
        expect(found - number).toBeLessThan(4);
      }
  });
});
