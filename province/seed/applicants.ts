/** Who applies: the population grows with the dossiers, so that people come back, on average two or three times a year. */
import { ORGANISATIONS } from "../catalogue/names.ts";
import type { Applicants } from "../catalogue/procedure.ts";
import type { Random } from "../random.ts";
import type { ApplicantPlan, BusinessPlan, PersonPlan } from "./plan.ts";
import { addressOf, businessOf, LARGEST_POPULATION, personOf } from "./population.ts";

export interface Drawn {
  readonly applicant: ApplicantPlan;
  readonly insuranceNumber: string | null;
  /** Set where no dossier before named the person or the business. */
  readonly newPerson: PersonPlan | null;
  readonly newBusiness: BusinessPlan | null;
}

/** Of mixed procedures, so many are applied for by persons. */
const CITIZEN_SHARE = 0.7;
const PEOPLE_PER_DOSSIER = 0.4;
const BUSINESSES_PER_DOSSIER = 0.05;
const LARGEST_BUSINESS = 250_000;

export class ApplicantPool {
  readonly #today: number;
  readonly #people = new NumberSet();
  readonly #businesses = new NumberSet();

  /** `today` in days since 1970. */
  constructor(today: number) {
    this.#today = today;
  }

  /** Draws the applicant of the dossier at `index`. */
  draw(random: Random, kind: Applicants, index: number): Drawn {
    if (kind === "bodies") return bodyOf(random);
    const citizen = kind === "citizens" || (kind === "mixed" && random.chance(CITIZEN_SHARE));
    if (citizen) {
      const limit = Math.min(100 + index * PEOPLE_PER_DOSSIER, LARGEST_POPULATION);
      const number = Math.floor(random.next() * limit);
      const person = personOf(number, this.#today);
      const newPerson = this.#people.add(number) ? person : null;
      return {
        applicant: person.applicant,
        insuranceNumber: person.insuranceNumber,
        newPerson,
        newBusiness: null,
      };
    }
    const limit = Math.min(50 + index * BUSINESSES_PER_DOSSIER, LARGEST_BUSINESS);
    const number = Math.floor(random.next() * limit);
    const business = businessOf(number, this.#today);
    const newBusiness = this.#businesses.add(number) ? business : null;
    return { applicant: business.applicant, insuranceNumber: null, newPerson: null, newBusiness };
  }
}

function bodyOf(random: Random): Drawn {
  const name = random.pick(ORGANISATIONS);
  // Schools, hospitals and boards are public bodies (3); associations and co-operatives are organisations (4).
  const kind = /^(Hội|Hợp tác xã|Liên đoàn)/.test(name) ? 4 : 3;
  const applicant = {
    kind,
    name,
    phone: `0237${random.integer(3_200_000, 3_999_999)}`,
    address: addressOf(random),
    personalId: null,
    taxCode: null,
  };
  return { applicant, insuranceNumber: null, newPerson: null, newBusiness: null };
}

/** Whole numbers from 0, one bit each. */
class NumberSet {
  #bits = new Uint8Array(1 << 12);

  /** Whether it was not there before. */
  add(number: number): boolean {
    const byte = number >>> 3;
    if (byte >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(this.#bits.length * 2, byte + 1));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    const before = this.#bits[byte] ?? 0;
    const bit = 1 << (number & 7);
    this.#bits[byte] = before | bit;
    return (before & bit) === 0;
  }
}
