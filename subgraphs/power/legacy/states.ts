/** The states of the power company's software, in the order of the national codes 1 to 10. */
export const LEGACY_STATES = [
  "CHO_TIEP_NHAN",
  "DA_TIEP_NHAN",
  "TU_CHOI",
  "DANG_XU_LY",
  "CHO_BO_SUNG",
  "CHO_THANH_TOAN",
  "KHACH_HANG_RUT",
  "TAM_DUNG",
  "HOAN_THANH",
  "DA_TRA",
] as const;

export type LegacyState = (typeof LEGACY_STATES)[number];
