/**
 * Where the people of the invented province live: its administrative units before and after 1 July 2025, when the
 * district level was abolished and communes were merged, and streets for addresses.
 */
import type { Level } from "./agencies.ts";
import { listed } from "./listed.ts";

export interface AdministrativeUnit {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly parentCode: string | null;
  /** ISO days; validTo is the last day, null while it is valid. */
  readonly validFrom: string;
  readonly validTo: string | null;
}

const PROVINCE = "56";
const FOUNDED = "2004-01-01";
const LAST_DAY_OF_DISTRICTS = "2025-06-30";
const FIRST_DAY_OF_TWO_LEVELS = "2025-07-01";

const DISTRICTS: readonly {
  readonly code: string;
  readonly name: string;
  readonly communes: readonly string[];
}[] = [
  {
    code: "561",
    name: "Thành phố Tân Giang",
    communes: ["Phường Trần Phú", "Phường Lê Lợi", "Phường Tân Sơn", "Phường Đông Vệ", "Xã Quảng Thành"],
  },
  {
    code: "562",
    name: "Thị xã Bình Sơn",
    communes: ["Phường Bắc Sơn", "Phường Ngọc Trạo", "Phường Lam Sơn", "Xã Quang Trung"],
  },
  {
    code: "563",
    name: "Huyện Đông Hòa",
    communes: ["Thị trấn Đông Hòa", "Xã Đông Minh", "Xã Đông Khê", "Xã Đông Ninh", "Xã Đông Hoàng"],
  },
  {
    code: "564",
    name: "Huyện Hải Bình",
    communes: ["Thị trấn Hải Bình", "Xã Hải Ninh", "Xã Hải Châu", "Xã Hải Thanh"],
  },
  {
    code: "565",
    name: "Huyện Thượng Sơn",
    communes: ["Thị trấn Thượng Sơn", "Xã Xuân Lẹ", "Xã Bát Mọt", "Xã Yên Nhân", "Xã Lương Sơn"],
  },
];

/** Communes since 1 July 2025. */
const COMMUNES: readonly string[] = listed(`
  Phường Tân Giang, Phường Đông Vệ, Phường Bình Sơn, Phường Quang Trung, Xã Đông Hòa, Xã Đông Minh,
  Xã Hải Bình, Xã Hải Ninh, Xã Thượng Sơn, Xã Yên Nhân
`);

export const ADMINISTRATIVE_UNITS: readonly AdministrativeUnit[] = [
  {
    code: PROVINCE,
    name: "Tỉnh Thanh Giang",
    level: "PROVINCE",
    parentCode: null,
    validFrom: FOUNDED,
    validTo: null,
  },
  ...DISTRICTS.flatMap(({ code, name, communes }, district): AdministrativeUnit[] => [
    {
      code,
      name,
      level: "DISTRICT",
      parentCode: PROVINCE,
      validFrom: FOUNDED,
      validTo: LAST_DAY_OF_DISTRICTS,
    },
    ...communes.map(
      (commune, index): AdministrativeUnit => ({
        code: communeCode(district * 20 + index),
        name: commune,
        level: "COMMUNE",
        parentCode: code,
        validFrom: FOUNDED,
        validTo: LAST_DAY_OF_DISTRICTS,
      }),
    ),
  ]),
  ...COMMUNES.map(
    (name, index): AdministrativeUnit => ({
      // A merged commune keeps the code of the first of those it was made of, valid anew.
      code: communeCode(Math.floor(index / 2) * 20 + (index % 2)),
      name,
      level: "COMMUNE",
      parentCode: PROVINCE,
      validFrom: FIRST_DAY_OF_TWO_LEVELS,
      validTo: null,
    }),
  ),
];

/** How communes stand in an address today: `phường Tân Giang`. */
export const ADDRESS_COMMUNES: readonly string[] = COMMUNES.map(
  (name) => name.charAt(0).toLowerCase() + name.slice(1),
);

export const STREETS: readonly string[] = listed(`
  Trần Phú, Lê Lợi, Nguyễn Trãi, Quang Trung, Hùng Vương, Phan Chu Trinh, Lý Thường Kiệt, Bà Triệu,
  Hai Bà Trưng, Lê Hoàn, Đinh Công Tráng, Tống Duy Tân, Nguyễn Du, Trường Thi, Đại lộ Hùng Vương,
  Điện Biên Phủ, Hoàng Văn Thụ, Lê Hồng Phong, Ngô Quyền, Phan Bội Châu, Tô Vĩnh Diện, Yết Kiêu
`);

function communeCode(number: number): string {
  return String(14_700 + number);
}
