/**
 * Values at the leaves of an answer: which may stand where, and how they are written (GraphQL section 3.5).
 */
import { type GraphQLLeafType, isEnumType } from "graphql";
import { maskText } from "../../process/mask.ts";
import { isRawNumber } from "../transport/json.ts";

/** Whether a value may stand where a leaf type is due. Custom scalars are their subgraph's affair. */
export function isValidLeaf(type: GraphQLLeafType, value: unknown): boolean {
  if (isEnumType(type)) return typeof value === "string" && type.getValue(value) !== undefined;
  switch (type.name) {
    case "String":
      return typeof value === "string";
    case "Int":
      return isInt(value);
    case "Float":
      return typeof value === "number" || isRawNumber(value);
    case "Boolean":
      return typeof value === "boolean";
    case "ID":
      return typeof value === "string" || Number.isInteger(value) || isRawNumber(value);
    default:
      return true;
  }
}

/** 32 bits, signed (GraphQL section 3.5.1). */
function isInt(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/**
 * @param mask characters that are kept of its texts, where they are masked
 * @returns how a value is written; `plain` says that no text needs escaping
 */
export function leafWriter(
  type: GraphQLLeafType,
  mask?: number,
): (value: unknown, plain: boolean) => string | undefined {
  if (mask !== undefined) return maskedWriter(type, mask);
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => texts.get(value);
  }
  switch (type.name) {
    case "String":
      return (value, plain) => (typeof value === "string" ? writeText(value, plain) : undefined);
    case "ID":
      return (value, plain) =>
        typeof value === "string"
          ? writeText(value, plain)
          : isValidLeaf(type, value)
            ? JSON.stringify(value)
            : undefined;
    case "Int":
      return (value) => (isInt(value) ? `${value}` : undefined);
    case "Boolean":
      return (value) => (value === true ? "true" : value === false ? "false" : undefined);
    default:
      return (value) => (isValidLeaf(type, value) ? JSON.stringify(value) : undefined);
  }
}

function maskedWriter(type: GraphQLLeafType, keep: number): (value: unknown) => string | undefined {
  return (value) => {
    if (!isValidLeaf(type, value)) return undefined;
    return JSON.stringify(maskText(typeof value === "string" ? value : JSON.stringify(value), keep));
  };
}

/** What JSON does not write as it stands: what it escapes, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex
const UNPLAIN = /["\\\u0000-\u001F\uD800-\uDFFF]/;

function writeText(value: string, plain: boolean): string {
  return plain || !UNPLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
