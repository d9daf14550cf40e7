/**
 * Internal processes (quy trình nội bộ): the steps by which agencies work, and what share of the time each may take.
 */

export interface ProcessStep {
  readonly name: string;
  readonly role: string;
  /** Working hours allowed. */
  readonly hours: number;
}

interface StepShare {
  readonly name: string;
  readonly role: string;
  /** Of the committed time; the shares of a process add up to 1. */
  readonly share: number;
}

const RECEIVE = "Tiếp nhận hồ sơ điện tử, phân công thụ lý";
const EXPERT = "Chuyên viên thụ lý";
const HEAD = "Trưởng phòng chuyên môn";
const LEADER = "Lãnh đạo cơ quan";
const CLERK = "Văn thư";
const ISSUE = "Đóng dấu, phát hành, chuyển kết quả về Trung tâm";

export const PROCESSES = {
  standard: [
    step(RECEIVE, HEAD, 0.1),
    step("Thẩm định hồ sơ, dự thảo kết quả", EXPERT, 0.6),
    step("Xem xét, trình ký", HEAD, 0.15),
    step("Ký duyệt kết quả", LEADER, 0.1),
    step(ISSUE, CLERK, 0.05),
  ],
  sameDay: [
    step("Kiểm tra giấy tờ, ghi sổ", "Công chức chuyên môn", 0.7),
    step("Ký giấy tờ, đóng dấu, trả kết quả", LEADER, 0.3),
  ],
  inspection: [
    step(RECEIVE, HEAD, 0.05),
    step("Thẩm định hồ sơ", EXPERT, 0.35),
    step("Kiểm tra thực tế, lập biên bản", "Đoàn thẩm định", 0.3),
    step("Xem xét, trình ký", HEAD, 0.15),
    step("Ký giấy phép", LEADER, 0.1),
    step(ISSUE, CLERK, 0.05),
  ],
  land: [
    step(RECEIVE, "Tổ trưởng tổ tiếp nhận Văn phòng đăng ký đất đai", 0.1),
    step("Kiểm tra hồ sơ địa chính, trích lục thửa đất", "Viên chức đăng ký đất đai", 0.35),
    step("Chuyển thông tin địa chính xác định nghĩa vụ tài chính", "Viên chức đăng ký đất đai", 0.1),
    step("Chỉnh lý hồ sơ địa chính, in Giấy chứng nhận", "Viên chức đăng ký đất đai", 0.25),
    step("Ký Giấy chứng nhận", "Giám đốc Văn phòng đăng ký đất đai", 0.15),
    step(ISSUE, CLERK, 0.05),
  ],
  tax: [
    step("Tiếp nhận thông tin, phân công", "Đội trưởng", 0.1),
    step("Xác định nghĩa vụ tài chính, dự thảo thông báo", "Công chức thuế", 0.6),
    step("Ký, phát hành thông báo", "Lãnh đạo cơ quan thuế", 0.3),
  ],
  police: [
    step("Tiếp nhận, kiểm tra hồ sơ trên cơ sở dữ liệu quốc gia về dân cư", "Cán bộ tiếp nhận", 0.3),
    step("Xác minh, đề xuất", "Cán bộ xử lý", 0.4),
    step("Phê duyệt, cập nhật dữ liệu", "Chỉ huy đơn vị", 0.3),
  ],
  insurance: [
    step("Tiếp nhận hồ sơ", "Viên chức một cửa", 0.2),
    step("Giải quyết, cập nhật cơ sở dữ liệu", "Viên chức nghiệp vụ", 0.6),
    step("Ký duyệt, chi trả hoặc in thẻ", "Giám đốc", 0.2),
  ],
  power: [
    step("Tiếp nhận yêu cầu, khảo sát hiện trường", "Nhân viên kinh doanh", 0.3),
    step("Thỏa thuận đấu nối, ký hợp đồng", "Phòng Kinh doanh", 0.3),
    step("Thi công, treo công tơ, đóng điện", "Đội quản lý điện", 0.4),
  ],
} as const satisfies Record<string, readonly StepShare[]>;

export type ProcessName = keyof typeof PROCESSES;

function step(name: string, role: string, share: number): StepShare {
  return { name, role, share };
}
