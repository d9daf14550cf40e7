/** Turns the sample province's catalogue and cases into rows of the power company's own software. */
import { officersOf } from "../../province/catalogue/officers.ts";
import type { Procedure } from "../../province/catalogue/procedure.ts";
import { proceduresOf } from "../../province/catalogue/procedures.ts";
import type { CasePlan, DossierPlan, StepPlan, SupplementPlan } from "../../province/seed/plan.ts";
import type { BulkLoad } from "../kit/bulk-load.ts";
import { LEGACY_STATES } from "./legacy/states.ts";

export const POWER_TABLES = [
  "idempotency",
  "outbox",
  "source_attempt",
  "nhan_vien",
  "thu_tuc",
  "ho_so",
  "tien_do",
  "diem_do",
] as const;

/** Its times are local, without a zone. */
const OFFSET_SECONDS = 7 * 3_600;
const ONLINE_LEVELS = { NONE: 2, PARTIAL: 3, FULL: 4 } as const;

/** Procedures that end with a connection, and to which grid. */
const CONNECTIONS: ReadonlyMap<string, "HA" | "TRUNG"> = new Map([
  ["2.002703", "HA"],
  ["2.002704", "TRUNG"],
]);

export class PowerSeed {
  readonly #load: BulkLoad;
  readonly #agency: string;
  readonly #files;
  readonly #progress;
  readonly #meters;

  constructor(load: BulkLoad, agency: string) {
    this.#load = load;
    this.#agency = agency;
    this.#files = load.open(
      "ho_so",
      `ma_ho_so, ma_tthc, trang_thai, ngay_tiep_nhan, ngay_hen_tra, ngay_ket_thuc, ma_nv, chu_ho_so, so_dinh_danh,
       ma_so_thue, ly_do_tre, ngay_xin_loi, ngay_hen_tra_cu, so_ket_qua, trich_yeu, ngay_cap, cac_buoc, bo_sung`,
    );
    this.#progress = load.open("tien_do", "ma_ho_so, thoi_diem, trang_thai, ma_nv, noi_dung");
    this.#meters = load.open(
      "diem_do",
      "ma_kh, ma_ho_so, cap_dien_ap, cong_suat, so_cong_to, ngay_dong_dien",
    );
  }

  add({ code, applicant }: DossierPlan, procedure: Procedure, played: CasePlan): void {
    const { delay, resultNumber } = played;
    const rows = this.#files;
    rows.row();
    rows.repeated(code);
    rows.constant(longCode(procedure.code));
    rows.constant(stateOf(played.state));
    rows.instant(local(played.receivedAt));
    rows.instant(local(played.dueAt));
    rows.instant(local(played.finishedAt));
    rows.constant(played.officer);
    rows.constant(applicant.name);
    rows.text(applicant.personalId);
    rows.text(applicant.taxCode);
    rows.constant(delay === null ? null : delay.reason);
    rows.instant(local(delay === null ? null : delay.apologisedAt));
    rows.instant(local(delay === null ? null : delay.previousDueAt));
    rows.text(resultNumber);
    rows.constant(resultNumber === null ? null : procedure.result);
    rows.instant(local(resultNumber === null ? null : played.finishedAt));
    rows.json(stepsJson(procedure, played.steps));
    rows.json(supplementsJson(played.supplement));
    for (const event of played.events) {
      this.#progress.row();
      this.#progress.repeated(code);
      this.#progress.instant(local(event.at));
      this.#progress.constant(stateOf(event.to));
      this.#progress.constant(event.officer);
      this.#progress.text(event.note);
    }
    const voltage = CONNECTIONS.get(procedure.code);
    if (voltage !== undefined && resultNumber !== null && played.finishedAt !== null)
      this.#addMeter(code, voltage, played.id, played.finishedAt);
  }

  #addMeter(code: string, voltage: "HA" | "TRUNG", id: number, finishedAt: number): void {
    const rows = this.#meters;
    rows.row();
    rows.text(`PA56${String(id).padStart(9, "0")}`);
    rows.repeated(code);
    rows.constant(voltage);
    rows.numeric(voltage === "HA" ? 30 + (id % 12) * 5 : 1_600 + (id % 10) * 400);
    rows.text(String(20_260_000_000 + id));
    rows.day(Math.floor(local(finishedAt) / 86_400));
  }

  /** People and procedures. */
  async finish(): Promise<void> {
    await this.#load.run(
      `insert into nhan_vien select code, name, title
       from jsonb_to_recordset($1) as o (code text, name text, title text)`,
      [JSON.stringify(officersOf(this.#agency))],
    );
    await this.#load.run("insert into thu_tuc select * from jsonb_populate_recordset(null::thu_tuc, $1)", [
      JSON.stringify(proceduresOf(this.#agency).map(procedureRow)),
    ]);
  }
}

function procedureRow(procedure: Procedure): object {
  return {
    ma_tthc: longCode(procedure.code),
    ten_tthc: procedure.name,
    linh_vuc: procedure.field,
    thoi_han: procedure.statutoryDays,
    thoi_han_cam_ket: procedure.committedDays,
    thoi_han_truc_tuyen: procedure.onlineDays,
    le_phi: procedure.fee,
    muc_do: ONLINE_LEVELS[procedure.onlineLevel],
    lien_thong: procedure.oneStopKind !== "ONE_STOP",
    so_quyet_dinh: procedure.decision,
    ngay_ban_hanh: procedure.issuedOn,
    ngay_hieu_luc: procedure.validFrom,
    ngay_het_hieu_luc: procedure.validTo,
    thanh_phan: procedure.documents.map(({ name, originals, copies, optional }) => ({
      TenGiayTo: name,
      BanChinh: originals,
      BanSao: copies,
      BatBuoc: !optional,
    })),
    quy_trinh: procedure.steps.map(({ name, role, hours }) => ({
      TenBuoc: name,
      VaiTro: role,
      SoGio: hours,
    })),
  };
}

function longCode(code: string): string {
  return `${code}.000.00.00.H56`;
}

function stateOf(national: number): string {
  const state = LEGACY_STATES[national - 1];
  if (state === undefined) throw new RangeError(`no state has the national code ${national}`);
  return state;
}

function local(seconds: number): number;
function local(seconds: number | null): number | null;
function local(seconds: number | null): number | null {
  return seconds === null ? null : seconds + OFFSET_SECONDS;
}

function stepsJson(procedure: Procedure, steps: readonly StepPlan[]): string {
  return JSON.stringify(
    steps.map(({ officer, startedAt, finishedAt }, index) => ({
      TenBuoc: procedure.steps[index]?.name,
      NguoiThucHien: officer,
      BatDau: written(startedAt),
      KetThuc: written(finishedAt),
    })),
  );
}

function supplementsJson(supplement: SupplementPlan | null): string {
  if (supplement === null) return "[]";
  const { documents, reason, requestedAt, receivedAt } = supplement;
  return JSON.stringify([
    { GiayTo: documents, LyDo: reason, NgayYeuCau: written(requestedAt), NgayNhan: written(receivedAt) },
  ]);
}

/** `yyyyMMddHHmmss` */
function written(seconds: number | null): string | null {
  if (seconds === null) return null;
  return new Date(local(seconds) * 1_000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "");
}
