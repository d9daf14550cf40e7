/**
 * Codes that the checks make: spellings of an agency's code, dossiers, idempotency keys.
 */
import { randomInt } from "node:crypto";
import { plusDays } from "./vietnam-time.ts";

/** `H56.14` → `000.00.14.H56` (QCVN 102:2016); undefined for a state enterprise's business code. */
export function reversedSpelling(agencyCode: string): string | undefined {
  const groups = agencyCode.split(".");
  if (/^\d{10}$/.test(agencyCode) || groups.length > 4) return undefined;
  const [first = "", ...others] = [...groups, ...Array<string>(4 - groups.length).fill("00")].toReversed();
  return [first.padStart(3, "0"), ...others].join(".");
}

/** Names that no other run of the checks gives. */
export class Names {
  readonly #run = String(randomInt(100_000)).padStart(5, "0");
  readonly #agency: string;
  #dossiers = 0;
  #keys = 0;
  readonly #firstDay = randomInt(10_000);
  #days = 0;

  constructor(agency: string) {
    this.#agency = agency;
  }

  /** A dossier code of today: five digits of the run, then four that count. */
  dossier(): string {
    const day = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll("-", "");
    return `${this.#agency}-${day}-${this.#run}${String(++this.#dossiers).padStart(4, "0")}`;
  }

  /** A day between 1980 and 2007, far from every case of real work, with none of the run's other days beside it. */
  day(): string {
    return plusDays("1980-01-01", (this.#firstDay + 3 * this.#days++) % 10_000);
  }

  idempotencyKey(): string {
    return `conformance:${this.#run}:${Date.now()}:${++this.#keys}`;
  }
}
