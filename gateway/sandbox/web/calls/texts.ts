/** What the panel says, in the reader's language: Vietnamese where the browser asks for it, otherwise English. */

const ENGLISH = {
  title: "Calls",
  none: "Run a query to see which services it asks, in which order, and how long each of them takes.",
  running: "Running…",
  unreported: "This answer came without a report of its calls.",
  unasked: "The gateway answered by itself; no service was asked.",
  summary: (calls: string, milliseconds: string) =>
    `${calls} ${calls === "1" ? "call" : "calls"} in ${milliseconds} ms`,
  errors: (count: string) => `${count} failed`,
  list: "Calls in the order asked",
  time: "Time, in milliseconds from the beginning of the request",
  span: (from: string, to: string) => `from ${from} to ${to} ms`,
  entities: (count: string) => `${count} ${count === "1" ? "entity" : "entities"}`,
  failed: "failed",
};

const VIETNAMESE: typeof ENGLISH = {
  title: "Lượt gọi",
  none: "Chạy một truy vấn để xem những dịch vụ nào được hỏi, theo thứ tự nào và mỗi dịch vụ mất bao lâu.",
  running: "Đang chạy…",
  unreported: "Câu trả lời này không kèm báo cáo lượt gọi.",
  unasked: "Cổng tự trả lời, không hỏi dịch vụ nào.",
  summary: (calls, milliseconds) => `${calls} lượt gọi trong ${milliseconds} ms`,
  errors: (count) => `${count} lỗi`,
  list: "Các lượt gọi theo thứ tự",
  time: "Thời gian, tính bằng mili giây từ lúc bắt đầu yêu cầu",
  span: (from, to) => `từ ${from} đến ${to} ms`,
  entities: (count) => `${count} thực thể`,
  failed: "lỗi",
};

export const LANGUAGE = navigator.language.toLowerCase().startsWith("vi") ? "vi" : "en";

export const TEXTS = LANGUAGE === "vi" ? VIETNAMESE : ENGLISH;

const WHOLE = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** Milliseconds, with a tenth where a tenth says something. */
export function formatTime(milliseconds: number): string {
  return (milliseconds < 10 ? TENTHS : WHOLE).format(milliseconds);
}

export function formatCount(count: number): string {
  return WHOLE.format(count);
}
