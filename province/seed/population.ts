/**
 * The people and businesses of the province, each made from its number alone: who is named again is the same again.
 */
import { taxCheckDigit } from "../../subgraphs/kit/identifiers.ts";
import { BUSINESS_FORMS, BUSINESS_NAMES, BUSINESS_TRADES, personName } from "../catalogue/names.ts";
import { ADDRESS_COMMUNES, STREETS } from "../catalogue/places.ts";
import { Random } from "../random.ts";
import type { ApplicantPlan, BusinessPlan, HealthCardPlan, NoticePlan, PersonPlan } from "./plan.ts";

const PERSON_STREAM = 0x9e75;
const BUSINESS_STREAM = 0xb51e;

/** Places of birth registration, first digits of a personal ID: this province before 2025, its neighbours, Hà Nội. */
const BIRTH_PLACES = ["038", "038", "038", "038", "040", "037", "036", "001"] as const;
/** Where the serials of those are used up: one for every further million. */
const FURTHER_PLACES = ["002", "004", "006", "008", "010", "011", "012", "014", "015", "017", "019"] as const;
/** Of those whom a dossier registers (births) or strikes off (deaths): apart from all others. */
const DOSSIER_PLACES = ["056", "054", "058", "060"] as const;
/** Personal IDs, insurance numbers and tax codes hold this many serial numbers before another part must change. */
const SERIALS = 1_000_000;
/** Coprime to SERIALS: neighbours get serials far apart, and no two the same. */
const SERIAL_STEP = 618_033;

/** Numbers without a check digit are not issued: of so many neighbours at least one has it (a test counts). */
const TAX_CODE_STEP = 4;

const HOSPITALS = [
  "Bệnh viện Đa khoa tỉnh",
  "Bệnh viện Nhi tỉnh",
  "Trung tâm Y tế thành phố Tân Giang",
  "Trạm Y tế phường Tân Giang",
  "Bệnh viện Đa khoa Bình Sơn",
] as const;

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1950;
/** Days since 1970 of each 1 January, from the first year on. */
const FIRST_DAYS = Array.from({ length: 60 }, (_, year) => Date.UTC(FIRST_YEAR + year, 0, 1) / DAY_MS);

const random = new Random();

/** How many different people there can be. */
export const LARGEST_POPULATION = SERIALS * (1 + FURTHER_PLACES.length);

/** The `number`-th person of the province. `today` is in days since 1970. */
export function personOf(number: number, today: number): PersonPlan & { readonly applicant: ApplicantPlan } {
  random.restart(PERSON_STREAM, number);
  const female = random.chance(0.5);
  const name = personName(random, female);
  const year = FIRST_YEAR + random.integer(0, FIRST_DAYS.length - 3);
  const bornOn = dayOf(year, random.integer(0, 364));
  const birthPlace = random.pick(BIRTH_PLACES);
  const place = FURTHER_PLACES[Math.floor(number / SERIALS) - 1] ?? birthPlace;
  const personalId = personalIdOf(place, female, year, number % SERIALS);
  const address = addressOf(random);
  const phone = phoneOf(random);
  const taxCode = random.chance(0.6) ? taxCodeOf(800_000_000 + number * TAX_CODE_STEP) : null;
  const insuranceNumber = random.chance(0.85) ? String(3_800_000_000 + number) : null;
  const registeredOn = today - random.integer(400, 7_000);
  const applicant = { kind: 1, name, phone, address, personalId, taxCode };
  return {
    applicant,
    known: true,
    personalId,
    name,
    female,
    bornOn,
    residence: {
      personalId,
      kind: random.chance(0.85) ? "PERMANENT" : "TEMPORARY",
      address,
      registeredOn,
      deletedOn: null,
      householdHead: random.chance(0.5) ? name : personName(random, false),
    },
    taxCode,
    insuranceNumber,
    contributionMonths: random.integer(0, 320),
    healthCard:
      insuranceNumber === null
        ? null
        : healthCardOf(random, insuranceNumber, today - random.integer(10, 300)),
    yearlyNotice: taxCode !== null && random.chance(0.4) ? yearlyNotice(random, taxCode, today, false) : null,
  };
}

/** Somebody whom a dossier registers or strikes off, made from the dossier's number. */
export function registeredPerson(
  dossier: number,
  name: string,
  female: boolean,
  bornOn: number,
): Pick<PersonPlan, "personalId" | "name" | "female" | "bornOn"> & { readonly insuranceNumber: string } {
  const place = DOSSIER_PLACES[Math.floor(dossier / SERIALS) % DOSSIER_PLACES.length] ?? DOSSIER_PLACES[0];
  return {
    personalId: personalIdOf(place, female, yearOf(bornOn), dossier % SERIALS),
    name,
    female,
    bornOn,
    insuranceNumber: String(5_600_000_000 + dossier),
  };
}

/** The `number`-th business of the province. */
export function businessOf(
  number: number,
  today: number,
): BusinessPlan & { readonly applicant: ApplicantPlan } {
  random.restart(BUSINESS_STREAM, number);
  const name = `${random.pick(BUSINESS_FORMS)} ${random.pick(BUSINESS_TRADES)} ${random.pick(BUSINESS_NAMES)}`;
  const address = addressOf(random);
  const taxCode = taxCodeOf(280_000_000 + number * TAX_CODE_STEP);
  const applicant = { kind: 2, name, phone: phoneOf(random), address, personalId: null, taxCode };
  const yearly = random.chance(0.5) ? yearlyNotice(random, taxCode, today, true) : null;
  return { applicant, taxCode, name, address, active: random.chance(0.98), yearlyNotice: yearly };
}

/** A business that a dossier founds: the `number`-th of those. */
export function foundedBusiness(number: number, address: string): BusinessPlan {
  random.restart(BUSINESS_STREAM, -1 - number);
  const name = `${random.pick(BUSINESS_FORMS)} ${random.pick(BUSINESS_TRADES)} ${random.pick(BUSINESS_NAMES)}`;
  return {
    taxCode: taxCodeOf(560_200_000 + number * TAX_CODE_STEP),
    name,
    address,
    active: true,
    yearlyNotice: null,
  };
}

export function healthCardOf(from: Random, insuranceNumber: string, validFrom: number): HealthCardPlan {
  // Since April 2021 the card bears the insurance number, 10 digits.
  return {
    number: insuranceNumber,
    insuranceNumber,
    validFrom,
    validTo: validFrom + 365,
    hospital: from.pick(HOSPITALS),
  };
}

/** `12 đường Lê Lợi, phường Tân Giang` */
export function addressOf(from: Random): string {
  return `${from.integer(1, 480)} đường ${from.pick(STREETS)}, ${from.pick(ADDRESS_COMMUNES)}`;
}

/** The first number from `first` on that has a check digit, with it. */
export function taxCodeOf(first: number): string {
  for (let number = first; ; number++) {
    const digits = String(number).padStart(9, "0");
    const check = taxCheckDigit(digits);
    if (check !== undefined) return digits + check;
  }
}

function personalIdOf(place: string, female: boolean, year: number, serial: number): string {
  const century = (year >= 2000 ? 2 : 0) + (female ? 1 : 0);
  const digits = (serial * SERIAL_STEP) % SERIALS;
  return `${place}${century}${String(year % 100).padStart(2, "0")}${String(digits).padStart(6, "0")}`;
}

function yearlyNotice(from: Random, taxCode: string, today: number, business: boolean): NoticePlan {
  const issuedOn = today - from.integer(20, 340);
  const amount = business ? from.integer(20, 900) * 100_000 : from.integer(4, 90) * 10_000;
  const issuedAt = issuedOn * 86_400 + from.integer(1, 9) * 3_600;
  const paid = from.chance(0.85);
  return {
    number: `TBN-${taxCode}`,
    taxCode,
    kind: business ? "Thuế giá trị gia tăng" : "Thuế sử dụng đất phi nông nghiệp",
    amount,
    issuedAt,
    dueOn: issuedOn + 30,
    paidAt: paid ? Math.min(issuedAt + from.integer(1, 28) * 86_400, today * 86_400) : null,
  };
}

function phoneOf(from: Random): string {
  return `09${String(from.integer(0, 99_999_999)).padStart(8, "0")}`;
}

/** Days since 1970 of a day of a year, counted from 0. */
function dayOf(year: number, day: number): number {
  return (FIRST_DAYS[year - FIRST_YEAR] ?? 0) + day;
}

function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}
