/** Turns the sample province's taxpayers, notices and payments into rows of the tax office's tables. */
import type {
  BusinessPlan,
  CasePlan,
  DossierPlan,
  NoticePlan,
  PersonPlan,
} from "../../province/seed/plan.ts";
import type { OwnSeed } from "../kit/sources/tables/seed.ts";
import type { OpenTable } from "../kit/bulk-load.ts";
import type { CopyRows } from "../kit/copy-rows.ts";

export const TAX_TABLES = ["taxpayer", "tax_notice", "tax_payment"] as const;

export class TaxSeed implements OwnSeed {
  readonly #taxpayers: CopyRows;
  readonly #notices: CopyRows;
  readonly #payments: CopyRows;

  constructor(open: OpenTable) {
    this.#taxpayers = open("taxpayer", "tax_code, name, personal_id, address, is_business, active");
    this.#notices = open("tax_notice", "number, dossier_code, tax_code, kind, amount, issued_at, due_on");
    this.#payments = open("tax_payment", "notice_number, amount, paid_at");
  }

  addNewcomers({ people, businesses }: DossierPlan): void {
    for (const person of people) this.#addPerson(person);
    for (const business of businesses) this.#addBusiness(business);
  }

  addExtras({ code }: DossierPlan, { extras }: CasePlan): void {
    for (const notice of extras.notices ?? []) this.#addNotice(code, notice);
  }

  #addPerson({ taxCode, name, personalId, yearlyNotice }: PersonPlan): void {
    if (taxCode === null) return;
    this.#taxpayers.row();
    this.#taxpayers.text(taxCode);
    this.#taxpayers.constant(name);
    this.#taxpayers.text(personalId);
    this.#taxpayers.null();
    this.#taxpayers.boolean(false);
    this.#taxpayers.boolean(true);
    if (yearlyNotice !== null) this.#addNotice(null, yearlyNotice);
  }

  #addBusiness({ taxCode, name, address, active, yearlyNotice }: BusinessPlan): void {
    this.#taxpayers.row();
    this.#taxpayers.text(taxCode);
    this.#taxpayers.constant(name);
    this.#taxpayers.null();
    this.#taxpayers.text(address);
    this.#taxpayers.boolean(true);
    this.#taxpayers.boolean(active);
    if (yearlyNotice !== null) this.#addNotice(null, yearlyNotice);
  }

  #addNotice(dossierCode: string | null, notice: NoticePlan): void {
    this.#notices.row();
    this.#notices.text(notice.number);
    this.#notices.text(dossierCode);
    this.#notices.text(notice.taxCode);
    this.#notices.constant(notice.kind);
    this.#notices.bigint(notice.amount);
    this.#notices.instant(notice.issuedAt);
    this.#notices.day(notice.dueOn);
    if (notice.paidAt === null) return;
    this.#payments.row();
    this.#payments.text(notice.number);
    this.#payments.bigint(notice.amount);
    this.#payments.instant(notice.paidAt);
  }
}
