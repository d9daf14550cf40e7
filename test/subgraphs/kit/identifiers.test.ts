import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AgencyError } from "../../../subgraphs/kit/errors.ts";
import {
  formatDossierCode,
  parseAgencyCode,
  parseDossierCode,
  parseInsuranceNumber,
  parsePersonalId,
  parseProcedureCode,
  parseTaxCode,
} from "../../../subgraphs/kit/identifiers.ts";

type Parse = (value: string) => string;

/** The error code with which a value is refused, or the spelling in which it is accepted. */
function verdict(parse: Parse, value: string): string {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof AgencyError) return error.code;
    throw error;
  }
}

const digits = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const twoDigits = digits(2);
const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** By the published rule, written apart from the code under test: N10 = 10 − (Σ wᵢnᵢ mod 11), 0 is not issued. */
function isIssued(code: string): boolean {
  const [n1, n2, n3, n4, n5, n6, n7, n8, n9, n10] = Array.from(code, Number);
  const sum = 31 * n1! + 29 * n2! + 23 * n3! + 19 * n4! + 17 * n5! + 13 * n6! + 7 * n7! + 5 * n8! + 3 * n9!;
  return sum % 11 !== 0 && n10 === 10 - (sum % 11);
}

const taxCodes = fc
  .tuple(digits(9), digits(1))
  .map((parts) => parts.join(""))
  .filter(isIssued);

describe("agency codes", () => {
  /** Level 1, and up to three levels below it, none of them all zeros. */
  const levels = fc.tuple(
    fc.tuple(fc.stringMatching(/^[A-Y]$/), twoDigits).map((parts) => parts.join("")),
    fc.array(
      twoDigits.filter((group) => group !== "00"),
      { maxLength: 3 },
    ),
  );

  test("both spellings name the same agency", () => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 0, max: 2 }), ([first, below], padding) => {
        const canonical = [first, ...below].join(".");
        const reversed = [...Array<string>(padding).fill("000"), ...below.toReversed(), first].join(".");
        expect(parseAgencyCode(canonical)).toBe(canonical);
        expect(parseAgencyCode(reversed)).toBe(canonical);
        expect(parseAgencyCode(parseAgencyCode(reversed))).toBe(canonical);
      }),
    );
  });

  test.each([
    ["H56", "H56"],
    ["H56.14", "H56.14"],
    ["000.00.14.H56", "H56.14"],
    ["000.00.00.H56", "H56"],
    ["000.00.06.H56", "H56.06"],
    ["000.00.56.G12", "G12.56"],
    ["01.31.H56", "H56.31.01"],
    [" h56.14 ", "H56.14"],
    ["0100100079", "0100100079"],
  ])("%s is %s", (given, canonical) => {
    expect(parseAgencyCode(given)).toBe(canonical);
  });

  test.each([
    "",
    "56",
    "Z56.14",
    "H5.14",
    "H56.",
    "H56..14",
    ".H56",
    "H56-14",
    "H56 14",
    "0100100078",
    `H56${".14".repeat(11)}`,
  ])("%j is refused", (value) => {
    expect(verdict(parseAgencyCode, value)).toBe("INVALID_AGENCY_CODE");
  });
});

describe("procedure codes", () => {
  test("every form comes down to the short one", () => {
    fc.assert(
      fc.property(
        digits(1),
        digits(6),
        fc.constantFrom("", ".000.00.00"),
        fc.option(twoDigits, { nil: undefined }),
        (kind, number, padding, province) => {
          const short = `${kind}.${number}`;
          const long = `${short}${padding}${province === undefined ? "" : `.H${province}`}`;
          expect(parseProcedureCode(long)).toBe(short);
        },
      ),
    );
  });

  test.each(["", "1004222", "1.04222", "1.0042222", "12.004222", "1.004222.000", "1.004222.G12", "1,004222"])(
    "%j is refused",
    (value) => {
      expect(verdict(parseProcedureCode, value)).toBe("INVALID_PROCEDURE_CODE");
    },
  );
});

describe("tax codes", () => {
  test("real ones are accepted", () => {
    for (const code of ["0100109106", "0100100079", "0100109106-001"]) expect(parseTaxCode(code)).toBe(code);
  });

  test("the check digit is the published one", () => {
    fc.assert(
      fc.property(digits(10), (code) => {
        expect(verdict(parseTaxCode, code)).toBe(isIssued(code) ? code : "INVALID_TAX_CODE");
      }),
    );
    fc.assert(
      fc.property(taxCodes, digits(3), (code, branch) => {
        expect(parseTaxCode(`${code}-${branch}`)).toBe(`${code}-${branch}`);
      }),
    );
  });

  test("one wrong digit is found, wherever it is", () => {
    fc.assert(
      fc.property(taxCodes, (code) => {
        for (let position = 0; position < 10; position++) {
          for (const digit of DIGITS) {
            const corrupted = code.slice(0, position) + digit + code.slice(position + 1);
            expect(verdict(parseTaxCode, corrupted)).toBe(
              isIssued(corrupted) ? corrupted : "INVALID_TAX_CODE",
            );
            // 11 is prime and divides none of the weights: one wrong digit never passes.
            expect(isIssued(corrupted)).toBe(corrupted === code);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test("nine digits whose remainder is 0 have no check digit at all", () => {
    fc.assert(
      fc.property(
        digits(9).filter((nine) => DIGITS.every((digit) => !isIssued(nine + digit))),
        (nine) => {
          for (const digit of DIGITS) expect(verdict(parseTaxCode, nine + digit)).toBe("INVALID_TAX_CODE");
        },
      ),
      { numRuns: 20 },
    );
  });

  test("a person's is the personal ID", () => {
    expect(parseTaxCode("001090012345")).toBe("001090012345");
  });

  test.each(["", "010010910", "01001091066", "0100109106-01", "0100109106-0001", "0100109106001"])(
    "%j is refused",
    (value) => {
      expect(verdict(parseTaxCode, value)).toBe("INVALID_TAX_CODE");
    },
  );
});

describe("numbers of people", () => {
  test("any 12 digits are a personal ID, wherever the birth was registered", () => {
    fc.assert(
      fc.property(digits(12), (id) => {
        expect(parsePersonalId(` ${id} `)).toBe(id);
      }),
    );
  });

  test("a social insurance number is 10 digits or the personal ID", () => {
    fc.assert(
      fc.property(fc.oneof(digits(10), digits(12)), (id) => {
        expect(parseInsuranceNumber(id)).toBe(id);
      }),
    );
  });

  test.each(["", "1", "12345678901", "1234567890123", "12345678901a"])("%j is refused by both", (value) => {
    expect(verdict(parsePersonalId, value)).toBe("INVALID_PERSONAL_ID");
    expect(verdict(parseInsuranceNumber, value)).toBe("INVALID_INSURANCE_NUMBER");
  });

  test("what may be somebody's number is not repeated in the error", () => {
    for (const parse of [parsePersonalId, parseTaxCode, parseInsuranceNumber])
      expect(() => parse("0010900123456")).toThrow(/"00\*+56"/);
  });
});

describe("dossier codes", () => {
  const days = fc
    .integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

  test("what is issued is accepted", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 2_000_000 }), (day, order) => {
        const code = formatDossierCode("H56.14", day, order);
        expect(parseDossierCode(code)).toBe(code);
        expect(code).toBe(
          `H56.14-${day.slice(2, 4)}${day.slice(5, 7)}${day.slice(8)}-${order < 1_000 ? String(order).padStart(4, "0") : order}`,
        );
      }),
    );
  });

  test("real ones are accepted as they were issued", () => {
    for (const code of ["000.00.06.H56-231027-0361", "H56.14-240823-0001", "0100100079-240229-12345"])
      expect(parseDossierCode(code)).toBe(code);
    expect(parseDossierCode(" h56.14-240823-0001")).toBe("H56.14-240823-0001");
  });

  test("six digits that are no day are refused", () => {
    fc.assert(
      fc.property(digits(6), (six) => {
        const [year, month, day] = [`20${six.slice(0, 2)}`, Number(six.slice(2, 4)), Number(six.slice(4))];
        const real =
          month >= 1 && month <= 12 && day >= 1 && day <= new Date(Number(year), month, 0).getDate();
        const code = `H56.14-${six}-0001`;
        expect(verdict(parseDossierCode, code)).toBe(real ? code : "INVALID_DOSSIER_CODE");
      }),
      { examples: [["230229"], ["240229"], ["240231"], ["241301"], ["240800"], ["000000"]] },
    );
  });

  test.each([
    "",
    "H56.14-240823-001",
    "H56.14-20240823-0001",
    "H56.14/240823/0001",
    "-240823-0001",
    "H56.14-240823-0001-1",
    "...-240823-0001",
    "NOBODY-240823-0001",
    "0100100078-240823-0001",
    `H56.14-240823-${"9".repeat(40)}`,
  ])("%j is refused", (value) => {
    expect(verdict(parseDossierCode, value)).toBe("INVALID_DOSSIER_CODE");
  });
});

function fullWidth(text: string): string {
  return text.replaceAll(/[!-~]/g, (char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfe_e0));
}

function arabic(text: string): string {
  return text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x06_60 + Number(digit)));
}

describe("letters and digits of other scripts", () => {
  test.each<[string, Parse, string]>([
    ["an agency code", parseAgencyCode, "H56.14"],
    ["a procedure code", parseProcedureCode, "1.004222"],
    ["a personal ID", parsePersonalId, "001090012345"],
    ["a tax code", parseTaxCode, "0100109106"],
    ["an insurance number", parseInsuranceNumber, "0123456789"],
    ["a dossier code", parseDossierCode, "H56.14-240823-0001"],
  ])("%s is written in ASCII alone, on one line", (_, parse, value) => {
    expect(parse(value)).toBe(value);
    const tricks = [
      fullWidth(value),
      arabic(value),
      `${value}\u0000`,
      `${value}\u200B`,
      `${value}\u0301`,
      `${value}\n${value}`,
      value.replace("1", "１"),
    ];
    for (const trick of tricks) expect(verdict(parse, trick)).toMatch(/^INVALID_/);
    // White space around it is not part of it, and never comes out again.
    for (const padded of [`${value}\n`, `\t${value} `]) expect(parse(padded)).toBe(value);
  });

  test("a letter whose capital happens to be ASCII is not that letter", () => {
    expect(verdict(parseAgencyCode, "H56.1ſ")).toBe("INVALID_AGENCY_CODE");
    expect(verdict(parseAgencyCode, "H56.ß")).toBe("INVALID_AGENCY_CODE");
    expect(verdict(parseAgencyCode, "ı56.14")).toBe("INVALID_AGENCY_CODE");
    expect(verdict(parseDossierCode, "H56.ſ4-240823-0001")).toBe("INVALID_DOSSIER_CODE");
  });

  test("nothing at all crashes a parser", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (value) => {
        for (const parse of [parseAgencyCode, parseProcedureCode, parseTaxCode, parseDossierCode])
          expect(verdict(parse, value)).toMatch(/^(INVALID_\w+|[A-Z0-9.-]+)$/);
      }),
    );
  });
});
