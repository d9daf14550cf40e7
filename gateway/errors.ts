/**
 * The error table of the gateway: every code that it gives an error itself, and what is to be done about it.
 * Codes are stable. docs/errors.md repeats the table, and a test keeps the two the same.
 */
import type { Language } from "./language.ts";

/** What a message may name. Never a URL or an address: those stay in the log. */
export interface ErrorDetails {
  /** Name of the subgraph, as in the supergraph. */
  readonly service?: string | undefined;
  /** Key of the member of a partitioned subgraph, and its name for readers. */
  readonly member?: string | undefined;
  readonly memberName?: string | undefined;
  /** HTTP status that a service answered with. */
  readonly status?: number | undefined;
  /** Value of a partition key that names no member; undefined when the key is missing. */
  readonly key?: string | undefined;
  /** Keys that would have been right. */
  readonly allowed?: readonly string[] | undefined;
  /** Deadline in milliseconds, size in bytes: the limit that was passed. */
  readonly limit?: number | undefined;
  readonly requestId?: string | undefined;
  /** Of what kind the thing in question is, and its name. */
  readonly kind?: Thing | undefined;
  readonly name?: string | undefined;
  /** Whose it is. */
  readonly owner?: string | undefined;
  /** What was found, in words that need no translation. */
  readonly reason?: string | undefined;
  /** How much was asked for, where `limit` is allowed; undefined where nobody counted to the end. */
  readonly asked?: number | undefined;
  /** How many there are of what the error tells of. */
  readonly count?: number | undefined;
  /** What a grant lacks: the one who reads, or what for. */
  readonly missing?: "consumer" | "purpose" | undefined;
  /** The subgraph that reads for fields of its own. */
  readonly reader?: string | undefined;
}

const THINGS = {
  subgraph: { en: "subgraph", vi: "dịch vụ" },
  member: { en: "member", vi: "thành viên" },
  composition: { en: "composition", vi: "bản hợp nhất" },
  variant: { en: "variant", vi: "biến thể" },
  key: { en: "key", vi: "khóa" },
  operation: { en: "registered operation", vi: "thao tác đã đăng ký" },
  grant: { en: "grant", vi: "quyền đọc" },
  "answer key": { en: "answer key", vi: "khóa ký câu trả lời" },
} as const;

/** What a registry keeps. */
export type Thing = keyof typeof THINGS;

export interface ErrorEntry {
  /** HTTP status of the answer that carries the error; 200 where the rest of the answer is still given. */
  readonly status: number;
  readonly en: (details: ErrorDetails) => string;
  readonly vi: (details: ErrorDetails) => string;
  /** What to do, for the documentation. */
  readonly remedy: string;
}

export const GATEWAY_ERRORS = {
  SUBGRAPH_UNREACHABLE: {
    status: 200,
    en: (details) => `${who(details, "en")} cannot be reached.`,
    vi: (details) => `Không kết nối được với ${who(details, "vi")}.`,
    remedy:
      "Start the service again, or mend its URL or the network between; the rest of the answer is valid.",
  },
  SUBGRAPH_TIMEOUT: {
    status: 200,
    en: (details) => `${who(details, "en")} did not answer within ${details.limit} ms.`,
    vi: (details) => `${who(details, "vi")} không trả lời trong ${details.limit} ms.`,
    remedy:
      "Ask again later, or ask for less; a change may still have taken effect, repeat it with the same idempotency key.",
  },
  SUBGRAPH_HTTP_ERROR: {
    status: 200,
    en: (details) => `${who(details, "en")} answered with HTTP status ${details.status}.`,
    vi: (details) => `${who(details, "vi")} trả lời với mã trạng thái HTTP ${details.status}.`,
    remedy: "See the log of the service; a redirect (3xx) is not followed, give the gateway the final URL.",
  },
  SUBGRAPH_MALFORMED_RESPONSE: {
    status: 200,
    en: (details) => `${who(details, "en")} gave an answer that is not a complete GraphQL response.`,
    vi: (details) => `${who(details, "vi")} trả lời không đúng dạng phản hồi GraphQL.`,
    remedy:
      "See that the URL is the service's GraphQL endpoint, and that nothing on the way cuts its answers.",
  },
  SUBGRAPH_RESPONSE_TOO_LARGE: {
    status: 200,
    en: (details) => `${who(details, "en")} gave an answer of more than ${details.limit} bytes.`,
    vi: (details) => `${who(details, "vi")} trả lời quá ${details.limit} byte.`,
    remedy: "Ask for smaller pages, or start the gateway with a greater --max-response-size.",
  },
  SUBGRAPH_SIGNATURE_MISSING: {
    status: 200,
    en: (details) => `${who(details, "en")} gave an answer that it did not sign; it was not used.`,
    vi: (details) => `${who(details, "vi")} trả lời mà không ký số nên câu trả lời không được sử dụng.`,
    remedy:
      "Start the service with its --answer-key-file; docs/signing.md tells who must sign, and how keys are replaced.",
  },
  SUBGRAPH_SIGNATURE_INVALID: {
    status: 200,
    en: (details) => `${who(details, "en")} gave an answer with a wrong signature; it was not used.`,
    vi: (details) =>
      `${who(details, "vi")} trả lời với chữ ký số không hợp lệ nên câu trả lời không được sử dụng.`,
    remedy:
      "See the gateway's log for the reason: a key that is not registered or has expired, or an answer that was changed on its way.",
  },
  SUBGRAPH_ERROR: {
    status: 200,
    en: (details) => `${who(details, "en")} reported an error.`,
    vi: (details) => `${who(details, "vi")} báo lỗi.`,
    remedy: "The service gave its error no code of its own; its message, if it gave one, tells more.",
  },
  PARTITION_MEMBER_UNKNOWN: {
    status: 200,
    en: (details) => `${unknownKey(details, "en")}${offer(details, "en")}`,
    vi: (details) => `${unknownKey(details, "vi")}${offer(details, "vi")}`,
    remedy:
      "Mend the key, or register the member in the members file; nobody was asked about this entity or field.",
  },
  PARTITION_CURSOR_INVALID: {
    status: 200,
    en: (details) => `The cursor in "after" is not one of "${details.name}".`,
    vi: (details) => `Con trỏ trong "after" không thuộc danh sách "${details.name}".`,
    remedy: "Give an endCursor or an edge's cursor of the same list as it came, or begin without after.",
  },
  PARTITION_PAGE_INVALID: {
    status: 200,
    en: (details) => `A page of "${details.name}" has 1 to ${details.limit} rows, and goes forward.`,
    vi: (details) =>
      `Một trang của "${details.name}" có từ 1 đến ${details.limit} dòng, và chỉ đọc tiếp về sau.`,
    remedy: "Ask with first and after; last and before are not served where several members are asked.",
  },
  SUBSCRIPTION_UNSUPPORTED: {
    status: 400,
    en: () => "The engine that this gateway was started with serves no subscriptions.",
    vi: () => "Bộ máy thực thi mà cổng đang chạy không phục vụ subscription.",
    remedy: "Start the gateway with --engine native, or ask by a query.",
  },
  SUBSCRIPTION_NEEDS_STREAM: {
    status: 406,
    en: () =>
      "A subscription is answered as a stream: ask over WebSocket (graphql-transport-ws), or with Accept: text/event-stream.",
    vi: () =>
      "Subscription được trả lời dưới dạng luồng: hãy dùng WebSocket (graphql-transport-ws) hoặc gửi Accept: text/event-stream.",
    remedy: "Ask in one of both ways, shown in gateway/README.md; an answer as plain JSON would never end.",
  },
  SUBSCRIPTION_REFUSED: {
    status: 200,
    en: (details) => `${who(details, "en")} did not accept the subscription.`,
    vi: (details) => `${who(details, "vi")} không chấp nhận subscription.`,
    remedy:
      "The service must serve subscriptions at its URL, by SSE or graphql-transport-ws; the gateway's log tells what it answered.",
  },
  SUBSCRIPTION_LOST: {
    status: 200,
    en: (details) => `${who(details, "en")} broke the subscription off.`,
    vi: (details) => `${who(details, "vi")} đã ngắt subscription.`,
    remedy: "Subscribe again; events may have been missed, ask for the present state by a query.",
  },
  SUBSCRIPTION_OVERFLOW: {
    status: 200,
    en: () => "Events came faster than they could be delivered, and the subscription was ended.",
    vi: () => "Sự kiện đến nhanh hơn khả năng nhận nên subscription đã bị kết thúc.",
    remedy: "Read faster, or subscribe to less; then subscribe again.",
  },
  SUBSCRIPTION_LIMIT: {
    status: 503,
    en: (details) => `There are ${details.limit} subscriptions already, and no more are taken.`,
    vi: (details) => `Đã có ${details.limit} subscription, không nhận thêm.`,
    remedy:
      "End some, or start the gateway with a greater --max-subscriptions or --max-subscriptions-per-connection.",
  },
  SUBSCRIPTION_GRAPH_CHANGED: {
    status: 200,
    en: () => "The graph has changed, and the events come from elsewhere now.",
    vi: () => "Đồ thị đã thay đổi, sự kiện nay đến từ nơi khác.",
    remedy: "Subscribe again.",
  },
  ORIGIN_FOREIGN: {
    status: 403,
    en: () => "A page of another origin may not open a WebSocket here.",
    vi: () => "Trang web thuộc nguồn khác không được mở WebSocket tại đây.",
    remedy:
      "Serve the page and the gateway under one host name, with a proxy that passes the Host header on.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    en: (details) => `The request has more than ${details.limit} bytes.`,
    vi: (details) => `Yêu cầu lớn hơn ${details.limit} byte.`,
    remedy: "Send less at once, or start the gateway with a greater --body-limit.",
  },
  ENCODING_UNSUPPORTED: {
    status: 415,
    en: () => "The body of the request must not be compressed.",
    vi: () => "Nội dung yêu cầu không được nén.",
    remedy: "Leave the header Content-Encoding out, and send the JSON as it is.",
  },
  REQUEST_TOO_SLOW: {
    status: 408,
    en: () => "The request took too long to arrive.",
    vi: () => "Yêu cầu gửi đến quá chậm.",
    remedy: "Send the request at once, or start the gateway with a greater --request-timeout.",
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    en: () => "The headers of the request are too large.",
    vi: () => "Phần header của yêu cầu quá lớn.",
    remedy: "Send less than 16 KiB of headers; a long operation goes into the body of a POST.",
  },
  HTTP_MALFORMED: {
    status: 400,
    en: () => "This is not a request that HTTP/1.1 allows.",
    vi: () => "Yêu cầu không đúng giao thức HTTP/1.1.",
    remedy:
      "Look at what the client or a proxy sends: a length twice, a header with a line break, no HTTP at all.",
  },
  BODY_MALFORMED: {
    status: 400,
    en: () => "The body of the request is not JSON.",
    vi: () => "Nội dung yêu cầu không phải JSON.",
    remedy: 'Send {"query": "…", "variables": {…}} as application/json.',
  },
  TOO_MANY_TOKENS: {
    status: 400,
    en: (details) => `The document has more than ${details.limit} tokens.`,
    vi: (details) => `Văn bản truy vấn có hơn ${details.limit} token.`,
    remedy: "Ask for less at once, or start the gateway with a greater --max-tokens.",
  },
  OPERATION_TOO_DEEP: {
    status: 400,
    en: (details) => `The document nests fields ${details.asked} deep; ${details.limit} are allowed.`,
    vi: (details) => `Truy vấn lồng ${details.asked} cấp trường; được phép ${details.limit}.`,
    remedy:
      "Ask for what lies deeper by a second operation, or start the gateway with a greater --max-depth.",
  },
  TOO_MANY_ROOT_FIELDS: {
    status: 400,
    en: (details) => `The operation has ${details.asked} root fields; ${details.limit} are allowed.`,
    vi: (details) => `Thao tác có ${details.asked} trường gốc; được phép ${details.limit}.`,
    remedy: "Divide the operation, or start the gateway with a greater --max-root-fields.",
  },
  TOO_MANY_FIELDS: {
    status: 400,
    en: (details) =>
      `The document has ${details.asked} fields with its fragments written out; ${details.limit} are allowed.`,
    vi: (details) =>
      `Truy vấn có ${details.asked} trường sau khi khai triển các fragment; được phép ${details.limit}.`,
    remedy: "Divide the operation, or start the gateway with a greater --max-fields.",
  },
  TOO_MANY_ALIASES: {
    status: 400,
    en: (details) =>
      `The document has ${details.asked} aliases with its fragments written out; ${details.limit} are allowed.`,
    vi: (details) =>
      `Truy vấn có ${details.asked} bí danh sau khi khai triển các fragment; được phép ${details.limit}.`,
    remedy: "Ask for a list by one field, or start the gateway with a greater --max-aliases.",
  },
  TOO_MANY_DIRECTIVES: {
    status: 400,
    en: (details) =>
      `The document has ${details.asked} directives with its fragments written out; ${details.limit} are allowed.`,
    vi: (details) =>
      `Truy vấn có ${details.asked} chỉ thị sau khi khai triển các fragment; được phép ${details.limit}.`,
    remedy: "Put them on fragments instead of fields, or start the gateway with a greater --max-directives.",
  },
  VALUE_TOO_DEEP: {
    status: 400,
    en: (details) =>
      `A value has lists and objects within each other deeper than is allowed (${details.limit}).`,
    vi: (details) => `Một giá trị có danh sách và đối tượng lồng nhau quá mức cho phép (${details.limit}).`,
    remedy: "Send flatter values, or start the gateway with a greater --max-value-depth.",
  },
  OPERATION_TOO_COSTLY: {
    status: 400,
    en: (details) => `The operation would cost ${details.asked}; ${details.limit} is allowed.`,
    vi: (details) => `Thao tác có chi phí ${details.asked}; được phép ${details.limit}.`,
    remedy:
      "Ask for smaller pages or fewer fields, or start the gateway with a greater --max-cost; docs/limits.md tells how costs are computed.",
  },
  SLICING_ARGUMENT_MISSING: {
    status: 400,
    en: (details) => `${details.name} needs exactly one of the arguments ${details.allowed?.join(", ")}.`,
    vi: (details) => `${details.name} cần đúng một trong các tham số ${details.allowed?.join(", ")}.`,
    remedy: "Say how many items you want by one of the arguments (@listSize in the graph).",
  },
  RATE_LIMITED: {
    status: 429,
    en: (details) =>
      `No more than ${details.limit} units of cost may be spent in ${details.count} seconds. Ask again in ${details.asked} seconds.`,
    vi: (details) =>
      `Chỉ được dùng tối đa ${details.limit} đơn vị chi phí trong ${details.count} giây. Hãy gửi lại sau ${details.asked} giây.`,
    remedy:
      "Wait as long as Retry-After says, ask for less, or have a greater --rate-address, --rate-client or --rate-roles set.",
  },
  PERSISTED_QUERY_NOT_FOUND: {
    // As all servers of automatic persisted queries have it: the client then sends the text.
    status: 200,
    en: () => "PersistedQueryNotFound",
    vi: () => "Chưa có thao tác với mã này.",
    remedy:
      "Send the text along with its hash, as clients of automatic persisted queries do by themselves; where only listed operations are executed, have it listed (--manifest).",
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 200,
    en: () => "PersistedQueryNotSupported",
    vi: () => "Cổng này không nhận thao tác theo mã băm.",
    remedy: "Send the text of the operation; this gateway was started with --no-automatic-persisted-queries.",
  },
  PERSISTED_QUERY_MISMATCH: {
    status: 400,
    en: () => "The hash is not that of the text.",
    vi: () => "Mã băm không khớp với nội dung thao tác.",
    remedy: "Give the SHA-256 of the text exactly as it is sent, in hexadecimal.",
  },
  OPERATION_NOT_LISTED: {
    status: 403,
    en: () => "Only listed operations are executed here, and this is none of them.",
    vi: () => "Ở đây chỉ thực hiện các thao tác đã đăng ký, thao tác này chưa được đăng ký.",
    remedy: "Have the operation added to the manifest (--manifest), or ask a gateway without --safelist.",
  },
  INTROSPECTION_OFF: {
    status: 403,
    en: () => "The schema is not told here.",
    vi: () => "Ở đây không cung cấp lược đồ.",
    remedy: "Ask with a token where --introspection is known, or read the schema in the registry.",
  },
  BATCH_TOO_LARGE: {
    status: 400,
    en: (details) =>
      details.limit === 0
        ? "This gateway takes one operation in a request, not an array of them."
        : `The request has ${details.asked} operations; ${details.limit} are allowed.`,
    vi: (details) =>
      details.limit === 0
        ? "Mỗi yêu cầu chỉ được có một truy vấn, không được là một mảng."
        : `Yêu cầu có ${details.asked} truy vấn; được phép ${details.limit}.`,
    remedy: "Send the operations one by one or in smaller arrays, or start the gateway with --max-batch.",
  },
  REQUEST_MALFORMED: {
    status: 400,
    en: () => "The request is not a GraphQL request: it needs a query, and variables that are an object.",
    vi: () => "Yêu cầu không đúng dạng GraphQL: cần có query, và variables phải là một đối tượng.",
    remedy: 'Send {"query": "…", "variables": {…}, "operationName": "…"}; one operation at a time.',
  },
  PREFLIGHT_MISSING: {
    status: 400,
    en: () =>
      "A GET request needs a header that a foreign page cannot send, such as Apollo-Require-Preflight.",
    vi: () => "Yêu cầu GET cần một header mà trang web lạ không gửi được, ví dụ Apollo-Require-Preflight.",
    remedy: "Send Apollo-Require-Preflight: 1, or use POST with Content-Type: application/json.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    en: () => "Only queries can be sent by GET.",
    vi: () => "Chỉ truy vấn (query) mới gửi được bằng GET.",
    remedy: "Send mutations by POST.",
  },
  SUBGRAPH_INVALID_VALUE: {
    status: 200,
    en: () => "A service gave a value that the graph's schema does not allow.",
    vi: () => "Một dịch vụ trả về giá trị không đúng lược đồ.",
    remedy: "Mend the service named by the field in the message; the field is null in the answer.",
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    en: () => "The body of the request must be application/json.",
    vi: () => "Nội dung yêu cầu phải là application/json.",
    remedy: "Set the header Content-Type: application/json.",
  },
  NOT_FOUND: {
    status: 404,
    en: () => "There is nothing at this address.",
    vi: () => "Không có gì tại địa chỉ này.",
    remedy: "GraphQL is at /graphql, health at /health/live and /health/ready.",
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    en: (details) => `The gateway failed on this request (${details.requestId}).`,
    vi: (details) => `Cổng gặp lỗi khi xử lý yêu cầu này (${details.requestId}).`,
    remedy: "Report the request id; the gateway's log tells the cause under it.",
  },
  UNAUTHENTICATED: {
    status: 401,
    en: (details) => `Who asks is not known: ${details.reason ?? "a token is needed"}.`,
    vi: (details) =>
      details.reason === undefined
        ? "Chưa xác định được người yêu cầu: cần có token."
        : `Chưa xác định được người yêu cầu, token không được chấp nhận (${details.reason}).`,
    remedy: "Send Authorization: Bearer <token>, a token that counts still; docs/trust.md tells where from.",
  },
  ISSUER_UNREACHABLE: {
    status: 503,
    en: () => "The token cannot be verified now, because its issuer does not answer.",
    vi: () => "Hiện không kiểm tra được token vì máy chủ cấp token không trả lời.",
    remedy:
      "Ask again later; the operator sees that the gateway reaches the issuer, the log tells the cause.",
  },
  FORBIDDEN: {
    status: 200,
    en: (details) => `You may not read ${details.name}.`,
    vi: (details) => `Bạn không được phép đọc ${details.name}.`,
    remedy:
      "Ask with a token that has the rights, or leave the field out; the rest of the answer is valid, and nobody was asked for the field.",
  },
  NOT_GRANTED: {
    status: 200,
    en: notGranted("en"),
    vi: notGranted("vi"),
    remedy:
      "Have the owner of the service grant it (@grant in its SDL, or lienthong grants), or name a purpose that it is granted for in X-Purpose; extensions.missing says which of both. The rest of the answer is valid, and nobody was asked for the field.",
  },
  RECORD_UNAVAILABLE: {
    status: 200,
    en: () => "Personal data is not given now: its reading cannot be recorded.",
    vi: () => "Chưa cung cấp được dữ liệu cá nhân vì không ghi được nhật ký truy cập.",
    remedy: "Ask again later; the operator sees to the record's database. The rest of the answer is valid.",
  },
  PURPOSE_MISSING: {
    status: 400,
    en: (details) => `Personal data is read for a purpose: name it in X-Purpose.${offer(details, "en")}`,
    vi: (details) => `Cần nêu mục đích đọc dữ liệu cá nhân trong X-Purpose.${offer(details, "vi")}`,
    remedy: "Send the header X-Purpose with the code of a purpose; the message lists them.",
  },
  PURPOSE_UNKNOWN: {
    status: 400,
    en: (details) => `There is no purpose "${details.key}" that data is read for.${offer(details, "en")}`,
    vi: (details) => `Không có mục đích đọc dữ liệu "${details.key}".${offer(details, "vi")}`,
    remedy: "Send one of the codes that the message lists; the trust file has them with their legal basis.",
  },
  OPERATION_FORBIDDEN: {
    status: 403,
    en: (details) => `The operation was refused, because you may not read ${details.name}.`,
    vi: (details) => `Thao tác bị từ chối vì bạn không được phép đọc ${details.name}.`,
    remedy:
      "Ask with a token that has the rights, or leave the field out; this gateway refuses the whole operation (refuse in the trust file).",
  },
  OVERVIEW_FORBIDDEN: {
    status: 403,
    en: () => "You may not see the state of services and members.",
    vi: () => "Bạn không được phép xem trạng thái của các dịch vụ và thành viên.",
    remedy: "Ask with a token that has the scopes which the trust file names under overview.",
  },
  ADDRESS_FORBIDDEN: {
    status: 400,
    en: (details) => `No service may be registered at ${details.name}.`,
    vi: (details) => `Không được đăng ký dịch vụ ở địa chỉ ${details.name}.`,
    remedy:
      "Register an address that the gateways reach, not one of a machine or a cloud itself; the operator may allow more (--allow-host).",
  },
  KEY_REFUSED: {
    status: 401,
    en: () => "The key is missing, unknown or revoked.",
    vi: () => "Thiếu khóa truy cập, khóa không đúng hoặc đã bị thu hồi.",
    remedy: "Send Authorization: Bearer <key>; the registry's operator issues keys.",
  },
  NOT_OWNER: {
    status: 403,
    en: (details) => `${thing(details, "en")} is not yours to change${ownedBy(details, "en")}.`,
    vi: (details) => `Bạn không có quyền thay đổi ${thing(details, "vi")}${ownedBy(details, "vi")}.`,
    remedy: "Publish under a name of your own; the operator says which names a key may answer for.",
  },
  OPERATOR_ONLY: {
    status: 403,
    en: () => "Only the registry's operator may do this.",
    vi: () => "Chỉ người vận hành sổ đăng ký được làm việc này.",
    remedy: "Ask the operator, or use the operator's key.",
  },
  INPUT_INVALID: {
    status: 400,
    en: (details) => `What was sent to the registry is not as expected: ${details.reason}`,
    vi: (details) => `Dữ liệu gửi tới sổ đăng ký không đúng dạng: ${details.reason}`,
    remedy: "Correct the fields that the message names; docs/registry.md shows every request.",
  },
  NAME_UNKNOWN: {
    status: 404,
    en: (details) => `The registry has no ${thing(details, "en")}.`,
    vi: (details) => `Sổ đăng ký không có ${thing(details, "vi")}.`,
    remedy: "Look the name up in the registry's lists.",
  },
  NAME_TAKEN: {
    status: 409,
    en: (details) => `${thing(details, "en")} is there already${ownedBy(details, "en")}.`,
    vi: (details) => `Đã có ${thing(details, "vi")}${ownedBy(details, "vi")}.`,
    remedy: "A key or an alias names one member only; choose another.",
  },
  COMPOSITION_FAILED: {
    status: 422,
    en: (details) => `The graph does not compose, nothing was changed: ${details.reason}`,
    vi: (details) => `Không hợp nhất được lược đồ, chưa có gì thay đổi: ${details.reason}`,
    remedy: "See extensions.faults: of each fault its file, line and what to change.",
  },
  BREAKING_CHANGE: {
    status: 409,
    en: (details) => `The change would break what clients use, nothing was changed: ${details.reason}`,
    vi: (details) =>
      `Thay đổi này làm hỏng thao tác đang được sử dụng, chưa có gì thay đổi: ${details.reason}`,
    remedy:
      "See extensions.check for the clients; deprecate the element, wait until nobody uses it, then take it away.",
  },
  MEMBER_CONTRACT_INCOMPLETE: {
    status: 422,
    en: (details) =>
      `${thing(details, "en")} does not have the whole schema of service "${details.service}": ${details.reason}`,
    vi: (details) =>
      `${thing(details, "vi")} chưa có đủ lược đồ của dịch vụ "${details.service}": ${details.reason}`,
    remedy: "Add to the member's schema what extensions.faults lists.",
  },
  MEMBER_UNREACHABLE: {
    status: 422,
    en: (details) => `${thing(details, "en")} did not tell its schema at its URL: ${details.reason}`,
    vi: (details) => `${thing(details, "vi")} không cho biết lược đồ tại URL đã khai: ${details.reason}`,
    remedy: "Start the member, correct its URL, or send its SDL along.",
  },
  REGISTRY_AWAY: {
    status: 503,
    en: () => "The registry does not answer; what it keeps cannot be told now.",
    vi: () => "Sổ đăng ký không trả lời nên chưa xem được dữ liệu lưu tại đó.",
    remedy: "Start the registry again, or mend the network between; the graph is served meanwhile.",
  },
  SUBGRAPH_NOT_PARTITIONED: {
    status: 422,
    en: (details) => `Service "${details.service}" is not partitioned: it has no members.`,
    vi: (details) => `Dịch vụ "${details.service}" không phân vùng nên không có thành viên.`,
    remedy: "Join a subgraph whose types carry @partition; docs/partition.md describes it.",
  },
  ANSWER_KEY_LAST: {
    status: 409,
    en: (details) =>
      `${thing(details, "en")} is the last that counts for "${details.owner}", nothing was changed.`,
    vi: (details) =>
      `${thing(details, "vi")} là khóa cuối cùng còn hiệu lực của "${details.owner}", chưa có gì thay đổi.`,
    remedy:
      "Register its successor first; or say --last, and answers count without a signature once no key is registered.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

const CALL_FAILURES: ReadonlySet<unknown> = new Set<GatewayErrorCode>([
  "SUBGRAPH_UNREACHABLE",
  "SUBGRAPH_TIMEOUT",
  "SUBGRAPH_HTTP_ERROR",
  "SUBGRAPH_MALFORMED_RESPONSE",
  "SUBGRAPH_RESPONSE_TOO_LARGE",
  "SUBGRAPH_SIGNATURE_MISSING",
  "SUBGRAPH_SIGNATURE_INVALID",
  "PARTITION_MEMBER_UNKNOWN",
]);

/** Whether the code says that a service gave no answer; such an error may have one cause in several places. */
export function isCallFailure(code: unknown): boolean {
  return CALL_FAILURES.has(code);
}

/** The message of an error, in the reader's language. */
export function errorMessage(code: GatewayErrorCode, details: ErrorDetails, language: Language): string {
  const message = GATEWAY_ERRORS[code][language](details);
  return message.charAt(0).toUpperCase() + message.slice(1);
}

function notGranted(language: Language): (details: ErrorDetails) => string {
  return (details) => {
    const { name, missing, reader } = details;
    const provider = who(details, language);
    if (language === "vi") {
      if (reader !== undefined)
        return `chưa đọc được ${name}: ${provider} không cho phép dịch vụ "${reader}" đọc dữ liệu cần cho trường này${missing === "purpose" ? " với mục đích này" : ""}.`;
      return missing === "purpose"
        ? `${provider} không cho phép đọc ${name === undefined ? "dữ liệu này" : name} với mục đích này; hãy nêu mục đích khác trong X-Purpose.`
        : `${provider} chưa cho phép bạn đọc ${name === undefined ? "dữ liệu này" : name}.`;
    }
    if (reader !== undefined)
      return `${name} cannot be read: ${provider} does not grant service "${reader}" what the field needs${missing === "purpose" ? " for this purpose" : ""}.`;
    return missing === "purpose"
      ? `${provider} does not grant ${name ?? "this"} for this purpose; name another in X-Purpose.`
      : `${provider} does not grant you ${name ?? "this"}.`;
  };
}

function who({ service, member, memberName }: ErrorDetails, language: Language): string {
  const ofService = language === "vi" ? `dịch vụ "${service}"` : `service "${service}"`;
  if (member === undefined) return ofService;
  const named = memberName === undefined ? member : `${member} (${memberName})`;
  return language === "vi" ? `thành viên ${named} của ${ofService}` : `member ${named} of ${ofService}`;
}

function thing({ kind, name }: ErrorDetails, language: Language): string {
  const what = THINGS[kind as Thing]?.[language] ?? String(kind);
  return name === undefined ? what : `${what} "${name}"`;
}

function ownedBy({ owner }: ErrorDetails, language: Language): string {
  if (owner === undefined) return "";
  return language === "vi" ? `: thuộc về ${owner}` : `: it belongs to ${owner}`;
}

function unknownKey({ key, service }: ErrorDetails, language: Language): string {
  if (language === "vi")
    return key === undefined
      ? `Thiếu khóa cho biết thành viên nào của dịch vụ "${service}" trả lời.`
      : `Dịch vụ "${service}" không có thành viên "${key}".`;
  return key === undefined
    ? `The key that names a member of service "${service}" is missing.`
    : `Service "${service}" has no member "${key}".`;
}

function offer({ allowed = [] }: ErrorDetails, language: Language): string {
  if (allowed.length === 0) return "";
  return language === "vi" ? ` Cho phép: ${allowed.join(", ")}.` : ` Allowed: ${allowed.join(", ")}.`;
}
