/** Turns the sample province's insured persons, cards and allowances into rows of social insurance's tables. */
import type { CasePlan, DossierPlan, HealthCardPlan } from "../../province/seed/plan.ts";
import type { OwnSeed } from "../kit/sources/tables/seed.ts";
import type { OpenTable } from "../kit/bulk-load.ts";
import type { CopyRows } from "../kit/copy-rows.ts";

export const SOCIAL_INSURANCE_TABLES = ["insured_person", "health_card", "allowance"] as const;

export class SocialInsuranceSeed implements OwnSeed {
  readonly #persons: CopyRows;
  readonly #cards: CopyRows;
  readonly #allowances: CopyRows;

  constructor(open: OpenTable) {
    this.#persons = open("insured_person", "insurance_number, personal_id, name, contribution_months");
    this.#cards = open(
      "health_card",
      `number, insurance_number, dossier_code, valid_from, valid_to, hospital`,
    );
    this.#allowances = open("allowance", "insurance_number, dossier_code, kind, amount, decided_at, paid_at");
  }

  addNewcomers({ people }: DossierPlan): void {
    for (const { insuranceNumber, personalId, name, contributionMonths, healthCard } of people) {
      if (insuranceNumber === null) continue;
      this.#persons.row();
      this.#persons.text(insuranceNumber);
      this.#persons.text(personalId);
      this.#persons.constant(name);
      this.#persons.integer(contributionMonths);
      if (healthCard !== null) this.#addCard(null, healthCard);
    }
  }

  addExtras({ code }: DossierPlan, { extras: { healthCard, allowance } }: CasePlan): void {
    if (healthCard !== undefined) this.#addCard(code, healthCard);
    if (allowance === undefined) return;
    this.#allowances.row();
    this.#allowances.text(allowance.insuranceNumber);
    this.#allowances.repeated(code);
    this.#allowances.constant(allowance.kind);
    this.#allowances.bigint(allowance.amount);
    this.#allowances.instant(allowance.decidedAt);
    this.#allowances.instant(allowance.paidAt);
  }

  #addCard(dossierCode: string | null, card: HealthCardPlan): void {
    this.#cards.row();
    this.#cards.text(card.number);
    this.#cards.text(card.insuranceNumber);
    this.#cards.text(dossierCode);
    this.#cards.day(card.validFrom);
    this.#cards.day(card.validTo);
    this.#cards.constant(card.hospital);
  }
}
