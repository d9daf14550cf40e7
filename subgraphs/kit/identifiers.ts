/**
 * Identifiers of people, businesses, agencies, procedures and dossiers: checked, and brought to one spelling.
 * Sources: Decision 20/2020/QĐ-TTg and QCVN 102:2016 (agencies), Decree 37/2021 (personal ID), Circular 105/2020 (tax
 * codes), the national portal's conventions (procedures, dossiers).
 */
import { AgencyError } from "./errors.ts";
import { plusDays, type Day } from "./calendar.ts";

// Case is ignored here and not by an earlier toUpperCase, which would make ASCII letters of others: ſ → S, ß → SS.
const AGENCY = /^[A-Y]\d\d(\.[A-Z0-9]{2,})*$/i;
const AGENCY_REVERSED = /^([A-Z0-9]{2,3}\.)+[A-Y]\d\d$/i;
const PROCEDURE = /^(\d\.\d{6})(\.000\.00\.00)?(\.H\d\d)?$/;
const PERSONAL_ID = /^\d{3}[0-9]\d{2}\d{6}$/;
const TAX_CODE = /^(\d{10})(-\d{3})?$/;
const DOSSIER = /^([A-Z0-9.]{1,35})-(\d{2})(\d{2})(\d{2})-(\d{4,9})$/i;

/**
 * An agency code in its canonical spelling (`H56.14`), from either spelling: Decision 20/2020 (`H56.14`) or the
 * reversed one of QCVN 102:2016 (`000.00.14.H56`, groups of zeros stand for absent levels). State enterprises use
 * their business code.
 * @throws AgencyError INVALID_AGENCY_CODE
 */
export function parseAgencyCode(value: string, field = "agencyCode"): string {
  const code = canonicalAgencyCode(value.trim());
  if (code !== undefined) return code;
  throw new AgencyError("INVALID_AGENCY_CODE", {
    field,
    value,
    allowed:
      "H56.14 (Decision 20/2020), 000.00.14.H56 (QCVN 102:2016), or a state enterprise's 10-digit code",
  });
}

/** In its canonical spelling; undefined for what is no agency code. */
export function canonicalAgencyCode(code: string): string | undefined {
  if (code.length > 35) return undefined;
  if (AGENCY.test(code)) return code.toUpperCase();
  if (AGENCY_REVERSED.test(code)) {
    const groups = code.toUpperCase().split(".").toReversed();
    while (groups.length > 1 && /^0+$/.test(groups.at(-1) ?? "")) groups.pop();
    return groups.join(".");
  }
  return /^\d{10}$/.test(code) && hasTaxCheckDigit(code) ? code : undefined;
}

/**
 * A procedure code in its short form (`1.004222`), from `1.004222`, `1.004222.H56` or `1.004222.000.00.00.H56`.
 * @throws AgencyError INVALID_PROCEDURE_CODE
 */
export function parseProcedureCode(value: string, field = "procedureCode"): string {
  const match = PROCEDURE.exec(value.trim());
  if (match?.[1] !== undefined) return match[1];
  throw new AgencyError("INVALID_PROCEDURE_CODE", {
    field,
    value,
    allowed: "1.004222, 2.002621.H56 or 1.001193.000.00.00.H56",
  });
}

/**
 * A personal ID (số định danh cá nhân): 12 digits, the fourth 0–9 for century and sex; it has no check digit, and its
 * place of birth registration is never compared with today's provinces.
 * @throws AgencyError INVALID_PERSONAL_ID
 */
export function parsePersonalId(value: string, field = "personalId"): string {
  const id = value.trim();
  if (PERSONAL_ID.test(id)) return id;
  throw new AgencyError("INVALID_PERSONAL_ID", { field, value: masked(value), allowed: "12 digits" });
}

/**
 * A tax code (mã số thuế): 10 digits with a valid check digit, optionally a branch `-NNN`; persons may use their
 * 12-digit personal ID since 1 July 2025.
 * @throws AgencyError INVALID_TAX_CODE
 */
export function parseTaxCode(value: string, field = "taxCode"): string {
  const code = value.trim();
  const match = TAX_CODE.exec(code);
  if (match?.[1] !== undefined && hasTaxCheckDigit(match[1])) return code;
  if (PERSONAL_ID.test(code)) return code;
  throw new AgencyError("INVALID_TAX_CODE", {
    field,
    value: masked(value),
    allowed: "10 digits with a valid check digit, optionally -NNN, or a 12-digit personal ID",
  });
}

/**
 * A social insurance number (mã số BHXH): 10 digits, or the personal ID since 1 August 2025.
 * @throws AgencyError INVALID_INSURANCE_NUMBER
 */
export function parseInsuranceNumber(value: string, field = "insuranceNumber"): string {
  const number = value.trim();
  if (/^\d{10}$/.test(number) || PERSONAL_ID.test(number)) return number;
  throw new AgencyError("INVALID_INSURANCE_NUMBER", {
    field,
    value: masked(value),
    allowed: "10 digits, or a 12-digit personal ID",
  });
}

/**
 * A dossier code `<agency code>-YYMMDD-XXXX`, as it was issued: neither spelling of the agency is rewritten.
 * @throws AgencyError INVALID_DOSSIER_CODE
 */
export function parseDossierCode(value: string, field = "dossierCode"): string {
  const code = value.trim();
  const [, agency = "", year, month, day] = DOSSIER.exec(code) ?? [];
  if (canonicalAgencyCode(agency) !== undefined && isDay(`20${year}-${month}-${day}`))
    return code.toUpperCase();
  throw new AgencyError("INVALID_DOSSIER_CODE", {
    field,
    value,
    allowed: "<agency code>-YYMMDD-XXXX, such as H56.14-240823-0001",
  });
}

/** The code of an agency's `order`-th dossier of a day: `H56.14`, `2024-08-23`, 1 → `H56.14-240823-0001`. */
export function formatDossierCode(agencyCode: string, day: Day, order: number): string {
  return `${agencyCode}-${day.slice(2).replaceAll("-", "")}-${String(order).padStart(4, "0")}`;
}

/** A dossier code with its agency in the canonical spelling: two spellings of one code become the same. */
export function canonicalDossierCode(code: string): string {
  const [whole, agency = ""] = DOSSIER.exec(code.trim()) ?? [];
  const canonical = canonicalAgencyCode(agency);
  if (whole === undefined || canonical === undefined) return code.trim().toUpperCase();
  return `${canonical}${whole.slice(agency.length).toUpperCase()}`;
}

/** A dossier code with its agency in the spelling of QCVN 102:2016: `H56.14-…` → `000.00.14.H56-…`. */
export function reversedDossierCode(code: string): string {
  const canonical = canonicalDossierCode(code);
  const agency = canonical.slice(0, canonical.indexOf("-"));
  if (!AGENCY.test(agency)) return canonical;
  const [first = "", second = "00", third = "00", fourth = "000"] = agency.split(".");
  return `${[fourth, third, second, first].join(".")}${canonical.slice(agency.length)}`;
}

/** N10 = 10 − (Σ wᵢnᵢ mod 11); a remainder of 0 gives no digit, so such numbers are not issued. */
export function taxCheckDigit(nineDigits: string): number | undefined {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(nineDigits[index]), 0);
  const remainder = sum % 11;
  return remainder === 0 ? undefined : 10 - remainder;
}

function hasTaxCheckDigit(code: string): boolean {
  return taxCheckDigit(code.slice(0, 9)) === Number(code[9]);
}

function isDay(day: string): boolean {
  const instant = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && plusDays(day, 0) === day;
}

/** Errors travel to logs and other systems: what may be somebody's number shows only its length and ends. */
function masked(value: string): string {
  const text = value.trim();
  return text.length <= 4
    ? text
    : `${text.slice(0, 2)}${"*".repeat(Math.min(text.length - 4, 20))}${text.slice(-2)}`;
}
