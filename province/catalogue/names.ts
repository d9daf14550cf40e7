/** Vietnamese names of persons and businesses: the parts they are made of, by how often they occur. */

import type { Random } from "../random.ts";
import { listed } from "./listed.ts";

/** Surname, middle name, given name: `Nguyễn Thị Mai`. */
export function personName(random: Random, female: boolean): string {
  const middles = female ? MIDDLE_NAMES_FEMALE : MIDDLE_NAMES_MALE;
  const givens = female ? GIVEN_NAMES_FEMALE : GIVEN_NAMES_MALE;
  const middle = random.integer(0, middles.length - 1);
  const given = random.integer(0, givens.length - 1);
  const surname = random.integer(0, SURNAMES.length - 1);
  const names = female ? FULL_NAMES_FEMALE : FULL_NAMES_MALE;
  const place = (surname * middles.length + middle) * givens.length + given;
  return (names[place] ??= [SURNAMES[surname], middles[middle], givens[given]].join(" "));
}

/** Put together once each: there are far more people than names. */
const FULL_NAMES_MALE: string[] = [];
const FULL_NAMES_FEMALE: string[] = [];

const SURNAMES: readonly string[] = listed(`
  Nguyễn, Nguyễn, Nguyễn, Nguyễn, Nguyễn, Nguyễn, Trần, Trần, Lê, Lê, Lê, Phạm, Phạm, Hoàng, Hoàng, Vũ,
  Võ, Phan, Trương, Bùi, Bùi, Đặng, Đỗ, Đỗ, Ngô, Hồ, Dương, Đinh, Lý, Trịnh, Mai, Hà, Cao, Lương, Tạ,
  Đào, Quách, Lò
`);

const MIDDLE_NAMES_MALE: readonly string[] = listed(`
  Văn, Văn, Văn, Đức, Hữu, Minh, Quang, Thanh, Xuân, Công, Đình, Ngọc, Quốc, Tuấn
`);
const MIDDLE_NAMES_FEMALE: readonly string[] = listed(`
  Thị, Thị, Thị, Thị, Ngọc, Thu, Thanh, Minh, Phương, Hồng, Khánh, Thùy, Bích, Kim
`);

const GIVEN_NAMES_MALE: readonly string[] = listed(`
  Anh, Bình, Chiến, Cường, Dũng, Duy, Đạt, Hải, Hiếu, Hùng, Huy, Hưng, Khang, Khánh, Khôi, Kiên, Long,
  Mạnh, Minh, Nam, Nghĩa, Phong, Phúc, Quân, Sơn, Thắng, Thành, Thịnh, Tiến, Toàn, Trung, Tuấn, Tùng,
  Việt, Vinh
`);
const GIVEN_NAMES_FEMALE: readonly string[] = listed(`
  An, Anh, Chi, Dung, Giang, Hà, Hạnh, Hằng, Hiền, Hoa, Huệ, Hương, Huyền, Lan, Linh, Loan, Mai, My, Nga,
  Ngân, Nhung, Oanh, Phượng, Quỳnh, Tâm, Thảo, Thơm, Thủy, Trang, Trinh, Tuyết, Vân, Xuân, Yến
`);

export const BUSINESS_FORMS: readonly string[] = listed(`
  Công ty TNHH, Công ty TNHH, Công ty TNHH Một thành viên, Công ty Cổ phần, Công ty Cổ phần,
  Doanh nghiệp tư nhân
`);
export const BUSINESS_TRADES: readonly string[] = listed(`
  Thương mại, Xây dựng, Vận tải, Du lịch, Dịch vụ, Thương mại và Dịch vụ, Xây lắp điện, Nông sản,
  Thực phẩm, Dược phẩm, May mặc, Cơ khí, Vật liệu xây dựng, Công nghệ, Thủy sản, Nội thất
`);
export const BUSINESS_NAMES: readonly string[] = listed(`
  An Phát, Bình Minh, Đại Thành, Đông Á, Gia Hưng, Hà Thanh, Hoàng Long, Hồng Hà, Kim Liên, Lam Sơn,
  Minh Đức, Nam Việt, Ngọc Linh, Phú Quý, Phương Nam, Quang Trung, Sao Mai, Sông Giang, Tân Tiến,
  Thái Bình Dương, Thành Đạt, Thiên Phúc, Trường Giang, Trường Sơn, Tuấn Kiệt, Việt Hà
`);

export const ORGANISATIONS: readonly string[] = listed(`
  Trường Trung học phổ thông Tân Giang, Trường Trung học phổ thông Bình Sơn, Trường Cao đẳng Y tế tỉnh,
  Bệnh viện Đa khoa tỉnh, Bệnh viện Nhi tỉnh, Hội Nông dân tỉnh, Liên đoàn Lao động tỉnh,
  Hội Khuyến học tỉnh, Hợp tác xã Nông nghiệp Đông Hòa, Hợp tác xã Thủy sản Hải Bình,
  Ban Quản lý dự án đầu tư xây dựng tỉnh, Trung tâm Văn hóa tỉnh, Thư viện tỉnh, Bảo tàng tỉnh
`);
