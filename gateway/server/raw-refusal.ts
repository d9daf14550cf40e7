/**
 * A refusal written to a connection as it is, where no answer of the HTTP server can be had any more.
 */
import { STATUS_CODES } from "node:http";
import { type ErrorDetails, errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import type { Language } from "../language.ts";

/** The whole answer; the connection is to be closed after it. */
export function rawRefusal(code: GatewayErrorCode, details: ErrorDetails, language: Language): string {
  const { status } = GATEWAY_ERRORS[code];
  const error = { message: errorMessage(code, details, language), extensions: { code } };
  const body = JSON.stringify({ errors: [error] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
