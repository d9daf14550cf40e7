/**
 * The error table of the subgraphs: every code an agency answers with, with its message in both languages.
 * docs/errors.md repeats it, and a test keeps the two the same.
 */
import { GraphQLError } from "graphql";

export type Language = "en" | "vi";

type Messages<P> = Readonly<Record<Language, (parameters: P) => string>>;

/** `allowed` says what would have been right. */
type Malformed = { field: string; value: string; allowed: string };

/** One of several errors that are told together: its code and its parameters. */
type Fault = { readonly code: string };

export const ERRORS = {
  INVALID_INPUT: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not allowed; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: giá trị "${value}" không hợp lệ; cho phép: ${allowed}`,
  }),
  INVALID_AGENCY_CODE: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not an agency code; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: "${value}" không phải mã cơ quan; cho phép: ${allowed}`,
  }),
  INVALID_PROCEDURE_CODE: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not a procedure code; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: "${value}" không phải mã thủ tục; cho phép: ${allowed}`,
  }),
  INVALID_DOSSIER_CODE: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not a dossier code; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: "${value}" không phải mã hồ sơ; cho phép: ${allowed}`,
  }),
  INVALID_PERSONAL_ID: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not a personal ID; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) =>
      `${field}: "${value}" không phải số định danh cá nhân; cho phép: ${allowed}`,
  }),
  INVALID_TAX_CODE: messages<Malformed>({
    en: ({ field, value, allowed }) => `${field}: "${value}" is not a tax code; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: "${value}" không phải mã số thuế; cho phép: ${allowed}`,
  }),
  INVALID_INSURANCE_NUMBER: messages<Malformed>({
    en: ({ field, value, allowed }) =>
      `${field}: "${value}" is not a social insurance number; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) => `${field}: "${value}" không phải mã số BHXH; cho phép: ${allowed}`,
  }),
  INVALID_CURSOR: messages<Malformed>({
    en: ({ field, value, allowed }) =>
      `${field}: "${value}" is not a cursor of this list; allowed: ${allowed}`,
    vi: ({ field, value, allowed }) =>
      `${field}: "${value}" không phải con trỏ của danh sách này; cho phép: ${allowed}`,
  }),
  SEVERAL_FAULTS: messages<{ faults: readonly Fault[] }>({
    en: ({ faults }): string => faults.map((fault) => messageOfFault(fault, "en")).join("; "),
    vi: ({ faults }): string => faults.map((fault) => messageOfFault(fault, "vi")).join("; "),
  }),
  UNKNOWN_DOSSIER: messages<{ dossier: string }>({
    en: ({ dossier }) => `there is no dossier ${dossier}`,
    vi: ({ dossier }) => `không có hồ sơ ${dossier}`,
  }),
  UNKNOWN_CASE: messages<{ agency: string; dossier: string }>({
    en: ({ agency, dossier }) => `agency ${agency} has no case of dossier ${dossier}`,
    vi: ({ agency, dossier }) => `cơ quan ${agency} không có phần việc của hồ sơ ${dossier}`,
  }),
  UNKNOWN_AGENCY: messages<{ agency: string; allowed: string }>({
    en: ({ agency, allowed }) => `there is no agency ${agency} here; allowed: ${allowed}`,
    vi: ({ agency, allowed }) => `không có cơ quan ${agency}; cho phép: ${allowed}`,
  }),
  UNKNOWN_PROCEDURE: messages<{ procedure: string; allowed: string }>({
    en: ({ procedure, allowed }) => `procedure ${procedure} is not offered here; ${allowed}`,
    vi: ({ procedure, allowed }) => `thủ tục ${procedure} không được tiếp nhận ở đây; ${allowed}`,
  }),
  UNKNOWN_OFFICER: messages<{ officer: string }>({
    en: ({ officer }) => `there is no officer ${officer} at this agency`,
    vi: ({ officer }) => `cơ quan không có cán bộ ${officer}`,
  }),
  UNKNOWN_TAX_NOTICE: messages<{ number: string }>({
    en: ({ number }) => `there is no tax notice ${number}`,
    vi: ({ number }) => `không có thông báo thuế ${number}`,
  }),
  ILLEGAL_TRANSITION: messages<{ from: string; to: string; allowed: readonly string[] }>({
    en: ({ from, to, allowed }) =>
      `${from} cannot become ${to}; allowed: ${allowed.length > 0 ? allowed.join(", ") : "nothing, it is closed"}`,
    vi: ({ from, to, allowed }) =>
      `không thể chuyển từ ${from} sang ${to}; cho phép: ${allowed.length > 0 ? allowed.join(", ") : "không, hồ sơ đã đóng"}`,
  }),
  NO_OPEN_STEP: messages<{ state: string }>({
    en: ({ state }) =>
      `no internal step is under way (the case is ${state}); advance the case to IN_PROGRESS first`,
    vi: ({ state }) =>
      `không có bước nào đang thực hiện (trạng thái ${state}); hãy chuyển sang IN_PROGRESS trước`,
  }),
  CASE_EXISTS: messages<{ agency: string; dossier: string }>({
    en: ({ agency, dossier }) => `agency ${agency} already has a case of dossier ${dossier}`,
    vi: ({ agency, dossier }) => `cơ quan ${agency} đã có phần việc của hồ sơ ${dossier}`,
  }),
  LEGS_NOT_FINISHED: messages<{ agencies: readonly string[] }>({
    en: ({ agencies }) => `these agencies have not finished: ${agencies.join(", ")}`,
    vi: ({ agencies }) => `các cơ quan chưa xử lý xong: ${agencies.join(", ")}`,
  }),
  LIVE_CASES_MISSING: messages<{ dossier: string }>({
    en: ({ dossier }) =>
      `the status of dossier ${dossier} is computed from its agencies' live cases; ask the gateway for it, not the centre`,
    vi: ({ dossier }) =>
      `trạng thái tổng hợp của hồ sơ ${dossier} được tính từ số liệu trực tiếp của các cơ quan; hãy hỏi qua cổng chung`,
  }),
  DELAY_ALREADY_SET: messages<{ until: string }>({
    en: ({ until }) => `the applicant already has one new appointment (${until}); a second is not allowed`,
    vi: ({ until }) => `đã hẹn lại một lần (${until}); không được hẹn lại lần nữa`,
  }),
  PAYMENT_TOO_HIGH: messages<{ remaining: number }>({
    en: ({ remaining }) => `more than what remains; allowed: 1 to ${remaining} VND`,
    vi: ({ remaining }) => `vượt quá số còn phải nộp; cho phép: 1 đến ${remaining} đồng`,
  }),
  IDEMPOTENCY_KEY_REUSED: messages<{ key: string }>({
    en: ({ key }) => `idempotency key "${key}" was used for another request; use a new key`,
    vi: ({ key }) => `khóa chống lặp "${key}" đã dùng cho yêu cầu khác; hãy dùng khóa mới`,
  }),
  NOT_SUPPORTED: messages<{ agency: string; field: string; allowed: string }>({
    en: ({ agency, field, allowed }) =>
      `the system of agency ${agency} does not support ${field}; allowed: ${allowed || "reading only"}`,
    vi: ({ agency, field, allowed }) =>
      `phần mềm của cơ quan ${agency} không hỗ trợ ${field}; cho phép: ${allowed || "chỉ tra cứu"}`,
  }),
  SOURCE_UNREACHABLE: messages<{ agency: string; service: string; reason: string }>({
    en: ({ agency, service, reason }) =>
      `the system of agency ${agency} does not answer (${service}: ${reason}); try again later`,
    vi: ({ agency, service, reason }) =>
      `phần mềm của cơ quan ${agency} không phản hồi (${service}: ${reason}); hãy thử lại sau`,
  }),
  SOURCE_FAILED: messages<{ agency: string; service: string; reason: string }>({
    en: ({ agency, service, reason }) =>
      `the system of agency ${agency} gave no usable answer (${service}: ${reason})`,
    vi: ({ agency, service, reason }) =>
      `phần mềm của cơ quan ${agency} trả lời không dùng được (${service}: ${reason})`,
  }),
  SOURCE_REFUSED: messages<{ agency: string; service: string; reason: string }>({
    en: ({ agency, service, reason }) =>
      `the system of agency ${agency} refuses this (${service}): ${reason}`,
    vi: ({ agency, service, reason }) => `phần mềm của cơ quan ${agency} từ chối (${service}): ${reason}`,
  }),
  NOT_ALLOWED: messages<{ field: string; allowed: string }>({
    en: ({ field, allowed }) => `you may not do ${field}; allowed: ${allowed}`,
    vi: ({ field, allowed }) => `không có quyền thực hiện ${field}; cho phép: ${allowed}`,
  }),
  NOT_SHOWN: messages<{ field: string }>({
    en: ({ field }) => `${field} is shown only to those whom this row concerns`,
    vi: ({ field }) => `${field} chỉ hiển thị cho người liên quan đến dòng dữ liệu này`,
  }),
  OWN_DATA_ONLY: messages<Record<string, never>>({
    en: () =>
      "whose data it is about is not known: ask with a token of your own, of the role citizen or business",
    vi: () =>
      "chưa xác định được chủ thể dữ liệu: hãy dùng token của chính mình, với vai trò công dân hoặc doanh nghiệp",
  }),
  NOTHING_RECORDED: messages<Record<string, never>>({
    en: () => "who reads personal data is not recorded here; the operator starts the gateway with --record",
    vi: () =>
      "hệ thống này chưa ghi nhật ký truy cập dữ liệu cá nhân; người vận hành cần khởi động cổng với --record",
  }),
  NOT_FROM_GATEWAY: messages<Record<string, never>>({
    en: () =>
      "this service answers its gateway only: ask there; its log says why this request is not the gateway's",
    vi: () =>
      "dịch vụ này chỉ trả lời cổng liên thông: hãy hỏi qua cổng; nhật ký của dịch vụ ghi lý do yêu cầu bị từ chối",
  }),
  GATEWAY_KEYS_UNREACHABLE: messages<Record<string, never>>({
    en: () => "the gateway's public keys cannot be had now, so that nobody is answered; try again later",
    vi: () => "hiện chưa lấy được khóa công khai của cổng nên chưa thể trả lời; hãy thử lại sau",
  }),
  INTERNAL_ERROR: messages<Record<string, never>>({
    en: () => "the agency's system failed; the operator finds the cause under this request's id",
    vi: () => "hệ thống của cơ quan gặp lỗi; người vận hành tra nguyên nhân theo mã yêu cầu",
  }),
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Codes that say nothing about the request: the same one may succeed later. */
export const TEMPORARY_ERRORS: ReadonlySet<string> = new Set<ErrorCode>([
  "INTERNAL_ERROR",
  "GATEWAY_KEYS_UNREACHABLE",
  "SOURCE_UNREACHABLE",
  "SOURCE_FAILED",
  // Who may do it is settled by tokens and roles: a message waits until they are right.
  "NOT_ALLOWED",
]);
export type ErrorParameters<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]["en"]>[0];

/** An expected failure: told to the client with its code; its parameters stand in `extensions` for programs. */
export class AgencyError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "AgencyError";
  readonly code: C;
  readonly parameters: ErrorParameters<C>;
  constructor(code: C, parameters: ErrorParameters<C>, options?: ErrorOptions) {
    super(messageOf(code, parameters, "en"), options);
    this.code = code;
    this.parameters = parameters;
  }
}

/** The message of an error in a language. */
export function messageOf<C extends ErrorCode>(
  code: C,
  parameters: ErrorParameters<C>,
  language: Language,
): string {
  const render = ERRORS[code][language] as (parameters: ErrorParameters<C>) => string;
  return render(parameters);
}

function messageOfFault({ code, ...parameters }: Fault, language: Language): string {
  return messageOf(code as ErrorCode, parameters as never, language);
}

/** The reader's language by `Accept-Language` (RFC 9110 §12.5.4): Vietnamese where it is preferred, else English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: "en", weight: 0 };
  for (const range of (acceptLanguage ?? "").split(",")) {
    // White space may stand on both sides of a semicolon.
    const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const language = tag.split("-")[0];
    if (language !== "vi" && language !== "en") continue;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if (weight > best.weight) best = { language, weight };
  }
  return best.language;
}

/**
 * What the client is told of an error: expected ones with their code and parameters, faults of the request by
 * GraphQL's own words, everything else without details.
 */
export function toClientErrors(error: GraphQLError, language: Language): GraphQLError[] {
  const cause: unknown = error.originalError;
  if (cause instanceof AgencyError) {
    const { code, parameters } = cause as AgencyError;
    return [rebuild(error, messageOf(code, parameters, language), { ...parameters, code })];
  }
  if (cause === undefined || cause === null) return [rebuild(error, error.message, { ...error.extensions })];
  if (cause instanceof GraphQLError) return [rebuild(error, cause.message, { ...cause.extensions })];
  if (isRequestFault(cause)) {
    const faults = cause.errors?.length ? cause.errors : [cause];
    return faults.map(
      (fault) => new GraphQLError(fault.message, { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }),
    );
  }
  return [rebuild(error, messageOf("INTERNAL_ERROR", {}, language), { code: "INTERNAL_ERROR" })];
}

/** Neither the caller's fault nor foreseen: to be logged with its stack. */
export function isUnexpected(error: GraphQLError): boolean {
  const cause: unknown = error.originalError;
  if (cause === undefined || cause === null || cause instanceof AgencyError) return false;
  return !(cause instanceof GraphQLError) && !isRequestFault(cause);
}

/** Fastify and Mercurius refuse a request with a status of 4xx; Mercurius lists the single faults in `errors`. */
function isRequestFault(cause: unknown): cause is Error & { errors?: readonly Error[] } {
  const status = cause instanceof Error ? (cause as { statusCode?: number }).statusCode : undefined;
  return status !== undefined && status >= 400 && status < 500;
}

function rebuild(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  // exactOptionalPropertyTypes: an error without a place in the document has no nodes at all.
  return new GraphQLError(message, { nodes: error.nodes ?? null, path: error.path ?? null, extensions });
}

function messages<P>(both: Messages<P>): Messages<P> {
  return both;
}
