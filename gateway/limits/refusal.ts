/**
 * A request refused for what it is, told to each client in its own language. It is known before a context is: the
 * refusal of a document is kept with the document.
 */
import { GraphQLError } from "graphql";
import { type ErrorDetails, errorMessage, type GatewayErrorCode } from "../errors.ts";
import type { Language } from "../language.ts";

export class Refusal extends GraphQLError {
  readonly code: GatewayErrorCode;
  readonly details: ErrorDetails;
  /** @param told what stands in `extensions` beside the code */
  constructor(code: GatewayErrorCode, details: ErrorDetails, told: Readonly<Record<string, unknown>> = {}) {
    super(errorMessage(code, details, "en"), { extensions: { code, ...told } });
    this.code = code;
    this.details = details;
  }

  inLanguage(language: Language): GraphQLError {
    const { code, details, nodes = null, extensions } = this;
    // Programs look for it in the message.
    const read = code.startsWith("PERSISTED_QUERY_NOT_") ? "en" : language;
    return new GraphQLError(errorMessage(code, details, read), { nodes, extensions });
  }
}
