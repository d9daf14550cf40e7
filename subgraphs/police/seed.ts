/** Turns the sample province's citizens and residences into rows of the police's tables. */
import type { CasePlan, DossierPlan, ResidencePlan } from "../../province/seed/plan.ts";
import type { OwnSeed } from "../kit/sources/tables/seed.ts";
import type { OpenTable } from "../kit/bulk-load.ts";
import type { CopyRows } from "../kit/copy-rows.ts";

export const POLICE_TABLES = ["citizen", "residence"] as const;

export class PoliceSeed implements OwnSeed {
  readonly #citizens: CopyRows;
  readonly #residences: CopyRows;

  constructor(open: OpenTable) {
    this.#citizens = open("citizen", "personal_id, full_name, born_on, sex");
    this.#residences = open(
      "residence",
      `personal_id, dossier_code, kind, address, registered_on, deleted_on, household_head`,
    );
  }

  addNewcomers({ people }: DossierPlan): void {
    for (const { known, personalId, name, bornOn, female, residence } of people) {
      if (!known) continue;
      this.#citizens.row();
      this.#citizens.text(personalId);
      this.#citizens.constant(name);
      this.#citizens.day(bornOn);
      this.#citizens.constant(female ? "FEMALE" : "MALE");
      if (residence !== null) this.#addResidence(null, residence);
    }
  }

  addExtras({ code }: DossierPlan, { extras: { residence } }: CasePlan): void {
    if (residence !== undefined) this.#addResidence(code, residence);
  }

  #addResidence(dossierCode: string | null, residence: ResidencePlan): void {
    this.#residences.row();
    this.#residences.text(residence.personalId);
    this.#residences.text(dossierCode);
    this.#residences.constant(residence.kind);
    this.#residences.text(residence.address);
    this.#residences.day(residence.registeredOn);
    this.#residences.day(residence.deletedOn);
    this.#residences.constant(residence.householdHead);
  }
}
