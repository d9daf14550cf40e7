/** Turns the sample province's licences and land records into rows of a department's tables. */
import type { CasePlan, DossierPlan } from "../../province/seed/plan.ts";
import type { OwnSeed } from "../kit/sources/tables/seed.ts";
import type { OpenTable } from "../kit/bulk-load.ts";
import type { CopyRows } from "../kit/copy-rows.ts";

export const DEPARTMENT_TABLES = ["licence", "land_record"] as const;

export class DepartmentSeed implements OwnSeed {
  readonly #licences: CopyRows;
  readonly #landRecords: CopyRows;

  constructor(open: OpenTable) {
    this.#licences = open("licence", "number, dossier_code, subject, holder, issued_on, valid_to");
    this.#landRecords = open(
      "land_record",
      "dossier_code, map_sheet, parcel, area, purpose, address, certificate",
    );
  }

  addExtras({ code }: DossierPlan, { extras: { licence, landRecord } }: CasePlan): void {
    if (licence !== undefined) {
      this.#licences.row();
      this.#licences.text(licence.number);
      this.#licences.repeated(code);
      this.#licences.constant(licence.subject);
      this.#licences.constant(licence.holder);
      this.#licences.day(licence.issuedOn);
      this.#licences.day(licence.validTo);
    }
    if (landRecord === undefined) return;
    this.#landRecords.row();
    this.#landRecords.repeated(code);
    this.#landRecords.integer(landRecord.mapSheet);
    this.#landRecords.integer(landRecord.parcel);
    this.#landRecords.numeric(landRecord.areaTenths);
    this.#landRecords.constant(landRecord.purpose);
    this.#landRecords.text(landRecord.address);
    this.#landRecords.text(landRecord.certificate);
  }
}
