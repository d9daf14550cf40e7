/**
 * All SQL of what the tax office adds: taxpayers, notices, payments. Amounts in whole đồng.
 */
import type { Queryable } from "../../process/database.ts";

export interface TaxpayerRow {
  readonly taxCode: string;
  readonly name: string;
  readonly personalId: string | null;
  readonly address: string | null;
  readonly isBusiness: boolean;
  readonly active: boolean;
}

export interface NoticeRow {
  readonly number: string;
  readonly dossierCode: string | null;
  readonly taxCode: string | null;
  readonly kind: string;
  readonly amount: number;
  readonly paid: number;
  readonly issuedAt: Date;
  readonly dueOn: string;
}

export interface PaymentRow {
  readonly noticeNumber: string;
  readonly amount: number;
  readonly paidAt: Date;
}

export interface BusinessKey {
  readonly taxCode: string;
}

export interface CitizenKey {
  readonly personalId: string;
}

export interface PaymentPayload {
  readonly notice: NoticeRow;
}

const TAXPAYER = `tax_code as "taxCode", name, personal_id as "personalId", address, is_business as "isBusiness", active`;

const NOTICE = `select number, dossier_code as "dossierCode", tax_code as "taxCode", kind, amount, issued_at as "issuedAt",
    due_on as "dueOn", (select coalesce(sum(amount), 0)::bigint from tax_payment where notice_number = number) as paid
  from tax_notice`;

export function findTaxpayers(db: Queryable, taxCodes: readonly string[]): Promise<TaxpayerRow[]> {
  return db.query(`select ${TAXPAYER} from taxpayer where tax_code = any($1)`, [taxCodes]);
}

export function findTaxpayersByPersonalId(
  db: Queryable,
  personalIds: readonly string[],
): Promise<TaxpayerRow[]> {
  return db.query(`select ${TAXPAYER} from taxpayer where personal_id = any($1)`, [personalIds]);
}

/** Oldest first. */
export function findNoticesOfDossiers(db: Queryable, dossierCodes: readonly string[]): Promise<NoticeRow[]> {
  return db.query(`${NOTICE} where dossier_code = any($1) order by issued_at, number`, [dossierCodes]);
}

/** Latest first. */
export function findNoticesOfTaxpayers(db: Queryable, taxCodes: readonly string[]): Promise<NoticeRow[]> {
  return db.query(`${NOTICE} where tax_code = any($1) order by issued_at desc, number`, [taxCodes]);
}

/** Oldest first. */
export function findPayments(db: Queryable, noticeNumbers: readonly string[]): Promise<PaymentRow[]> {
  return db.query(
    `select notice_number as "noticeNumber", amount, paid_at as "paidAt"
     from tax_payment where notice_number = any($1) order by paid_at, id`,
    [noticeNumbers],
  );
}

/** Locks the notice until the transaction ends, so that two payments cannot both take what remains. */
export async function lockNotice(tx: Queryable, number: string): Promise<NoticeRow | undefined> {
  await tx.query("select from tax_notice where number = $1 for update", [number]);
  // A statement of its own: one that waited for the lock would still sum the payments as they were before it waited.
  const [row] = await tx.query<NoticeRow & Record<string, unknown>>(`${NOTICE} where number = $1`, [number]);
  return row;
}

export async function insertPayment(tx: Queryable, payment: PaymentRow): Promise<void> {
  await tx.query("insert into tax_payment (notice_number, amount, paid_at) values ($1, $2, $3)", [
    payment.noticeNumber,
    payment.amount,
    payment.paidAt,
  ]);
}
