/**
 * A refusal of the registry, with what a program needs to know beside the message of the error table.
 */
import { errorMessage, type ErrorDetails, type GatewayErrorCode } from "../errors.ts";

export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly code: GatewayErrorCode;
  readonly details: ErrorDetails;
  /** Goes into the answer's `extensions`. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: GatewayErrorCode,
    details: ErrorDetails,
    extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(errorMessage(code, details, "en"));
    this.code = code;
    this.details = details;
    this.extensions = extensions;
  }
}
