/**
 * All SQL of the power company's software. Times go in and out as it writes them, `yyyyMMddHHmmss`.
 */
import type { Queryable } from "../../../process/database.ts";
import type { LegacyState } from "./states.ts";

export interface Progress {
  readonly code: string;
  readonly state: LegacyState;
  readonly at: string;
  readonly officer: string | null;
  readonly note: string | null;
  readonly dueAt: string | null;
  readonly finishedAt: string | null;
  readonly documents: readonly string[] | null;
  readonly delayReason: string | null;
  readonly resultNumber: string | null;
  readonly resultSummary: string | null;
  /** Whether the current step ends and the next one begins, and who takes it. */
  readonly endsStep: boolean;
  readonly nextOfficer: string | null;
  readonly transaction: string | null;
}

export interface NewFile {
  readonly code: string;
  readonly procedure: string;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly applicant: string | null;
  readonly personalId: string | null;
  readonly taxCode: string | null;
  readonly at: string;
}

export interface FileSearch {
  readonly from: string | null;
  readonly until: string;
  readonly states: readonly string[] | null;
  readonly procedure: string | null;
  readonly offset: number;
  readonly limit: number;
}

type Row = Record<string, unknown>;

const TIME = "YYYYMMDDHH24MISS";
const FILE = `ma_ho_so as "MaHoSo", ma_tthc as "MaTTHC", trang_thai as "TrangThai",
  to_char(ngay_tiep_nhan, '${TIME}') as "NgayTiepNhan", to_char(ngay_hen_tra, '${TIME}') as "NgayHenTra",
  to_char(ngay_ket_thuc, '${TIME}') as "NgayKetThuc", ma_nv as "NguoiXuLy",
  so_dinh_danh as "SoDinhDanh", ma_so_thue as "MaSoThue",
  ly_do_tre as "LyDoTre", to_char(ngay_xin_loi, '${TIME}') as "NgayXinLoi",
  to_char(ngay_hen_tra_cu, '${TIME}') as "NgayHenTraCu",
  case when so_ket_qua is not null then jsonb_build_object(
    'SoKyHieu', so_ket_qua, 'TrichYeu', trich_yeu, 'NgayCap', to_char(ngay_cap, '${TIME}')) end as "KetQua",
  cac_buoc as "CacBuoc", bo_sung as "BoSung",
  (select coalesce(jsonb_agg(jsonb_build_object('ThoiDiem', to_char(thoi_diem, '${TIME}'), 'TrangThai', tien_do.trang_thai,
     'NguoiXuLy', tien_do.ma_nv, 'NoiDung', noi_dung) order by id), '[]')
   from tien_do where tien_do.ma_ho_so = ho_so.ma_ho_so) as "TienDo"`;

const at = (parameter: string): string => `to_timestamp(${parameter}, '${TIME}')::timestamp`;

export function listProcedures(db: Queryable): Promise<Row[]> {
  return db.query(
    `select ma_tthc as "MaTTHC", ten_tthc as "TenTTHC", linh_vuc as "TenLinhVuc", thoi_han as "ThoiHan",
       thoi_han_cam_ket as "ThoiHanCamKet", thoi_han_truc_tuyen as "ThoiHanTrucTuyen", le_phi as "LePhi",
       muc_do as "MucDo", lien_thong as "LienThong", so_quyet_dinh as "SoQuyetDinh",
       to_char(ngay_ban_hanh, 'DD/MM/YYYY') as "NgayBanHanh", to_char(ngay_hieu_luc, 'DD/MM/YYYY') as "NgayHieuLuc",
       to_char(ngay_het_hieu_luc, 'DD/MM/YYYY') as "NgayHetHieuLuc", thanh_phan as "ThanhPhan", quy_trinh as "QuyTrinh"
     from thu_tuc order by ma_tthc`,
  );
}

export function listOfficers(db: Queryable): Promise<Row[]> {
  return db.query(
    `select ma_nv as "MaNV", ho_ten as "HoTen", chuc_danh as "ChucDanh" from nhan_vien order by ma_nv`,
  );
}

export function findFiles(db: Queryable, codes: readonly string[]): Promise<Row[]> {
  return db.query(`select ${FILE} from ho_so where ma_ho_so = any($1)`, [codes]);
}

export function findMeters(db: Queryable, codes: readonly string[]): Promise<Row[]> {
  return db.query(
    `select ma_ho_so as "MaHoSo", ma_kh as "MaKH", cap_dien_ap as "CapDienAp", cong_suat as "CongSuat",
       so_cong_to as "SoCongTo", to_char(ngay_dong_dien, 'DD/MM/YYYY') as "NgayDongDien"
     from diem_do where ma_ho_so = any($1)`,
    [codes],
  );
}

/** Latest received first. */
export function listFiles(db: Queryable, search: FileSearch): Promise<Row[]> {
  return db.query(
    `select ${FILE} from ho_so
     where ($1::text is null or ngay_tiep_nhan >= ${at("$1")}) and ngay_tiep_nhan <= ${at("$2")} + interval '999 milliseconds'
       and ($3::text[] is null or trang_thai = any($3)) and ($4::text is null or ma_tthc like $4 || '%')
     order by ngay_tiep_nhan desc, ma_ho_so desc offset $5 limit $6`,
    [search.from, search.until, search.states, search.procedure, search.offset, search.limit],
  );
}

/** Whether it was new. */
export async function insertFile(tx: Queryable, file: NewFile): Promise<boolean> {
  const inserted = await tx.query(
    `insert into ho_so (ma_ho_so, ma_tthc, trang_thai, ngay_tiep_nhan, ngay_hen_tra, chu_ho_so, so_dinh_danh, ma_so_thue,
       cac_buoc)
     select $1, ma_tthc, 'CHO_TIEP_NHAN', ${at("$3")}, ${at("$4")}, $5, $6, $7,
       (select coalesce(jsonb_agg(jsonb_build_object('TenBuoc', buoc ->> 'TenBuoc')), '[]')
        from jsonb_array_elements(quy_trinh) as b (buoc))
     from thu_tuc where ma_tthc like $2 || '%'
     on conflict (ma_ho_so) do nothing returning ma_ho_so`,
    [file.code, file.procedure, file.receivedAt, file.dueAt, file.applicant, file.personalId, file.taxCode],
  );
  if (inserted.length === 0) return false;
  await insertProgress(tx, {
    code: file.code,
    at: file.at,
    state: "CHO_TIEP_NHAN",
    officer: null,
    note: null,
  });
  return true;
}

/** Locks the file until the transaction ends; undefined when there is none. */
export async function lockFile(tx: Queryable, code: string): Promise<FileState | undefined> {
  const [row] = await tx.query<FileState & Record<string, unknown>>(
    `select trang_thai as state, ma_nv as officer, cac_buoc as steps, bo_sung as supplements, giao_dich_cuoi as "transaction"
     from ho_so where ma_ho_so = $1 for update`,
    [code],
  );
  return row;
}

export interface FileState {
  readonly state: LegacyState;
  readonly officer: string | null;
  readonly steps: readonly Step[];
  readonly supplements: readonly Supplement[];
  readonly transaction: string | null;
}

export interface Step {
  readonly TenBuoc: string;
  readonly NguoiThucHien?: string | null;
  readonly BatDau?: string | null;
  readonly KetThuc?: string | null;
}

export interface Supplement {
  readonly GiayTo: readonly string[];
  readonly LyDo: string;
  readonly NgayYeuCau: string;
  readonly NgayNhan?: string | null;
}

export async function updateFile(
  tx: Queryable,
  progress: Progress,
  steps: readonly Step[],
  supplements: readonly Supplement[],
): Promise<void> {
  await tx.query(
    `update ho_so set trang_thai = $2, ma_nv = coalesce($12, $3, ma_nv), giao_dich_cuoi = $13,
       ngay_hen_tra_cu = case when $6::text is not null and ly_do_tre is null then ngay_hen_tra else ngay_hen_tra_cu end,
       ngay_xin_loi = case when $6::text is not null and ly_do_tre is null then ${at("$10")} else ngay_xin_loi end,
       ly_do_tre = coalesce($6, ly_do_tre),
       ngay_hen_tra = coalesce(${at("$4")}, ngay_hen_tra), ngay_ket_thuc = ${at("$5")},
       so_ket_qua = coalesce($7, so_ket_qua), trich_yeu = coalesce($8, trich_yeu),
       ngay_cap = case when $7::text is not null and so_ket_qua is null then ${at("$10")} else ngay_cap end,
       cac_buoc = $9, bo_sung = $11
     where ma_ho_so = $1`,
    [
      progress.code,
      progress.state,
      progress.officer,
      progress.dueAt,
      progress.finishedAt,
      progress.delayReason,
      progress.resultNumber,
      progress.resultSummary,
      JSON.stringify(steps),
      progress.at,
      JSON.stringify(supplements),
      progress.nextOfficer,
      progress.transaction,
    ],
  );
  await insertProgress(tx, progress);
}

async function insertProgress(
  tx: Queryable,
  { code, at: when, state, officer, note }: Pick<Progress, "code" | "at" | "state" | "officer" | "note">,
): Promise<void> {
  await tx.query(
    `insert into tien_do (ma_ho_so, thoi_diem, trang_thai, ma_nv, noi_dung) values ($1, ${at("$2")}, $3, $4, $5)`,
    [code, when, state, officer, note],
  );
}
