/**
 * What the page says, in Vietnamese and English. The reader's choice is kept; before there is one, the server has taken
 * the language from Accept-Language.
 */
import type { State } from "../told.ts";

export type Language = "en" | "vi";

const KEPT_AS = "overview:language";

export function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEPT_AS) ?? document.documentElement.lang;
  return chosen === "vi" ? "vi" : "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
}

const STATES_EN: Readonly<Record<State, string>> = {
  up: "Up",
  slow: "Slow",
  partly: "Partly up",
  down: "Down",
  unknown: "Not asked yet",
  suspended: "Suspended",
  expected: "Expected",
};

const STATES_VI: Readonly<Record<State, string>> = {
  up: "Hoạt động",
  slow: "Chậm",
  partly: "Hoạt động một phần",
  down: "Mất kết nối",
  unknown: "Chưa hỏi",
  suspended: "Tạm ngừng tham gia",
  expected: "Chưa đến ngày tham gia",
};

const ENGLISH = {
  title: "Services and members",
  skip: "Skip to the content",
  contents: "On this page",
  language: "Language",
  updated: "As of",
  pause: "Pause updates",
  resume: "Resume updates",
  failing: "The gateway does not answer; this is what was known last.",
  loading: "Loading…",
  refusals: {
    unknown: "Who asks is not known: this page is for those who watch the gateway. Choose who you are above.",
    forbidden: "This page is not for whom you have chosen.",
  },
  signIn: "Sign in",
  role: "Role",
  nobody: "Anonymous",
  token: "Access token",
  useToken: "Use this token",
  window: (seconds: number) => `Calls by clients in the last ${seconds} seconds.`,
  ofWorkers: (asked: number) => `Of all ${asked} worker processes together.`,
  ofSomeWorkers: (told: number, asked: number) =>
    `Only ${told} of ${asked} worker processes answered: these figures are not of all.`,
  services: "Services",
  servicesCaption: "Services (subgraphs) of the graph: state, version, and how calls to them go",
  members: "Members",
  membersCaption: "Members of partitioned services: state, version, and how calls to them go",
  noMembers: "No service is partitioned: there are no members.",
  filter: "Show only members whose key or name contains",
  found: (count: number, all: number) => `${count} of ${all} members`,
  service: "Service",
  member: "Member",
  joins: "Part of",
  joinsNone: "none",
  state: "State",
  version: "Version",
  changed: "Last change",
  changedBy: (who: string) => `by ${who}`,
  served: "served since",
  calls: "Calls",
  errors: "Errors",
  latency: "Latency",
  noCalls: "none",
  failed: (share: string) => `${share} failed`,
  forged: (share: string) => `${share} not signed as they must be`,
  faulty: (share: string) => `${share} with errors in the answer`,
  usually: (ms: string) => `${ms} ms`,
  mostly: (ms: string) => `95 % within ${ms} ms`,
  probe: (ms: string) => `${ms} ms when last asked`,
  since: "since",
  from: "from",
  membersDown: (down: number, count: number) =>
    down === 0 ? `${count} members` : `${down} of ${count} members down`,
  states: STATES_EN,
  codes: {
    SUBGRAPH_UNREACHABLE: "cannot be reached",
    SUBGRAPH_TIMEOUT: "does not answer in time",
    SUBGRAPH_HTTP_ERROR: "answers with an HTTP error",
    SUBGRAPH_MALFORMED_RESPONSE: "does not answer with GraphQL",
    SUBGRAPH_RESPONSE_TOO_LARGE: "answers with too much",
  } as Readonly<Record<string, string>>,
  history: "History",
  historyNone:
    "There is no history: this gateway has its graph from files, and nobody keeps what was in them before. A registry keeps every composition, with who published what and when (--registry).",
  historyAway:
    "The registry does not answer: the history is what was known last, and suspended members are missing.",
  historyEmpty: "Nothing was published yet.",
  earlier: "Show earlier entries",
  composition: (id: number) => `composition ${id}`,
  refused: "refused",
  changesOf: (what: string) => `What changed: ${what}`,
  changesMissing: "What changed cannot be told now: the registry does not answer.",
  changesNone: "Nothing that clients would notice.",
  first: "The first composition.",
  against: (from: number, to: number) => `Composition ${to} against ${from}:`,
  actions: {
    publish: "published",
    retire: "retired",
    member: "registered member",
    suspend: "suspended member",
    resume: "resumed member",
    variant: "defined variant",
    "drop variant": "dropped variant",
    rollback: "rolled back to composition",
  } as Readonly<Record<string, string>>,
  names: { subgraphs: "Service", members: "Member", variants: "Variant" },
  kinds: { added: "added", removed: "removed", changed: "changed" },
  levels: { BREAKING: "breaking", DANGEROUS: "dangerous", NON_BREAKING: "safe" },
  entities: "Entities",
  entitiesCaption: "Who knows which entity, and what each adds to it",
  entity: "Entity",
  key: "Key",
  adds: "Adds",
  refers: "refers to it only",
  knows: "adds nothing",
  by: (field: string) => `one member for each ${field}`,
  drawing: "Drawing: services on the left, entities on the right",
  drawingText: (services: number, entities: number, lines: number) =>
    `${services} services and ${entities} entities, joined by ${lines} lines. A solid line: the service adds fields to the entity; a dashed one: it knows the entity and adds nothing. The table above says the same in words.`,
  stateChanged: (who: string, state: string) => `${who}: ${state}`,
  graphChanged: "The graph has changed.",
};

const VIETNAMESE: typeof ENGLISH = {
  title: "Dịch vụ và thành viên",
  skip: "Đến phần nội dung",
  contents: "Trên trang này",
  language: "Ngôn ngữ",
  updated: "Số liệu lúc",
  pause: "Dừng cập nhật",
  resume: "Cập nhật tiếp",
  failing: "Cổng không trả lời; đây là số liệu biết được lần cuối.",
  loading: "Đang tải…",
  refusals: {
    unknown:
      "Chưa xác định được người xem: trang này dành cho người theo dõi cổng. Hãy chọn bạn là ai ở trên.",
    forbidden: "Vai trò bạn chọn không được xem trang này.",
  },
  signIn: "Đăng nhập",
  role: "Vai trò",
  nobody: "Ẩn danh",
  token: "Token truy cập",
  useToken: "Dùng token này",
  window: (seconds) => `Lượt gọi của các ứng dụng trong ${seconds} giây vừa qua.`,
  ofWorkers: (asked) => `Tính chung cả ${asked} tiến trình của cổng.`,
  ofSomeWorkers: (told, asked) =>
    `Mới có ${told} trong ${asked} tiến trình của cổng trả lời: số liệu chưa đầy đủ.`,
  services: "Dịch vụ",
  servicesCaption: "Các dịch vụ (subgraph) của đồ thị: trạng thái, phiên bản, kết quả gọi",
  members: "Thành viên",
  membersCaption: "Các thành viên của dịch vụ phân vùng: trạng thái, phiên bản, kết quả gọi",
  noMembers: "Không có dịch vụ nào phân vùng nên không có thành viên.",
  filter: "Chỉ hiện thành viên có mã hoặc tên chứa",
  found: (count, all) => `${count} trong ${all} thành viên`,
  service: "Dịch vụ",
  member: "Thành viên",
  joins: "Tham gia",
  joinsNone: "không",
  state: "Trạng thái",
  version: "Phiên bản",
  changed: "Thay đổi gần nhất",
  changedBy: (who) => `bởi ${who}`,
  served: "phục vụ từ",
  calls: "Lượt gọi",
  errors: "Lỗi",
  latency: "Thời gian trả lời",
  noCalls: "không có",
  failed: (share) => `${share} không có câu trả lời`,
  forged: (share) => `${share} không có chữ ký số hợp lệ`,
  faulty: (share) => `${share} trả lời kèm lỗi`,
  usually: (ms) => `${ms} ms`,
  mostly: (ms) => `95 % trong ${ms} ms`,
  probe: (ms) => `${ms} ms ở lần hỏi cuối`,
  since: "từ",
  from: "từ",
  membersDown: (down, count) =>
    down === 0 ? `${count} thành viên` : `${down} trong ${count} thành viên mất kết nối`,
  states: STATES_VI,
  codes: {
    SUBGRAPH_UNREACHABLE: "không kết nối được",
    SUBGRAPH_TIMEOUT: "không trả lời kịp",
    SUBGRAPH_HTTP_ERROR: "trả lời bằng lỗi HTTP",
    SUBGRAPH_MALFORMED_RESPONSE: "trả lời không đúng dạng GraphQL",
    SUBGRAPH_RESPONSE_TOO_LARGE: "trả lời quá lớn",
  },
  history: "Lịch sử",
  historyNone:
    "Không có lịch sử: cổng này đọc đồ thị từ tệp, không ai lưu nội dung trước đó. Sổ đăng ký lưu mọi bản hợp nhất, ai công bố gì và khi nào (--registry).",
  historyAway:
    "Sổ đăng ký không trả lời: lịch sử là dữ liệu biết được lần cuối, và thiếu các thành viên tạm ngừng.",
  historyEmpty: "Chưa có gì được công bố.",
  earlier: "Xem các mục trước đó",
  composition: (id) => `bản hợp nhất ${id}`,
  refused: "bị từ chối",
  changesOf: (what) => `Đã thay đổi gì: ${what}`,
  changesMissing: "Chưa xem được thay đổi: sổ đăng ký không trả lời.",
  changesNone: "Không có gì mà ứng dụng nhận thấy.",
  first: "Bản hợp nhất đầu tiên.",
  against: (from, to) => `Bản hợp nhất ${to} so với ${from}:`,
  actions: {
    publish: "công bố",
    retire: "rút",
    member: "đăng ký thành viên",
    suspend: "tạm ngừng thành viên",
    resume: "cho tham gia lại thành viên",
    variant: "đặt biến thể",
    "drop variant": "bỏ biến thể",
    rollback: "quay lại bản hợp nhất",
  },
  names: { subgraphs: "Dịch vụ", members: "Thành viên", variants: "Biến thể" },
  kinds: { added: "thêm", removed: "bỏ", changed: "sửa" },
  levels: { BREAKING: "phá vỡ", DANGEROUS: "cần xem lại", NON_BREAKING: "an toàn" },
  entities: "Thực thể",
  entitiesCaption: "Dịch vụ nào biết thực thể nào, và bổ sung gì cho thực thể đó",
  entity: "Thực thể",
  key: "Khóa",
  adds: "Bổ sung",
  refers: "chỉ nhắc tới",
  knows: "không bổ sung gì",
  by: (field) => `mỗi ${field} một thành viên`,
  drawing: "Hình vẽ: bên trái là dịch vụ, bên phải là thực thể",
  drawingText: (services, entities, lines) =>
    `${services} dịch vụ và ${entities} thực thể, nối bằng ${lines} đường. Đường liền: dịch vụ bổ sung trường cho thực thể; đường đứt: có biết thực thể nhưng không bổ sung gì. Bảng ở trên nói cùng nội dung bằng chữ.`,
  stateChanged: (who, state) => `${who}: ${state}`,
  graphChanged: "Đồ thị đã thay đổi.",
};

export type Texts = typeof ENGLISH;

export function textsIn(language: Language): Texts {
  return language === "vi" ? VIETNAMESE : ENGLISH;
}
