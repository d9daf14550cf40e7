/**
 * What to change in the SDL, by the code of the fault that composition found. Codes:
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/errors
 */
import type { Language } from "../language.ts";

export const REMEDIES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  INVALID_GRAPHQL: {
    en: "Mend the SDL at this place: it is not valid GraphQL.",
    vi: "Sửa SDL tại vị trí này: chưa đúng cú pháp hoặc quy tắc GraphQL.",
  },
  INVALID_FIELD_SHARING: {
    en: "Another subgraph has this field already: leave it out, or mark it @shareable in every subgraph that resolves it.",
    vi: "Dịch vụ khác đã có trường này: bỏ trường, hoặc đánh dấu @shareable ở mọi dịch vụ cùng trả lời.",
  },
  FIELD_TYPE_MISMATCH: {
    en: "Give the field the type that the other subgraphs give it.",
    vi: "Dùng đúng kiểu mà các dịch vụ khác khai báo cho trường này.",
  },
  FIELD_ARGUMENT_TYPE_MISMATCH: {
    en: "Give the argument the type that the other subgraphs give it.",
    vi: "Dùng đúng kiểu mà các dịch vụ khác khai báo cho tham số này.",
  },
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: {
    en: "Make the argument optional, or add it to the field in every subgraph.",
    vi: "Cho phép bỏ trống tham số, hoặc thêm tham số ở mọi dịch vụ có trường này.",
  },
  TYPE_KIND_MISMATCH: {
    en: "Another subgraph declares this name as another kind of type: choose another name.",
    vi: "Dịch vụ khác khai báo tên này là loại khác: hãy đặt tên khác.",
  },
  SATISFIABILITY_ERROR: {
    en: "The gateway has no way to reach this field: give its type a @key that other subgraphs can provide, and resolve it by that key.",
    vi: "Cổng không có đường tới trường này: khai báo @key mà dịch vụ khác cung cấp được, và trả lời theo khóa đó.",
  },
  KEY_INVALID_FIELDS: {
    en: "Name in @key only fields that the type has in this subgraph.",
    vi: "Trong @key chỉ nêu trường mà kiểu này có ở chính dịch vụ.",
  },
  REQUIRES_INVALID_FIELDS: {
    en: "Name in @requires only fields that this subgraph declares, marked @external.",
    vi: "Trong @requires chỉ nêu trường đã khai báo ở dịch vụ và đánh dấu @external.",
  },
  PROVIDES_INVALID_FIELDS: {
    en: "Name in @provides only fields of the returned type that this subgraph declares, marked @external.",
    vi: "Trong @provides chỉ nêu trường của kiểu trả về, đã khai báo ở dịch vụ và đánh dấu @external.",
  },
  EXTERNAL_UNUSED: {
    en: "Leave the @external field out, or use it in @key, @requires or @provides.",
    vi: "Bỏ trường @external, hoặc dùng nó trong @key, @requires hay @provides.",
  },
  EXTERNAL_MISSING_ON_BASE: {
    en: "No other subgraph resolves this field: take @external away, or have its owner add it.",
    vi: "Không dịch vụ nào khác trả lời trường này: bỏ @external, hoặc đề nghị bên sở hữu bổ sung.",
  },
  EXTENSION_WITH_NO_BASE: {
    en: "No subgraph declares this type: take `extend` away, or correct its name.",
    vi: "Không dịch vụ nào khai báo kiểu này: bỏ `extend`, hoặc sửa tên kiểu.",
  },
  ENUM_VALUE_MISMATCH: {
    en: "The enum is used for input and output: give it the same values in every subgraph.",
    vi: "Kiểu liệt kê dùng cho cả đầu vào và đầu ra: khai báo cùng các giá trị ở mọi dịch vụ.",
  },
  NO_QUERIES: {
    en: "Some subgraph must have a field on the query type.",
    vi: "Phải có ít nhất một dịch vụ khai báo trường truy vấn gốc.",
  },
  INVALID_LINK_DIRECTIVE_USAGE: {
    en: "Correct the @link: name a version of the specification that exists, and import only what it has.",
    vi: "Sửa @link: nêu phiên bản có thật của đặc tả, và chỉ nhập những gì đặc tả có.",
  },
  VARIANT_INVALID: {
    en: "Tag what the variant's fields return as well, or take the tag away from the field (docs/registry.md, Variants).",
    vi: "Gắn @tag cho cả kiểu mà trường trả về, hoặc bỏ @tag ở trường (docs/registry.md, Variants).",
  },
  MEMBERS_INVALID: {
    en: "Correct the member, or take it out before what it refers to.",
    vi: "Sửa thành viên, hoặc đưa thành viên ra trước khi bỏ thứ mà nó dùng.",
  },
  PARTITION_INVALID: {
    en: "Correct @partition or the field it stands at; docs/partition.md tells what a field of several members needs.",
    vi: "Sửa @partition hoặc trường mang chỉ thị này; docs/partition.md nêu điều kiện của trường hỏi nhiều thành viên.",
  },
  GRANT_INVALID: {
    en: "Correct @grant: consumers are anyone, or role:, organisation:, client: or service: and a name, purposes short codes (docs/trust.md, Grants).",
    vi: "Sửa @grant: bên được đọc là anyone, hoặc role:, organisation:, client:, service: kèm tên; mục đích là mã ngắn (docs/trust.md, Grants).",
  },
  OTHER: {
    en: "Change the SDL where the message points.",
    vi: "Sửa SDL ở nơi thông báo chỉ ra.",
  },
};
