/** Procedures of the power company, a state enterprise at the centre. */
import { POWER } from "../agencies.ts";
import { completeProcedures } from "../procedure.ts";

const FIELD = "Điện lực";

export const POWER_PROCEDURES = completeProcedures(
  {
    agency: POWER,
    decision: "515/QĐ-EVN",
    issuedOn: "2025-05-12",
    validFrom: "2025-06-01",
    process: "power",
    supplementClock: "PAUSE",
  },
  [
    {
      code: "2.002701",
      name: "Cấp điện mới từ lưới điện hạ áp (liên thông)",
      field: FIELD,
      days: 8,
      kind: "INTERCONNECTED",
      documents: ["Giấy đề nghị mua điện", "Bản sao giấy tờ về địa điểm sử dụng điện"],
      volume: 60,
      result: "Hợp đồng mua bán điện hạ áp",
    },
    {
      code: "2.002702",
      name: "Cấp điện mới từ lưới điện trung áp (liên thông)",
      field: FIELD,
      days: 33,
      committed: 25,
      kind: "INTERCONNECTED",
      documents: [
        "Giấy đề nghị mua điện",
        "Bản đăng ký biểu đồ phụ tải",
        "Hồ sơ thiết kế trạm biến áp (nếu có)",
      ],
      applicants: "businesses",
      volume: 15,
      result: "Hợp đồng mua bán điện trung áp",
    },
    {
      code: "2.002703",
      name: "Đấu nối, nghiệm thu đóng điện công trình lưới điện hạ áp",
      field: FIELD,
      days: 5,
      documents: ["Giấy đề nghị đấu nối", "Giấy phép thi công"],
      volume: 0,
      result: "Biên bản nghiệm thu đóng điện hạ áp",
    },
    {
      code: "2.002704",
      name: "Đấu nối, nghiệm thu đóng điện công trình lưới điện trung áp",
      field: FIELD,
      days: 30,
      documents: ["Giấy đề nghị đấu nối", "Giấy phép thi công", "Hồ sơ nghiệm thu trạm biến áp"],
      applicants: "businesses",
      volume: 0,
      result: "Biên bản nghiệm thu đóng điện trung áp",
    },
    {
      code: "2.002705",
      name: "Thay đổi công suất sử dụng điện đã đăng ký",
      field: FIELD,
      days: 3,
      online: "FULL",
      documents: ["Giấy đề nghị thay đổi công suất sử dụng điện"],
      volume: 25,
      result: "Phụ lục hợp đồng mua bán điện",
    },
    {
      code: "2.002706",
      name: "Thay đổi chủ thể hợp đồng mua bán điện",
      field: FIELD,
      days: 3,
      online: "FULL",
      documents: ["Giấy đề nghị thay đổi chủ thể hợp đồng", "Bản sao giấy tờ về địa điểm sử dụng điện"],
      volume: 45,
      result: "Hợp đồng mua bán điện",
    },
  ],
);
